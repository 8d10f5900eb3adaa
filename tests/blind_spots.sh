#!/bin/sh
# Where other linters are wrong: what they overlook, and what they cry about though nothing happens.
#
#   blind_spots.sh [--update] [FILE...]    --update: write what is found now into the files; read `git diff` afterwards
#
# A line of fixtures/blind-spots/*.sql ends with `-- finds: RULE, RULE (note)` for what begins on it, and the first line with
# `-- finds in the file:` for what is about the whole. `-- options: …` in the first line is the command line's.
# What is missing around a statement (a lock_timeout, a rollback, a way to run it again) is left out unless the options select it.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
ddlint=${DDLINT:-build/ddlint}
update=
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
[ $# -gt 0 ] || set -- fixtures/blind-spots/*.sql
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for file; do
	ignored=lock-timeout-missing,rollback-missing,not-idempotent,resume-stuck
	case $(head -n 1 "$file") in *--select*) ignored=rollback-missing ;; esac
	options=$(sed -n '1s/^-- options: \([^;]*\).*/\1/p' "$file")
	sed -e 's/ *-- finds: .*//' -e 's/ *-- finds in the file: .*//' "$file" > "$work/bare.sql"
	mkdir "$work/db"
	awk -v folder="$work/db/" 'BEGIN { file = "change.sql" } /^-- ddlint: file / { file = $4; next } { print > (folder file) }' "$work/bare.sql"
	# shellcheck disable=SC2086 # several options are several words
	"$ddlint" --config none --fail-on never --format gcc --ignore "$ignored" $options "$work/db" 2> "$work/errors" |
		sed -nE -e 's/^[^:]*\/([^/:]*):([0-9]+):[0-9]+: (error|warning|note): .*\[([a-z-]*)\]$/\1 \2 \3 \4/p' \
			-e 's/^[^:]*\/([^/:]*): (error|warning|note): .*\[([a-z-]*)\]$/\1 0 \2 \3/p' > "$work/found"
	# The marks, where the findings of each part are.
	awk -v found="$work/found" 'BEGIN {
			part = "change.sql"
			while ((getline line < found) > 0) { split(line, f, " "); key = f[1] " " f[2]; word = f[4] (f[3] == "note" ? " (note)" : "")
				if (key in marks) word = marks[key] ", " word
				marks[key] = word }
		}
		/^-- ddlint: file / { part = $4; number = 0; print; next }
		{ number++; line = $0; key = part " " number
		  if (number == 1 && ((part " 0") in marks)) line = line " -- finds in the file: " marks[part " 0"]
		  if (key in marks) line = line " -- finds: " marks[key]
		  print line }' "$work/bare.sql" > "$work/marked.sql"
	rm -r "$work/db"
	if [ "$update" ]; then
		cp "$work/marked.sql" "$file"
	fi
	grep -v 'could not be analysed$' "$work/errors" > "$work/complaints"
	if [ ! -s "$work/complaints" ] && cmp -s "$file" "$work/marked.sql"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $file"
		cat "$work/complaints"
		diff "$file" "$work/marked.sql"
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

#!/bin/sh
# Fixes: what --fix makes of fixtures/rules/<id>/fix*.sql is fix*.expected.sql, the rule says nothing about it any more, and
# --diff prints the same change as a patch that git takes. What --fix leaves alone is in fixtures/cli/fix.txt.
#
#   fix.sh [--update] [RULE...]    --update: write what comes out as what is expected; read `git diff` afterwards
#
# In the first lines of a fixture `-- config: …` is the configuration and `-- options: …` is the command line's. A line
# `-- ddlint: file NAME` begins a second migration.
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
update=
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GIT_CONFIG_NOSYSTEM=1
HOME=$work
export GIT_CONFIG_NOSYSTEM HOME
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

good() { passed=$((passed + 1)); }
bad() {
	failed=$((failed + 1))
	echo "FAIL $1"
	head -n 30 "$2"
}

# Lays the fixture out as a project: its first lines apart, its migrations in db/.
lay_out() {
	rm -rf "$work/project"
	mkdir -p "$work/project/db"
	git init -q "$work/project"
	sed -n 's/^-- config: //p' "$1" > "$work/project/.ddlint.yml"
	[ -s "$work/project/.ddlint.yml" ] || echo 'layout: plain' > "$work/project/.ddlint.yml"
	sed '/^-- config: /d; /^-- options: /d' "$1" |
		awk -v folder="$work/project/db/" 'BEGIN { file = "001_change.sql" } /^-- ddlint: file / { file = $4; next } { print > (folder file) }'
}

for fixture in fixtures/rules/*/fix*.sql; do
	case $fixture in
	*.expected.sql) continue ;;
	esac
	rule=$(basename "$(dirname "$fixture")")
	if [ $# -gt 0 ] && [ "$rule" != "$1" ]; then
		continue
	fi
	expected=${fixture%.sql}.expected.sql
	options=$(sed -n 's/^-- options: //p' "$fixture")
	lay_out "$fixture"
	cp -r "$work/project/db" "$work/before"
	# shellcheck disable=SC2086 # several options are several words
	(cd "$work/project" && "$ddlint" --select "$rule" --diff $options db) > "$work/patch" 2> "$work/messages"
	if diff -r "$work/before" "$work/project/db" > "$work/output"; then good; else bad "$fixture: --diff wrote" "$work/output"; fi
	rm -rf "$work/before"
	# shellcheck disable=SC2086
	(cd "$work/project" && "$ddlint" --select "$rule" --fix $options --quiet db) > "$work/output" 2> "$work/messages"
	if [ $? = 0 ] && [ ! -s "$work/output" ]; then good; else bad "$fixture: after the fix" "$work/output"; fi
	if [ "$update" ]; then
		cat "$work"/project/db/* > "$expected"
	fi
	if cat "$work"/project/db/* | diff "$expected" - > "$work/output"; then good; else bad "$fixture: is made into" "$work/output"; fi
	lay_out "$fixture"
	(cd "$work/project" && git apply "$work/patch") > "$work/output" 2>&1 && cat "$work"/project/db/* | diff "$expected" - >> "$work/output"
	if [ $? = 0 ]; then good; else bad "$fixture: the patch" "$work/output"; fi
done

# Each rule that offers an edit has a fixture in which it is applied.
for rule in $(grep -lE '[^a-z](edit|edit_[a-z_]+)\(' rules/*.c); do
	id=$(basename "$rule" .c | tr _ -)
	if [ $# -gt 0 ] || ls "fixtures/rules/$id"/fix*.expected.sql > "$work/output" 2>&1; then good; else bad "$id has a fix, and no fixture of it" "$work/output"; fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

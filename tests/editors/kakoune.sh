#!/bin/sh
# Kakoune without a screen, with the lines of editors/README.md: the findings of the buffer, not those of the file, come in.
set -eu
session=ddlint-test-$$
messages=$HOME/messages

# The first block of the page; the temporary file that Kakoune hands to linters is not what is linted.
awk '/^```kak/ { inside = 1; next } /^```/ { if (inside) exit } inside' "$DDLINT_EDITORS/README.md" > "$HOME/ddlint.kak"
kak -n -ui dummy -s "$session" -e "
	source \"%val{runtime}/rc/tools/lint.kak\"
	source $HOME/ddlint.kak
	edit $DDLINT_FILE
	execute-keys '%susers_email<ret>ckept_email<esc>'
	set-option window filetype sql
	lint-buffer
" > "$HOME/kak.log" 2>&1 &
trap 'kill "$!"' EXIT

tries=0
until grep -qs 'kept_email .*index-not-concurrent' "$messages"; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || {
		cat "$HOME/kak.log" "$messages"
		exit 1
	}
	sleep 0.1
	echo "evaluate-commands -client client0 %{ nop %sh{ echo \"\$kak_opt_lint_messages\" > '$messages' } }" | kak -p "$session" 2> /dev/null || true
done

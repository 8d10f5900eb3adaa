#!/bin/sh
# Real editors without a screen, each with the files of editors/ or the lines of its README: Neovim, Emacs (eglot), Vim (ALE), Kakoune.
# One that is not installed is skipped, with a line that says so.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
here=$(pwd)/tests/editors
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/project/.git" "$work/project/migrations" "$work/home" "$work/bin"
ln -s "$ddlint" "$work/bin/ddlint"
echo 'CREATE TABLE users (id bigint PRIMARY KEY, email text);' > "$work/project/migrations/0001_users.up.sql"
printf -- '-- 😀\n/* 😀 */ CREATE INDEX users_email ON users (email);\n' > "$work/project/migrations/0002_index.up.sql"
export DDLINT="$ddlint" DDLINT_EDITORS="$(pwd)/editors" DDLINT_FILE="$work/project/migrations/0002_index.up.sql"
export PATH="$work/bin:$PATH" HOME="$work/home" XDG_CONFIG_HOME="$work/home/.config" XDG_DATA_HOME="$work/home/.local/share" LC_ALL=C.UTF-8
cd "$work/project" || exit 1

try() { # NAME COMMAND...
	name=$1
	shift
	if timeout 120 "$@" > "$work/log" 2>&1 < /dev/null; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		tail -n 20 "$work/log"
	fi
}

if command -v nvim > /dev/null; then
	try neovim nvim --headless --clean -n -c "luafile $here/neovim.lua"
else
	echo 'skipped: Neovim is not installed'
fi
if command -v emacs > /dev/null && emacs --batch --eval "(progn (package-initialize) (require 'eglot))" > /dev/null 2>&1; then
	try eglot emacs --batch -l "$here/eglot.el"
else
	echo 'skipped: Emacs with eglot is not installed'
fi
if command -v vim > /dev/null && vim -Nu NONE -i NONE -n -es -c 'packadd ale' -c 'if exists("*ale#linter#Define") || !empty(globpath(&rtp, "autoload/ale/linter.vim")) | qall! | endif' -c 'cquit' > /dev/null 2>&1 < /dev/null; then
	try ale vim -Nu "$here/ale.vim" -i NONE -n -es -c "edit $DDLINT_FILE" -c 'set ft=sql' -c 'ALELint' -c 'call Report()'
else
	echo 'skipped: Vim with ALE is not installed'
fi
if command -v kak > /dev/null; then
	try kakoune sh "$here/kakoune.sh"
else
	echo 'skipped: Kakoune is not installed'
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

#!/bin/sh
# The language server, spoken to by vscode-jsonrpc. Needs node 20 and one npm package, which is installed below build/npm: without
# them it is skipped, with a line that says so.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
npm=$(pwd)/build/npm
skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed"
	exit 0
}
command -v node > /dev/null || skip "the language server's tests need node"
if [ ! -d "$npm/node_modules/vscode-jsonrpc" ]; then
	command -v npm > /dev/null || skip "the language server's tests need npm"
	mkdir -p "$npm"
	(cd "$npm" && echo '{"private": true}' > package.json && npm install --no-audit --no-fund vscode-jsonrpc@8 > npm.log 2>&1) ||
		skip "vscode-jsonrpc cannot be installed: see $npm/npm.log"
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
DDLINT=$ddlint DDLINT_NPM=$npm node --test --test-reporter=tap tests/lsp/*.test.mjs > "$log" 2>&1
status=$?
count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$log" | tail -n 1; }
[ "$status" = 0 ] || grep -v '^ *ok\|^ *# Subtest\|duration_ms\|^ *---$\|^ *\.\.\.$\|^ *type:' "$log"
passed=$(count pass)
failed=$(count fail)
echo "${passed:-0} passed, ${failed:-1} failed"
exit "$status"

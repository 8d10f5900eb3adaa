#!/bin/sh
# The audit's page in a browser: valid HTML, no violation of axe in light and dark on a phone and on a screen, nothing fetched, nothing
# run that files hold, filters and keyboard, and all of it readable without a script and on paper.
#
# Needs node, Chromium and three npm packages, which are installed below build/npm-page: without them it is skipped, with a line that
# says so. PICTURES=FOLDER keeps screenshots.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
npm=$(pwd)/build/npm-page
skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed"
	exit 0
}
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] || skip "the page's tests need chromium"
command -v node > /dev/null || skip "the page's tests need node"
if [ ! -d "$npm/node_modules/html-validate" ]; then
	command -v npm > /dev/null || skip "the page's tests need npm"
	mkdir -p "$npm"
	(cd "$npm" && echo '{"private": true}' > package.json &&
		npm install --no-audit --no-fund axe-core@4 playwright-core@1 html-validate@9 > npm.log 2>&1) ||
		skip "the packages cannot be installed: see $npm/npm.log"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/several"
cp -r fixtures/audit/db "$work/several/one"
cp -r fixtures/shop/migrations "$work/several/two"
"$ddlint" audit --config none fixtures/audit/db -o "$work/hostile.html"
"$ddlint" audit --config none fixtures/shop -o "$work/shop.html"
"$ddlint" audit --config none "$work/several" -o "$work/several.html"
CHROMIUM=$chromium PICTURES=${PICTURES:-} NODE_MODULES=$npm/node_modules \
	PAGES="$work/hostile.html $work/shop.html $work/several.html" \
	node --test --test-reporter=tap tests/audit/page.test.mjs > "$work/log" 2>&1
status=$?
count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$work/log" | tail -n 1; }
[ "$status" = 0 ] || grep -v '^ *ok\|^ *# Subtest\|duration_ms\|^ *---$\|^ *\.\.\.$\|^ *type:' "$work/log"
passed=$(count pass)
failed=$(count fail)
echo "${passed:-0} passed, ${failed:-1} failed"
exit "$status"

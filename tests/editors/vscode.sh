#!/bin/sh
# The extension in a real Visual Studio Code: packaged, installed in code-server, and used by a Chromium without a screen. The first
# time everything is installed from npm below build/, which takes a minute; so it is not part of `make test`.
#
#   sh tests/editors/vscode.sh [SCREENSHOT-FOLDER]
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -eu
skip() {
	echo "skipped: $1"
	echo '0 passed, 0 failed'
	exit 0
}
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] || skip 'Visual Studio Code is tried in Chromium, which is not installed'
command -v npm > /dev/null || skip 'Visual Studio Code needs node and npm'
[ "$(node -p 'process.versions.node.split(".")[0]')" = 20 ] || skip "this code-server needs node 20, and this is $(node --version)"

root=$(pwd)
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$root/$ddlint ;;
esac
tools=$root/build/code-server
pictures=${1:-$root/build/pictures}
mkdir -p "$tools" "$pictures"
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
quietly() { "$@" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }

# code-server's own installation fetches and compiles things that are not needed here: scripts stay off, but for one module that it
# does not start without.
install() { npm install --no-audit --no-fund --ignore-scripts "$@"; }
install_server() {
	cd "$tools" && echo '{"private": true}' > package.json && install code-server@4.100.3 playwright-core@1.65.1 && npm rebuild argon2 &&
		cd node_modules/code-server/lib/vscode && install --omit=dev && ln -sfn node_modules node_modules.asar &&
		cd extensions && install --omit=dev && touch "$tools/complete"
}
if [ ! -e "$tools/complete" ]; then
	(install_server) > "$tools/npm.log" 2>&1 || skip "code-server cannot be installed: see $tools/npm.log"
fi
quietly sh editors/vscode/pack.sh "$ddlint" "$work/ddlint.vsix"
! grep WARNING "$work/log" || exit 1

mkdir -p "$work/data/User" "$work/shop/.git" "$work/shop/.vscode"
cp -r fixtures/shop/migrations "$work/shop/"
rm -f "$work"/shop/migrations/00[0-9][8-9]_* "$work"/shop/migrations/00[1-9]?_* # as many as fit on the screen, and one of our own
echo 'ALTER TABLE customers ALTER COLUMN fax SET NOT NULL;' > "$work/shop/migrations/0008_fax_required.up.sql"
echo 'ALTER TABLE customers ALTER COLUMN fax DROP NOT NULL;' > "$work/shop/migrations/0008_fax_required.down.sql"
cat > "$work/shop/.ddlint.yml" << 'RULES'
define:
  - id: orders-dropped
    severity: error
    summary: the orders stay
    on: drop-table
    where: {relation: orders}
    message: "{relation} stays"
    bad: DROP TABLE orders;
    good: DROP TABLE IF EXISTS carts;
RULES
cat > "$work/data/User/settings.json" << SETTINGS
{"ddlint.path": "$work/nowhere/ddlint", "workbench.startupEditor": "none", "editor.minimap.enabled": false, "files.exclude": {"**/.vscode": true, "**/.ddlint.yml": true},
 "workbench.colorTheme": "Default Light Modern", "editor.hover.delay": 100, "chat.commandCenter.enabled": false}
SETTINGS
code() { node "$tools/node_modules/code-server" --user-data-dir "$work/data" --extensions-dir "$work/extensions" --config /dev/null "$@"; }
quietly code --install-extension "$work/ddlint.vsix"
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
node "$tools/node_modules/code-server" --user-data-dir "$work/data" --extensions-dir "$work/extensions" --config /dev/null --auth none \
	--bind-addr "127.0.0.1:$port" --disable-telemetry --disable-update-check --disable-workspace-trust > "$work/server.log" 2>&1 &
server=$!
DDLINT_TOOLS=$tools CHROMIUM=$chromium node tests/editors/vscode.mjs "http://127.0.0.1:$port/?folder=$work/shop" \
	"$pictures" "$work/shop"

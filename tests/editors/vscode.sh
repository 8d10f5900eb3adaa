#!/bin/sh
# The extension in a real Visual Studio Code: code-server, in a Chromium without a screen, shows the squiggle and the hover and applies
# the fix. Slow (minutes the first time: everything is installed from npm below build/), so it is not part of `make test`.
#
#   sh tests/editors/vscode.sh [SCREENSHOT-FOLDER]
set -eu
chromium=$(command -v chromium || command -v chromium-browser || true)
if ! command -v npm > /dev/null || [ -z "$chromium" ]; then
	echo 'skipped: node, npm and chromium are needed'
	exit 0
fi
root=$(pwd)
tools=$root/build/code-server
pictures=${1:-$root/build/pictures}
port=${PORT:-8391}
mkdir -p "$tools" "$pictures"

# code-server's own installation wants things that are not needed here; its scripts stay off but for one module that it cannot do without.
if [ ! -d "$tools/node_modules/code-server/lib/vscode/node_modules" ]; then
	cd "$tools"
	echo '{"private": true}' > package.json
	npm install --no-audit --no-fund --ignore-scripts code-server@4.100.3 playwright-core
	(cd node_modules/code-server/lib/vscode && npm install --no-audit --no-fund --omit=dev --ignore-scripts)
	(cd node_modules/code-server/lib/vscode/extensions && npm install --no-audit --no-fund --omit=dev --ignore-scripts)
	npm rebuild argon2
	ln -sfn node_modules node_modules/code-server/lib/vscode/node_modules.asar
fi
cd "$root/editors/vscode"
[ -d node_modules ] || npm install --no-audit --no-fund
npm run -s check
npm run -s build
npx vsce package --no-dependencies --no-rewrite-relative-links --allow-missing-repository -o "$root/build/ddlint.vsix" > /dev/null

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
mkdir -p "$work/data/User" "$work/shop/.git"
cp -r "$root/fixtures/shop/migrations" "$work/shop/"
cat > "$work/data/User/settings.json" << SETTINGS
{"ddlint.path": "$root/build/ddlint", "workbench.startupEditor": "none", "security.workspace.trust.enabled": false,
 "editor.minimap.enabled": false, "workbench.colorTheme": "Default Light Modern", "editor.hover.delay": 100, "chat.commandCenter.enabled": false}
SETTINGS
code() { node "$tools/node_modules/code-server" --user-data-dir "$work/data" --extensions-dir "$work/extensions" --config /dev/null "$@"; }
code --install-extension "$root/build/ddlint.vsix" > /dev/null
node "$tools/node_modules/code-server" --user-data-dir "$work/data" --extensions-dir "$work/extensions" --config /dev/null --auth none \
	--bind-addr "127.0.0.1:$port" --disable-telemetry --disable-update-check --disable-workspace-trust > "$work/log" 2>&1 &
server=$!
cd "$root"
DDLINT_TOOLS=$tools CHROMIUM=$chromium node tests/editors/vscode.mjs "http://127.0.0.1:$port/?folder=$work/shop" "$pictures" "$work/shop" || {
	tail -n 20 "$work/log"
	exit 1
}

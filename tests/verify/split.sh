#!/bin/sh
# The migrations that "Split into safe steps" writes, run on a server and taken back: server.sh sh split.sh
set -eu
command -v node > /dev/null && [ -d build/npm/node_modules/vscode-jsonrpc ] || {
	echo 'skipped: needs node, and what tests/lsp.sh installs'
	exit 0
}
DDLINT_DATABASE="$CONNECTION dbname=postgres" DDLINT=${DDLINT:-$(pwd)/build/ddlint} DDLINT_NPM=$(pwd)/build/npm \
	node --test --test-reporter=spec tests/lsp/split.test.mjs

#!/bin/sh
# Writes the fuzzers' first inputs, made from the fixtures: one folder for each fuzzer of tests/fuzz/.
#
#   seeds.sh FOLDER
set -eu
out=${1:?usage: seeds.sh FOLDER}
rm -rf "$out"
mkdir -p "$out/sql" "$out/body" "$out/config" "$out/layout" "$out/lsp"
LC_ALL=C
export LC_ALL

# A file of a fixture under a name of its own.
named() { printf '%s' "$1" | tr '/' '-'; }

find fixtures -name '*.sql' | sort | while read -r file; do
	cp "$file" "$out/sql/$(named "$file")"
done
# The bodies between dollar quotes, one file each.
awk -v out="$out/body/" '
	FNR == 1 { open = text = "" }
	{ line = $0 "\n"
	  while (match(line, /\$[a-z_]*\$/)) {
		before = substr(line, 1, RSTART - 1); mark = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH)
		if (open == "") { open = mark; text = "" }
		else if (mark == open) { name = out sprintf("%04d", ++n); printf "%s%s", text, before > name; close(name); open = "" }
		else text = text before mark
	  }
	  if (open != "") text = text line }' $(find fixtures -name '*.sql' | sort)
find fixtures/config fixtures/custom-rules rules/packs -name '*.yml' | sort | while read -r file; do
	cp "$file" "$out/config/$(named "$file")"
done
for folder in fixtures/layouts/*/ fixtures/fold/*/ fixtures/liquibase/*/ fixtures/alembic/*/ fixtures/shop/; do
	[ -d "$folder" ] || continue
	(cd "$folder" && find . -type f -size -32k | sort | sed 's|^\./||' | while read -r file; do
		printf '=== %s\n' "$file"
		cat "$file"
		echo
	done) > "$out/layout/$(named "$folder")"
done

# --- What editors send --------------------------------------------------------------------------------------------------------

folder=/the/folder/of/fuzzing # EVERYTHING_FOLDER
uri=file://$folder/db/2_index.up.sql
document="\"textDocument\":{\"uri\":\"$uri\"}"
id=0
send() { # JSON
	printf 'Content-Length: %d\r\n\r\n%s' "${#1}" "$1"
}
ask() { # METHOD PARAMS
	id=$((id + 1))
	send "{\"jsonrpc\":\"2.0\",\"id\":$id,\"method\":\"$1\",\"params\":{$2}}"
}
tell() { # METHOD PARAMS
	send "{\"jsonrpc\":\"2.0\",\"method\":\"$1\",\"params\":{$2}}"
}
start() { # CAPABILITIES
	ask initialize "\"processId\":null,\"rootUri\":\"file://$folder\",\"capabilities\":{$1}"
	tell initialized ''
}
open_text() { # TEXT
	tell textDocument/didOpen "\"textDocument\":{\"uri\":\"$uri\",\"languageId\":\"sql\",\"version\":1,\"text\":\"$1\"}"
}
change() { # START-LINE START-CHARACTER END-LINE END-CHARACTER TEXT
	tell textDocument/didChange "\"textDocument\":{\"uri\":\"$uri\",\"version\":2},\"contentChanges\":[{\"range\":{\"start\":{\"line\":$1,\"character\":$2},\"end\":{\"line\":$3,\"character\":$4}},\"text\":\"$5\"}]"
}
at='"position":{"line":0,"character":30}'
range='"range":{"start":{"line":0,"character":0},"end":{"line":3,"character":0}}'
text='CREATE INDEX i ON users (name);\nALTER TABLE users DROP COLUMN name; -- ddlint: allow \n'
{ start ''; open_text "$text"; ask shutdown ''; tell exit ''; } > "$out/lsp/open"
{ start ''; open_text "$text"; change 0 7 0 12 "TABLE \\u00e9\\ud83d\\ude00"; change 1 0 2 0 ''; ask shutdown ''; tell exit ''; } > "$out/lsp/change"
{ start '"textDocument":{"diagnostic":{},"codeAction":{"codeActionLiteralSupport":{}},"hover":{"contentFormat":["markdown"]},"documentSymbol":{"hierarchicalDocumentSymbolSupport":true}},"workspace":{"workspaceEdit":{"documentChanges":true,"resourceOperations":["create"]}},"general":{"positionEncodings":["utf-8"]}'
	open_text "$text"
	for method in hover definition completion documentSymbol diagnostic; do ask "textDocument/$method" "$document,$at"; done
	ask textDocument/codeAction "$document,$range,\"context\":{\"diagnostics\":[]}"
	ask workspace/diagnostic '"previousResultIds":[]'
	tell textDocument/didSave "$document"
	tell textDocument/didClose "$document"
	ask shutdown ''; tell exit ''; } > "$out/lsp/ask"
{ start '"workspace":{"configuration":true,"didChangeWatchedFiles":{"dynamicRegistration":true}}'
	tell workspace/didChangeConfiguration '"settings":{"ddlint":{"postgres":"15-18","layout":"goose"}}'
	tell workspace/didChangeWatchedFiles "\"changes\":[{\"uri\":\"$uri\",\"type\":2}]"
	tell workspace/didChangeWorkspaceFolders "\"event\":{\"added\":[{\"uri\":\"file://$folder/db\",\"name\":\"db\"}],\"removed\":[{\"uri\":\"file://$folder\",\"name\":\"x\"}]}"
	open_text 'DROP TABLE users;'
	ask textDocument/hover "$document,$at"
	tell '$/cancelRequest' '"id":2'
	ask no/method ''
	send '[1]'
	send 'no JSON'
	ask shutdown ''; tell exit ''; } > "$out/lsp/configure"

#!/bin/sh
# Packages the extension for this machine's platform, with the binary in it.
#
#   pack.sh BINARY FILE.vsix    BINARY: static, so that it runs wherever the extension is installed
set -eu
binary=${1:?usage: pack.sh BINARY FILE.vsix}
file=${2:?usage: pack.sh BINARY FILE.vsix}
case $(uname -s)-$(uname -m) in
Linux-x86_64) target=linux-x64 ;;
Linux-aarch64) target=linux-arm64 ;;
Darwin-x86_64) target=darwin-x64 ;;
Darwin-arm64) target=darwin-arm64 ;;
*)
	echo "pack.sh: there is no name for $(uname -s) on $(uname -m)" >&2
	exit 1
	;;
esac

mkdir -p "$(dirname "$file")"
file=$(cd "$(dirname "$file")" && pwd)/$(basename "$file")
install -d editors/vscode/bin
install -m 755 "$binary" editors/vscode/bin/ddlint
cd editors/vscode
npm install --no-audit --no-fund --ignore-scripts
npm run package -- --target "$target" --out "$file"

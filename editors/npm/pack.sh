#!/bin/sh
# Packs the npm packages: the main one from package.json, and this machine's platform package with the binary.
#
#   pack.sh BINARY FOLDER    writes FOLDER/ddlint-VERSION.tgz and FOLDER/ddlint-PLATFORM-VERSION.tgz
#
# The main package depends on all platform packages, optionally: npm installs the one whose os and cpu fit. No network is used.
set -eu
binary=${1:?usage: pack.sh BINARY FOLDER}
folder=${2:?usage: pack.sh BINARY FOLDER}
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)

case $(uname -s) in
Linux) os=linux ;;
Darwin) os=darwin ;;
*)
	echo "pack.sh: no platform package for $(uname -s)" >&2
	exit 1
	;;
esac
case $(uname -m) in
x86_64) cpu=x64 ;;
aarch64 | arm64) cpu=arm64 ;;
*)
	echo "pack.sh: no platform package for $(uname -m)" >&2
	exit 1
	;;
esac

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
package=$folder/$os-$cpu
rm -rf "$package"
mkdir -p "$package/bin"
install -m 755 "$binary" "$package/bin/ddlint"
cp LICENSE "$package/"
cat > "$package/package.json" <<JSON
{
  "name": "@ddlint/$os-$cpu",
  "version": "$version",
  "description": "The binary of ddlint for $os on $cpu",
  "license": "MIT",
  "os": ["$os"],
  "cpu": ["$cpu"],
  "files": ["bin/ddlint"]
}
JSON
npm pack --silent --pack-destination "$folder" "$package"
npm pack --silent --pack-destination "$folder" .

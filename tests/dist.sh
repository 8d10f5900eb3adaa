#!/bin/sh
# What is released: `make install` and uninstall in a scratch root, `make dist` and its archives, one version everywhere.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
unset MAKEFLAGS MFLAGS BUILD
ddlint=${DDLINT:-build/ddlint}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # NAME STATUS: of the last command
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
		head -n 20 "$work/output"
	fi
}
version=$("$ddlint" --version | cut -d ' ' -f 2)

# --- One version -----------------------------------------------------------------------------------------------------------------

named() { # FILE SED-EXPRESSION: the versions that the file names, or that it names none
	sed -n "$2" "$1" | grep . || echo "$1 names no version"
}
{
	named Makefile 's/^VERSION := //p'
	named package.json 's/.*"\(version\|@ddlint[^"]*\)": "\([^"]*\)".*/\2/p'
	named editors/vscode/package.json 's/.*"version": "\([^"]*\)".*/\1/p'
	named pyproject.toml 's/^version = "\(.*\)"/\1/p; s/.*"ddlint==\(.*\)".*/\1/p'
	named editors/ci/pre-commit.yml 's/^ *rev: v//p'
	named editors/ci/github-workflow.yml 's/.*ddlint@v\([^ ]*\).*/\1/p; s/.*x64-\(.*\)\.tgz.*/\1/p'
	named debian/changelog '1s/^ddlint (\(.*\)) .*/\1/p'
	named CHANGELOG.md '/^## /{s/^## \([0-9.]*\).*/\1/p;q;}'
} > "$work/output"
[ "$(sort -u "$work/output")" = "$version" ]
check 'one version everywhere' $?

# --- make install ------------------------------------------------------------------------------------------------------------------

make -s install BINARY="$ddlint" DESTDIR="$work/root" PREFIX=/opt/ddlint > "$work/output" 2>&1
check 'make install' $?
"$work/root/opt/ddlint/bin/ddlint" --version > "$work/output" 2>&1
check 'what is installed runs' $?
share=$work/root/opt/ddlint/share
[ -s "$share/man/man1/ddlint.1" ] && [ -s "$share/bash-completion/completions/ddlint" ] && [ -s "$share/zsh/site-functions/_ddlint" ] &&
	[ -s "$share/fish/vendor_completions.d/ddlint.fish" ]
check 'the manual page and the completions are installed' $?
if command -v groff > /dev/null; then
	groff -man -Tutf8 -ww "$share/man/man1/ddlint.1" 2> "$work/output" > /dev/null && [ ! -s "$work/output" ]
	check 'the manual page is well-formed' $?
fi
make -s uninstall DESTDIR="$work/root" PREFIX=/opt/ddlint > "$work/output" 2>&1 && [ -z "$(find "$work/root" -type f)" ]
check 'make uninstall leaves nothing' $?

# --- make dist ---------------------------------------------------------------------------------------------------------------------

if [ "$ddlint" != build/ddlint ] || ! git rev-parse --git-dir > /dev/null 2>&1 || ! command -v dpkg > /dev/null; then
	echo 'skipped: make dist is for an ordinary build, in a git checkout, on Debian'
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
	exit
fi
make -s build/portable/ddlint > "$work/output" 2>&1 && sh .ci/dist.sh "$version" build/portable/ddlint "$work/dist" > "$work/output" 2>&1
check 'make dist' $?
name=ddlint-$version-linux-$(uname -m)
(cd "$work/dist" && sha256sum -c SHA256SUMS) > "$work/output" 2>&1
check 'the checksums are right' $?
for package in libpg-query-dev libpcre2-dev libyaml-dev libjansson-dev libc6-dev; do
	grep -q "^  $package  *[0-9][^ ]*  *[A-Z]" "$work"/dist/THIRD-PARTY.txt
	check "THIRD-PARTY.txt has the version and the licence of $package" $?
done
tar -tzf "$work/dist/ddlint-$version.tar.gz" | sed -n "s|^ddlint-$version/||p" | grep -v '/$\|^$' | sort > "$work/packed"
git ls-tree -r --name-only -z HEAD | tr '\0' '\n' | sort | diff - "$work/packed" > "$work/output"
check 'the source is what is committed' $?
mkdir "$work/box"
tar -xzf "$work/dist/$name.tar.gz" -C "$work/box" --strip-components=1
cp -r fixtures/shop "$work/box/shop"
if [ "$(id -u)" = 0 ]; then # in a root without a C library, so that nothing of this machine can help
	chroot "$work/box" /bin/ddlint --fail-on never /shop > "$work/output" 2>&1
else
	"$work/box/bin/ddlint" --fail-on never "$work/box/shop" > "$work/output" 2>&1
fi
check 'the binary runs by itself' $?
sh .ci/dist.sh "$version" build/portable/ddlint "$work/again" > "$work/output" 2>&1 && cmp "$work"/dist/SHA256SUMS "$work"/again/SHA256SUMS > "$work/output"
check 'the same commit gives the same bytes' $?

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

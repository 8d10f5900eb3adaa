#!/bin/sh
# The Debian package: built from what is committed, looked at by lintian, unpacked and run. Compiles everything anew: minutes, so it is
# not part of `make test`. Closes with "N passed, N failed".
set -u
for tool in dpkg-buildpackage dh lintian; do
	command -v "$tool" > /dev/null || {
		echo "skipped: the Debian package needs dpkg-dev, debhelper and lintian, and there is no $tool"
		echo '0 passed, 0 failed'
		exit 0
	}
done
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() { # NAME STATUS
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
		tail -n 30 "$work/output"
	fi
}

make -s deb > "$work/output" 2>&1
check 'make deb' $?
package=$(find build/deb -name 'ddlint_*.deb' | head -n 1)
lintian --fail-on error,warning "$package" > "$work/output" 2>&1
check 'lintian has neither errors nor warnings' $?
dpkg -x "$package" "$work/root" > "$work/output" 2>&1 && "$work/root/usr/bin/ddlint" --fail-on never fixtures/shop > "$work/output" 2>&1
check 'what is in the package runs' $?
[ -e "$work/root/usr/share/man/man1/ddlint.1.gz" ] && [ -e "$work/root/usr/share/zsh/vendor-completions/_ddlint" ] &&
	[ -e "$work/root/usr/share/bash-completion/completions/ddlint" ]
check 'manual page and completions are where Debian looks for them' $?
dpkg-deb --field "$package" Depends > "$work/output" && grep -q 'libpcre2-8-0' "$work/output" && grep -q 'libyaml-0-2' "$work/output"
check 'its libraries are its dependencies' $?
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

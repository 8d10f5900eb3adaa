#!/bin/sh
# The fixtures as SQL, as bodies of functions, as configurations, as folders of migrations and as what editors send: cut off anywhere,
# and with a byte of them made a NUL or no UTF-8. Linted, reported and fixed like any other; see tests/mutilate.c and tests/fuzz/.
# Inputs that once broke something, fixtures/hostile/FUZZER/, are tried as they are.
#
# DDLINT: the binary, beside what make check builds. Closes with "N passed, N failed".
set -u
build=$(dirname "${DDLINT:-build/ddlint}")
passed=0
failed=0
log=$(mktemp)
seeds=$(mktemp -d)
trap 'rm -rf "$log" "$seeds"' EXIT
sh tests/fuzz/seeds.sh "$seeds" || exit 1
for source in tests/fuzz/*.c; do
	name=$(basename "$source" .c)
	set -- "$seeds/$name"
	for file in fixtures/hostile/"$name"/*; do
		[ ! -e "$file" ] || set -- "$@" "$file"
	done
	if ! "$build/mutilate/$name" "$@" > "$log" 2>&1; then
		grep '^FAIL' "$log" || failed=$((failed + 1))
		tail -n 20 "$log"
	fi
	good=$(sed -n 's/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$log")
	bad=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed$/\1/p' "$log")
	passed=$((passed + ${good:-0}))
	failed=$((failed + ${bad:-0}))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

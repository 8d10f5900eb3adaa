#!/bin/sh
# The output is the same bytes for any number of threads, on every run, and for one history beside others.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

same() { # NAME FILE FILE
	if cmp -s "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
		diff "$2" "$3" | head -n 20
	fi
}
run() { "$ddlint" --config none --fail-on never --format json "$@"; }

run -j 1 fixtures > "$work/one"
for jobs in 1 2 8; do
	run -j "$jobs" fixtures > "$work/again"
	same "fixtures with -j $jobs" "$work/one" "$work/again"
done

# Each folder of layouts by itself, and all of them in one tree: the same findings.
for folder in fixtures/layouts/*/; do
	run "$folder" | sed -e '/"rule"/!d' -e 's/,$//'
done | sort > "$work/apart"
run fixtures/layouts | sed -e '/"rule"/!d' -e 's/,$//' | sort > "$work/together"
same "histories in one run and alone" "$work/apart" "$work/together"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

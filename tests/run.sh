#!/bin/sh
# Runs every test of a build and closes with one line: "N passed, N failed".
#
#   run.sh BUILD    BUILD: the folder with ddlint and tests/
set -u
build=${1:?usage: run.sh BUILD}
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

number() { sed -n "$1" "$log" | tail -n 1; }

# Takes the counts of one suite, or one failure when it ended badly without saying so.
settle() { # NAME STATUS GOOD BAD
	good=${3:-0}
	bad=${4:-0}
	if [ "$2" != 0 ] && [ "$bad" = 0 ]; then
		bad=1
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	if [ "$2" != 0 ]; then
		echo "--- $1 (status $2)"
		grep -v '^\[ RUN\|^\[       OK' "$log" | tail -n 60
	else
		printf '%-24s %s passed\n' "$1" "$good"
	fi
}

# Unit tests print cmocka's closing lines.
for program in "$build"/tests/*; do
	[ -x "$program" ] && [ ! -d "$program" ] || continue
	"$program" > "$log" 2>&1
	settle "$(basename "$program")" $? "$(number 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p')" \
		"$(number 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p')"
done

# Suites that are scripts close with a "N passed, N failed" of their own.
for script in tests/*.sh; do
	[ "$script" != tests/run.sh ] || continue
	DDLINT="$build/ddlint" sh "$script" > "$log" 2>&1
	settle "$(basename "$script")" $? "$(number 's/^\([0-9]*\) passed, [0-9]* failed.*/\1/p')" \
		"$(number 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p')"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

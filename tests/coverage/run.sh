#!/bin/sh
# Says how much of our own sources the tests of a build with --coverage ran, and lists the files of which they ran too little.
#
#   run.sh BUILD    COVERAGE_LEAST=80: per cent of a file's lines below which it is listed
set -u
build=${1:?usage: run.sh BUILD}
info=$build/coverage.info
if ! command -v lcov > /dev/null; then
	echo "lcov is missing (apt: lcov)" >&2
	exit 1
fi
lcov -q --capture --directory "$build/analyzer" --directory "$build/rules" --base-directory . --no-external --ignore-errors gcov,source \
	--output-file "$info" 2> "$build/lcov.log" || { tail -n 5 "$build/lcov.log"; exit 1; }
! command -v genhtml > /dev/null || genhtml -q --output-directory "$build/report" "$info" 2>> "$build/lcov.log"
awk -F '[:,]' -v root="$(pwd)/" -v least="${COVERAGE_LEAST:-80}" '
	/^SF:/ { file = substr($0, 4); sub(root, "", file); lines = run = 0 }
	/^DA:/ { lines++; run += $3 > 0 }
	/^end_of_record/ {
		all += lines; all_run += run; files++
		if (file !~ /[.]h$/ && lines && 100 * run / lines < least) printf "%5.1f %%  %s\n", 100 * run / lines, file
	}
	END { printf "coverage: %.1f %% of %d lines in %d files\n", all ? 100 * all_run / all : 0, all, files; exit !all }' "$info"

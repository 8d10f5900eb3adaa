#!/bin/sh
# How much more than PostgreSQL's parser alone does ddlint cost? CPU seconds (user and system), the median of several runs, of
#
#   floor    the parser over the bytes of the .sql files (floor.c)
#   ddlint   everything: discovery, parsing, replay, all rules, JSON, on one thread
#   squawk   with its JSON, when it is in PATH or named by SQUAWK=
#
# and the instructions of the first two where valgrind is installed.
#
#   run.sh BUILD [FOLDER...]     without a folder: a hundred copies of the history of fixtures/shop
set -eu
LC_ALL=C
export LC_ALL
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build}
[ $# -gt 0 ] && shift
case $build in /*) ;; *) build=$(pwd)/$build ;; esac
runs=${RUNS:-5}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ $# = 0 ]; then
	mkdir "$scratch/corpus"
	for i in $(seq 100); do
		cp -r "$root/fixtures/shop" "$scratch/corpus/$i"
	done
	set -- "$scratch/corpus"
fi

run_floor() { "$build/bench/floor" "$@"; }
run_ddlint() { "$build/ddlint" -j 1 --config none --select all --fail-on never --format json -o "$scratch/ddlint.json" "$@"; }
run_squawk() { find "$@" -name '*.sql' -print0 | xargs -0 "$squawk" --reporter json > "$scratch/squawk.json" || true; }

# CPU seconds of one run: the user and system times of what the shell waited for.
seconds() {
	(
		"$@" > "$scratch/out" 2> "$scratch/err" || { cat "$scratch/err" >&2; exit 1; }
		times > "$scratch/times"
	)
	tail -1 "$scratch/times" | awk '{ split($0, part, /[ ms]+/); print part[1] * 60 + part[2] + part[3] * 60 + part[4] }'
}

median() {
	i=0
	while [ $i -lt "$runs" ]; do
		seconds "$@"
		i=$((i + 1))
	done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 > /dev/null | awk '/refs/ { gsub(",", "", $NF); print $NF }'
}

run_floor "$@"
low=$(median run_floor "$@")
line() { awk -v name="$1" -v value="$2" -v low="$low" 'BEGIN { printf "%-8s %8.2f s   %5.2f x\n", name, value, (low + 0 ? value / low : 0) }'; }
line floor "$low"
line ddlint "$(median run_ddlint "$@")"
squawk=${SQUAWK:-$(command -v squawk || true)}
[ -z "$squawk" ] || line squawk "$(median run_squawk "$@")"

if command -v valgrind > /dev/null; then
	few=$(instructions "$build/bench/floor" "$@")
	many=$(instructions "$build/ddlint" -j 1 --config none --select all --fail-on never --format json -o "$scratch/ddlint.json" "$@")
	awk -v few="$few" -v many="$many" 'BEGIN { printf "instructions: %.0f M : %.0f M = %.2f x\n", few / 1e6, many / 1e6, many / few }'
fi

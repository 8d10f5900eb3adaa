#!/bin/sh
# Runs fuzzers that are built, and says of each how many inputs it tried. Fails with the input that broke something.
#
#   run.sh BUILD SECONDS FUZZER...
set -u
build=${1:?usage: run.sh BUILD SECONDS FUZZER...}
build=$(cd "$build" && pwd) # fuzzers change their working folder
dictionary=$(pwd)/tests/fuzz/sql.dict
seconds=$2
shift 2
sh tests/fuzz/seeds.sh "$build/seeds" || exit 1
passed=0
failed=0
for fuzzer in "$@"; do
	mkdir -p "$build/found/$fuzzer" "$build/broken"
	log=$build/$fuzzer.log
	"$build/$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=32768 -close_fd_mask=3 -print_final_stats=1 \
		-dict="$dictionary" -artifact_prefix="$build/broken/$fuzzer-" "$build/found/$fuzzer" "$build/seeds/$fuzzer" > "$log" 2>&1
	status=$?
	executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	if [ "$status" = 0 ] && [ "${executed:-0}" -gt 0 ]; then
		passed=$((passed + 1))
		printf '%-8s %s inputs\n' "$fuzzer" "$executed"
	else
		failed=$((failed + 1))
		echo "FAIL $fuzzer: see $log"
		input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
		if [ -n "$input" ]; then
			"$build/$fuzzer" "$input" 2>&1 | grep -v '^INFO' | head -n 40
		else
			tail -n 20 "$log"
		fi
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

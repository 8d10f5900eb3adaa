#!/bin/sh
# What `ddlint schema --format sql` prints makes the schema that it was printed from.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The catalog's lines, without the name of the history and the order of its tables.
lines() { "$ddlint" schema --config none --format json "$1" 2> /dev/null | sed -n 's/,$//; /"schema"/p' | sort; }

for root in fixtures/shop/migrations fixtures/layouts/goose fixtures/layouts/prisma fixtures/layouts/flyway; do
	"$ddlint" schema --config none --format sql "$root" > "$work/made.sql" 2> /dev/null
	lines "$root" > "$work/expected"
	lines "$work/made.sql" > "$work/actual"
	if [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $root"
		diff "$work/expected" "$work/actual" | head -n 20
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

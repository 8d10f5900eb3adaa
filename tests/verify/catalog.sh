#!/bin/sh
# Runs fixtures/catalog/*.sql on a real server and compares the SQLSTATEs with the comments above the statements.
#
#   server.sh catalog.sh [--write] [FILE...]     --write: the files get what the server says
#
# $CONNECTION is libpq's connection string. One statement a line. Closes with "N passed, N failed", a file each.
set -eu
cd "$(dirname "$0")/../.."
write=no
[ "${1:-}" = --write ] && write=yes && shift
[ $# -gt 0 ] || set -- fixtures/catalog/*.sql
new=$(mktemp)
database=ddlint_catalog
on_server() { psql -X -q -d "$CONNECTION dbname=$1" -f - ; }
trap 'rm -f "$new" "$new.states"' EXIT
passed=0
failed=0
for file in "$@"; do
	echo "CREATE DATABASE $database" | on_server postgres
	grep -v '^-- .....$' "$file" | awk '{ print; if (!/^--/) print "\\echo @@ :SQLSTATE" }' |
		on_server "$database" 2>/dev/null | sed -n 's/^@@ //p' > "$new.states"
	echo "DROP DATABASE $database" | on_server postgres
	grep -v '^-- .....$' "$file" | awk -v states="$new.states" '
		/^--/ { print; next }
		{ getline state < states; if (state != "00000") print "-- " state; print }' > "$new"
	if ! cmp -s "$new" "$file"; then
		failed=$((failed + 1))
		diff -u "$file" "$new" || true
		[ $write = no ] || cp "$new" "$file"
	else
		passed=$((passed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

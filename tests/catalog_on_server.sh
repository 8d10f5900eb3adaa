#!/bin/sh
# Runs fixtures/catalog/*.sql on a real server and compares the SQLSTATEs with the comments above the statements.
# The server is the one that psql finds (PGHOST, PGPORT, PGUSER); a database is made for each file and dropped again.
# With --write the files get what the server says. One statement a line.
set -eu
cd "$(dirname "$0")/.."
write=no
[ "${1:-}" = --write ] && write=yes && shift
[ $# -gt 0 ] || set -- fixtures/catalog/*.sql
new=$(mktemp)
database=ddlint_catalog_$$
trap 'rm -f "$new"; dropdb --if-exists "$database" 2>/dev/null' EXIT
wrong=0
for file in "$@"; do
	createdb "$database"
	grep -v '^-- .....$' "$file" | awk '{ print; if (!/^--/) print "\\echo @@ :SQLSTATE" }' |
		psql -X -q -d "$database" -f - 2>/dev/null | sed -n 's/^@@ //p' > "$new.states"
	dropdb "$database"
	grep -v '^-- .....$' "$file" | awk -v states="$new.states" '
		/^--/ { print; next }
		{ getline state < states; if (state != "00000") print "-- " state; print }' > "$new"
	rm -f "$new.states"
	if ! cmp -s "$new" "$file"; then
		wrong=1
		diff -u "$file" "$new" || true
		[ $write = no ] || cp "$new" "$file"
	fi
done
exit $wrong

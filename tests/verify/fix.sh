#!/bin/sh
# Runs what --fix makes (fixtures/rules/*/fix*.expected.sql) on a real server: every statement must be taken, those of
# not-idempotent a second time, too.
#
#   server.sh fix.sh
#
# $CONNECTION is libpq's connection string. Closes with "N passed, N failed", a file each.
set -eu
cd "$(dirname "$0")/../.."
output=$(mktemp)
database=ddlint_fix
trap 'rm -f "$output"' EXIT
on_server() { psql -X -q -v ON_ERROR_STOP=1 -d "$CONNECTION dbname=$1" -f - ; }
# What was there before.
schema='CREATE TABLE users (id bigint PRIMARY KEY, email text, age integer);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
CREATE TABLE "Old" (id bigint); CREATE TABLE older (id bigint);'
passed=0
failed=0
for file in fixtures/rules/*/fix*.expected.sql; do
	echo "CREATE DATABASE $database" | on_server postgres
	echo "$schema" | on_server "$database"
	status=0
	case $file in
	*/not-idempotent/*) times='1 2' ;;
	*) times=1 ;;
	esac
	for _ in $times; do
		sed '/+goose Down\|+migrate Down\|migrate:down/,$d' "$file" | on_server "$database" > "$output" 2>&1 || status=1
		! grep -q 'WARNING' "$output" || status=1
	done
	echo "DROP DATABASE $database" | on_server postgres
	if [ $status = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $file"
		cat "$output"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

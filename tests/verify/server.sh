#!/bin/sh
# Runs a command against a private PostgreSQL server on a socket, and takes the server away afterwards.
#
#   server.sh COMMAND...     $CONNECTION in its environment is libpq's connection string
#
# The newest server that is installed is used (PG_BIN=/path/to/bin for another). As root it runs as the user postgres.
set -eu
bin=${PG_BIN:-}
if [ -z "$bin" ]; then
	for folder in /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
		[ -x "$folder/initdb" ] && bin=$folder
	done
fi
if [ -z "$bin" ]; then
	echo 'no PostgreSQL server is installed: apt-get install postgresql libpq-dev' >&2
	exit 77
fi
# Thousands of databases come and go: in memory where there is some.
folder=$(mktemp -d /dev/shm/ddlint-server-XXXXXX 2>/dev/null || mktemp -d /tmp/ddlint-server-XXXXXX)
as_user() {
	if [ "$(id -u)" = 0 ]; then
		runuser -u postgres -- "$@"
	else
		"$@"
	fi
}
stop() {
	as_user "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop > /dev/null 2>&1 || true
	rm -rf "$folder"
}
trap stop EXIT
[ "$(id -u)" != 0 ] || chown postgres "$folder"
as_user "$bin/initdb" -D "$folder/data" -A trust -U postgres --no-sync --no-locale -E UTF8 > /dev/null
as_user "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
	-o "-c listen_addresses='' -k $folder -c fsync=off -c full_page_writes=off -c autovacuum=off -c wal_level=logical" start > /dev/null
CONNECTION="host=$folder user=postgres"
export CONNECTION
"$@"

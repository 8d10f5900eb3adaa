#!/bin/sh
# Runs fixtures/proofs/*.sql on a real server and compares what happens with what the proofs say in the .txt beside them.
#
#   server.sh proofs.sh [FILE...]
#
# $CONNECTION is libpq's connection string. What stands under `-- given` was there before the history, which does not know it. What a proof calls unknown, or says of an open world, no server can contradict.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- fixtures/proofs/*.sql
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0

# A template's value is any name: what a proof says holds for all of them.
part() {
	awk -v want="$1" '/^-- (given|before|up|down)$/ { part = $2; next } part == want' "$file" | sed 's/{{ *\([a-z_]*\) *}}/any_\1/g'
}
# The SQLSTATE that ends the script, or "ok".
run() { # DATABASE PSQL-OPTION...
	database=$1
	shift
	psql -X -q -v ON_ERROR_STOP=1 -v VERBOSITY=sqlstate "$@" -d "$CONNECTION dbname=$database" -f - 2>&1 >/dev/null |
		sed -n 's/.*ERROR:  *\([0-9A-Z]\{5\}\).*/\1/p' > "$work/error"
	[ -s "$work/error" ] && head -n 1 "$work/error" || echo ok
}
# Whatever the order of columns and objects.
state() {
	pg_dump -s -d "$CONNECTION dbname=$1" | grep -v '^--\|^$\|^SELECT pg_catalog\|^.restrict\|^.unrestrict' | sed 's/,$//' | sort
}
word() { sed -n "s/^$1 \\([a-z-]*\\).*/\\1/p" "$expected"; }
code() { sed -n "s/^$1 fails \\([0-9A-Z]*\\).*/\\1/p" "$expected"; }
compare() { # WHAT SERVER PROOF
	case $3 in
	unknown | empty | missing | "$2") ;;
	*)
		wrong=1
		echo "$file: $1: the server says $2, the proof $3"
		;;
	esac
}

for file in "$@"; do
	expected=${file%.sql}.txt
	! grep -q '^-- open world$' "$file" || continue
	once=
	! grep -q '^-- in a transaction$' "$file" || once=-1
	echo 'CREATE DATABASE ddlint_proof' | run postgres > /dev/null
	{ part given; part before; } | run ddlint_proof > /dev/null
	state ddlint_proof > "$work/before"
	part up | run ddlint_proof ${once:+"$once"} > /dev/null
	echo 'CREATE DATABASE ddlint_repeat TEMPLATE ddlint_proof' | run postgres > /dev/null
	repeat=$(part up | run ddlint_repeat ${once:+"$once"})
	rollback=$(part down | run ddlint_proof ${once:+"$once"})
	state ddlint_proof > "$work/after"
	if [ "$rollback" = ok ]; then
		cmp -s "$work/before" "$work/after" && rollback=reverses || rollback=incomplete
	fi
	said=$(word rollback)
	case $said in
	fails) said=$(code rollback) ;;
	data-dependent) said=reverses ;;
	esac
	compare rollback "$rollback" "$said"
	said=$(word repeat)
	case $said in
	fails) said=$(code repeat) ;;
	changes) said=ok ;;
	esac
	compare repeat "$repeat" "$said"
	echo 'DROP DATABASE ddlint_proof' | run postgres > /dev/null
	echo 'DROP DATABASE ddlint_repeat' | run postgres > /dev/null
done
exit $wrong

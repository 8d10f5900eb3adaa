#!/bin/sh
# Costs grow in line with the input: the instructions of a run, counted by valgrind, for N, 2N and 4N of everything that can be many.
# What the second doubling adds is at most 2.2 times what the first one added; a quadratic part would make it up to 4 times.
#
# DDLINT: the binary. SCALING=name: only that one. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

if ! command -v valgrind > /dev/null || nm "$ddlint" 2> /dev/null | grep -q '__[at]san_init\|__gcov_init'; then
	echo "instructions are not counted: no valgrind (apt: valgrind), or a build that it does not run"
	echo "1 passed, 0 failed"
	exit 0
fi

instructions() { # ARGUMENTS...
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$ddlint" --fail-on never -j 1 -o out "$@" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
# N lines made by awk, "i" being the number; written to db/1.sql
lines() { awk -v n="$1" "BEGIN { for (i = 1; i <= n; i++) { $2 } }" >> db/1.sql; }

# Linear lists that stay: the columns of one table (PostgreSQL takes 1,600), the allow-comments of one file, what lies beside the root
# of a history (hundreds of services in one folder), the partitions of one table.
# What there are many of: a function that lays out N of them in db/ and .ddlint.yml.
files() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) { f = sprintf("db/%05d_x.up.sql", i); print "CREATE TABLE t" i " (id int PRIMARY KEY);" > f; close(f) } }'; }
pairs() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) { f = sprintf("db/%05d_x.up.sql", i); print "CREATE TABLE t" i " (id int PRIMARY KEY);" > f; close(f); f = sprintf("db/%05d_x.down.sql", i); print "DROP TABLE t" i ";" > f; close(f) } }'; }
statements() { lines "$1" 'print "CREATE TABLE t" i " (id int PRIMARY KEY, a text);"'; }
bytes() { lines "$1" 'print "-- one line of many that say nothing at all, " i'; }
inserts() { lines "$1" 'print "INSERT INTO t VALUES (" i ");"'; }
rows() { { echo 'INSERT INTO t VALUES (0)'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", (" i ")"; print ";" }'; } > db/1.sql; }
findings() { lines "$1" 'print "DROP TABLE t" i ";"'; }
locks() { echo 'BEGIN;' > db/1.sql; lines "$1" 'print "ALTER TABLE t" i " ADD COLUMN a int;"'; echo 'COMMIT;' >> db/1.sql; }
indexes() { echo 'CREATE TABLE t (a int);' > db/1.sql; lines "$1" 'print "CREATE INDEX t_i" i " ON t (a, (a + " i "));"'; }
unnamed_indexes() { echo 'CREATE TABLE t (a int);' > db/1.sql; lines "$1" 'print "CREATE INDEX ON t (a);"'; }
foreign_keys() { echo 'CREATE TABLE p (id int PRIMARY KEY);' > db/1.sql; lines "$1" 'print "CREATE TABLE t" i " (id int REFERENCES p);"'; }
updates() { foreign_keys 5; lines "$1" 'print "UPDATE p SET id = id + " i " WHERE id = " i ";"'; }
deletes() { foreign_keys 5; lines "$1" 'print "DELETE FROM p WHERE id = " i ";"'; }
elsewhere() { statements "$1"; lines "$1" 'print "UPDATE t" i " SET id = " i " WHERE id = 1;"'; }
drops() { statements "$1"; lines "$1" 'print "DROP TABLE t" i ";"'; }
views() { echo 'CREATE TABLE t (a int);' > db/1.sql; lines "$1" 'print "CREATE VIEW v" i " AS SELECT a FROM t;"'; }
view_chain() { echo 'CREATE VIEW v0 AS SELECT 1 AS a;' > db/1.sql; lines "$1" 'print "CREATE VIEW v" i " AS SELECT a FROM v" i - 1 ";"'; }
partitions() { echo 'CREATE TABLE t (a int) PARTITION BY LIST (a);' > db/1.sql; lines "$1" 'print "CREATE TABLE t" i " PARTITION OF t FOR VALUES IN (" i ");"'; }
labels() { echo "CREATE TYPE e AS ENUM ('x');" > db/1.sql; lines "$1" "print \"ALTER TYPE e ADD VALUE 'v\" i \"';\""; }
functions() { lines "$1" 'print "CREATE FUNCTION f" i "() RETURNS int LANGUAGE sql AS $$ SELECT " i " $$;"'; }
overloads() { lines "$1" 'print "CREATE FUNCTION f(a t" i ") RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;"'; }
calls() { echo 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;' > db/1.sql; lines "$1" 'print "SELECT f();"'; }
blocks() { lines "$1" 'print "DO $$ BEGIN CREATE TABLE t" i " (a int); END $$;"'; }
body() { echo 'DO $$ BEGIN' > db/1.sql; lines "$1" 'print "CREATE TABLE t" i " (a int);"'; echo 'END $$;' >> db/1.sql; }
branches() { echo 'DO $$ BEGIN' > db/1.sql; lines "$1" 'print "IF x THEN UPDATE t SET a = " i "; END IF;"'; echo 'END $$;' >> db/1.sql; }
savepoints() { echo 'BEGIN;' > db/1.sql; lines "$1" 'print "SAVEPOINT s" i ";"'; echo 'COMMIT;' >> db/1.sql; }
settings() { lines "$1" 'print "SET x.a" i " = 1;"'; }
grants() { lines "$1" 'print "GRANT SELECT ON t" i " TO r" i ";"'; }
comments() { lines "$1" "print \"COMMENT ON TABLE t\" i \" IS 'x';\""; }
renames() { echo 'CREATE TABLE t0 (a int);' > db/1.sql; lines "$1" 'print "ALTER TABLE t" i - 1 " RENAME TO t" i ";"'; }
broken() { lines "$1" 'print "SELEC " i ";"'; }
templates() { lines "$1" 'print "ALTER TABLE {{ t }} ADD COLUMN a" i " int;"'; }
scripts() { lines "$1" 'print "-- ddlint: file " i ".sql\nCREATE TABLE t" i " (a int);"'; }
rules() {
	statements 20
	{ echo 'define:'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "  - {id: own-" i ", summary: x, on: create-table, where: {name: /^x" i "/}, message: x, bad: [CREATE TABLE x" i " (a int)], good: []}" }'; } > .ddlint.yml
}
overrides() {
	files 20
	{ echo 'overrides:'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "  - {paths: [\"x" i "/**\"], rules: {all: note}}" }'; } > .ddlint.yml
}

scales() { # NAME N
	case ${SCALING:-$1} in "$1") ;; *) return ;; esac
	counts=
	for n in "$2" $(($2 * 2)) $(($2 * 4)); do
		rm -rf db .ddlint.yml && mkdir -p db .git && : > db/1.sql
		"$1" "$n"
		[ -s db/1.sql ] || rm db/1.sql
		counts="$counts $(instructions db)"
	done
	if echo "$counts" | awk '{ exit !($3 > $2 && $2 > $1 && $3 - $2 <= 2.2 * ($2 - $1)) }'; then
		passed=$((passed + 1))
		echo "$1: $counts $(echo "$counts" | awk '{ printf "%.2f", ($3 - $2) / ($2 - $1) }')"
	else
		failed=$((failed + 1))
		echo "FAIL $1: $counts instructions for $2, twice and four times as many: $(echo "$counts" | awk '$2 > $1 { printf "%.2f", ($3 - $2) / ($2 - $1) }') instead of 2.0"
	fi
}
for many in files pairs; do scales $many 100; done
for many in statements bytes inserts rows findings locks indexes unnamed_indexes foreign_keys updates deletes drops views \
	view_chain labels functions overloads calls blocks body branches savepoints settings grants comments renames broken templates scripts; do
	scales $many 200
done
for many in rules overrides; do scales $many 50; done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

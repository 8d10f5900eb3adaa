#!/bin/sh
# Costs grow in line with the input: the instructions of a run, counted by valgrind, for N, 2N and 4N of everything that can be many.
# What the second doubling adds is at most 2.2 times what the first one added; a quadratic part would make it up to 4 times. Each line
# tells what there is many of, the three counts and that ratio.
#
# DDLINT: the binary. SCALING="name name": only those. Closes with "N passed, N failed".
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
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$ddlint" "$@" 2>&1 > /dev/null < input |
		sed -n 's/.*I *refs: *//p' | tr -d ,
}
# N lines made by awk, "i" being the number; written to db/1.sql
lines() { awk -v n="$1" "BEGIN { for (i = 1; i <= n; i++) { $2 } }" >> db/1.sql; }
# The same in a transaction: nothing is broken off behind each of them, for which there is a limit that shows in the counts.
in_one() { echo 'BEGIN;' > db/1.sql; lines "$1" "$2"; echo 'COMMIT;' >> db/1.sql; }

# What there are many of: a function that lays out N of them in db/ and .ddlint.yml, and may say how they are read ($arguments).
file() { cat > "db/$1"; } # NAME
files() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) { f = sprintf("db/%05d_x.up.sql", i); print "CREATE TABLE t" i " (id int PRIMARY KEY);" > f; close(f) } }'; }
pairs() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) { f = sprintf("db/%05d_x.up.sql", i); print "CREATE TABLE t" i " (id int PRIMARY KEY);" > f; close(f); f = sprintf("db/%05d_x.down.sql", i); print "DROP TABLE t" i ";" > f; close(f) } }'; }
statements() { lines "$1" 'print "CREATE TABLE t" i " (id int PRIMARY KEY, a text);"'; }
bytes() { lines "$1" 'print "-- one line of many that say nothing at all, " i'; }
inserts() { echo "CREATE TABLE t (a int);" > db/1.sql; lines "$1" 'print "INSERT INTO t VALUES (" i ");"'; }
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
prepared() { in_one "$1" 'print "PREPARE p" i " AS SELECT " i "; EXECUTE p" i ";"'; }
ctes() { { echo 'WITH c0 AS (SELECT 1 AS a)'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", c" i " AS (SELECT a FROM c" i - 1 ")" }'; echo "SELECT a FROM c$1;"; } > db/1.sql; }
index_columns() { wide_table "$1"; { echo 'CREATE INDEX i ON t (a'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", a" i }'; echo ');'; } >> db/1.sql; }
settings() { in_one "$1" 'print "SET x.a" i " = 1;"'; }
grants() { lines "$1" 'print "GRANT SELECT ON t" i " TO r" i ";"'; }
comments() { in_one "$1" "print \"COMMENT ON TABLE t\" i \" IS 'x';\""; }
renames() { echo 'CREATE TABLE t0 (a int);' > db/1.sql; lines "$1" 'print "ALTER TABLE t" i - 1 " RENAME TO t" i ";"'; }
broken() { lines "$1" 'print "SELEC " i ";"'; }
templates() { lines "$1" 'print "ALTER TABLE {{ t }} ADD COLUMN a" i " int;"'; }
scripts() { lines "$1" 'print "-- ddlint: file " i ".sql\nCREATE TABLE t" i " (a int);"'; }
columns() { echo 'CREATE TABLE t (a int);' > db/1.sql; lines "$1" 'print "ALTER TABLE t ADD COLUMN a" i " int;"'; }
defaults() { in_one "$1" 'print "ALTER TABLE t ALTER COLUMN a" i " SET DEFAULT 1;"'; }
column_renames() { echo 'CREATE TABLE t (a0 int);' > db/1.sql; lines "$1" 'print "ALTER TABLE t RENAME COLUMN a" i - 1 " TO a" i ";"'; }
column_comments() { in_one "$1" "print \"COMMENT ON COLUMN t.a\" i \" IS 'x';\""; }
column_drops() { columns "$1"; lines "$1" 'print "ALTER TABLE t DROP COLUMN a" i ";"'; }
wide_table() { { echo 'CREATE TABLE t (a int'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", a" i " int" }'; echo ');'; } > db/1.sql; }
wide_alter() { { echo 'ALTER TABLE t ADD COLUMN a int'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", ADD COLUMN a" i " int" }'; echo ';'; } > db/1.sql; }
checks() { echo 'CREATE TABLE t (a int);' > db/1.sql; lines "$1" 'print "ALTER TABLE t ADD CHECK (a <> " i ");"'; }
uniques() { echo 'CREATE TABLE t (a int);' > db/1.sql; lines "$1" 'print "ALTER TABLE t ADD CONSTRAINT u" i " UNIQUE (a);"'; }
triggers() { lines "$1" 'print "CREATE TRIGGER g" i " BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"'; }
policies() { lines "$1" 'print "CREATE POLICY p" i " ON t USING (a = " i ");"'; }
sequences() { lines "$1" 'print "CREATE SEQUENCE s" i ";"'; }
schemas() { lines "$1" 'print "CREATE SCHEMA s" i "; CREATE TABLE s" i ".t (a int);"'; }
temporary() { lines "$1" 'print "CREATE TEMP TABLE t" i " (a int);"'; }
detached() { partitions "$1"; lines "$1" 'print "ALTER TABLE t DETACH PARTITION t" i ";"'; }
attached() { echo 'CREATE TABLE t (a int) PARTITION BY LIST (a);' > db/1.sql; lines "$1" 'print "CREATE TABLE t" i " (a int); ALTER TABLE t ATTACH PARTITION t" i " FOR VALUES IN (" i ");"'; }
dropped_list() { statements "$1"; { echo 'DROP TABLE t1'; awk -v n="$1" 'BEGIN { for (i = 2; i <= n; i++) print ", t" i; print ";" }'; } >> db/1.sql; }
grant_list() { { echo 'GRANT SELECT ON t'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", t" i; print " TO r;" }'; } > db/1.sql; }
joins() { { echo 'SELECT 1 FROM t'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print ", t" i }'; echo ';'; } > db/1.sql; }
one_line() { lines "$1" 'printf "DROP TABLE t%d; ", i'; }
allows() { lines "$1" 'print "-- ddlint: allow table-dropped -- it is empty\nDROP TABLE t" i ";"'; }
transactions() { lines "$1" 'print "BEGIN; CREATE TABLE t" i " (a int); COMMIT;"'; }
rolled_back() { echo 'BEGIN;' > db/1.sql; lines "$1" 'print "SAVEPOINT s" i "; CREATE TABLE t" i " (a int); ROLLBACK TO s" i ";"'; echo 'COMMIT;' >> db/1.sql; }
local_settings() { echo 'BEGIN;' > db/1.sql; lines "$1" 'print "SET LOCAL x.a" i " = 1;"'; echo 'COMMIT;' >> db/1.sql; }
handlers() { echo 'DO $$ BEGIN' > db/1.sql; lines "$1" 'print "BEGIN CREATE TABLE t" i " (a int); EXCEPTION WHEN duplicate_table THEN NULL; END;"'; echo 'END $$;' >> db/1.sql; }
one_pair() { statements "$1"; mv db/1.sql db/1.up.sql; awk -v n="$1" 'BEGIN { for (i = n; i > 0; i--) print "DROP TABLE t" i ";" }' > db/1.down.sql; }
column_pairs() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) { f = sprintf("db/%05d_x.up.sql", i); print "ALTER TABLE t ADD COLUMN a" i " int;" > f; close(f); f = sprintf("db/%05d_x.down.sql", i); print "ALTER TABLE t DROP COLUMN a" i ";" > f; close(f) } }'; }
goose() { { echo '-- +goose Up'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "-- +goose StatementBegin\nCREATE TABLE t" i " (a int);\n-- +goose StatementEnd" }'; echo '-- +goose Down'; } | file 00001_x.sql; }
roots() { mkdir -p $(seq -f db/s%g/migrations "$1"); for i in $(seq "$1"); do echo "CREATE TABLE t$i (a int);" > "db/s$i/migrations/0001_x.up.sql"; done; }
siblings() { mkdir -p $(seq -f db/s%g "$1"); for i in $(seq "$1"); do : > "db/s$i/go.mod"; done; mkdir -p db/migrations; echo 'CREATE TABLE t (a int);' > db/migrations/0001_x.up.sql; }
includes() { mkdir -p db/parts; for i in $(seq "$1"); do echo "CREATE TABLE t$i (a int);" > "db/parts/$i.sql"; echo "\\i parts/$i.sql"; done | file 1.sql; }
changesets() { { echo '--liquibase formatted sql'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "--changeset me:" i "\nCREATE TABLE t" i " (a int);" }'; } | file changelog.sql; }
changelog() { { echo '<databaseChangeLog>'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "<changeSet id=\"" i "\" author=\"me\"><dropTable tableName=\"t" i "\"/></changeSet>" }'; echo '</databaseChangeLog>'; } | file changelog.xml; }
revision() { printf 'from alembic import op\nrevision = "r%d"\ndown_revision = %s\n\ndef upgrade():\n    op.execute("CREATE TABLE t%d (a int)")\n\ndef downgrade():\n    op.execute("DROP TABLE t%d")\n' "$1" "$2" "$1" "$1" > "db/versions/r$1_x.py"; }
revisions() { mkdir -p db/versions; : > db/env.py; revision 0 None; for i in $(seq "$1"); do revision "$i" "\"r$((i - 1))\""; done; }
branching() { mkdir -p db/versions; : > db/env.py; revision 0 None; for i in $(seq "$1"); do revision "$i" '"r0"'; done; }
baseline() { findings "$1"; "$ddlint" baseline db -o base.json > /dev/null 2>&1; arguments='--baseline base.json db'; }
as_json() { findings "$1"; arguments='--format json db'; }
as_sarif() { findings "$1"; arguments='--format sarif db'; }
as_junit() { findings "$1"; arguments='--format junit db'; }
as_gitlab() { findings "$1"; arguments='--format gitlab db'; }
as_github() { findings "$1"; arguments='--format github db'; }
as_markdown() { findings "$1"; arguments='--format markdown db'; }
audit() { pairs "$1"; command='audit --format html -o out db'; }
schema() { statements "$1"; command='schema -o out db'; }
fixes() { lines "$1" 'print "CREATE INDEX i" i " ON t (a);"'; arguments='--fix db'; }
rules_and_actions() {
	statements "$1"
	{ echo 'define:'; for i in 1 2 3 4 5; do echo "  - {id: own-$i, summary: x, on: create-table, where: {name: /^x$i/}, message: x, bad: [CREATE TABLE x$i (a int)], good: []}"; done; } > .ddlint.yml
}
# What an editor sends: awk prints the messages' contents, one on each line.
messages() { awk '{ printf "Content-Length: %d\r\n\r\n%s", length($0), $0 }' > input; }
opened='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
closed='{"jsonrpc":"2.0","id":2,"method":"shutdown"}
{"jsonrpc":"2.0","method":"exit"}'
documents() { { echo "$opened"; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"untitled:" i ".sql\",\"languageId\":\"sql\",\"version\":1,\"text\":\"DROP TABLE t" i ";\"}}}" }'; echo "$closed"; } | messages; command=lsp; }
edits() {
	{
		echo "$opened"
		awk -v n="$1" 'BEGIN { printf "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":\"untitled:1.sql\",\"languageId\":\"sql\",\"version\":1,\"text\":\""
			for (i = 1; i <= n; i++) printf "DROP TABLE t%d;\\n", i
			print "\"}}}"
			for (i = 2; i <= 6; i++) print "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"untitled:1.sql\",\"version\":" i "},\"contentChanges\":[{\"range\":{\"start\":{\"line\":1,\"character\":0},\"end\":{\"line\":1,\"character\":0}},\"text\":\" \"}]}}" }'
		echo "$closed"
	} | messages
	command=lsp
}
rules() {
	statements 20
	{ echo 'define:'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "  - {id: own-" i ", summary: x, on: create-table, where: {name: /^x" i "/}, message: x, bad: [CREATE TABLE x" i " (a int)], good: []}" }'; } > .ddlint.yml
}
overrides() {
	files 20
	{ echo 'overrides:'; awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) print "  - {paths: [\"x" i "/**\"], rules: {all: note}}" }'; } > .ddlint.yml
}

scales() { # NAME N
	case " ${SCALING:-$1} " in *" $1 "*) ;; *) return ;; esac
	counts=
	for n in "$2" $(($2 * 2)) $(($2 * 4)); do
		rm -rf db .ddlint.yml && mkdir -p db .git && : > db/1.sql && : > input
		arguments=db
		command=
		"$1" "$n"
		[ -s db/1.sql ] || rm -f db/1.sql
		# shellcheck disable=SC2086 # words on purpose
		counts="$counts $(instructions ${command:---fail-on never -j 1 -o out $arguments})"
	done
	ratio=$(echo "$counts" | awk '$2 > $1 { printf "%.2f", ($3 - $2) / ($2 - $1) }')
	if [ -n "$ratio" ] && awk "BEGIN { exit !($ratio > 0 && $ratio <= 2.2) }"; then
		passed=$((passed + 1))
		echo "$1:$counts: $ratio"
	else
		failed=$((failed + 1))
		echo "FAIL $1:$counts instructions for $2, twice and four times as many: ${ratio:-nothing} instead of 2.0"
	fi
}
for many in files pairs column_pairs roots siblings includes revisions branching audit documents; do scales $many 100; done
for many in statements bytes inserts rows findings one_line locks indexes unnamed_indexes foreign_keys updates deletes elsewhere drops dropped_list grant_list joins \
	views view_chain partitions detached attached labels columns defaults column_renames column_comments column_drops wide_table wide_alter checks uniques \
	triggers policies sequences schemas temporary functions overloads calls blocks body branches handlers savepoints rolled_back transactions \
	prepared ctes index_columns settings local_settings grants comments renames allows broken templates scripts one_pair goose changesets changelog baseline \
	as_json as_sarif as_junit as_gitlab as_github as_markdown schema fixes rules_and_actions edits; do
	scales $many 300
done
for many in rules overrides; do scales $many 50; done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

#!/bin/sh
# The baseline: written once, a clean run, and afterwards exactly what is new, whatever happens to the old files' looks and places.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect NAME STATUS WANTED: the last run's exit code, and a word of its output (or "nothing": no output at all).
run() {
	"$ddlint" "$@" > "$work/output" 2>&1
	status=$?
}
expect() {
	if [ "$status" = "$2" ] && { [ "$3" = nothing ] && [ ! -s "$work/output" ] || grep -q -- "$3" "$work/output"; }; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: exit $status, wanted $2 and \"$3\""
		head -n 5 "$work/output" | cut -c 1-300
	fi
}

cd "$work" || exit 1
mkdir db
# A history of 420 migrations, some of which nobody could parse.
awk 'BEGIN { for (i = 1; i <= 420; i++) {
	up = sprintf("db/%04d_t%d.up.sql", i, i); down = sprintf("db/%04d_t%d.down.sql", i, i)
	printf "CREATE TABLE t%d (id bigint PRIMARY KEY, name text);\n", i > up
	printf "ALTER TABLE t1 ADD COLUMN c%d uuid DEFAULT gen_random_uuid();\n", i > up
	printf "DROP TABLE IF EXISTS old_%d;\n", i > up
	printf i % 50 ? "DROP TABLE t%d;\n" : "DROP TABEL t%d;\n", i > down
	close(up); close(down)
} }'

run db
expect "there are findings" 1 column-default-rewrites
run --write-baseline db
expect "they are written" 0 "ddlint: wrote [0-9]* findings to .ddlint-baseline.yml"
run -q db
expect "a run is clean then" 0 nothing
run db
expect "they are counted" 0 "in the baseline"
run -q --baseline none db
expect "unless the baseline is left out" 1 column-default-rewrites
run -q --baseline .ddlint-baseline.yml db/0003_t3.up.sql
expect "files by themselves have their share" 0 nothing

cat > db/0421_new.up.sql <<-SQL
	ALTER TABLE t2 ADD COLUMN token uuid DEFAULT gen_random_uuid();
SQL
echo "ALTER TABLE t2 DROP COLUMN token;" > db/0421_new.down.sql
"$ddlint" --baseline none --format gcc db/0421_new.up.sql > "$work/wanted"
"$ddlint" --format gcc db > "$work/new"
status=$?
diff "$work/wanted" "$work/new" > "$work/output"
expect "a new migration gives its own findings" 1 nothing
rm db/0421_*

# Laid out anew, commented, with other line ends, renamed.
sed -i -e 's/ALTER TABLE/alter table/; s/ADD COLUMN/ADD    COLUMN/; s/DROP TAB/drop tab/' -e 's/ /\r\n/g; s/$/\r/' -e '1s/^/-- reviewed\r\n\r\n/' db/*.sql
mv db/0004_t4.up.sql db/0004_table_four.up.sql
mv db/0004_t4.down.sql db/0004_table_four.down.sql
run -q db
expect "moving and reformatting changes nothing" 0 nothing
mv db migrations
run -q migrations
expect "nor does another name of the folder" 0 nothing

echo "CREATE TABLE t2 (id bigint PRIMARY KEY, name text);" > migrations/0002_t2.up.sql
run -q migrations
expect "what is gone is told" 0 "of its findings are gone: write it anew with --write-baseline"

run --format json migrations
expect "JSON says so" 0 '"suppressed": "baseline"'
run --format sarif migrations
expect "SARIF says so" 0 '"baselineState": "unchanged"'
run --format sarif --baseline none migrations
grep -q baselineState "$work/output" && status=9
expect "and only then" 1 results

echo "findings: {a: b}" > broken.yml
run --baseline broken.yml migrations
expect "a broken one is no baseline" 2 "broken.yml:1: this is no baseline"
run --baseline missing.yml migrations
expect "nor is one that is not there" 2 "missing.yml: no such file"

mkdir unknown
echo "DO \$\$ BEGIN EXECUTE current_setting('a.b'); END \$\$;" > unknown/1_a.sql
run --format gcc unknown
expect "what is unknown is told" 0 "1 statement could not be analysed"
run --baseline none --format gcc --on-unknown allow unknown
expect "or not" 0 nothing
run --on-unknown fail unknown
expect "or fails" 1 "1 statement could not be analysed"
echo "on-unknown: fail" > .ddlint.yml
run unknown
expect "as the configuration says" 1 "1 statement could not be analysed"
run --on-unknown warn unknown
expect "and the command line overrules" 0 "1 not analysed"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

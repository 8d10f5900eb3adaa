#!/bin/sh
# Input that nobody would write: no crash, no hang, the right exit code, and the rest of the run unharmed.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
passed=0
failed=0
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
repository=$PWD
cd "$work" || exit 1
good='CREATE INDEX neighbour_idx ON neighbour (a);'

# Runs over a folder that holds the hostile file and a good neighbour whose finding must be there.
check() { # NAME EXIT PATTERN
	printf '%s\n' "$good" > "$1/zz_neighbour.sql"
	timeout 60 "$ddlint" --config none --format gcc "$1" > out.txt 2> err.txt
	status=$?
	problem=
	[ "$status" = "$2" ] || problem="exit $status instead of $2"
	grep -q 'zz_neighbour.sql:1:.*index-not-concurrent' out.txt || problem="$problem; the neighbour's finding is lost"
	if [ -n "${3:-}" ] && ! cat out.txt err.txt | grep -q "$3"; then
		problem="$problem; nothing says \"$3\""
	fi
	if [ -z "$problem" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: $problem"
		head -c 600 out.txt err.txt
	fi
	rm -rf "$1"
}
# N times a text.
many() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }

mkdir nul && printf 'CREATE TABLE a (b int);\0\nDROP TABLE c;\n' > nul/1.sql && check nul 1 table-dropped
mkdir latin1 && printf 'COMMENT ON TABLE a IS '"'"'\351t\351'"'"';\nDROP TABLE c;\n' > latin1/1.sql && check latin1 1 table-dropped
mkdir bom && printf '\357\273\277DROP TABLE c;\r\n' > bom/1.sql && check bom 1 '1.sql:1:.*table-dropped'
mkdir crlf && printf 'SELECT 1;\r\nDROP TABLE c;\r\n' > crlf/1.sql && check crlf 1 '1.sql:2:.*table-dropped'
mkdir quote && printf "DROP TABLE c;\nSELECT 'never ended\n;\nSELECT 2;\n" > quote/1.sql && check quote 1 syntax-error
mkdir dollar && printf 'DROP TABLE c;\nDO $x$ BEGIN\n' > dollar/1.sql && check dollar 1 syntax-error
mkdir comment && printf 'DROP TABLE c;\n/* never /* ended */\nSELECT 1;' > comment/1.sql && check comment 1 table-dropped
mkdir empty && : > empty/1.sql && check empty 1
mkdir blank && printf '\n\n-- nothing here\n/* nor here */\n' > blank/1.sql && check blank 1
mkdir semicolons && many 100000 ';' > semicolons/1.sql && check semicolons 1
mkdir longline && { printf 'INSERT INTO a VALUES (1'; many 1000000 ', 123456'; printf ');\n'; } > longline/1.sql && check longline 1
mkdir string && { printf "INSERT INTO a VALUES ('"; many 1000000 'xxxxxxxxxx'; printf "');\nDROP TABLE c;\n"; } > string/1.sql && check string 1 table-dropped
mkdir name && { printf 'DROP TABLE '; many 100000 'abcdefghij'; printf ';\n'; } > name/1.sql && check name 1
mkdir parens && { printf 'SELECT '; many 200000 '('; printf '1'; many 200000 ')'; printf ';\nDROP TABLE c;\n'; } > parens/1.sql && check parens 1 table-dropped
mkdir terms && { printf 'SELECT 1'; many 200000 '+1'; printf ';\nDROP TABLE c;\n'; } > terms/1.sql && check terms 1 table-dropped
mkdir conditions && { printf 'DELETE FROM a WHERE b'; many 100000 ' OR b'; printf ';\nDROP TABLE c;\n'; } > conditions/1.sql && check conditions 1 table-dropped
mkdir subqueries && { many 20000 'SELECT * FROM ('; printf 'SELECT 1'; many 20000 ') x'; printf ';\nDROP TABLE c;\n'; } > subqueries/1.sql && check subqueries 1 table-dropped
mkdir blocks && { printf 'DO $$ BEGIN '; many 20000 'BEGIN '; many 20000 'END; '; printf 'END $$;\nDROP TABLE c;\n'; } > blocks/1.sql && check blocks 1 table-dropped
mkdir comments && { many 100000 '/*'; many 100000 '*/'; printf '\nDROP TABLE c;\n'; } > comments/1.sql && check comments 1 table-dropped
mkdir comments_inside && { printf 'DROP TABLE c '; many 500000 '/*'; many 500000 '*/'; printf ';\n'; } > comments_inside/1.sql && check comments_inside 1 table-dropped
mkdir signs && { printf 'SELECT '; many 1000000 '+'; printf '1;\nDROP TABLE c;\n'; } > signs/1.sql && check signs 1 table-dropped
mkdir statements && { many 100000 'ALTER TABLE a ADD COLUMN b int;'; } > statements/1.sql && check statements 1
mkdir columns && { printf 'CREATE TABLE wide (a0 int'; awk 'BEGIN { for (i = 1; i < 65000; i++) printf ", a%d int", i }'; printf ');\nDROP TABLE c;\n'; } > columns/1.sql && check columns 1 table-dropped
mkdir tables && awk 'BEGIN { for (i = 0; i < 10000; i++) printf "CREATE TABLE t%d (id int PRIMARY KEY, other int REFERENCES t%d);\n", i, i ? i - 1 : 0 }' > tables/1.sql && check tables 1
mkdir template && printf '{{ for x in y }}DROP TABLE c{{ end }};\nDROP TABLE {{ name }};\n{%% if x %%}\n' > template/1.sql && check template 1
mkdir binary && head -c 100000 /dev/urandom > binary/1.sql && check binary 1
mkdir -p folder/x.sql && printf 'DROP TABLE c;\n' > folder/x.sql/1.sql && check folder 1 table-dropped
mkdir loop && ln -s . loop/again && printf 'DROP TABLE c;\n' > loop/1.sql && check loop 1 table-dropped
mkdir dangling && ln -s /nowhere/x.sql dangling/1.sql && check dangling 2 1.sql
# Emacs' lock and macOS' fork of a file are no migrations.
mkdir shadow && printf 'DROP TABLE c;\n' > shadow/1.sql && ln -s me@here.1:2 'shadow/.#1.sql' && printf '\0\5\26' > shadow/._1.sql && check shadow 1 table-dropped
mkdir fifo && mkfifo fifo/1.sql && check fifo 1
mkdir 'blanks and ünïcode' && printf 'DROP TABLE c;\n' > 'blanks and ünïcode/a[1].sql' && check 'blanks and ünïcode' 1 'a\[1\].sql'

# Fixes come to an end, and what they make parses.
for fixture in "$repository"/fixtures/layouts/*/ "$repository"/fixtures/actions/*.sql "$repository"/fixtures/proofs/*; do
	timeout 60 "$ddlint" --config none --select all --review --diff "$fixture" > out.txt 2> err.txt
	status=$?
	if [ $status -le 2 ] && ! grep 'please report' err.txt; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL the fixes of $fixture: exit $status"
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

#!/bin/sh
# What tests/hostile.sh does with SQL, where SQL is written in another form: bodies in PL/pgSQL, changelogs in XML, YAML and JSON,
# Alembic's programs, configurations, rules of one's own, and what an editor sends.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
seconds=60 # of the processor
! nm "$ddlint" 2> /dev/null | grep -q '__[at]san_init' || seconds=600

# Most cases run at the end of a pipe, where variables are lost: a byte of a file counts one.
: > "$work/passed" && : > "$work/failed"
settle() { # NAME PROBLEM: "" is none
	if [ -z "$2" ]; then
		printf x >> "$work/passed"
	else
		printf x >> "$work/failed"
		echo "FAIL $1: $2"
		head -c 600 out.txt err.txt
	fi
}
# N times a text.
many() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }
nested() { # N: an expression in as many parentheses
	many "$1" '('
	printf 1
	many "$1" ')'
}
# Lints ./case, which a good neighbour joins: its finding must be there, and PATTERN be said on either stream.
check() { # NAME EXIT PATTERN
	mkdir -p case/neighbour
	echo 'CREATE INDEX neighbour_idx ON neighbour (a);' > case/neighbour/1.sql
	(ulimit -t $seconds && "$ddlint" ${config-} --format gcc case) > out.txt 2> err.txt
	status=$?
	problem=
	[ "$status" = "$2" ] || problem="exit $status instead of $2"
	grep -q 'neighbour/1.sql:1:.*index-not-concurrent' out.txt || problem="$problem; the neighbour's finding is lost"
	cat out.txt err.txt | grep -q "$3" || problem="$problem; nothing says \"$3\""
	settle "$1" "$problem"
	rm -rf case
}
config='--config none'

# --- Bodies in PL/pgSQL: what comes behind them is linted ----------------------------------------------------------------------------

body() { # NAME, and the body on standard input
	mkdir -p case/db
	{
		printf 'DO $body$ BEGIN\n'
		cat
		printf '\nEND $body$;\nDROP TABLE c;\n'
	} > case/db/1.sql
	check "body: $1" 1 'db/1.sql:.*table-dropped'
}
body 'a plain one' < /dev/null
{ printf 'a := '; nested 200000; printf ';'; } | body '200,000 parentheses'
{ printf 'a := 1'; many 200000 '+1'; printf ';'; } | body '200,000 terms'
{ printf "PERFORM '"; many 1000000 xxxxxxxxxx; printf "';"; } | body 'a line of 10 MB'
{ printf 'DROP TABLE '; many 100000 abcdefghij; printf ';'; } | body 'a name of 1 MB'
many 100000 'ALTER TABLE a ADD COLUMN b int;' | body '100,000 statements'
many 100000 'x := 1;' | body '100,000 assignments'
{ printf 'CREATE TABLE wide (a0 int'; awk 'BEGIN { for (i = 1; i < 65000; i++) printf ", a%d int", i }'; printf ');'; } | body '65,000 columns'
awk 'BEGIN { for (i = 0; i < 10000; i++) print "CREATE TABLE t" i " (id int PRIMARY KEY);" }' | body '10,000 tables'
{ many 20000 'IF a THEN '; many 20000 'END IF; '; } | body '20,000 IFs'
{ many 20000 'FOR i IN 1..9 LOOP '; many 20000 'END LOOP; '; } | body '20,000 loops'
many 20000 'IF a THEN ' | body 'IFs that never end'
many 50000 "EXECUTE 'DROP TABLE d';" | body '50,000 EXECUTEs'
{ printf 'EXECUTE '; many 20000 "'a' || "; printf "'b';"; } | body 'an EXECUTE of 20,000 pieces'
printf 'a\0b; \377\376; EXECUTE $x$ DROP \0 $x$;' | body 'NUL and no UTF-8'
head -c 50000 /dev/urandom | tr -d '$' | body 'noise'

# --- Changelogs -------------------------------------------------------------------------------------------------------------------------

dropped='<changeSet id="1" author="a"><dropTable tableName="c"/></changeSet>'
xml() { # NAME PATTERN, and what follows a first changeset on standard input
	mkdir -p case/db
	{
		printf '<?xml version="1.0"?>\n<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">\n%s\n' "$dropped"
		cat
		printf '\n</databaseChangeLog>\n'
	} > case/db/changelog.xml
	check "XML: $1" 1 "$2"
}
second() { # a second changeset around standard input
	printf '<changeSet id="2" author="a">'
	cat
	printf '</changeSet>'
}
first='changelog.xml:3:.*table-dropped'
xml 'a plain one' "$first" < /dev/null
{ many 200000 '<a>'; many 200000 '</a>'; } | xml '200,000 elements in one another' 'changelog.xml:4: .*nested more than'
{ printf "<sql>SELECT '"; many 1000000 xxxxxxxxxx; printf "'</sql>"; } | second | xml 'a line of 10 MB' "$first"
{ printf '<sql>SELECT '; nested 200000; printf '</sql>'; } | second | xml '200,000 parentheses' "$first"
{ printf '<dropTable tableName="'; many 100000 abcdefghij; printf '"/>'; } | second | xml 'a name of 1 MB' "$first"
awk 'BEGIN { for (i = 2; i < 30000; i++) printf "<changeSet id=\"%d\" author=\"a\"><dropTable tableName=\"t%d\"/></changeSet>\n", i, i }' |
	xml '30,000 changesets' "$first"
awk 'BEGIN { for (i = 2; i < 120000; i++) printf "<changeSet id=\"%d\" author=\"a\"><empty/></changeSet>\n", i }' |
	xml 'more elements than a changelog has' 'changelog.xml:100[0-9]*: .*holds more than'
{ printf '<createTable tableName="wide">'
	awk 'BEGIN { for (i = 0; i < 65000; i++) printf "<column name=\"c%d\" type=\"int\"/>", i }'; printf '</createTable>'; } |
	second | xml '65,000 columns' "$first"
printf '<changeSet id="2" author="a"><sql><![CDATA[ SELECT 1' | xml 'what never ends' "$first"
printf '<changeSet id="2" author="a\0b"><sql>SELECT \377\376\0;</sql></changeSet>' | xml 'NUL and no UTF-8' "$first"
# Entities that name each other, and one that names a file: neither is followed.
mkdir -p case/db
{
	printf '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY e0 "lol">\n'
	awk 'BEGIN { for (i = 1; i < 30; i++) printf "<!ENTITY e%d \"&e%d;&e%d;&e%d;&e%d;&e%d;\">\n", i, i - 1, i - 1, i - 1, i - 1, i - 1 }'
	printf '<!ENTITY file SYSTEM "file:///etc/passwd">]>\n<databaseChangeLog>%s' "$dropped"
	printf '<changeSet id="2" author="a"><sql>DROP TABLE "&e29;&file;"</sql></changeSet></databaseChangeLog>'
} > case/db/changelog.xml
check 'XML: entities' 1 'changelog.xml:.*table-dropped'
settle 'XML: a file that an entity names is not told' "$(grep -h 'root:' out.txt err.txt)"

dropped='  - changeSet: {id: 1, author: a, changes: [{dropTable: {tableName: c}}]}'
yaml() { # NAME PATTERN, and what follows a first changeset on standard input
	mkdir -p case/db
	{
		printf 'databaseChangeLog:\n%s\n' "$dropped"
		cat
	} > case/db/changelog.yaml
	check "YAML: $1" 1 "$2"
}
first='changelog.yaml:2:.*table-dropped'
yaml 'a plain one' "$first" < /dev/null
{ printf '  - '; many 200000 '['; } | yaml '200,000 brackets' 'changelog.yaml:3: .*nested more than'
awk 'BEGIN { print "  - &a0 [x,x,x,x,x,x,x,x,x]"
	for (i = 1; i < 20; i++) printf "  - &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1 }' |
	yaml 'aliases of aliases' 'changelog.yaml:[0-9]*: .*aliases are written out'
{ printf '  - changeSet: {id: 2, author: a, changes: [{sql: {sql: "'; many 1000000 xxxxxxxxxx; printf '"}}]}\n'; } |
	yaml 'a line of 10 MB' "$first"
{ printf '  - changeSet: {id: 2, author: a, changes: [{dropTable: {tableName: '; many 100000 abcdefghij; printf '}}]}\n'; } |
	yaml 'a name of 1 MB' "$first"
printf '  - changeSet: {id: 2, author: "a\0b"}\n' | yaml 'NUL' 'changelog.yaml:3: .*UTF-8'

dropped='{"changeSet": {"id": "1", "author": "a", "changes": [{"dropTable": {"tableName": "c"}}]}}'
json() { # NAME PATTERN, and what follows a first changeset on standard input
	mkdir -p case/db
	{
		printf '{"databaseChangeLog": [\n%s\n' "$dropped"
		cat
		printf ']}\n'
	} > case/db/changelog.json
	check "JSON: $1" 1 "$2"
}
first='changelog.json:2:.*table-dropped'
json 'a plain one' "$first" < /dev/null
{ printf ','; many 200000 '['; } | json '200,000 brackets' 'changelog.json:3: .*nested more than'
{ printf ',{"changeSet": {"id": "2", "author": "a", "changes": [{"sql": {"sql": "'; many 1000000 xxxxxxxxxx; printf '"}}]}}'; } |
	json 'a line of 10 MB' "$first"

# --- Alembic's programs --------------------------------------------------------------------------------------------------------------------

python() { # NAME, and more of upgrade() on standard input
	mkdir -p case/versions
	{
		printf 'from alembic import op\nrevision = "1"\ndown_revision = None\n\n\ndef upgrade():\n    op.drop_table("c")\n'
		cat
		printf '\n\n\ndef downgrade():\n    pass\n'
	} > case/versions/1_one.py
	check "Alembic: $1" 1 '1_one.py:.*table-dropped'
}
python 'a plain one' < /dev/null
{ printf '    op.execute('; nested 200000; printf ')'; } | python '200,000 parentheses'
{ printf '    op.execute('; many 200000 '"a" + '; printf '"b")'; } | python '200,000 terms'
{ printf '    op.execute("'; many 1000000 xxxxxxxxxx; printf '")'; } | python 'a line of 10 MB'
{ printf '    op.drop_table("'; many 100000 abcdefghij; printf '")'; } | python 'a name of 1 MB'
{ printf '    '; many 100000 abcdefghij; printf '()'; } | python 'a word of 1 MB'
many 50000 '    op.execute("ALTER TABLE a ADD COLUMN b int")
' | python '50,000 statements'
{ printf '    op.create_table("wide"'; awk 'BEGIN { for (i = 0; i < 65000; i++) printf ", sa.Column(\"c%d\", sa.Integer())", i }'; printf ')'; } |
	python '65,000 columns'
printf '    op.execute("""SELECT 1' | python 'a string that never ends'
printf '    op.execute("a\0b\377\376")\n' | python 'NUL and no UTF-8'

# --- Configurations ------------------------------------------------------------------------------------------------------------------------

config=
settings() { # NAME EXIT PATTERN, and .ddlint.yml on standard input
	mkdir -p case/.git
	cat > case/.ddlint.yml
	check "configuration: $1" "$2" "$3"
}
{ printf 'rules: '; many 200000 '['; } | settings '200,000 brackets' 2 '.ddlint.yml:1: nested more than'
{ printf 'exclude: ["'; many 1000000 xxxxxxxxxx; printf '"]'; } | settings 'a line of 10 MB' 2 '.ddlint.yml: .*larger than'
{ many 100000 abcdefghij; printf ': 1\n'; } | settings 'a key of 1 MB' 2 '.ddlint.yml:1: '
awk 'BEGIN { for (i = 0; i < 50000; i++) print "k" i ": 1" }' | settings '50,000 keys' 2 '.ddlint.yml:'
awk 'BEGIN { print "a0: &a0 [x,x,x,x,x,x,x,x,x]"
	for (i = 1; i < 20; i++) printf "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1 }' |
	settings 'aliases of aliases' 2 '.ddlint.yml:[0-9]*: .*aliases are written out'
printf 'exclude: &a [*a]\n' | settings 'an alias of itself' 2 '.ddlint.yml:1: '
printf 'postgres: 99999999999999999999999999\n' | settings 'a number that no machine has' 2 '.ddlint.yml:1: postgres: '
printf 'rules: {migration-too-large: {statements: 99999999999999999999}}\n' | settings 'a limit beyond all numbers' 2 '.ddlint.yml:1: rules: '
printf 'rules: {migration-too-large: {statements: -1}}\n' | settings 'a limit below nothing' 2 '.ddlint.yml:1: rules: '
printf 'deprecation: {releases: 4294967297, days: 1e999}\n' | settings 'numbers that wrap around' 2 '.ddlint.yml:1: deprecation.releases: '
printf 'exclude: ["a\0b"]\n' | settings 'NUL' 2 '.ddlint.yml:1: .*UTF-8'
head -c 50000 /dev/urandom | settings 'noise' 2 '.ddlint.yml:'
{ printf 'heat: {tables: ["/'; nested 5000; printf '/"]}\n'; } | settings 'a pattern of 5,000 parentheses' 2 '.ddlint.yml:1: .*pattern\|.ddlint.yml:1: heat'
printf 'heat: {tables: ["/(a{1000}){1000}{1000}/"]}\n' | settings 'a pattern that is too large' 2 '.ddlint.yml:1: '
{ printf 'define:\n'
	awk 'BEGIN { for (i = 0; i < 3000; i++) printf "  - {id: own-%d, summary: s, on: drop-table, message: m, bad: [DROP TABLE t], good: [SELECT 1]}\n", i }'; } |
	settings '3,000 rules of its own' 1 neighbour
mkdir -p case && { printf 'rules:\n  - '; many 200000 '{a: '; } > case/own.yml
echo 'custom-rules: [own.yml]' | settings 'its rules: 200,000 braces' 2 'own.yml:2: nested more than'

# --- What an editor sends ----------------------------------------------------------------------------------------------------------------

send() { # a message: JSON on standard input
	message=$(mktemp message.XXXXXX)
	cat > "$message"
	printf 'Content-Length: %d\r\n\r\n' "$(wc -c < "$message")"
	cat "$message"
}
say() { printf '%s' "$1" | send; }
open_text() { # a document: its text, as JSON has it, on standard input
	{
		printf '{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file://%s/project/db/1.sql","languageId":"sql","version":1,"text":"' "$work"
		cat
		printf '"}}}'
	} > opened
	send < opened
}
mkdir -p project/db project/.git
# What was sent on standard input is survived: the server still answers the last question, and leaves when it is told to.
server() { # NAME
	{
		say '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":"file://'"$work"'/project","capabilities":{}}}'
		say '{"jsonrpc":"2.0","method":"initialized","params":{}}'
		cat
		say '{"jsonrpc":"2.0","id":4711,"method":"shutdown"}'
		say '{"jsonrpc":"2.0","method":"exit"}'
	} > input
	(ulimit -t $seconds && "$ddlint" lsp) < input > out.txt 2> err.txt
	status=$?
	problem=
	[ "$status" = 0 ] || problem="exit $status"
	grep -q '"id": *4711' out.txt || problem="$problem; the last question has no answer"
	settle "editor: $1" "$problem"
}
server 'nothing' < /dev/null
{ printf 'SELECT '; nested 200000; printf ';DROP TABLE c;'; } | open_text | server '200,000 parentheses'
{ printf 'SELECT 1'; many 200000 '+1'; printf ';'; } | open_text | server '200,000 terms'
{ printf "SELECT '"; many 1000000 xxxxxxxxxx; printf "';"; } | open_text | server 'a line of 10 MB'
{ printf 'DROP TABLE '; many 100000 abcdefghij; printf ';'; } | open_text | server 'a name of 1 MB'
many 20000 'DROP TABLE c;\n' | open_text | server '20,000 statements'
printf 'DROP TABLE \\u0000c;\\ud800 \\udc00;' | open_text | server 'NUL and half characters'
{ many 200000 '['; many 200000 ']'; } | send | server 'JSON of 200,000 brackets'
{ printf '{"jsonrpc":"2.0","method":"'; many 100000 abcdefghij; printf '"}'; } | send | server 'a method of 1 MB'
{ say '[]'; say '{}'; say 'null'; say '"x"'; say '{"jsonrpc":"2.0","id":{"a":1},"method":7}'; say '{"id":'; } | server 'JSON that is no message'
{ open_text < /dev/null; say '{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file://'"$work"'/project/db/1.sql","version":2},
	"contentChanges":[{"range":{"start":{"line":4294967295,"character":-1},"end":{"line":-7,"character":99999999999}},"text":"DROP TABLE c;"}]}}'; } |
	server 'a change outside of the text'
many 1000 'X-Header: y\r\n' > headers
{ cat headers; printf 'Content-Length: 2\r\n\r\n{}'; } | server '1,000 headers'

# What cannot be read on from: the server leaves.
for header in 'Content-Length: 99999999999999999999' 'Content-Length: 4294967296' 'Content-Length: -1' 'Content-Length: x' 'no header at all'; do
	printf '%s\r\n\r\n{}' "$header" > input
	(ulimit -t $seconds && "$ddlint" lsp) < input > out.txt 2> err.txt
	status=$?
	settle "editor: $header" "$([ $status = 1 ] || [ $status = 2 ] || echo "exit $status")"
done

passed=$(wc -c < "$work/passed")
failed=$(wc -c < "$work/failed")
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

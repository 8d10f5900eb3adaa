#!/bin/sh
# What files hold stays text in every report: names that want to be commands of a pipeline, markup, colours of a terminal, or to turn
# the line around.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir db
escape=$(printf '\033')
turned=$(printf '\342\200\256')
name="db/1_a%0A::error title=b::c,d:e|pipe\`tick\`<img>$escape[31m@user #12 $turned.sql"
cat > "$name" <<SQL
CREATE TABLE "t|\`x\`<b>$escape[31m::error::@me #1 \\* [l](x)" (id int);
TRUNCATE "q|\`x\`<script>$escape[31m@me #1 [l](x) $turned";
DROP TABLE "a
::warning::b";
DROP TABLE "</failure>]]> & '--> <!-- \`\`\`";
SQL
findings=0

is() { # NAME COMMAND...
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
	fi
}
has() { grep -q -- "$1" "$2"; }
hasnt() { ! grep -q -- "$1" "$2"; }
for format in text gcc github gitlab junit markdown sarif json; do
	"$ddlint" --config none --select all --fail-on never --color always --format $format db > "$format" 2> /dev/null
done
findings=$(grep -c '"rule": ' json)
is "there are findings" [ "$findings" -ge 4 ]

sed "s/$escape\[[0-9;]*m//g" text > plain # its own colours
for format in plain gcc github markdown; do
	is "$format: nothing for the terminal" hasnt "$escape" $format
	is "$format: nothing that turns the line" hasnt "$turned" $format
done
is "no colour comes from a name" hasnt "<b>$escape\[31m" text
is "GitHub: a command for each finding, no other" [ "$(grep -c '^::' github)" = "$findings" ]
is "GitHub: the file is one property" [ "$(grep -c '^::[a-z]* file=db/1_a%250A%3A%3Aerror title=b%3A%3Ac%2Cd%3Ae|[^:,]*,' github)" = "$findings" ]
is "gcc: a line for each finding" [ "$(wc -l < gcc)" = "$findings" ]

sed -n '/^|/p' markdown | sed 's/\\|//g; s/[^|]//g' | sort -u > pipes
is "Markdown: every row has four cells" [ "$(cat pipes)" = '|||||' ]
sed -e '/^````*sql$/,/^````*$/d' -e 's/<!-- -->//g; s/<\/*details>//g; s/<\/*summary>//g' markdown > prose
is "Markdown: no element of others" hasnt '<' prose
sed '/^````*sql$/,/^````*$/d' markdown > prose
is "Markdown: nobody is called" hasnt '@[a-z]' prose
is "Markdown: no issue is linked" hasnt '#[0-9]' prose
sed -i '/^<details>/d' prose # a block of HTML, where Markdown's marks are none
is "Markdown: no link" hasnt '[^\\]\](x)' prose

if command -v xmllint > /dev/null; then
	is "JUnit is XML" xmllint --noout --nonet junit
	is "JUnit: a case for each finding" [ "$(xmllint --xpath 'count(//testcase)' junit)" = "$findings" ]
fi
if command -v jq > /dev/null; then
	for format in gitlab sarif json; do
		is "$format is JSON" jq -e . $format > /dev/null
	done
	is "JSON has the names as they are" [ "$(jq -r '[.findings[].file] | unique | .[]' json)" = "$(ls db/*)" ]
	is "SARIF's places are URIs" [ "$(jq -r '.runs[0].artifacts[0].location.uri' sarif | grep -c '[^A-Za-z0-9%/.:,_=@!~$&()*+;-]')" = 0 ]
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

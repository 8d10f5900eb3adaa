#!/bin/sh
# What reports keep to: the sizes that GitHub takes, the schemas of JUnit and GitLab, the same bytes for any number of threads,
# no colour where none is wanted, and sources with the line ends of Windows.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
root=$(pwd)
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset NO_COLOR

is() { # NAME CONDITION...: a command that must succeed
	name=$1
	shift
	if "$@" > "$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		head -n 5 "$work/said"
	fi
}
has() { grep -q -- "$1" "$2"; }
hasnt() { ! grep -q -- "$1" "$2"; }
lint() { "$ddlint" --config none --layout plain --fail-on never "$@"; }

# More findings than fit; errors at the end, so that a cut in the order of files would lose them.
mkdir -p "$work/many/db"
cd "$work/many" || exit 1
echo 'rules: {delete-without-where: warning}' > .ddlint.yml
many() { # FINDINGS FORMAT
	awk -v n="$1" 'BEGIN { for (i = 1; i < n; i++) print "DELETE FROM users;" }' > db/1.sql
	echo 'TRUNCATE users;' > db/2.sql
	"$ddlint" --layout plain --fail-on never --select delete-without-where,table-truncated --format "$2" -o "many.$2" db
}
many 25012 sarif
# Statements of 500 bytes that no compression makes smaller.
head -c 10000000 /dev/urandom | base64 -w 460 | sed 's,.*,DELETE --&\n FROM users;,' | head -n 48000 > db/1.sql
echo 'TRUNCATE users;' > db/2.sql
"$ddlint" --layout plain --fail-on never --select delete-without-where,table-truncated --format sarif -o large.sarif db
is "SARIF is 10 MB at most when it is compressed" [ "$(gzip -c large.sarif | wc -c)" -le 10000000 ]
is "but not much less" [ "$(gzip -c large.sarif | wc -c)" -ge 6000000 ]
is "it says what is left out and why" has 'more findings are left out, the lightest: a file may have 10 MB' large.sarif
is "what weighs most is kept" has '"ruleId": "table-truncated"' large.sarif
rm large.sarif db/1.sql
many 1000 markdown
is "SARIF has 25,000 results" [ "$(grep -c '"ruleId"' many.sarif)" = 25000 ]
is "it says what is left out" has '12 more findings are left out' many.sarif
is "what weighs most is kept" has '"ruleId": "table-truncated"' many.sarif
is "Markdown fits into a comment" [ "$(wc -m < many.markdown)" -le 65536 ]
is "it says what is left out, and how grave" has '^\*\*[0-9]* more\*\* (0 errors, [0-9]* warnings, 0 notes)' many.markdown
is "the error is in the table, above the warnings" has '^| error | .*`table-truncated`' many.markdown
is "and what is not explained" has '^The last [0-9]* of the table are too long' many.markdown
is "its last block is whole" [ "$(grep -c '<details>' many.markdown)" = "$(grep -c '</details>' many.markdown)" ]

cd "$root" || exit 1
for format in text json sarif github gitlab junit markdown gcc; do
	for jobs in 1 2 7; do
		"$ddlint" -j $jobs --select all --fail-on never --format $format fixtures/shop > "$work/$format.$jobs" 2>&1
	done
	is "$format: the same bytes for any -j" sh -c "cmp '$work/$format.1' '$work/$format.2' && cmp '$work/$format.1' '$work/$format.7'"
done

# There is no standard for JUnit; JUNIT_XSD may name another one of the schemas that are about.
if command -v xmllint > /dev/null; then
	is "JUnit is well formed" xmllint --noout --nonet "$work/junit.1"
	is "JUnit is valid by its schema" xmllint --noout --nonet --schema fixtures/reports/junit.xsd "$work/junit.1"
	"$ddlint" --config none --format junit --fail-on never --select table-dropped fixtures/shop > "$work/junit.none"
	is "JUnit without a finding is valid, too" xmllint --noout --nonet --schema fixtures/reports/junit.xsd "$work/junit.none"
	[ -z "${JUNIT_XSD:-}" ] || is "JUnit is valid" xmllint --noout --nonet --schema "$JUNIT_XSD" "$work/junit.1"
else
	is "JUnit is there" has '<testsuite' "$work/junit.1"
	echo "xmllint is missing: JUnit is not read (apt: libxml2-utils)"
fi
if python3 -c 'import json' 2> /dev/null; then
	# https://gitlab.com/gitlab-org/gitlab: app/validators/json_schemas/codeclimate.json, and what the documentation adds
	cat > "$work/gitlab.py" <<-'PY'
		import json, sys
		entries = json.load(open(sys.argv[1], encoding="utf-8"))
		assert isinstance(entries, list) and entries
		for entry in entries:
		    for key in ("description", "check_name", "fingerprint"):
		        assert isinstance(entry[key], str) and entry[key], key
		    assert entry["severity"] in ("info", "minor", "major", "critical", "blocker"), entry["severity"]
		    path, line = entry["location"]["path"], entry["location"]["lines"]["begin"]
		    assert path and not path.startswith(("/", "./")), path
		    assert isinstance(line, int) and line >= 1, line
		prints = [entry["fingerprint"] for entry in entries]
		assert len(set(prints)) == len(prints), "fingerprints"
	PY
	is "GitLab's report is as GitLab checks it" python3 "$work/gitlab.py" "$work/gitlab.1"
fi
for python in python3 /usr/bin/python3; do # Debian's packages belong to Debian's Python
	if "$python" -c 'import jsonschema' 2> /dev/null; then
		is "GitLab's report is valid by its schema" "$python" -c 'import json, jsonschema, sys
jsonschema.Draft7Validator(json.load(open(sys.argv[1]))).validate(json.load(open(sys.argv[2], encoding="utf-8")))' \
			fixtures/reports/gitlab.schema.json "$work/gitlab.1"
		break
	fi
done

escape=$(printf '\033')
is "no colour into a file" hasnt "$escape" "$work/text.1"
lint --color always fixtures/shop > "$work/color"
is "colour when asked for" has "$escape" "$work/color"
if command -v script > /dev/null; then
	TERM=xterm script -qec "'$ddlint' --config none --fail-on never fixtures/shop" /dev/null > "$work/color" < /dev/null
	is "colour on a terminal" has "$escape" "$work/color"
	TERM=xterm NO_COLOR=1 script -qec "'$ddlint' --config none --fail-on never fixtures/shop" /dev/null > "$work/color" < /dev/null
	is "none with NO_COLOR" hasnt "$escape" "$work/color"
fi

# A file with the line ends of Windows has its findings where its twin has them, and says the same.
mkdir -p "$work/unix/db" "$work/windows/db"
cat > "$work/unix/db/1.sql" <<-'SQL'
	-- ddlint: allow table-truncated -- they are made anew
	TRUNCATE users;
	CREATE INDEX
	  ON users
	  (email);
	ALTER TABLE users
	  ADD COLUMN token uuid DEFAULT gen_random_uuid();
SQL
sed 's/$/\r/' "$work/unix/db/1.sql" > "$work/windows/db/1.sql"
for end in unix windows; do
	(cd "$work/$end" && for format in text gcc github markdown junit gitlab; do lint --format $format db; done) > "$work/$end.out"
done
is "Windows line ends" diff "$work/unix.out" "$work/windows.out"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

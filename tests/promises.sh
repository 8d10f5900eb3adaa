#!/bin/sh
# What README.md promises under "What stays": rules keep their ids, JSON keeps its fields and their types, findings their fingerprints.
# fixtures/promises/ holds what was there once; more may come, nothing may go before the next major version.
#
#   promises.sh          says what is gone
#   promises.sh --add    adds what has come
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
ddlint=${DDLINT:-build/ddlint}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

kept() { # NAME: what fixtures/promises/NAME lists is in $work/NAME
	if [ "${add:-}" ]; then
		sort -u "$work/$1" "fixtures/promises/$1" -o "fixtures/promises/$1" 2> /dev/null || sort -u "$work/$1" > "fixtures/promises/$1"
	fi
	sort -u "$work/$1" | comm -13 - "fixtures/promises/$1" > "$work/gone"
	if [ -s "fixtures/promises/$1" ] && [ ! -s "$work/gone" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL gone from $1:"
		head -n 20 "$work/gone"
	fi
}
add=
[ "${1:-}" != --add ] || add=yes

"$ddlint" rules | sed -n 's/^  \([a-z-]*\) .*/\1/p' > "$work/rules.txt"
kept rules.txt

"$ddlint" --config none --fail-on never --format json fixtures/shop > "$work/check.json" 2> /dev/null
"$ddlint" facts --config none --format json fixtures/shop > "$work/facts.json" 2> /dev/null
"$ddlint" schema --config none --format json fixtures/shop > "$work/schema.json" 2> /dev/null
# Outside a checkout: what the audit knows from git is not in every copy of the source.
cp -r fixtures/shop "$work/shop"
"$ddlint" audit --config none --format json "$work/shop" > "$work/audit.json" 2> /dev/null
"$ddlint" rules --format json > "$work/rules.json"
if command -v python3 > /dev/null; then
	# "check.findings[].line: number": null stands for any type, what has keys of the user's own choice is cut.
	python3 - "$work" > "$work/json.txt" <<-'PY'
		import json, sys
		def walk(path, value):
		    kind = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}.get(type(value))
		    if kind:
		        print(f"{path}: {kind}")
		    if kind == "object" and not path.endswith(".metadata"):
		        for key, item in value.items():
		            walk(f"{path}.{key}", item)
		    for item in value if kind == "array" else []:
		        walk(path + "[]", item)
		for name in "check", "facts", "schema", "audit", "rules":
		    walk(name, json.load(open(f"{sys.argv[1]}/{name}.json", encoding="utf-8")))
	PY
	kept json.txt
	python3 - "$work" > "$work/fingerprints.txt" <<-'PY'
		import json, sys
		for finding in json.load(open(f"{sys.argv[1]}/check.json", encoding="utf-8"))["findings"]:
		    print(finding["fingerprint"], finding["rule"], finding["file"])
	PY
	# A finding that is no more has none to keep; one that is there has its own.
	cut -d ' ' -f 2- "$work/fingerprints.txt" | sort -u > "$work/findings"
	if [ -e fixtures/promises/fingerprints.txt ]; then
		while read -r fingerprint finding; do
			grep -qxF "$finding" "$work/findings" || echo "$fingerprint $finding" >> "$work/fingerprints.txt"
		done < fixtures/promises/fingerprints.txt
	fi
	kept fingerprints.txt
else
	echo 'skipped: python3 is missing: JSON and fingerprints are not compared'
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

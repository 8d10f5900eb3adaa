#!/bin/sh
# SARIF with Microsoft's own validator, by its rules and by those of GitHub code scanning: no error. A package of 100 MB from npm below
# build/npm-sarif: it is fetched in continuous integration (CI=true) only, elsewhere used when it is there.
#
# DDLINT: the binary. CORPUS=FOLDER: further migrations. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
npm=$(pwd)/build/npm-sarif
# The npm package's own launcher splits its arguments at semicolons.
multitool=$npm/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has() { # NAME WORDS FILE
	if grep -q -- "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
	fi
}
# What a log can say, in one log: a baseline of some findings, allowed ones, fixes, proofs, places that led there.
cp -r fixtures/shop/migrations "$work/db"
cp -r fixtures/audit/db "$work/hostile"
"$ddlint" --config none --baseline "$work/baseline.yml" --write-baseline "$work/hostile" > /dev/null 2>&1
"$ddlint" --config none --baseline "$work/baseline.yml" --fail-on never --format sarif "$work/db" "$work/hostile" -o "$work/log.sarif"
for member in codeFlows threadFlows relatedLocations suppressions fixes automationDetails '"baselineState": "new"' \
	'"baselineState": "unchanged"' '"kind": "inSource"' '"kind": "external"' partialFingerprints '"markdown"' snippet 'public.accounts.fax was made here' \
	'the migration that this rollback takes back'; do
	has "SARIF has $member" "$member" "$work/log.sarif"
done

if [ ! -x "$multitool" ] && [ "${CI:-}" = true ] && command -v npm > /dev/null; then
	mkdir -p "$npm"
	(cd "$npm" && echo '{"private": true}' > package.json && npm install --no-audit --no-fund @microsoft/sarif-multitool@5 > npm.log 2>&1) ||
		cat "$npm/npm.log"
fi
if [ -x "$multitool" ]; then
	[ -z "${CORPUS:-}" ] || "$ddlint" --config none --fail-on never --format sarif "$CORPUS" -o "$work/corpus.sarif"
	for log in "$work"/*.sarif; do
		"$multitool" validate "$log" --rule-kind 'Sarif;Ghas' --level 'Error;Warning;Note' --output "$log.out" \
			--log 'ForceOverwrite;PrettyPrint' > "$work/said" 2>&1
		# Its exit code is 0 whatever it finds.
		if [ -s "$log.out" ] && ! grep -q '"level": "error"' "$log.out"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAIL $(basename "$log") has errors"
			grep ': error ' "$work/said" | head -n 20
		fi
	done
else
	echo "skipped: sarif-multitool is not there (CI=true installs it)"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

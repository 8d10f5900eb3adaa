#!/bin/sh
# The packages: `npx ddlint` from the packed npm tarballs, and the Python wheel in a virtual environment, both without network.
#
# DDLINT: the binary. Closes with "N passed, N failed"; says what is skipped when node or Python is missing.
set -u
ddlint=${DDLINT:-build/ddlint}
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
HOME=$work
npm_config_cache=$work/cache npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export HOME npm_config_cache npm_config_update_notifier npm_config_fund npm_config_audit PIP_NO_INDEX PIP_DISABLE_PIP_VERSION_CHECK

check() { # NAME STATUS WORDS: of the last run
	if [ "$status" = "$2" ] && grep -q -- "$3" "$work/output"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: exit $status"
		head -n 20 "$work/output"
	fi
}
version=$("$ddlint" --version)
mkdir -p "$work/project/db"
echo 'TRUNCATE users;' > "$work/project/db/1_bad.sql"

number=$(echo "$version" | cut -d ' ' -f 2)
if command -v npm > /dev/null; then
	sh editors/npm/pack.sh "$ddlint" "$work/npm" > "$work/output" 2>&1
	status=$?
	check "packing" 0 "ddlint-$number.tgz"
	(cd "$work/project" && echo '{"private": true}' > package.json &&
		npm install --offline --no-save --no-package-lock "$work"/npm/*.tgz) > "$work/output" 2>&1
	status=$?
	check "npm install without network" 0 added
	(cd "$work/project" && npx --offline ddlint --version) > "$work/output" 2>&1
	status=$?
	check "npx" 0 "$number"
	(cd "$work/project" && npx --offline ddlint db) > "$work/output" 2>&1
	status=$?
	check "the exit code and the output are the binary's" 1 'table-truncated'
	echo 'TRUNCATE users;' | (cd "$work/project" && npx --offline ddlint --format json -) > "$work/output" 2>&1
	status=$?
	check "standard input" 1 '"table-truncated"'
	rm -rf "$work"/project/node_modules/@ddlint
	(cd "$work/project" && npx --offline ddlint db) > "$work/output" 2>&1
	status=$?
	check "without its binary it says what is missing" 2 'the package @ddlint/.* is not installed'
else
	echo "npm is missing: the npm packages are not tested"
fi

if command -v python3 > /dev/null && python3 -m venv "$work/venv" > /dev/null 2>&1; then
	python3 editors/pip/wheel.py "$ddlint" "$number" "$work/wheel" > "$work/output" 2>&1
	status=$?
	check "making the wheel" 0 "ddlint-$number-py3-none-"
	"$work/venv/bin/pip" install "$work"/wheel/*.whl > "$work/output" 2>&1
	status=$?
	check "pip install" 0 'Successfully installed'
	"$work/venv/bin/ddlint" "$work/project/db" > "$work/output" 2>&1
	status=$?
	check "the wheel's ddlint" 1 'table-truncated'
else
	echo "python3 or its venv is missing: the wheel is not tested"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

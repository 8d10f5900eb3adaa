#!/bin/sh
# .pre-commit-hooks.yaml with the real pre-commit: a bad migration, a good one, one that is staged in part; the hook of an installed
# ddlint by try-repo, and the hook in node with the packed npm packages in place of the registry's.
#
# DDLINT: the binary. Closes with "N passed, N failed"; says what is skipped when pre-commit or npm is missing.
set -u
. tests/shell/suite.sh
if ! command -v pre-commit > /dev/null; then
	echo "pre-commit is missing: its hooks are not tested"
	echo "0 passed, 0 failed"
	exit 0
fi
alone
PRE_COMMIT_HOME=$work/cache npm_config_cache=$work/npm-cache npm_config_offline=true npm_config_update_notifier=false
export PRE_COMMIT_HOME npm_config_cache npm_config_offline npm_config_update_notifier

mkdir "$work/bin"
ln -s "$ddlint" "$work/bin/ddlint"
# What a clone of this repository has of it.
mkdir -p "$work/hooks/editors"
cp .pre-commit-hooks.yaml package.json pyproject.toml LICENSE README.md "$work/hooks/"
cp -r editors/npm "$work/hooks/editors/"
(cd "$work/hooks" && git init -q . && git add -A && git commit -qm hooks)

mkdir -p "$work/project/db"
cd "$work/project" || exit 1
git init -q -b main .
echo 'CREATE TABLE users (id bigint PRIMARY KEY, email text);' > db/0001_users.up.sql
echo 'DROP TABLE users;' > db/0001_users.down.sql
git add -A && git commit -qm first

try() {
	PATH=$work/bin:$PATH pre-commit try-repo "$work/hooks" ddlint-system "$@" > "$work/output" 2>&1
	status=$?
}

echo 'CREATE INDEX users_email_idx ON users (email);' > db/0002_index.up.sql
echo 'DROP INDEX users_email_idx;' > db/0002_index.down.sql
git add -A
try
expect "a bad migration" 1 'db/0002_index.up.sql:1:.*index-not-concurrent' '!0001_users'
echo 'CREATE INDEX CONCURRENTLY users_email_idx ON users (email);' > db/0002_index.up.sql
try
expect "what is staged counts, not what lies there" 1 'index-not-concurrent'
git add -A
try
expect "a good one" 0 Passed
echo 'TRUNCATE users;' >> db/0002_index.up.sql
try
expect "what is not staged is not linted" 0 Passed '!table-truncated'
status=0
grep -q TRUNCATE db/0002_index.up.sql || status=1
: > "$work/output"
expect "and is still there" 0
git commit -qm second
git checkout -q db
echo hello > note.txt && git add note.txt
try
expect "no migration, no run" 0 'no files to check'
try --all-files
expect "all files" 0 Passed

if command -v npm > /dev/null; then
	(cd "$work/hooks" && sh editors/npm/pack.sh "$ddlint" "$work/npm") > "$work/output" 2>&1
	cat > .pre-commit-config.yaml <<-YAML
		repos:
		  - repo: $work/hooks
		    rev: $(git -C "$work/hooks" rev-parse HEAD)
		    hooks:
		      - id: ddlint
		        language_version: system
		        additional_dependencies: [$(echo "$work"/npm/ddlint-[a-z]*.tgz)]
	YAML
	git add -A && git commit -qm config
	echo 'TRUNCATE users;' > db/0003_truncate.up.sql
	git add -A
	pre-commit run > "$work/output" 2>&1
	status=$?
	expect "the hook in node: a bad migration" 1 'db/0003_truncate.up.sql:1:.*table-truncated'
	echo 'ALTER TABLE users ADD COLUMN age int;' > db/0003_truncate.up.sql
	git add -A
	pre-commit run > "$work/output" 2>&1
	status=$?
	expect "a good one" 0 Passed
else
	echo "npm is missing: the hook in node is not tested"
fi

# The hook in Python, from a folder of wheels in place of an index: ours, and the setuptools that Debian keeps for environments.
setuptools=$(ls /usr/share/python-wheels/setuptools-*.whl 2> /dev/null | head -n 1)
python=$(command -v /usr/bin/python3 || command -v python3 || true)
if [ -n "$setuptools" ] && [ -n "$python" ]; then
	mkdir "$work/wheels"
	cp /usr/share/python-wheels/setuptools-*.whl /usr/share/python-wheels/wheel-*.whl "$work/wheels/"
	(cd "$root" && "$python" editors/pip/wheel.py "$ddlint" "$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)" "$work/wheels") > "$work/output" 2>&1
	PIP_NO_INDEX=1 PIP_FIND_LINKS=$work/wheels PIP_DISABLE_PIP_VERSION_CHECK=1
	export PIP_NO_INDEX PIP_FIND_LINKS PIP_DISABLE_PIP_VERSION_CHECK
	try_python() {
		pre-commit try-repo "$work/hooks" ddlint-python "$@" > "$work/output" 2>&1
		status=$?
	}
	git reset -q --hard HEAD
	echo 'TRUNCATE users;' > db/0005_python.up.sql
	git add -A
	try_python
	expect "the hook in Python: a bad migration" 1 'db/0005_python.up.sql:1:.*table-truncated' '!0001_users'
	echo 'ALTER TABLE users ADD COLUMN age int;' > db/0005_python.up.sql
	try_python
	expect "what is staged counts" 1 'table-truncated'
	git add -A
	try_python
	expect "a good one" 0 Passed
	echo 'TRUNCATE users;' >> db/0005_python.up.sql
	try_python
	expect "what is not staged is not linted" 0 Passed '!table-truncated'
else
	echo "skipped: /usr/share/python-wheels is not there: the hook in Python is not tested"
fi

finish

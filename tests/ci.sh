#!/bin/sh
# Continuous integration: the script behind action.yml with a gh that only writes down what it is asked for, the recipe for any
# pipeline, and the shape of the files for GitHub and GitLab.
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
HOME=$work
GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export HOME GIT_CONFIG_NOSYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GITHUB_OUTPUT GITHUB_STEP_SUMMARY

expect() { # NAME STATUS [WORDS|!WORDS...]: of the last run
	name=$1
	good=yes
	[ "$status" = "$2" ] || good=
	shift 2
	for words; do
		case $words in
		!*) ! grep -q -- "${words#!}" "$work/output" || good= ;;
		*) grep -q -- "$words" "$work/output" || good= ;;
		esac
	done
	if [ "$good" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name: exit $status"
		head -n 20 "$work/output" | cut -c 1-200
	fi
}

mkdir "$work/bin"
ln -s "$ddlint" "$work/bin/ddlint"
cat > "$work/bin/gh" <<'SH'
#!/bin/sh
echo "gh $*" >> "$HOME/calls"
case $* in
*PATCH* | *POST*) exit "${GH_FAILS:-0}" ;;
*) cat "$HOME/old" ;;
esac
SH
chmod +x "$work/bin/gh"
: > "$work/old"
PATH=$work/bin:$PATH

mkdir -p "$work/upstream/db"
cd "$work/upstream" || exit 1
git init -q -b main .
echo 'CREATE TABLE users (id bigint PRIMARY KEY, email text);' > db/0001_users.up.sql
echo 'DROP TABLE users;' > db/0001_users.down.sql
echo 'TRUNCATE users;' > db/0002_old.up.sql
git add -A && git commit -qm first
git clone -q "$work/upstream" "$work/clone"
cd "$work/clone" || exit 1
git checkout -qb feature
echo 'CREATE INDEX users_email_idx ON users (email);' > db/0003_index.up.sql
echo 'DROP INDEX users_email_idx;' > db/0003_index.down.sql
git add -A && git commit -qm second

action() {
	: > "$work/calls"
	: > "$work/outputs"
	: > "$work/summary"
	env RUNNER_TEMP="$work" GITHUB_REPOSITORY=o/r GITHUB_OUTPUT="$work/outputs" GITHUB_STEP_SUMMARY="$work/summary" "$@" \
		sh "$root/editors/ci/github.sh" > "$work/output" 2>&1
	status=$?
	cat "$work/calls" "$work/outputs" "$work/summary" >> "$work/output"
}
action GITHUB_BASE_REF=main PULL_REQUEST=7 DDLINT_COMMENT=true DDLINT_PATHS=db
expect "a pull request: what it adds, a new comment" 1 '^::error file=db/0003_index.up.sql,line=1' '!0002_old' \
	'gh api --silent -X POST repos/o/r/issues/7/comments -F body=@' '^sarif-file=.*ddlint.sarif' '^### ddlint: 1 error'
echo 4711 > "$work/old"
action GITHUB_BASE_REF=main PULL_REQUEST=7 DDLINT_COMMENT=true DDLINT_PATHS=db
expect "the second run writes the same comment anew" 1 'gh api --silent -X PATCH repos/o/r/issues/comments/4711 -F body=@' '!POST'
action GITHUB_BASE_REF=main PULL_REQUEST=7 DDLINT_COMMENT=true GH_FAILS=1
expect "a fork may not comment: a warning" 1 '^::warning title=ddlint::the comment could not be written'
action GITHUB_BASE_REF=main PULL_REQUEST=7 DDLINT_COMMENT=false
expect "no comment wanted" 1 '!^gh'
action DDLINT_FAIL_ON=never BEFORE_PUSH="$(git rev-parse HEAD)"
expect "a push of nothing" 0 '!0003_index'
action BEFORE_PUSH=0000000000000000000000000000000000000000
expect "the push of a new branch: everything" 1 '0002_old' '0003_index'
: > "$work/old"
git checkout -q main
action GITHUB_BASE_REF=main PULL_REQUEST=8 DDLINT_COMMENT=true
expect "nothing found, nothing said" 0 '!POST' '!PATCH'
git clone -q --depth 1 "file://$work/clone" "$work/shallow"
cd "$work/shallow" || exit 1
action GITHUB_BASE_REF=main
expect "a shallow clone says what it needs" 2 '^::error title=ddlint::the clone is shallow.*fetch-depth: 0'

cd "$work/clone" || exit 1
git checkout -q feature
sh "$root/editors/ci/check.sh" "$work/report.xml" origin/main db > "$work/output" 2>&1
status=$?
cat "$work/report.xml" >> "$work/output"
expect "any pipeline" 1 '0003_index.up.sql:1:1: error' '<testsuite' '!0002_old'
sh "$root/editors/ci/check.sh" "$work/report.xml" no-such-branch db > "$work/output" 2>&1
status=$?
expect "a branch that is not there" 2 'no-such-branch'

cd "$root" || exit 1
if python3 -c 'import yaml' 2> /dev/null; then
	for file in action.yml editors/ci/*.yml .pre-commit-hooks.yaml; do
		python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$file" > "$work/output" 2>&1
		status=$?
		expect "$file is YAML" 0
	done
else
	echo "python3-yaml is missing: the YAML files are not read"
fi
if command -v action-validator > /dev/null; then
	action-validator action.yml > "$work/output" 2>&1
	status=$?
	expect "action.yml is valid" 0
else
	echo "action-validator is missing: action.yml is not validated"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

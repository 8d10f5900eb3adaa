#!/bin/sh
# Continuous integration: the script behind action.yml with a gh that only writes down what it is asked for, the recipe for any
# pipeline, and the shape of the files for GitHub and GitLab.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
. tests/shell/suite.sh
alone
unset GITHUB_OUTPUT GITHUB_STEP_SUMMARY

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

# The lines of a GitLab job, run as a runner does: one after the other, until one fails.
job() { # FILE
	"$python" - "$1" > "$work/job.sh" <<-'PY'
		import sys, yaml
		job = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["ddlint"]
		known = {"stage", "image", "variables", "rules", "before_script", "script", "artifacts"}
		assert set(job) <= known, set(job) - known
		assert all(set(rule) <= {"if", "when", "changes"} for rule in job["rules"]), job["rules"]
		assert job["artifacts"]["reports"]["codequality"] == "gl-code-quality-report.json"
		assert str(job["variables"]["GIT_DEPTH"]) == "0"
		for name, value in job["variables"].items():
		    print(f'[ -n "${{{name}:-}}" ] || {name}="{value}"')
		print("\n".join(job.get("before_script", []) + job["script"]))
	PY
	CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git merge-base main HEAD) sh -e "$work/job.sh" > "$work/output" 2>&1
	status=$?
	cat gl-code-quality-report.json >> "$work/output"
	rm -f gl-code-quality-report.json
}
python=
for one in python3 /usr/bin/python3; do # Debian's packages belong to Debian's Python
	[ -n "$python" ] || ! "$one" -c 'import yaml' 2> /dev/null || python=$one
done
if [ -n "$python" ]; then
	git checkout -q feature
	job "$root/editors/ci/gitlab.yml"
	expect "GitLab's template, run" 1 '"path": "db/0003_index.up.sql"' '!0002_old'
	git checkout -q -b written
	ddlint init --ci github,gitlab,pre-commit > "$work/output" 2>&1
	status=$?
	expect "init writes pipelines" 0 'wrote .github/workflows/ddlint.yml' 'wrote .gitlab-ci.yml' 'wrote .pre-commit-config.yaml'
	job .gitlab-ci.yml
	expect "GitLab's job as init writes it, run" 1 '"path": "db/0003_index.up.sql"' '!0002_old'
	"$python" -c 'import sys, yaml
print(yaml.safe_load(open(sys.argv[1]))["jobs"]["ddlint"]["steps"][-1]["run"])' .github/workflows/ddlint.yml > "$work/job.sh"
	GITHUB_BASE_REF=main sh -e "$work/job.sh" > "$work/output" 2>&1
	status=$?
	expect "GitHub's step as init writes it, run" 1 '^::error file=db/0003_index.up.sql' '!0002_old'
	if command -v pre-commit > /dev/null; then
		git add -A
		pre-commit run > "$work/output" 2>&1
		status=$?
		expect "pre-commit as init writes it: no migration is staged" 0 'no files to check'
		echo 'TRUNCATE users;' > db/0004_truncate.up.sql && git add db
		pre-commit run > "$work/output" 2>&1
		status=$?
		expect "and a bad one" 1 'db/0004_truncate.up.sql:1:.*table-truncated'
	fi
fi

# What pipelines install.
(PATH=/usr/bin:/bin DDLINT_PACKAGE='' sh "$root/editors/ci/install.sh") > "$work/output" 2>&1
status=$?
expect "no ddlint, no package: what to do" 2 '^::error title=ddlint::no ddlint is on the PATH'
if command -v npm > /dev/null; then
	(cd "$root" && sh editors/npm/pack.sh "$ddlint" "$work/npm") > "$work/output" 2>&1
	# node and npm, and no ddlint.
	mkdir "$work/tools"
	for tool in node npm; do ln -s "$(command -v $tool)" "$work/tools/$tool"; done
	(PATH=$work/tools:/usr/bin:/bin npm_config_prefix=$work/global npm_config_offline=true npm_config_cache=$work/npm-cache \
		DDLINT_PACKAGE="$(echo "$work"/npm/*.tgz)" sh "$root/editors/ci/install.sh" && "$work/global/bin/ddlint" --version) > "$work/output" 2>&1
	status=$?
	expect "the packed packages, installed" 0 '^ddlint [0-9]'
fi

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
# Two small packages from npm below build/npm-actions.
tools=$root/build/npm-actions
if [ ! -d "$tools/node_modules/@action-validator/cli" ] && command -v npm > /dev/null; then
	mkdir -p "$tools"
	(cd "$tools" && echo '{"private": true}' > package.json &&
		npm install --no-audit --no-fund @action-validator/core@0 @action-validator/cli@0 > npm.log 2>&1) || true
fi
if [ -x "$tools/node_modules/.bin/action-validator" ]; then
	for file in action.yml editors/ci/github-workflow.yml "$work/clone/.github/workflows/ddlint.yml"; do
		[ -e "$file" ] || continue
		"$tools/node_modules/.bin/action-validator" "$file" > "$work/output" 2>&1
		status=$?
		expect "$(basename "$file") is valid" 0
	done
	sed 's/using: composite/using: nothing/' action.yml > "$work/action.yml"
	"$tools/node_modules/.bin/action-validator" "$work/action.yml" > "$work/output" 2>&1
	status=$?
	expect "an action that is not is found out" 1
else
	echo "skipped: action-validator is not there: action.yml is not validated"
fi

finish

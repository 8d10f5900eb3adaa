# What suites share that run a command and look at its exit code and its output. Sourced in the repository's root:
#
#   . tests/shell/suite.sh
#
# Gives $ddlint and $root (absolute), $work (a folder that goes with the script), run, expect, finish.
root=$(pwd)
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$root/$ddlint ;;
esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A home of its own, and a git that no setting of this machine reaches.
alone() {
	HOME=$work
	GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
	export HOME GIT_CONFIG_NOSYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
}

# Runs ddlint; what else a suite runs leaves its exit code in $status and what it prints in $work/output, too.
run() {
	"$ddlint" "$@" > "$work/output" 2>&1
	status=$?
}

# expect NAME STATUS [WORDS...]: the last run's exit code, and words that its output has; "!WORDS" it has not.
expect() {
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
		head -n 20 "$work/output" | cut -c 1-250
	fi
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
}

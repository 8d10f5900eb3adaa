#!/bin/sh
# The work of action.yml: annotations, a SARIF file, and one comment on the pull request, written anew with every run.
#
# From the workflow: GITHUB_*, PULL_REQUEST, BEFORE_PUSH, GH_TOKEN. From the inputs: DDLINT_PATHS, DDLINT_SINCE, DDLINT_FAIL_ON,
# DDLINT_COMMENT. The exit code is ddlint's.
set -u
temporary=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
sarif=$temporary/ddlint.sarif
comment=$temporary/ddlint.md
mark='<!-- ddlint -->'

since=${DDLINT_SINCE:-}
if [ -z "$since" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
	since=origin/$GITHUB_BASE_REF
elif [ -z "$since" ]; then
	# A new branch was nowhere before.
	case ${BEFORE_PUSH:-} in
	'' | *[!0]*) since=${BEFORE_PUSH:-} ;;
	esac
fi
if [ -n "$since" ] && [ "$(git rev-parse --is-shallow-repository)" = true ]; then
	echo "::error title=ddlint::the clone is shallow, so what is new since $since cannot be known: give actions/checkout fetch-depth: 0"
	exit 2
fi

# shellcheck disable=SC2086 # the paths are a list of words
lint() { ddlint check ${since:+--since "$since"} ${DDLINT_FAIL_ON:+--fail-on "$DDLINT_FAIL_ON"} "$@" ${DDLINT_PATHS:-.}; }

lint --format github
status=$?
lint --format sarif -o "$sarif" 2> /dev/null
[ ! -s "$sarif" ] || echo "sarif-file=$sarif" >> "${GITHUB_OUTPUT:-/dev/null}"
{
	echo "$mark"
	lint --format markdown 2> /dev/null
} > "$comment"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$comment" >> "$GITHUB_STEP_SUMMARY"

if [ "${DDLINT_COMMENT:-}" = true ] && [ -n "${PULL_REQUEST:-}" ]; then
	comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
	old=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1)
	said=0
	if [ -n "$old" ]; then
		gh api --silent -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$old" -F "body=@$comment" || said=$?
	elif grep -q '^|' "$comment"; then # nothing found, nothing said: no comment
		gh api --silent -X POST "$comments" -F "body=@$comment" || said=$?
	fi
	# The token of a pull request from a fork may only read.
	[ "$said" = 0 ] || echo "::warning title=ddlint::the comment could not be written: it needs the permission pull-requests write"
fi
exit $status

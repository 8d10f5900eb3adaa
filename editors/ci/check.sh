#!/bin/sh
# Any other pipeline: says what is new since a branch, and leaves a JUnit report that most servers can show.
#
#   check.sh REPORT.xml BRANCH PATH...     check.sh ddlint.xml origin/main db/migrations
#
# The exit code is ddlint's: 0 nothing, 1 findings, 2 the work could not be done.
set -u
report=${1:?usage: check.sh REPORT.xml BRANCH PATH...}
branch=${2:?usage: check.sh REPORT.xml BRANCH PATH...}
shift 2
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
	git fetch --quiet --unshallow || exit 2
fi
ddlint check --since "$branch" --fail-on never --format junit -o "$report" "$@" || exit
ddlint check --since "$branch" "$@"

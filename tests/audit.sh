#!/bin/sh
# What an audit says of its subject: the commit, and whether the files are still as it has them.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
shop=$PWD/fixtures/shop/migrations
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

expect() { # NAME PATTERN
	if "$ddlint" audit --format json --config none m 2> err.txt | sed -n '/"subject"/p' | grep -q "$2"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: no $2"
		cat err.txt
	fi
}

cp -r "$shop" m
expect 'outside of a repository' '"commit": null, "dirty": null'
git init -q . && git add -A && git -c user.name=a -c user.email=a@example.org -c commit.gpgsign=false commit -q -m migrations
commit=$(git rev-parse HEAD)
expect 'as committed' "\"commit\": \"$commit\", \"dirty\": false"
echo '-- one more line' >> m/0001_create_customers.up.sql
expect 'changed' "\"commit\": \"$commit\", \"dirty\": true"
git checkout -q .
echo 'SELECT 1;' > m/0099_new.up.sql
expect 'with a new file' "\"commit\": \"$commit\", \"dirty\": true"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

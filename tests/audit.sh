#!/bin/sh
# The reviewer's report: its pages as they were approved, byte for byte; what it says of its subject.
#
#   audit.sh [--update]    --update: write what is printed now into fixtures/reports/audit.*; read `git diff` afterwards
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
SOURCE_DATE_EPOCH=1767225600
export SOURCE_DATE_EPOCH
root=$PWD
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
shop=$PWD/fixtures/shop/migrations
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

pass() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAIL $1"
}

# --- The pages ----------------------------------------------------------------------------------------------------------------------

cp -r "$root/fixtures/audit/db" db
for format in html markdown json; do
	"$ddlint" audit --format "$format" --config none db > "page.$format" 2> err.txt || fail "$format: exit $?"
	# Style and script are files of their own; the digests that follow from them and from the version change with every release.
	sed -e '/^<style>/,/<\/style>$/d' -e '/^<script>/,/^<\/script>$/d' -e 's/sha256-[^'"'"']*/sha256-…/g' \
		-e 's/ddlint [0-9][0-9.]*/ddlint …/g' -e 's/"\(rules_\|page_\|\)\(sha256\|digest\)": "[0-9a-f]*"/"\1\2": "…"/g' \
		-e 's/\([0-9]*\), checksum [0-9a-f]*/…/' -e 's/"rules": [0-9]*/"rules": 0/' \
		-e 's/\(Digest.*\)[0-9a-f]\{64\}/\1…/' \
		-e 's/\(PostgreSQL \|"parser": "\)18\.[0-9]*/\118/' "page.$format" > "shown.$format"
	approved=$root/fixtures/reports/audit.$format
	if [ "${1:-}" = --update ]; then
		cp "shown.$format" "$approved"
	elif cmp -s "shown.$format" "$approved"; then
		pass
	else
		fail "audit --format $format is not what fixtures/reports/audit.$format has"
		diff -u "$approved" "shown.$format" | head -n 40
	fi
	"$ddlint" audit --format "$format" --config none -j 4 db | cmp -s - "page.$format" && pass || fail "$format is another with -j 4"
done
# What files hold is text: no element, no attribute, no end of the style or the record comes from them.
if grep -q '<script>alert\|<img\|onerror=alert(1)>\|<b>bold' page.html; then
	fail "a name became markup"
else
	pass
fi
[ "$(grep -c '</style>' page.html)" = 1 ] && [ "$(grep -c '</script>' page.html)" = 2 ] && pass || fail "style or script ends early"
[ "$(grep -c "$(printf '\342\200\256')" page.html)" = 0 ] && pass || fail "text that reorders what follows is shown as it is"
grep -qE '(src|href)="?(https?:)?//' page.html && fail "the page fetches something" || pass
"$ddlint" audit --migration 0003,0005 --config none --format json db | grep -c '"version": "000' > count
[ "$(cat count)" = 2 ] && pass || fail "--migration 0003,0005: $(cat count) migrations"
"$ddlint" audit --migration 0009 --config none db > /dev/null 2> err.txt
[ $? = 2 ] && grep -q 'no migration is called so' err.txt && pass || fail "--migration of none: $(cat err.txt)"
"$ddlint" audit --released 0003 --config none --format json db > range.json
[ "$(grep -c '"version": "000' range.json)" = 2 ] && grep -q '"range": "0003..HEAD"' range.json && pass || fail "--released 0003"
mkdir several && cp -r db several/one && cp -r db several/two
"$ddlint" audit --config none several | grep -q '<a href="#h2">several/two</a>' && pass || fail "several histories have no index"
rm -rf several

mkdir empty
"$ddlint" audit --config none empty > empty.html 2> err.txt
[ $? = 0 ] && grep -q 'no migrations in empty' err.txt && grep -q 'there is nothing to review' empty.html && ! grep -q 'id="timeline"' empty.html &&
	pass || fail "a folder without migrations: $(cat err.txt)"
"$ddlint" audit --config none missing > empty.html 2> err.txt
[ $? = 2 ] && [ ! -s empty.html ] && pass || fail "a report of a folder that is not there"
# What the transaction has locked already counts: the index build before it is not the first that others wait for.
"$ddlint" audit --config none --format json --migration 0003 db | grep -q '"risk_because": "line 3 validates a constraint, which works on a table while others wait"' &&
	pass || fail "the risk of work under a lock that is held"

# --- What was signed ------------------------------------------------------------------------------------------------------------------

verify() { # NAME STATUS WORDS...: of REPORT
	name=$1
	status=$2
	shift 2
	"$ddlint" audit --config none --verify "$report" db > out.txt 2>&1
	[ $? = "$status" ] || { fail "$name: $(cat out.txt)"; return; }
	for words; do
		grep -q -e "$words" out.txt || { fail "$name: no '$words' in $(cat out.txt)"; return; }
	done
	pass
}
for report in page.json page.html page.markdown; do
	verify "$report as it was signed" 0 '^5 as signed, 0 changed, 0 gone, 0 not in the report$'
	echo '-- a line more' >> db/0002_drop_fax.up.sql
	verify "$report: a comment is a change of the file" 1 '^0002 drop_fax: the checksum of the up file was' '^4 as signed, 1 changed'
	echo 'SELECT 1;' > db/0003_totals_checked.down.sql
	verify "$report: a changed rollback" 1 '^0003 totals_checked: what the rollback leaves was' '^3 as signed, 2 changed'
	mv "db/0004_<b>bold_&amp;.up.sql" db/0006_new.up.sql
	verify "$report: a migration under another number" 1 '^3 as signed\|^2 as signed, 3 changed'
	rm db/0006_new.up.sql
	echo 'SELECT 1;' > db/0007_more.up.sql
	verify "$report: one gone, one more" 1 '^0004 <b>bold_&amp;: it is gone' '^0007 more: the report does not have it' '1 gone, 1 not in'
	rm -r db && cp -r "$root/fixtures/audit/db" db
	sed 's/team-billing/team-nobody/' "$report" > forged
	cp "$report" kept && mv forged "$report"
	verify "$report: edited by hand" 1 'was edited after it was written'
	mv kept "$report"
done
report=range.json
verify "a report of a range is compared in that range" 0 '^2 as signed, 0 changed, 0 gone, 0 not in the report$'
report=db/0001_accounts.up.sql
verify "no report" 2 'this is no report of ddlint audit'
report=nowhere.json
verify "not there" 2 'nowhere.json'

# --- The subject -------------------------------------------------------------------------------------------------------------------

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

rm m/0099_new.up.sql

# A branch: its migrations alone, whoever wrote them; the report stays true when the branch is merged and others go on.
unset SOURCE_DATE_EPOCH
commit_as() { # NAME MESSAGE
	git add -A && GIT_COMMITTER_DATE=2026-02-03T04:05:06Z git -c "user.name=$1" -c "user.email=$1@example.org" -c commit.gpgsign=false commit -q -m "$2"
}
main=$(git rev-parse --abbrev-ref HEAD)
git checkout -q -b feature
echo 'CREATE INDEX customers_fax ON customers (fax);' > m/0100_index.up.sql
echo 'DROP INDEX customers_fax;' > m/0100_index.down.sql
commit_as jane 'an index'
"$ddlint" audit --config none --since "$main" --format json m > since.json
[ "$(grep -c '"version": "0' since.json)" = 1 ] && grep -q '"released": false' since.json && pass || fail "--since: one migration, pending"
grep -q '"date": "2026-02-03", "range": "'"$main"'..HEAD"' since.json && pass || fail "the date is the commit's: $(sed -n '/subject/p' since.json)"
grep -q '"author": "jane <jane@example.org>"' since.json && grep -q "\"last_commit\": \"$(git rev-parse HEAD)\"" since.json && pass || fail "author and last commit"
"$ddlint" audit --config none --since "$main" m -o since.html
grep -q '<span class="phase">pending</span>' since.html && pass || fail "the page says that it is pending"
git checkout -q "$main" && git -c user.name=a -c user.email=a@example.org merge -q --no-ff -m merge feature
echo 'CREATE TABLE later (id bigint PRIMARY KEY);' > m/0101_later.up.sql
commit_as joe later
for report in since.json since.html; do
	"$ddlint" audit --config none --verify $report m > out.txt 2>&1
	[ $? = 0 ] && grep -q '^1 as signed' out.txt && grep -q '^note: the commit was' out.txt && pass || fail "$report after the merge: $(cat out.txt)"
done
echo 'CREATE INDEX CONCURRENTLY customers_fax ON customers (fax);' > m/0100_index.up.sql
"$ddlint" audit --config none --verify since.html m > out.txt 2>&1
[ $? = 1 ] && grep -q '^0100 index: no longer found: error index-not-concurrent' out.txt && pass || fail "edited after the merge: $(cat out.txt)"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

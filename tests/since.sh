#!/bin/sh
# Git: what --since reports, what counts as released, and what becomes of migrations that had been merged.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
. tests/shell/suite.sh
alone

commit() {
	git add -A && git commit -qm "$1"
}

mkdir "$work/shop" && cd "$work/shop" || exit 1
git init -q -b main .
mkdir db
for i in 1 2 3; do
	echo "CREATE TABLE t$i (id bigint, name text);" > db/000${i}_t$i.up.sql
	echo "DROP TABLE t$i;" > db/000${i}_t$i.down.sql
done
echo "ALTER TABLE t1 ADD COLUMN old uuid DEFAULT gen_random_uuid();" >> db/0003_t3.up.sql
commit first
git tag v1
git checkout -qb feature

run --since main -q db
expect "nothing changed, nothing is reported" 0 "!error"
run -q db
expect "without it old findings are" 1 "0003_t3.up.sql:2:"

echo "CREATE TABLE t4 (id bigint);" > db/0004_t4.up.sql
echo "DROP TABLE t4;" > db/0004_t4.down.sql
commit four
cat > db/0005_t5.up.sql <<-SQL
	CREATE INDEX t4_id ON t4 (id);
	CREATE INDEX t1_id ON t1 (id);
SQL
echo "DROP INDEX t4_id; DROP INDEX t1_id;" > db/0005_t5.down.sql
run --since main -q db
expect "committed, staged and untracked files are new; tables of the branch are too" 1 "0005_t5.up.sql:2:.*index-not-concurrent" \
	"!0005_t5.up.sql:1:.*index-not-concurrent" "!0003"
run --since main -q db/0001_t1.up.sql
expect "a file by itself that did not change" 0 "!0001"
run facts --released v9 --format json db
expect "a version that nobody has" 2 "--released v9: no migration has this version"
run facts --released git:v1 --format json db
expect "facts carry what has run" 0 '"migration": "0003".*"released": true' '"migration": "0004".*"released": false'
run facts --released @latest-tag --format json db
expect "the latest tag" 0 '"migration": "0003".*"released": true' '"migration": "0004".*"released": false'
run facts --released 4 --format json db
expect "a version" 0 '"migration": "0004".*"released": true' '"migration": "0005".*"released": false'
printf 'applied\n0001\n0002\n0004\n' > applied.csv
run facts --released file:applied.csv --format json db
expect "a list" 0 '"migration": "0003".*"released": false' '"migration": "0004".*"released": true'
printf 'applied_up_to\n3\n' > applied.csv
run facts --released file:applied.csv --format json db
expect "the last of a list" 0 '"migration": "0003".*"released": true' '"migration": "0004".*"released": false'
printf 'version\n77\n' > applied.csv
run --released file:applied.csv -q db
expect "a list of something else" 2 "none of its 1 versions is in db"
run --released file:missing.csv -q db
expect "a list that is not there" 2 "missing.csv: released: cannot be read: no such file"
rm applied.csv
echo "released: git:main" > .ddlint.yml
run facts --format json db
expect "the configuration" 0 '"migration": "0003".*"released": true' '"migration": "0004".*"released": false'
rm .ddlint.yml

# What had been merged.
sed -i 's/name text/name varchar/' db/0001_t1.up.sql
echo "-- a comment" >> db/0002_t2.up.sql
run --since main -q db
expect "an edit" 1 "0001_t1.up.sql: error: .*migration-changed" "0002_t2.up.sql: note: .*migration-changed"
git checkout -q db
rm db/0002*
run --since main -q db
expect "a deletion" 1 "0002_t2.up.sql is gone, and had been merged"
git checkout -q db
git mv db/0002_t2.up.sql db/0002_two.up.sql
git mv db/0002_t2.down.sql db/0002_two.down.sql
run --since main -q db
expect "another name" 1 "0002_two.up.sql: note: it was called 0002_t2.up.sql" "!0002_two.up.sql:[0-9]"
git mv db migrations
run --since main -q migrations
expect "another folder" 1 "0005_t5.up.sql:2:.*index-not-concurrent" "!gone"
git reset -q --hard
git clean -qfd
mkdir -p other/db
echo "CREATE TABLE x (id bigint);" > other/db/0001_x.up.sql
echo "DROP TABLE x;" > other/db/0001_x.down.sql
run --since main -q .
expect "a history that is new as a whole" 0 "!error"
rm -r other

sed -i 's/name text/name varchar/' db/0001_t1.up.sql
run --since main -q db/0004_t4.up.sql
expect "an edit of a file that was not asked for" 0 "!0001_t1"
git checkout -q db

# What changes beside the migrations: staged, on disk, committed; the history of the branch has five migrations by now.
mkdir src
echo "CREATE VIEW v AS SELECT 1;" > db/schema.sql.txt
echo "const a = 1;" > src/app.ts
run --since main --select breaking-with-code,migration-missing -q db
expect "code that changes with additions" 0 "!breaking-with-code" "!migration-missing"
echo "ALTER TABLE t1 DROP COLUMN name;" > db/0006_name.up.sql
run --since main --select breaking-with-code -q db
expect "code that is not tracked yet" 0 "0006_name.up.sql: warning: .*src/app.ts changes with it, in one step that nothing takes back"
echo "const b = 2;" > src/more.ts
git add src
run --since main --select breaking-with-code -q db
expect "staged" 0 "src/app.ts and 1 more file change with it"
git commit -qm code
rm src/more.ts
run --since main --select breaking-with-code -q db
expect "committed, and one of them gone again" 0 "src/app.ts changes with it"
git rm -rq --cached src && rm -r src db/0006* db/schema.sql.txt
git commit -qm "no code"

git checkout -q main
echo "model t1" > db/schema.prisma
commit "a schema file"
git checkout -qb schema
echo "// a comment" >> db/schema.prisma
run --since main --pack governed --select migration-missing -q db
expect "a comment in the schema file" 0 "!migration-missing"
echo "model t2" >> db/schema.prisma
run --since main --pack governed --select migration-missing -q db
expect "the schema file alone" 0 "0001_t1.up.sql: warning: db/schema.prisma changed since main, and no migration came along"
commit "a model"
run --since main --pack governed --select migration-missing -q db
expect "committed" 0 "migration-missing"
echo "CREATE TABLE t2b (id bigint);" > db/0004_t2b.up.sql
run --since main --pack governed --select migration-missing -q db
expect "with a migration" 0 "!migration-missing"
rm db/0004_t2b.up.sql
git checkout -q feature

# Approvals are read in the commits of the migration; the author's own does not count.
mkdir signed && cd signed && git init -q -b main . && mkdir db
echo "CREATE TABLE t (a int, b int);" > db/0001_t.up.sql
echo "DROP TABLE t;" > db/0001_t.down.sql
printf 'approvals: {high: [dba, cto], source: git-trailer}\n' > .ddlint.yml
commit "a table"
printf -- '-- approved-by: Jane Doe (dba)\nALTER TABLE t DROP COLUMN b;\n' > db/0002_b.up.sql
echo "ALTER TABLE t ADD COLUMN b int;" > db/0002_b.down.sql
run --select approval-missing -q db
expect "not committed: the header does not count" 0 "0002_b.up.sql: .*not approved by dba, cto (due for high risk)"
git add -A
git commit -qm "without b

Approved-by: a <a@example.org> (dba)
Approved-by: John Roe <john@example.org> (cto)"
run --select approval-missing -q db
expect "the author's own" 0 "not approved by dba (due for high risk); the author's own approval does not count: a <a@example.org>"
git commit -q --amend -m "without b

Approved-by: Jane Doe <jane@example.org> (dba)
Approved-by: cto: John Roe <john@example.org>"
run --select approval-missing -q db
expect "approved" 0 "!approval-missing"
cd ..
rm -rf signed

# What git cannot say.
run --since nowhere db
expect "a missing reference" 2 "--since nowhere: git knows no nowhere here: is it fetched?" "!0003"
run --since --upload-pack=touch db
expect "an option is no reference" 2 "is no git reference"
git clone -q --depth 1 "file://$work/shop" "$work/shallow" 2> "$work/clone"
run --since origin/main "$work/shallow/db"
expect "a shallow clone" 2 "shallow clone" "fetch-depth: 0"
mkdir "$work/plain" && cp db/* "$work/plain"
run --since main "$work/plain"
expect "no repository" 2 "is in no git repository"
(
	PATH=$work/nothing
	export PATH
	"$ddlint" --since main db
) > "$work/output" 2>&1
status=$?
expect "no git" 2 "the git program could not be started"

# Nothing that a repository's configuration names is run.
trap_program=$work/trap
printf '#!/bin/sh\ntouch %s/sprung\nexit 1\n' "$work" > "$trap_program"
chmod +x "$trap_program"
git config core.fsmonitor "$trap_program"
git config core.pager "$trap_program"
git config core.sshCommand "$trap_program"
git config diff.external "$trap_program"
git config filter.x.clean "$trap_program"
git config filter.x.smudge "$trap_program"
git config alias.ls-tree "!$trap_program"
echo "*.sql filter=x diff=x" > .gitattributes
git config diff.x.textconv "$trap_program"
for hook in post-checkout pre-commit reference-transaction post-index-change; do
	cp "$trap_program" .git/hooks/$hook
done
before=$(find .git -type f | xargs ls -l --time-style=full-iso | cksum)
touch db/*.sql
echo "ALTER TABLE t1 DROP COLUMN name;" > db/0006_name.up.sql
echo "const a = 1;" > app.ts
run --since main --pack governed,expand-contract -q db
expect "traps" 1 "breaking-with-code"
[ ! -e "$work/sprung" ] && [ "$before" = "$(find .git -type f | xargs ls -l --time-style=full-iso | cksum)" ]
status=$?
expect "no trap springs, and the repository is as it was" 0

finish

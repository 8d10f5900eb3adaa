#!/bin/sh
# A repository that means harm: nothing of it is run, nothing outside of it is read or written, no terminal is told what to do.
# SECURITY.md says what is promised.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
HOME=$work
GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_DATE=2026-01-01T00:00:00Z
GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
export HOME GIT_CONFIG_NOSYSTEM GIT_AUTHOR_DATE GIT_COMMITTER_DATE
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE NO_COLOR
git config --global user.name Test
git config --global user.email test@example.org

is() { # NAME CONDITION...: a command that must succeed
	name=$1
	shift
	if "$@" > "$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $name"
		head -n 5 "$work/said"
	fi
}
isnt() {
	name=$1
	shift
	is "$name" sh -c '! "$@"' - "$@"
}
lint() { timeout 60 "$ddlint" --fail-on never "$@"; }

# --- Nothing is run -------------------------------------------------------------------------------------------------------------

# Every program that git can be told to run leaves the file "ran". TRAP: the command, as git's configuration has it.
trap_command="touch $work/ran"
set_traps() { # FOLDER-WITH-CONFIG
	config=$1/config
	for key in core.fsmonitor core.pager core.editor core.sshCommand core.askPass core.gitProxy core.alternateRefsCommand diff.external \
		diff.trap.command diff.trap.textconv filter.trap.smudge filter.trap.clean filter.trap.process gpg.program gpg.ssh.program \
		pager.log alias.log alias.rev-parse credential.helper trailer.Approved-by.command trailer.Approved-by.cmd; do
		git config -f "$config" "$key" "$trap_command"
	done
	git config -f "$config" log.showSignature true
	git config -f "$config" protocol.allow always
	git config -f "$config" protocol.ext.allow always
	git config -f "$config" remote.origin.url "ext::sh -c touch% $work/ran"
	git config -f "$config" remote.origin.promisor true
	git config -f "$config" remote.origin.partialclonefilter blob:none
	git config -f "$config" core.repositoryFormatVersion 1
	git config -f "$config" extensions.partialClone origin
	mkdir -p "$1/hooks"
	for hook in post-index-change reference-transaction post-checkout pre-commit fsmonitor-watchman; do
		printf '#!/bin/sh\n%s\n' "$trap_command" > "$1/hooks/$hook"
		chmod +x "$1/hooks/$hook"
	done
}
ask_everything() { # everything that asks git about the past of ./db
	for words in '--since HEAD~1' '--released git:HEAD~1' '--released @latest-tag' '--released file:../list.csv' '--write-baseline'; do
		# shellcheck disable=SC2086 # an option and its value
		lint $words --select all db
	done > "$work/asked" 2>&1
	lint audit --format json db >> "$work/asked" 2>&1
	lint audit --since HEAD~1 --format json db >> "$work/asked" 2>&1
	rm -f .ddlint-baseline.yml
}
make_project() { # FOLDER
	mkdir -p "$1/db"
	cd "$1" || exit 1
	git init -q .
	printf 'CREATE TABLE users (id int);\n' > db/001_users.up.sql
	printf '*.sql diff=trap filter=trap\n' > .gitattributes
	printf 'approvals: {high: [dba], source: git-trailer}\ncompanions: [{when: any, require: app.prisma}]\n' > .ddlint.yml
	git add . && git commit -qm one && git tag v1
	printf 'DROP TABLE users;\n' > db/002_drop.up.sql
	touch app.prisma
	git add . && git commit -qm 'two

Approved-by: dba Jane'
	cd "$work" || exit 1
}

make_project "$work/project"
set_traps "$work/project/.git"
cd "$work/project" || exit 1
ask_everything
isnt "a repository's settings run something" test -e "$work/ran"
is "the settings were read at all" grep -q 'table-dropped' "$work/asked"
git -C "$work/project" status > /dev/null 2>&1
is "git itself falls into the trap" test -e "$work/ran"
rm -f "$work/ran"

# The content of a file is missing: git would ask the promised remote for it, whose address is a command.
blob=$(git -c core.fsmonitor=false rev-parse HEAD~1:db/001_users.up.sql)
rm -f ".git/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" | cut -c3-)"
ask_everything
isnt "a missing object is fetched by a command" test -e "$work/ran"
git -c core.fsmonitor=false -c core.pager=cat cat-file -p "$blob" > /dev/null 2>&1
is "git itself would fetch it" test -e "$work/ran"
rm -f "$work/ran"

# A folder of the repository that is itself laid out like a bare one.
make_project "$work/bare"
git init -q --bare "$work/bare/db"
set_traps "$work/bare/db"
cd "$work/bare" || exit 1
ask_everything
isnt "a bare repository among the files runs something" test -e "$work/ran"
is "nobody asks it" grep -q 'git' "$work/asked"

# --- Nothing outside is read ------------------------------------------------------------------------------------------------------

cd "$work" || exit 1
mkdir -p "$work/outside" "$work/reader/db" "$work/outside/folder"
secret='hush_hush'
printf 'DROP TABLE %s;\n' "$secret" > outside/secret.sql
cp outside/secret.sql outside/folder/003_secret.up.sql
printf '%s: %s\nrules: {%s: error}\n' "$secret" "$secret" "$secret" > outside/secret.yml
printf 'schema,table,rows,%s\n' "$secret" > outside/secret.csv
printf '%s\n' "$secret" > outside/secret
cd reader || exit 1
git init -q .
printf 'CREATE TABLE users (id int);\n\\i ../../outside/secret.sql\n\\i %s/outside/secret.sql\n\\ir ../../outside/secret.sql\n' "$work" > db/001_users.up.sql
ln -s ../../outside/secret.sql db/002_link.up.sql
ln -s ../../outside/folder db/003_folder
quiet_about_it() { # NAME: whatever is asked, the secret is not told
	for command in check facts schema audit; do
		timeout 60 "$ddlint" "$command" --verbose --select all db 2>&1 || true
		timeout 60 "$ddlint" "$command" --verbose db 2>&1 || true
	done > "$work/told"
	isnt "$1 is told" grep -q "$secret" "$work/told"
}
quiet_about_it "what links and includes lead to"
for key in "extends: [../outside/secret.yml]" "extends: [../outside/secret]" "custom-rules: [../outside/secret.yml]" \
	"custom-rules: [$work/outside/secret.csv]" "functions: [../outside/secret.yml]" "start-schema: ../outside/secret.sql" "heat: {statistics: ../outside/secret.csv}" \
	"heat: {workload: ../outside/secret.csv}" "released: file:../outside/secret.csv" "layout: {name: own, root: ../outside, files: '/.*/'}" \
	"rules: {schema-drift: {severity: error, dump: ../outside/secret.sql}}"; do
	echo "$key" > .ddlint.yml
	quiet_about_it "what $key leads to"
	lint db > /dev/null 2>&1
	is "$key is refused" test $? = 2
done
rm .ddlint.yml && ln -s ../outside/secret.yml .ddlint.yml
quiet_about_it "what a linked .ddlint.yml leads to"
rm .ddlint.yml
echo 'rules: {table-dropped: note}' > ../outside/org.yml
echo 'extends: [../outside/org.yml]' > .ddlint.yml
printf 'DROP TABLE t;\n' > db/004_drop.up.sql
is "an organisation's file beside the repository is read" sh -c "'$ddlint' --format gcc db | grep -q 'note: .*table-dropped'"
echo 'start-schema: ../outside/secret.sql' > .ddlint.yml
is "--config may name what it likes" "$ddlint" --config .ddlint.yml --fail-on never db

# --- Nothing outside is written ---------------------------------------------------------------------------------------------------

cd "$work" || exit 1
mkdir -p writer/db
cd writer || exit 1
git init -q .
echo 'CREATE INDEX i ON users (id);' > ../outside/fixed.sql
echo 'CREATE INDEX i ON users (id);' > db/001_index.sql
ln -s ../../outside/fixed.sql db/002_link.sql
cp ../outside/fixed.sql ../outside/before
lint --fix --review --layout plain db > /dev/null 2>&1
is "--fix leaves alone what a link leads to" cmp ../outside/before ../outside/fixed.sql
is "--fix works at all" grep -q CONCURRENTLY db/001_index.sql
for own in .ddlint-baseline.yml db/.ddlint.seal .ddlint.yml; do
	rm -f "$own"
	echo untouched > ../outside/target
	ln -s "$work/outside/target" "$own"
	case $own in
	*.seal) lint seal --layout plain db ;;
	*baseline*) "$ddlint" --write-baseline db ;;
	*) lint init . ;;
	esac > "$work/said" 2>&1
	is "$own as a link is not written through" grep -qx untouched ../outside/target
	rm "$own"
done
mkdir ../outside/github && ln -s ../outside/github .github
lint init --ci github . > /dev/null 2>&1
is "init --ci does not follow a linked folder" test -z "$(find ../outside/github -type f)"

# --- Terminals ----------------------------------------------------------------------------------------------------------------------

escape=$(printf '\033')
bell=$(printf '\007')
turned=$(printf '\342\200\256')
line='
'
cd "$work" || exit 1
mkdir -p "term/evil${escape}]0;title${bell}"
cd term || exit 1
git init -q .
evil="evil${escape}]0;title${bell}"
printf 'DROP TABLE "%s[2J%s";\nSELEC %s[31m;\n-- ddlint: allow %s[5m -- %s\nDROP TABLE t;\nDROP TABLE "\342\200\256evil";\n' "$escape" "$bell" "$escape" \
	"$escape" "$escape" > "$evil/001_${escape}[31m${line}::error file=x::y.sql"
printf 'a\302\233b: %s[2J\n' "$escape" > "$evil/.ddlint.yml"
chmod 000 "$evil/.ddlint.yml"
for format in text gcc github junit markdown gitlab json sarif; do
	lint --select all --verbose --format $format . > "$work/out" 2> "$work/err"
	isnt "$format has an escape" grep -q "$escape\\|$bell" "$work/out"
	case $format in
	text | gcc | github | markdown) isnt "$format has characters that turn text around" grep -q "$turned" "$work/out" ;;
	esac
	isnt "messages beside $format have an escape" grep -q "$escape\\|$bell" "$work/err"
done
lint --format github . > "$work/out" 2> /dev/null
is "a name or a text begins no command of its own" [ "$(grep -c '^::' "$work/out")" = "$(grep -c '^::[a-z]* file=evil' "$work/out")" ]
lint --color always . > "$work/out" 2> /dev/null
isnt "colours aside, a coloured report has an escape" sh -c "sed 's/$escape\\[[0-9;]*m//g' '$work/out' | grep -q '$escape'"
for command in facts schema audit; do
	lint $command --format json . > "$work/out" 2> "$work/err"
	isnt "$command has an escape" grep -q "$escape\\|$bell" "$work/out" "$work/err"
done
lint facts --format text . > "$work/out" 2>&1
isnt "facts as text has an escape" grep -q "$escape\\|$bell" "$work/out"
lint schema --format sql . > "$work/out" 2>&1
isnt "the schema as SQL has an escape" grep -q "$escape\\|$bell" "$work/out"
"$ddlint" --since "x$escape[2J" . > "$work/out" 2>&1
isnt "a message about a reference has an escape" grep -q "$escape" "$work/out"
"$ddlint" "no$escape[2J" > "$work/out" 2>&1
isnt "a message about a path has an escape" grep -q "$escape" "$work/out"

# --- Patterns ------------------------------------------------------------------------------------------------------------------------

cd "$work" || exit 1
mkdir -p regex/db
cd regex || exit 1
long=$(awk 'BEGIN { for (i = 0; i < 60; i++) printf "a" }')
printf 'CREATE TABLE %s (a int);\nDROP TABLE %s;\n' "$long" "$long" > db/001_a.sql
cat > .ddlint.yml <<-'YML'
	heat: {tables: ['/^(a+)+$/', '/(a|aa)+b/', '/(.*)*x/']}
	rollback: ['undo_{name}.sql', '{name}{name}{name}{name}{name}{name}{name}.sql']
	metadata: {patterns: {owner: '/^(a+)+$/'}}
	layout: {name: own, files: '/(?<version>(\d+)+)_(?<name>((a+)+)+)\.sql/'}
	define:
	  - {id: slow, summary: slow, on: create-table, where: {name: '/^(a|a?)+b$/'}, message: slow, bad: ['CREATE TABLE b (a int)'], good: []}
YML
timeout 20 "$ddlint" --fail-on never --select all db > "$work/out" 2>&1
is "patterns that backtrack without end come to one" test $? -le 2

# --- The binary ------------------------------------------------------------------------------------------------------------------------

if ! command -v readelf > /dev/null || readelf -sW "$ddlint" 2> /dev/null | grep -q '__asan_init\|__tsan_init\|__gcov_init'; then
	echo "how the binary is hardened is not looked at: no readelf, or no build for use"
else
	readelf -hldW "$ddlint" > "$work/elf"
	readelf -sW "$ddlint" > "$work/symbols"
	is "its place in memory is nobody's to know" grep -q 'Type: *DYN' "$work/elf"
	is "its tables cannot be written to" sh -c "grep -q GNU_RELRO '$work/elf' && grep -q 'BIND_NOW\|FLAGS.*NOW' '$work/elf'"
	is "its stack is no program" grep -q 'GNU_STACK.* RW ' "$work/elf"
	is "its stack is watched" grep -q __stack_chk_fail "$work/symbols"
	is "what is copied is counted" grep -q '__[a-z]*_chk@\|__memcpy_chk\|__snprintf_chk' "$work/symbols"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

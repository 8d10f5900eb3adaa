#!/bin/sh
# The machine fails: no memory, no space, no permission, signals, files that change. Whatever happens, the exit code is one of ours, a
# message says what could not be done, findings are whole or the run has failed, and files are what they were or what they should be.
#
# DDLINT: the binary. FAULT_STEP=N tries every Nth call (by default few; 1: all). Closes with "N passed, N failed".
set -u
ddlint=${DDLINT:-build/ddlint}
case $ddlint in /*) ;; *) ddlint=$PWD/$ddlint ;; esac
repository=$PWD
passed=0
failed=0
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 1
unset NO_COLOR

good() { passed=$((passed + 1)); }
bad() { # NAME
	failed=$((failed + 1))
	echo "FAIL $1"
	head -c 600 out err 2> /dev/null
}
is() { # NAME CONDITION...
	name=$1
	shift
	if "$@"; then good; else bad "$name"; fi
}
run() { timeout 60 "$ddlint" --config none --layout plain "$@" > out 2> err; }

mkdir db
printf 'CREATE TABLE users (id int);\nCREATE INDEX users_id ON users (id);\n' > db/001_users.sql
printf 'CREATE INDEX users_id_2 ON users (id);\nDO $$ BEGIN EXECUTE $x$DROP TABLE users$x$; END $$;\n' > db/002_index.sql
cp -r db before
run --fix --review db
cp -r db after
rm -r db && cp -r before db
is "a fix changes something" sh -c '! diff -r before after > /dev/null'
sane_files() { # each file is the old or the new one, and nothing else lies about
	for file in 001_users.sql 002_index.sql; do
		cmp -s "before/$file" "db/$file" || cmp -s "after/$file" "db/$file" || return 1
	done
	[ "$(ls -A db | wc -l)" = 2 ]
}

# --- One call fails -----------------------------------------------------------------------------------------------------------------

# The sanitizers bring a malloc of their own, which nobody may replace; what counts coverage dies without one.
faults=$work/faults.so
if nm "$ddlint" 2> /dev/null | grep -q '__asan_init\|__gcov_init' || ! cc -shared -fPIC -o "$faults" "$repository/tests/faults/preload.c" -ldl 2> /dev/null; then
	echo "calls are not made to fail: no build for use, or no compiler"
	faults=
fi

# All that a run says when nothing fails, and whether what it says when something fails is that, or nothing and exit 2.
inject() { # NAME FUNCTION ARGUMENTS...
	what=$1
	function=$2
	shift 2
	rm -r db && cp -r before db
	run "$@"
	expected=$?
	mv out expected
	number=1
	while :; do
		rm -rf seen db && cp -r before db
		FAULT=$function:$number FAULT_SEEN=$work/seen LD_PRELOAD=$faults timeout 60 "$ddlint" --config none --layout plain "$@" > out 2> err
		status=$?
		[ -d seen ] || break
		if [ $status = 2 ] && [ -s err ] && sane_files; then
			good
		elif [ $status = $expected ] && cmp -s expected out && sane_files; then
			good
		else
			bad "$what, $function call $number fails: exit $status"
		fi
		# The first ones, then fewer and fewer.
		number=$((number + 1 + ${FAULT_STEP:-$((number / 12))}))
		[ "${FAULT_STEP:-}" != 1 ] || number=$((number - 1))
	done
	is "$what calls $function" test $number -gt 1
}
if [ "$faults" ]; then
	for function in malloc read open opendir readdir write close; do
		inject check $function --format json -j 1 db
	done
	for function in malloc opendir readdir write fsync fchmod mkstemp rename close; do
		inject fix $function --fix --review --quiet db
	done
	for function in write fsync mkstemp rename close; do
		inject "-o" $function -o report.txt db
	done
	rm -f report.txt*
	# What cannot be read is not fixed, and that is said; the other one is, as far as it alone allows.
	rm -r db && cp -r before db
	FAULT=read:2 LD_PRELOAD=$faults run --fix --review db
	is "a file that cannot be read for its fix: exit 2" test $? = 2
	is "it is named" grep -q 'db/00[12].*not fixed: input or output error' err
	# A message names the file.
	rm -r db && cp -r before db
	FAULT=rename:1 LD_PRELOAD=$faults run --fix --review db
	is "what could not be written is named" grep -q '^ddlint: db/001_users.sql\|^ddlint: db/002_index.sql' err
	FAULT=mkstemp:1 LD_PRELOAD=$faults run -o report.txt db
	is "and so is -o" grep -q 'report.txt: no space' err
fi
rm -rf db && cp -r before db

# --- Space, pipes, streams ------------------------------------------------------------------------------------------------------------

run -o /dev/full db
is "-o on a full disk: exit 2" test $? = 2
is "a full disk is named" grep -q '/dev/full: no space left' err
timeout 60 "$ddlint" --config none db > /dev/full 2> err
is "standard output on a full disk: exit 2" test $? = 2
is "and says so" grep -q 'standard output' err
timeout 60 "$ddlint" --config none db >&- 2> err
is "no standard output: exit 2" test $? = 2
timeout 60 "$ddlint" --config none --fix --review db >&- 2>&- <&-
is "no standard streams at all: a fix is a fix" sane_files
rm -r db && cp -r before db
awk 'BEGIN { for (i = 0; i < 20000; i++) print "DROP TABLE t" i ";" }' > big.sql
{ timeout 60 "$ddlint" --config none big.sql; echo $? > code; } 2> err | head -n 1 > out
is "a reader that goes away is no failure" grep -qx 1 code
is "and nothing is said about it" test ! -s err
run -o nowhere/report.txt db
is "-o in a folder that is not there" grep -q 'nowhere/report.txt: no such' err
rm big.sql

# --- Memory -----------------------------------------------------------------------------------------------------------------------------

awk 'BEGIN { for (i = 0; i < 20000; i++) print "CREATE TABLE t" i " (a int, b text);" }' > large.sql
if ! nm "$ddlint" 2> /dev/null | grep -q '__[at]san_init'; then
	for limit in 10000 20000 40000 80000 100000 150000 300000; do
		(ulimit -v $limit && timeout 60 "$ddlint" --config none -j 2 --fail-on never large.sql) > out 2> err
		status=$?
		# Below some size the system itself does not start a program.
		is "$limit KiB of memory: exit $status" test $status = 0 -o $status = 2 -o $limit -le 20000
	done
	(ulimit -v 90000 && "$ddlint" --config none large.sql) > out 2> err
	is "too little memory is said" grep -q 'memory\|thread' err
fi
rm large.sql

# --- Signals in the middle of a fix ---------------------------------------------------------------------------------------------------

mkdir many
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	{ awk -v n="$i" 'BEGIN { for (i = 0; i < 200; i++) print "CREATE INDEX i" n "_" i " ON users (id);" }'; } > many/$i.sql
done
cp -r many many.before
run --fix --review many
cp -r many many.after
for signal in TERM INT HUP KILL; do
	for wait in 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.15 0.2; do
		rm -rf many && cp -r many.before many
		"$ddlint" --config none --layout plain --fix --review many > out 2> err &
		child=$!
		sleep $wait
		kill -s $signal $child 2> /dev/null
		wait $child 2> /dev/null
		whole=yes
		for file in many.before/*; do
			name=$(basename "$file")
			cmp -s "$file" "many/$name" || cmp -s "many.after/$name" "many/$name" || whole=
		done
		is "SIG$signal after $wait s: every file is the old or the new one" test "$whole"
		[ $signal = KILL ] || is "SIG$signal after $wait s: nothing is left behind" test "$(ls -A many | wc -l)" = 20
	done
done
rm -rf many*

# --- Files that are not what they seem --------------------------------------------------------------------------------------------------

chmod 000 db/001_users.sql
as_nobody=
[ "$(id -u)" != 0 ] || as_nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
if [ -z "$as_nobody" ] || $as_nobody test -x "$ddlint" 2> /dev/null; then
	# shellcheck disable=SC2086 # a command and its options
	$as_nobody "$ddlint" --config none --layout plain db > out 2> err
	is "an unreadable file: exit 2" test $? = 2
	is "it is named" grep -q 'db/001_users.sql.*permission denied' err
	is "and the other one is linted" grep -q 'db/002_index.sql' out
	chmod 644 db/001_users.sql && chmod 555 db
	# shellcheck disable=SC2086
	$as_nobody "$ddlint" --config none --layout plain --fix --review db > out 2> err
	is "a folder that nothing can be written to: exit 2" test $? = 2
	is "and every file in it is named" grep -q 'db/002_index.sql: permission denied' err
	chmod 755 db
	mkdir closed && chmod 000 closed
	# shellcheck disable=SC2086
	$as_nobody "$ddlint" --config none db closed > out 2> err
	is "a folder that cannot be listed: exit 2" test $? = 2
	is "it is named, too" grep -q '^closed.*permission denied' err
	chmod 755 closed
else
	echo "permissions are not tried: the binary is not everybody's"
fi
rm -r db && cp -r before db

long=$(awk 'BEGIN { for (i = 0; i < 251; i++) printf "n" }')
echo 'CREATE INDEX i ON t (a);' > "db/$long.sql"
run --fix --review "db/$long.sql"
is "a name of 255 bytes is fixed" grep -q CONCURRENTLY "db/$long.sql"
newline=$(printf 'db/a\nb.sql')
echo 'CREATE INDEX i ON t (a);' > "$newline"
run --format gcc db
is "a name with a line end stays on its line" grep -q '^db/a b.sql:1:1: ' out
rm -r db && cp -r before db

mkfifo db/pipe.sql
ln -s pipe.sql db/link.sql
ln -s loop.sql db/loop.sql
ln -s . db/again
mkfifo .ddlint.yml .gitignore
for command in check facts schema audit 'check --fix'; do
	# shellcheck disable=SC2086
	timeout 20 "$ddlint" $command --layout plain db < /dev/null > out 2> err
	is "$command does not wait for a pipe" test $? != 124
done
timeout 20 "$ddlint" --config none db/pipe.sql > out 2> err
is "a pipe by its name: exit 2" test $? = 2
timeout 20 "$ddlint" --config none /dev/zero > out 2> err
is "a device by its name: exit 2" test $? = 2
rm -r db .ddlint.yml .gitignore && cp -r before db

deep=db
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do deep=$deep/$(printf '%0200d' "$i"); done
mkdir -p "$deep" 2> /dev/null && echo 'DROP TABLE t;' > "$deep/1.sql"
run db
is "very deep folders: exit $?" grep -q 'db/002_index.sql' out
rm -r db && cp -r before db

i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	(for n in 1 2 3 4 5 6 7 8; do
		awk 'BEGIN { for (i = 0; i < 3000; i++) print "DROP TABLE t" i ";" }' >> db/001_users.sql
		: > db/001_users.sql
		mv db/002_index.sql db/003.sql && mv db/003.sql db/002_index.sql
	done) &
	run --fail-on never db
	status=$?
	wait
	[ $status = 0 ] || [ $status = 2 ] || break
done
is "files that change while they are read: exit $status" test $i = 20

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

#!/bin/sh
# Runs the transcripts of fixtures/cli/ and compares what ddlint prints, byte for byte.
#
#   golden.sh [--update] [FILE...]     --update: write what is printed now into the transcripts; read `git diff` afterwards
#
# A transcript looks like a terminal: `$ ` starts a command, `> ` continues it, what follows is what it prints on standard
# output and standard error, `[exit N]` its exit code (always behind ddlint, behind other commands when it is not 0). Lines above
# the first command are a comment; `# needs: user` there skips it for root, who may read everything. Each transcript runs in an
# empty folder of its own; $FIXTURES is the folder of the fixtures.
set -u
LC_ALL=C.UTF-8
TERM=dumb
SOURCE_DATE_EPOCH=1767225600
export LC_ALL TERM SOURCE_DATE_EPOCH
unset NO_COLOR

root=$(cd "$(dirname "$0")/.." && pwd)
ddlint=${DDLINT:-$root/build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
FIXTURES=$root/fixtures
export FIXTURES

update=
if [ "${1:-}" = --update ]; then
	update=yes
	shift
fi
[ $# -gt 0 ] || set -- "$root"/fixtures/cli/*.txt

scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$ddlint" "$scratch/bin/ddlint"
PATH=$scratch/bin:$PATH
export PATH

# Runs one command in the transcript's folder and prints it with its output.
run() {
	[ -n "$1" ] || return 0
	printf '%s\n' "$1" | sed -e '1s/^/$ /' -e '2,$s/^/> /'
	(cd "$scratch/work" && eval "$1") < /dev/null > "$scratch/output" 2>&1
	status=$?
	# A last line without its end would run into the next one.
	sed -e '$a\' "$scratch/output"
	case $1 in
	ddlint* | *' ddlint '*) printf '[exit %s]\n\n' "$status" ;;
	*)
		if [ "$status" != 0 ]; then
			printf '[exit %s]\n\n' "$status"
		elif [ -s "$scratch/output" ]; then
			echo
		fi
		;;
	esac
}

transcript() {
	command=
	head=yes
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'$ '*)
			run "$command"
			command=${line#??}
			head=
			;;
		'> '*)
			command="$command
${line#??}"
			;;
		*)
			[ -z "$head" ] || printf '%s\n' "$line"
			;;
		esac
	done < "$1"
	run "$command"
}

passed=0
failed=0
skipped=0
for file; do
	if [ "$(id -u)" = 0 ] && grep -q '^# needs: user' "$file"; then
		skipped=$((skipped + 1))
		continue
	fi
	chmod -R u+rwx "$scratch/work" 2>/dev/null
	rm -rf "$scratch/work"
	mkdir "$scratch/work"
	# No blank line at the very end.
	transcript "$file" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$scratch/actual"
	if cmp -s "$file" "$scratch/actual"; then
		passed=$((passed + 1))
	elif [ -n "$update" ]; then
		cp "$scratch/actual" "$file"
		echo "updated ${file##*/}"
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "--- ${file##*/}"
		diff -u "$file" "$scratch/actual"
	fi
done
[ "$skipped" = 0 ] || echo "$skipped skipped (they need a user who is not root)"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

#!/bin/sh
# Completion in bash, zsh and fish: of every command just the options that its help lists, of `ddlint` all commands, and values.
# A shell that is not there is left out, and said so.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
LC_ALL=C.UTF-8
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
completions=$(pwd)/analyzer/commands/completions
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
HOME=$work
mkdir "$work/bin"
ln -s "$ddlint" "$work/bin/ddlint"
PATH=$work/bin:$PATH
export HOME PATH

# What a shell offers with the cursor behind the last word, one a line.
bash_offers() {
	bash --norc -c '. "$0/ddlint.bash"; COMP_WORDS=(ddlint "$@"); COMP_CWORD=$#; _ddlint; printf "%s\n" "${COMPREPLY[@]}"' "$completions" "$@"
}
# Outside its line editor zsh has no completion: the three functions that the script calls print what they are given.
zsh_offers() {
	zsh -f -c '
		compadd() { while [[ $1 == -* ]]; do [[ $1 == -- ]] && { shift; break }; shift; done; print -rl -- "$@"; }
		_describe() { print -rl -- "${(@P)2%%:*}"; }
		_files() { print -rl -- *; }
		words=(ddlint "$@") CURRENT=$((# + 1)) PREFIX=$argv[-1]
		. $0/_ddlint' "$completions" "$@"
}
fish_offers() {
	fish --no-config -c 'source $argv[1]/ddlint.fish; complete -C (string join " " -- ddlint $argv[2..-1]) | cut -f 1' "$completions" "$@"
}

pass() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAIL $1"
}
offers() { # WANTED WORD...: among others
	wanted=$1
	shift
	if "${shell}_offers" "$@" | grep -qxF -e "$wanted"; then
		pass
	else
		fail "$shell: ddlint $* does not offer $wanted"
	fi
}
lists() { # NAME FILE WORD...: just the lines of the file begin like this
	name=$1
	file=$2
	shift 2
	"${shell}_offers" "$@" 2>&1 | grep "$only" | sort -u > "$work/offered"
	if cmp -s "$file" "$work/offered"; then
		pass
	else
		fail "$shell: $name"
		diff "$file" "$work/offered" | head -n 10
	fi
}

ddlint --help | sed -nE '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p' | sort > "$work/commands"
[ -s "$work/commands" ] || fail 'ddlint --help lists no commands'
for shell in bash zsh fish; do
	if ! command -v "$shell" > /dev/null; then
		echo "skipped: there is no $shell"
		continue
	fi
	only='^--'
	while read -r command; do
		ddlint help "$command" | sed -nE 's/^  (-., |    )(--[a-z-]+).*/\2/p' | sort -u > "$work/options"
		[ -s "$work/options" ] || fail "ddlint help $command lists no options"
		lists "the options of $command" "$work/options" "$command" --
		ddlint help "$command" | sed -n 's/^formats: //p' | tr -d ' ' | tr ',' '\n' | sort > "$work/formats"
		[ ! -s "$work/formats" ] || only=. lists "the formats of $command" "$work/formats" "$command" --format ''
	done < "$work/commands"
	while read -r command; do
		offers "$command" "$command"
	done < "$work/commands"
	offers released rel
	offers column-dropped explain column-d
	offers golang-migrate --layout golang
	offers locking --select lock
	offers zero-downtime --pack zero
	offers never --fail-on n
	offers controlled --max-risk c
	offers allow --on-unknown a
	offers gitlab init --ci gitl
	offers json facts --format ''
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

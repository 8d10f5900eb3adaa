#!/bin/sh
# make deps: installs what building and testing ddlint needs and this machine lacks. Does nothing when nothing is missing.
#
#   deps.sh DIRECTORY [PACKAGE...]    DIRECTORY: below it libpg_query 18 is unpacked when the system has none
#                                     PACKAGE: further Debian packages that are wanted, such as a server for make verify
#
# Nothing of the user's apt configuration is changed: where the release carries an older libpg_query, the newer package is
# fetched from the machine's own Debian mirror with private lists, checked by apt against the archive's signatures, and unpacked
# (not installed) below DIRECTORY.
set -eu

directory=${1:?usage: deps.sh DIRECTORY [PACKAGE...]}
shift
packages="$* gcc make libc6-dev libpcre2-dev libyaml-dev libjansson-dev libxxhash-dev libbsd-dev libmd-dev libcmocka-dev"

say() { printf 'deps: %s\n' "$*" >&2; }
has_18() { grep -qs 'define PG_MAJORVERSION "18"' "$1/include/pg_query.h" && [ -e "$1/include/pg_query/pg_query_internal.h" ]; }

if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
	say "this is not Debian: install libpg_query 18, PCRE2, libyaml, jansson (and cmocka for the tests), then run make LIBPG_QUERY=/prefix"
	exit 1
fi

# --- Packages of this release ------------------------------------------------------------------------------------------------

missing=
for package in $packages; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
need_parser=yes
if has_18 /usr || has_18 "$directory/usr"; then
	need_parser=
fi
if [ -z "$missing" ] && [ -z "$need_parser" ]; then
	exit 0
fi

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		sudo "$@"
	else
		say "run this as root, then make again: $*"
		exit 1
	fi
}
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | grep -v '(none)' || true; }

if [ -n "$missing" ]; then
	say "installing$missing"
	if [ -z "$(candidate libyaml-dev)" ]; then
		as_root apt-get -qq update
	fi
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing >/dev/null
fi
if [ -z "$need_parser" ]; then
	exit 0
fi
case $(candidate libpg-query-dev) in
18.*)
	say "installing libpg-query-dev"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install libpg-query-dev >/dev/null
	exit 0
	;;
esac

# --- libpg_query 18 from a newer suite, unpacked privately ----------------------------------------------------------------------

# The first mirror that this machine takes Debian's main component of its own release from: "URI|keyring".
mirror() {
	# shellcheck source=/dev/null
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
	cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk -v codename="$codename" '
		function emit() {
			if (uri != "" && suites ~ ("(^| )" codename "( |$)") && components ~ /(^| )main( |$)/) { print uri "|" key; found = 1; exit }
			uri = suites = components = key = ""
		}
		/^[ \t]*$/ { emit(); next }
		/^URIs:/ { uri = $2 }
		/^Suites:/ { sub(/^Suites:[ \t]*/, ""); suites = $0 }
		/^Components:/ { sub(/^Components:[ \t]*/, ""); components = $0 }
		/^Signed-By:[ \t]*\// { key = $2 }
		END { if (!found) emit() }' | head -n 1
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk -v codename="$codename" '
		$1 == "deb" {
			key = ""; at = 2
			if ($2 ~ /^\[/) {
				while (at <= NF) {
					if (match($at, /signed-by=[^] ]*/)) key = substr($at, RSTART + 10, RLENGTH - 10)
					if ($at ~ /\]$/) break
					at++
				}
				at++
			}
			if ($(at + 1) == codename && $0 ~ / main( |$)/) { print $at "|" key; exit }
		}'
}

source=$(mirror | head -n 1)
if [ -z "$source" ]; then
	say "no Debian mirror is configured here: install libpg_query 18 by hand, then run make LIBPG_QUERY=/prefix"
	exit 1
fi
uri=${source%%|*}
key=${source#*|}
mkdir -p "$directory"
private=$(cd "$directory" && pwd)/apt
mkdir -p "$private/lists/partial" "$private/archives/partial" "$private/sources"
: > "$private/status"

fetch() { # SUITE
	{
		printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$1"
		[ -z "$key" ] || printf 'Signed-By: %s\n' "$key"
	} > "$private/sources/private.sources"
	set -- -qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$private/sources" -o Dir::Etc::preferencesparts=/dev/null \
		-o "Dir::State=$private" -o "Dir::State::lists=$private/lists" -o "Dir::State::status=$private/status" \
		-o "Dir::Cache=$private" -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::IndexTargets::deb::DEP-11-icons::DefaultEnabled=false \
		-o Acquire::IndexTargets::deb::DEP-11-icons-small::DefaultEnabled=false \
		-o Acquire::IndexTargets::deb::DEP-11-icons-large::DefaultEnabled=false \
		-o Acquire::IndexTargets::deb::DEP-11-icons-hidpi::DefaultEnabled=false
	[ "$(id -u)" != 0 ] || set -- "$@" -o APT::Sandbox::User=root
	apt-get "$@" update && (cd "$private/archives" && rm -f ./*.deb && apt-get "$@" download libpg-query-dev)
}

for suite in sid forky; do
	say "fetching libpg_query 18 from the suite $suite of $uri"
	if fetch "$suite"; then
		rm -rf "$private/root"
		dpkg -x "$private"/archives/libpg-query-dev_*.deb "$private/root"
		if has_18 "$private/root/usr"; then
			rm -rf "${directory:?}/usr"
			mv "$private/root/usr" "$directory/usr"
			rm -rf "$private"
			exit 0
		fi
	fi
done
say "libpg_query 18 could not be had from $uri: build it from its source, then run make LIBPG_QUERY=/prefix"
exit 1

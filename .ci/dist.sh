#!/bin/sh
# make dist: a release, in FOLDER: the source, a Linux binary that needs nothing, what is linked into it, and checksums.
#
#   dist.sh VERSION BINARY FOLDER    BINARY: static, with its linker map beside it as BINARY.map
#
# The same commit gives the same bytes: times are the commit's (or SOURCE_DATE_EPOCH), owners and orders are fixed.
set -eu
version=${1:?usage: dist.sh VERSION BINARY FOLDER}
binary=${2:?usage: dist.sh VERSION BINARY FOLDER}
folder=${3:?usage: dist.sh VERSION BINARY FOLDER}
LC_ALL=C
export LC_ALL
git rev-parse --git-dir > /dev/null 2>&1 || {
	echo 'dist: a release is made from a git checkout' >&2
	exit 1
}
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
name=ddlint-$version-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$folder"
mkdir -p "$folder"

# --- What is linked in -----------------------------------------------------------------------------------------------------------

# The archives that members were taken from, and the object files that are not ours.
linked() {
	sed -n '1,/^Discarded input sections\|^Memory Configuration/s/^\(\/[^ ()]*\.a\)(.*/\1/p
		s/^\(build[^ ()]*\/libpg_query\.a\)(.*/\1/p
		s/^LOAD \(\/.*\.o\)$/\1/p' "$binary.map" | sort -u
}

# The Debian package that a file is from, its version, and where its copyright stands: "PACKAGE VERSION COPYRIGHT". libpg_query may
# have been unpacked privately (.ci/deps.sh), so that no database knows it.
origin() { # FILE
	root=${1%/lib/*}
	case $1 in
	*/libpg_query.a)
		doc=$root/share/doc/libpg-query-dev
		echo "libpg-query-dev $(gzip -dc "$doc"/changelog.Debian.gz | sed -n '1s/.*(\(.*\)).*/\1/p') $doc/copyright"
		;;
	*)
		package=$(dpkg -S "$(readlink -f "$1")" 2> /dev/null | head -n 1 | sed 's/: .*//')
		[ -n "$package" ] || {
			echo "dist: no Debian package has $1: what is linked in cannot be told" >&2
			return 1
		}
		echo "${package%%:*} $(dpkg-query -W -f '${Version}' "$package") /usr/share/doc/${package%%:*}/copyright"
		;;
	esac
}

# The licences that a copyright file names; two are older than the form in which it names them.
terms() { # PACKAGE COPYRIGHT
	case $1 in
	libc6-dev) echo 'LGPL-2.1+' ;;
	libgcc-*-dev) echo 'GPL-3+ with the GCC runtime library exception' ;;
	*) sed -n 's/^License: *//p' "$2" | sort -u | paste -s -d , - | sed 's/,/, /g' ;;
	esac
}

linked > "$work/linked"
while read -r file; do
	origin "$file" || exit 1
done < "$work/linked" | sort -u > "$work/origins"
{
	echo "What is linked into the binary of ddlint $version, as Debian packages, and the terms of each."
	echo 'The C library is under the LGPL: to link ddlint against another one, build it from its source, which is beside this file.'
	echo
	while read -r package number copyright; do
		printf '  %-20s %-24s %s\n' "$package" "$number" "$(terms "$package" "$copyright")"
	done < "$work/origins"
	while read -r package number copyright; do
		printf '\n%s\n%s %s\n\n' '-------------------------------------------------------------------------------' "$package" "$number"
		cat "$copyright"
	done < "$work/origins"
} > "$folder/THIRD-PARTY.txt"

# --- The archives ------------------------------------------------------------------------------------------------------------------

git archive --format=tar --prefix="ddlint-$version/" HEAD | gzip -n -9 > "$folder/ddlint-$version.tar.gz"

make --no-print-directory -s install BINARY="$binary" DESTDIR="$work/$name" PREFIX=
cp LICENSE README.md CHANGELOG.md "$folder/THIRD-PARTY.txt" "$work/$name/"
tar -C "$work" --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw -cf - "$name" |
	gzip -n -9 > "$folder/$name.tar.gz"

(cd "$folder" && sha256sum ./*.tar.gz THIRD-PARTY.txt | sed 's/  \.\//  /' > SHA256SUMS)
ls "$folder"

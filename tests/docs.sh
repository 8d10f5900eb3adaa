#!/bin/sh
# The documentation is true: what README.md shows is what ddlint prints, and what it names is there.
#
# DDLINT: the binary. Closes with "N passed, N failed".
#
# In README.md, a ```console block holds commands behind "$ " and exactly what they print, where a line "…" stands for any lines.
# A comment `<!-- file: PATH -->` above a block says that it is that file, `<!-- tree -->` that it is the tree, `<!-- table: PATH -->`
# above a table that it is that one.
set -u
LC_ALL=C.UTF-8
TERM=dumb
export LC_ALL TERM
unset NO_COLOR

cd "$(dirname "$0")/.." || exit 1
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) ;;
*) ddlint=$(pwd)/$ddlint ;;
esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/blocks"
ln -s "$ddlint" "$work/bin/ddlint"
PATH=$work/bin:$PATH
export PATH

pass() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAIL $1"
}
same() { # WHAT EXPECTED ACTUAL
	if cmp -s "$2" "$3"; then
		pass
	else
		fail "$1"
		diff -u "$2" "$3" | head -n 40
	fi
}
names() { # WHAT FILE WORD: the file has the word
	if grep -qwF -e "$3" "$2"; then
		pass
	else
		fail "$1: $2 does not name $3"
	fi
}

# --- The rules ---------------------------------------------------------------------------------------------------------------------

ddlint rules --format markdown > "$work/rules.md"
same "rules/README.md is what \`ddlint rules --format markdown\` prints" "$work/rules.md" rules/README.md

ddlint rules | sed -n 's/^  \([a-z-]*\) .*/\1/p' > "$work/rules"
while read -r rule; do
	ddlint explain "$rule" > "$work/explained" 2>&1
	for section in Bad Good; do
		if awk -v section="$section" '$0 == section { inside = 1; next } /^[A-Z]/ { inside = 0 } inside && NF { found = 1 }
				END { exit !found }' "$work/explained"; then
			pass
		else
			fail "ddlint explain $rule shows no $section SQL"
		fi
	done
done < "$work/rules"
[ -s "$work/rules" ] || fail "ddlint rules lists nothing"

# Recipes are pasted: those of the fixtures are SQL. ("…" stands for what only the author knows; prose ends with a full stop.)
for fixture in fixtures/rules/*/*.sql; do
	ddlint --config none --select all --fail-on never --format json - < "$fixture" | sed -n 's/.*"instead": "\(\([^"\\]\|\\.\)*;\)".*/\1/p' |
		grep -v '…\|pg_repack' | sort -u | while IFS= read -r recipe; do
		printf '%b\n' "$recipe" > "$work/recipe.sql"
		ddlint --config none --select syntax-error --quiet "$work/recipe.sql" > "$work/messages" 2>&1 || { cat "$work/messages" "$work/recipe.sql"; break; }
	done > "$work/wrong"
	if [ -s "$work/wrong" ]; then
		fail "a recipe for $fixture is no SQL"
		head -n 20 "$work/wrong"
	else
		pass
	fi
done

# --- Options, formats, layouts ------------------------------------------------------------------------------------------------------

# The manual page has the options and the commands of --help, and no others.
ddlint --help > "$work/help"
sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$work/help" | sort > "$work/commands"
while read -r command; do
	ddlint help "$command"
done < "$work/commands" | sed -nE 's/^  (-., |    )(--[a-z-]+).*/\2/p' | sort -u > "$work/options"
[ -s "$work/commands" ] && [ -s "$work/options" ] || fail 'ddlint --help lists no commands or no options'
page=analyzer/commands/ddlint.1
sed -n '/^\.Ss Options/,/^\.Sh/s/^\.It.* Fl \\-\([a-z\-]*\).*/--\1/p' "$page" | tr -d '\\' | sort > "$work/in_page"
same "the options of $page" "$work/options" "$work/in_page"
sed -n '/^\.Ss Commands/,/^\.Ss Options/s/^\.It Cm \([a-z]*\).*/\1/p' "$page" | sort > "$work/in_page"
same "the commands of $page" "$work/commands" "$work/in_page"

listed() { # TITLE: the names of a list at the end of --help
	sed -n "/^$1: /,/^[a-z ]*: /p" "$work/help" | sed -e "1s/^$1: //" -e '2,${/^[a-z ]*: /d}' | tr -d ' ' | tr ',' '\n' | sed '/^$/d' | sort -u
}
for title in formats layouts; do
	listed "$title" > "$work/listed"
	[ -s "$work/listed" ] || fail "ddlint --help lists no $title"
	while read -r name; do
		names "$title" README.md "\`$name\`"
	done < "$work/listed"
done
sed -n 's/^## //p' rules/README.md | while read -r family; do echo "**$family**"; done > "$work/families"
while read -r family; do
	names "families" README.md "$family"
done < "$work/families"

# --- The blocks of the pages ----------------------------------------------------------------------------------------------------------

pages='README.md CONTRIBUTING.md rules/packs/README.md analyzer/effect/extensions/README.md analyzer/discover/layouts/README.md'

# Writes each block to blocks/NUMBER.LANGUAGE; its mark, `file: PATH` or `tree`, to blocks/NUMBER.mark.
awk -v folder="$work/blocks" '
	/^```/ && !inside {
		inside = 1
		file = sprintf("%s/%02d.%s", folder, ++count, substr($0, 4))
		printf "" > file
		if (mark != "") printf "%s\n", mark > sprintf("%s/%02d.mark", folder, count)
		next
	}
	/^```/ { inside = 0; close(file); mark = ""; next }
	inside { print > file; next }
	/^<!-- .* -->$/ { mark = substr($0, 6, length($0) - 9); next }
	NF { mark = "" }' $pages

# Compares what a command printed with what is shown, where "…" stands for any lines.
shown() { # SHOWN PRINTED
	awk '
		FNR == NR { printed[FNR] = $0; total = FNR; next }
		{ shown[FNR] = $0; wanted = FNR }
		function matches(at, from, to,    i) {
			for (i = from; i <= to; i++)
				if (printed[at + i - from] != shown[i]) return 0
			return 1
		}
		END {
			at = 1
			for (i = 1; i <= wanted; i = to + 1) {
				open = 0
				while (i <= wanted && shown[i] == "…") { open = 1; i++ }
				if (i > wanted) exit 0
				for (to = i; to < wanted && shown[to + 1] != "…"; to++);
				if (to == wanted && open) at = total - (to - i) < at ? total + 1 : total - (to - i)
				while (at + to - i <= total && !matches(at, i, to) && open) at++
				if (at + to - i > total || !matches(at, i, to)) { print shown[i]; exit 1 }
				at += to - i + 1
			}
			exit at <= total
		}' "$2" "$1"
}

for block in "$work"/blocks/*.console; do
	awk -v base="${block%.console}" '/^\$ / { n++; print substr($0, 3) > (base "." n ".command"); next } { print > (base "." n ".shown") }' "$block"
done
for command in "$work"/blocks/*.command; do
	output=${command%.command}.shown
	touch "$output"
	sh "$command" > "$work/printed" 2>&1
	if missed=$(shown "$output" "$work/printed"); then
		pass
	else
		fail "$(cat "$command") prints something else, from: $missed"
		head -n 60 "$work/printed"
	fi
done

for block in "$work"/blocks/*.yaml; do
	ddlint --config "$block" --summary --fail-on never fixtures/shop > /dev/null 2> "$work/messages"
	if [ $? = 0 ] && [ ! -s "$work/messages" ]; then
		pass
	else
		fail "a page's configuration is not taken: $(head -n 3 "$block")"
		cat "$work/messages"
	fi
done

# Rules of one's own hold their examples.
for block in $(grep -l '^define:' "$work"/blocks/*.yaml); do
	if ddlint rules --test "$block" > "$work/messages" 2>&1; then
		pass
	else
		fail "the examples of a page's own rules"
		cat "$work/messages"
	fi
done

# What a page tells one to type is there: targets of the Makefile, commands and options of ddlint.
cat $pages | tr '\n' ' ' | grep -o '`make [^`]*`\|`ddlint [^`]*`' | tr -d '`' | sort -u > "$work/typed"
cat "$work"/blocks/*.sh | sed 's/ *#.*//' | grep -v '^$' >> "$work/typed"
make -s help | sed -n 's/^  make \([a-z-]*\) .*/\1/p' > "$work/targets"
while read -r program command rest; do
	case "$program $command" in
	make\ *=*) continue ;;
	make\ *) grep -qxF -e "$command" "$work/targets" && pass || fail "a page says make $command, which is none" ;;
	ddlint\ *)
		grep -qxF -e "$command" "$work/commands" || rest="$command $rest" command=check
		ddlint help "$command" > "$work/help"
		for word in $rest; do
			case $word in
			--*) names "a page says ddlint $command $rest" "$work/help" "$word" ;;
			esac
		done
		;;
	*) fail "a page says $program $command: is that tested?" ;;
	esac
done < "$work/typed"

# Allow-comments: each is understood (that there is nothing to allow is no matter).
for block in "$work"/blocks/*.sql; do
	if (cat "$block" && echo 'SELECT 1;') | ddlint --config none --format json - | grep -q '"suppression-without-reason"\|"syntax-error"'; then
		fail "README.md: an allow-comment is not understood"
	else
		pass
	fi
done

for mark in "$work"/blocks/*.mark; do
	block=$(ls "${mark%.mark}".* | grep -v '\.mark$')
	case $(cat "$mark") in
	file:*)
		path=$(sed 's/^file: *//' "$mark")
		same "README.md shows $path" "$path" "$block"
		;;
	tree)
		# A name ends at two blanks; what is below analyzer/ is indented.
		sed -n 's/^\(  *\)\{0,1\}\([A-Za-z._/-]*\)  .*$/\1\2/p' "$block" | sed 's/^  */analyzer\//' | sort > "$work/tree"
		{
			for name in *; do
				case $name in
				build | local.mk) continue ;;
				esac
				[ ! -d "$name" ] || name=$name/
				echo "$name"
			done
			for folder in analyzer/*/; do
				echo "$folder"
			done
		} | sort > "$work/disk"
		same "README.md: the tree" "$work/disk" "$work/tree"
		;;
	esac
done

# --- The comparison -------------------------------------------------------------------------------------------------------------------------

table=fixtures/compare/table.md
sed -n '\|^<!-- table: '"$table"' -->$|,/^$/p' README.md | sed '1d;$d' > "$work/table"
same "README.md shows $table" "$table" "$work/table"
if command -v python3 > /dev/null; then
	if python3 tests/bench/compare.py "$(dirname "$ddlint")" --check > "$work/messages"; then
		pass
	else
		fail "fixtures/compare: make compare measures it anew"
		cat "$work/messages"
	fi
else
	echo 'skipped: python3 is missing: what ddlint does in the comparison is not looked at'
fi

# --- Places ------------------------------------------------------------------------------------------------------------------------------

# What a page names below these folders is there; x-y and x_y are a rule that nobody wrote, FUZZER/ is any.
cat $pages SECURITY.md | grep -o '`[^`]*`' | tr -d '`' | tr ' ' '\n' | grep -E '^(analyzer|debian|editors|fixtures|rules|tests)/' | grep -v 'x[-_]y\|[A-Z][A-Z]/' | sort -u > "$work/places"
while read -r place; do
	if ls -d $place > /dev/null 2>&1; then
		pass
	else
		fail "a page names $place, which is not there"
	fi
done < "$work/places"
# CONTRIBUTING.md's table of analyzer/: all folders but base/, and headers that are there.
sed -n 's/^| `\([a-z]*\)\/` | .* | \(.*\) |$/\1 \2/p' CONTRIBUTING.md | tr -d '`,' > "$work/faces"
cut -d ' ' -f 1 "$work/faces" | sort > "$work/folders"
for folder in analyzer/*/; do
	[ "$folder" = analyzer/base/ ] || basename "$folder"
done | sort > "$work/disk"
same "CONTRIBUTING.md: the folders of analyzer/" "$work/disk" "$work/folders"
while read -r folder faces; do
	for face in $faces; do
		[ -e "analyzer/$folder/$face" ] && pass || fail "CONTRIBUTING.md: analyzer/$folder/$face is not there"
	done
done < "$work/faces"

# --- Links ------------------------------------------------------------------------------------------------------------------------------

for page in $pages rules/README.md CHANGELOG.md SECURITY.md; do
	grep -o ']([^)]*)' "$page" | sed -e 's/^](//' -e 's/)$//' -e 's/#.*//' | grep -v '^https\{0,1\}:\|^$' | sort -u > "$work/links"
	while read -r link; do
		if [ -e "$(dirname "$page")/$link" ]; then
			pass
		else
			fail "$page links to $link, which is not there"
		fi
	done < "$work/links"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

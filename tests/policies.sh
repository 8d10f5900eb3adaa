#!/bin/sh
# The five policies: each example history breaks every sentence of its document that can be linted, and the report names each.
#
# fixtures/policies/N.yml is the configuration, N/ the history, N.txt what is found: "file[:line] rule", sorted. APPENDIX.md has a
# row for each sentence; its rules exist, and one of them is found in the history of its document unless the row says where else.
# ROWS.md has what they come to; rows/ has a project that breaks each row, with the packs of who asks for it, and one that keeps it.
#
# DDLINT: the binary. Closes with "N passed, N failed".
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 1
ddlint=${DDLINT:-build/ddlint}
case $ddlint in
/*) binary=$ddlint ;;
*) binary=$(pwd)/$ddlint ;;
esac
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Approvals, windows and old statistics are measured from this day.
SOURCE_DATE_EPOCH=1780272000
export SOURCE_DATE_EPOCH

pass() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAIL $1"
}

for policy in 000 001 002 003 004; do
	"$ddlint" --config "fixtures/policies/$policy.yml" --fail-on never --format gcc "fixtures/policies/$policy" > "$work/report" 2> "$work/errors"
	[ -s "$work/errors" ] && fail "$policy: $(cat "$work/errors")"
	sed -E -e 's/^[^:]*\/([^/:]*):([0-9]+):[0-9]+: [a-z]+: .*\[([a-z-]*)\]$/\1:\2 \3/' \
		-e 's/^[^:]*\/([^/:]*): [a-z]+: .*\[([a-z-]*)\]$/\1 \2/' "$work/report" | sort > "$work/found"
	if cmp -s "fixtures/policies/$policy.txt" "$work/found"; then
		pass
	else
		fail "$policy: other findings than fixtures/policies/$policy.txt has"
		diff "fixtures/policies/$policy.txt" "$work/found"
	fi
done

# | S0 47 | what is asked | `rule`, `rule` |
sed -n 's/^| S\([0-4]\) \([0-9, -]*\) | .* | \(.*\) |$/\1|\2|\3/p' fixtures/policies/APPENDIX.md > "$work/rows"
[ "$(wc -l < "$work/rows")" -gt 150 ] || fail "APPENDIX.md has lost its rows"
while IFS='|' read -r document line answer; do
	case $answer in
	'not lintable: '?* | 'command: '?*)
		pass
		continue
		;;
	esac
	found=
	for rule in $(printf '%s\n' "$answer" | grep -o '`[a-z-]*`' | tr -d '`'); do
		if [ ! -d "fixtures/rules/$rule" ] && ! grep -q "id: $rule\$" rules/packs/*.yml; then
			fail "S$document $line: there is no rule $rule"
		fi
		grep -q " $rule\$" "fixtures/policies/00$document.txt" && found=1
		case $answer in 'elsewhere: '*) found=1 ;; esac
	done
	if [ -n "$found" ]; then
		pass
	else
		fail "S$document $line: nothing of \"$answer\" is found in fixtures/policies/00$document"
	fi
done < "$work/rows"

# | 7 | what is asked | `rule`, `rule`; command: `words` in FILE | — of ROWS.md
has_fixtures() { # RULE: one that it fires on, one that it is silent on
	if [ -d "fixtures/rules/$1" ]; then
		grep -lE "expect(-file)?: $1( |\$)" "fixtures/rules/$1"/*.sql | grep -q . && grep -LE "expect(-file)?: $1( |\$)" "fixtures/rules/$1"/*.sql | grep -q .
	else # in YAML both are part of the rule, and tried
		sed -n "/- id: $1\$/,/^  - id: /p" rules/packs/*.yml > "$work/own"
		grep -q '^ *bad:' "$work/own" && grep -q '^ *good:' "$work/own"
	fi
}
is_switched_on() { # RULE: by itself or by a pack
	grep -qE "^\| \[\`$1\`\]\([^)]*\) \| (error|warning|note) " rules/README.md || grep -qE "^  $1: (error|warning|note|\{)" rules/packs/*.yml ||
		sed -n "/- id: $1\$/,/^  - id: /p" rules/packs/*.yml | grep -qE '^    severity: (error|warning|note)'
}
sed -n 's/^| \([0-9]*\) | .* | \(.*\) |$/\1|\2/p' fixtures/policies/ROWS.md > "$work/rows"
seq 1 42 > "$work/wanted"
cut -d '|' -f 1 "$work/rows" | cmp -s - "$work/wanted" || fail "ROWS.md has other rows than 1 to 42"
while IFS='|' read -r row answer; do
	case $answer in
	'not lintable: '?*)
		pass
		continue
		;;
	esac
	good=1
	for rule in $(printf '%s\n' "$answer" | sed 's/command: .*//' | grep -o '`[a-z-]*`' | tr -d '`'); do
		has_fixtures "$rule" || { fail "row $row: $rule has no fixture that it fires on, or none that it is silent on" && good=; }
		is_switched_on "$rule" || { fail "row $row: no pack switches $rule on" && good=; }
	done
	# A command's test is there, and speaks of it.
	printf '%s\n' "$answer" | grep -o 'command: [^;]*' > "$work/commands"
	while read -r _ words; do
		file=${words##* in }
		words=$(printf '%s\n' "${words% in *}" | tr -d '`' | sed 's/^ddlint //')
		grep -q -- "$words" "$file" || { fail "row $row: $file does not try $words" && good=; }
	done < "$work/commands"
	case $answer in
	*'`'*) ;;
	*'command: '*) ;;
	*) fail "row $row: nothing checks it" && good= ;;
	esac
	[ -n "$good" ] && pass
done < "$work/rows"

# fixtures/policies/rows/NN-*.sql: small projects, of which "bad" ones do what row NN forbids and "good" ones do not. `-- config:` lines
# are the configuration, `-- ddlint: file` begins a migration, `-- finds:` says all rules that report something.
for row in fixtures/policies/rows/*.sql; do
	rm -rf "$work/project"
	mkdir -p "$work/project/db"
	sed -n 's/^-- config: //p' "$row" > "$work/project/.ddlint.yml"
	sed '/^-- config: /d; /^-- finds: /d' "$row" |
		awk -v folder="$work/project/db/" '/^-- ddlint: file / { file = $4; next } { print > (folder file) }'
	(cd "$work/project" && "$binary" --format gcc --fail-on never db) > "$work/report" 2> "$work/errors"
	[ -s "$work/errors" ] && fail "$row: $(cat "$work/errors")"
	found=$(sed -n 's/.*\[\([a-z-]*\)\]$/\1/p' "$work/report" | sort -u | paste -s -d ' ' -)
	wanted=$(sed -n 's/^-- finds: //p' "$row")
	if [ "${found:-nothing}" = "$wanted" ]; then pass; else fail "$row: finds ${found:-nothing}, not $wanted"; fi
	number=$(basename "$row" | sed 's/^0*//; s/-.*//')
	case $row in
	*-bad*) # one of the row's own rules is among them
		own=$(grep "^| $number |" fixtures/policies/ROWS.md | grep -o '`[a-z-]*`' | tr -d '`' | paste -s -d '|' -)
		printf '%s\n' $found | grep -qxE "$own" || fail "$row: none of the rules of row $number"
		;;
	*)
		[ "$wanted" = nothing ] || fail "$row: a good example finds $wanted"
		;;
	esac
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]

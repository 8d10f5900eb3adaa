#!/bin/sh
# Writes the generated tables: the folder is the registry.
#
#   registry.sh rules      rules/*.c and fixtures/rules/*/{bad,good}.sql -> all_rules[]
#   registry.sh layouts    analyzer/discover/layouts/*.c                 -> all_layouts[]
#   registry.sh reporters  analyzer/report/*.c that define a reporter    -> all_reporters[]
#   registry.sh packs      rules/packs/*.yml, with BUILD/yaml_trees      -> all_packs[]
#   registry.sh page       analyzer/audit/audit.css and audit.js         -> audit_css[], audit_js[]
#   registry.sh extensions analyzer/effect/extensions/*.yml, the same    -> all_extensions[]
set -eu
LC_ALL=C
export LC_ALL

# A file as a C string literal, one literal a line.
literal() {
	if [ -s "$1" ]; then
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' -e 's/?/\\?/g' -e 's/^/\t\t"/' -e 's/$/\\n"/' "$1"
	else
		printf '\t\t""\n'
	fi
}

case $1 in
rules)
	echo '#include "judge/rule.h"'
	for file in rules/*.c; do
		[ -e "$file" ] || continue
		name=$(basename "$file" .c)
		echo "extern const Rule rule_$name;"
	done
	echo 'const RuleEntry all_rules[] = {'
	count=0
	for file in rules/*.c; do
		[ -e "$file" ] || continue
		name=$(basename "$file" .c)
		id=$(echo "$name" | tr _ -)
		printf '\t{.rule = &rule_%s, .id = "%s", .bad =\n' "$name" "$id"
		literal "fixtures/rules/$id/bad.sql"
		printf '\t\t, .good =\n'
		literal "fixtures/rules/$id/good.sql"
		printf '\t},\n'
		count=$((count + 1))
	done
	printf '\t{0},\n};\nconst uint32_t rule_count = %d;\n' "$count"
	;;
layouts)
	echo '#include "discover/layout.h"'
	for file in $(grep -l '^const Layout layout_' analyzer/discover/layouts/*.c); do
		sed -n 's/^const Layout \(layout_[a-z_0-9]*\).*/extern const Layout \1;/p' "$file"
	done
	echo 'const Layout *const all_layouts[] = {'
	for file in $(grep -l '^const Layout layout_' analyzer/discover/layouts/*.c); do
		sed -n 's/^const Layout \(layout_[a-z_0-9]*\).*/\t\&\1,/p' "$file"
	done
	printf '\tNULL,\n};\n'
	;;
reporters)
	echo '#include "report/report.h"'
	for file in $(grep -l '^const Reporter reporter_' analyzer/report/*.c); do
		sed -n 's/^const Reporter \(reporter_[a-z_0-9]*\).*/extern const Reporter \1;/p' "$file"
	done
	echo 'const Reporter *const all_reporters[] = {'
	for file in $(grep -l '^const Reporter reporter_' analyzer/report/*.c); do
		sed -n 's/^const Reporter \(reporter_[a-z_0-9]*\).*/\t\&\1,/p' "$file"
	done
	printf '\tNULL,\n};\n'
	;;
packs)
	"${BUILD:-build}/yaml_trees" rules/packs/*.yml
	echo 'const Pack all_packs[] = {'
	for file in rules/packs/*.yml; do
		name=$(basename "$file" .yml)
		printf '\t{"%s", &%s_tree},\n' "$name" "$(echo "$name" | tr - _)"
	done
	printf '\t{0},\n};\n'
	;;
page)
	echo '#include "audit/html.h"'
	for kind in css js; do
		printf 'const char audit_%s[] =\n' "$kind"
		literal "analyzer/audit/audit.$kind"
		printf '\t;\n'
	done
	;;
extensions)
	echo '#include "replay/extension.h"'
	"${BUILD:-build}/yaml_trees" analyzer/effect/extensions/*.yml
	echo 'const Extension all_extensions[] = {'
	for file in analyzer/effect/extensions/*.yml; do
		name=$(basename "$file" .yml)
		printf '\t{"%s", &%s_tree},\n' "$name" "$(echo "$name" | tr - _)"
	done
	printf '\t{0},\n};\n'
	;;
*)
	echo "usage: registry.sh rules|layouts|reporters|packs|page|extensions" >&2
	exit 2
	;;
esac

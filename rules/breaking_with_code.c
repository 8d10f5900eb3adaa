/* A migration that breaks what runs now is part of a change of application code: neither goes out, or back, without the other. */
#include "base/files.h"
#include "judge/rule.h"

static const RuleOptionInfo breaking_with_code_options[] = {
	{"code", "", "globs of application code; without them, sources of the usual languages that are no tests, once they are staged"},
	{0},
};

static bool is_source(const char *path)
{
	static const char *const endings[] = {
		".c",  ".cc", ".clj", ".cljs", ".cpp", ".cs", ".dart", ".erl", ".ex",   ".exs", ".fs",	".go",	  ".groovy", ".h",
		".hs", ".java", ".js", ".jsx", ".kt",  ".lua", ".mjs", ".ml",  ".php", ".pl",	".pm",	".py",	  ".rb",     ".rs",
		".scala", ".svelte", ".swift", ".ts", ".tsx", ".vb", ".vue",
	};
	const char *dot = strrchr(path_name(path), '.');
	for (size_t i = 0; dot && i < LENGTH(endings); i++)
		if (same(dot, endings[i]))
			return true;
	return false;
}

/* Tests, examples, and what tools write: they go along with any change. */
static bool is_beside(const char *path)
{
	static const char beside[] =
		"test/**\ntests/**\n__tests__/**\nspec/**\ne2e/**\ntestdata/**\nfixtures/**\ndocs/**\nexamples/**\n"
		"generated/**\nnode_modules/**\nvendor/**\n*_test.*\ntest_*.*\n*.test.*\n*.spec.*\n*_spec.*\n*Test.*\n"
		"*Tests.*\nconftest.py\n*.gen.*\n*_gen.*\n*.generated.*\n*.sql.go\n*.d.ts\n*.config.*";
	return path_fits(beside, path);
}

static bool is_code(const Context *context, const FileChanges *changes, const char *path)
{
	Arena *arena = context->arena;
	const char *root = path_absolute(arena, working_folder(arena), context->history->root);
	if (path_below(root, path_join(arena, changes->top, path)))
		return false;
	return *option(context, "code") || (is_source(path) && !is_beside(path));
}

/* "src/users.ts and 2 more files"; NULL: no code changed. */
static const char *changed_code(const Context *context)
{
	const char *globs = option(context, "code");
	const FileChanges *changes = branch_changes(context, *globs ? globs : NULL);
	const char *first = NULL;
	uint32_t more = 0;
	for (uint32_t i = 0; changes && i < changes->list.count; i++) {
		const char *path = changes->list.items[i].path;
		if (!is_code(context, changes, path))
			continue;
		if (first)
			more++;
		else
			first = path;
	}
	if (!more)
		return first;
	return arena_print(context->arena, "%s and %u more file%s", first, more, more == 1 ? "" : "s");
}

/* The code that runs now meets it: it loses a name that it uses, or is refused what it writes. */
static bool breaks_code(const Context *context, const Action *action, const Relation *relation)
{
	switch (action->kind) {
	case ACTION_DROP_COLUMN:
	case ACTION_RENAME_COLUMN:
	case ACTION_ALTER_COLUMN_TYPE:
	case ACTION_SET_NOT_NULL:
	case ACTION_DROP_DEFAULT:
		return is_old(context, relation) && (relation->object.assumed || old_column(context, relation, action->object));
	case ACTION_DROP_TABLE:
	case ACTION_DROP_VIEW:
	case ACTION_DROP_MATERIALIZED_VIEW:
	case ACTION_RENAME_TABLE:
	case ACTION_SET_SCHEMA:
	case ACTION_ADD_COLUMN:
	case ACTION_ADD_CONSTRAINT:
		return is_old(context, relation);
	default:
		return action->kind == ACTION_RENAME_ENUM_LABEL || action->kind == ACTION_DROP_SCHEMA;
	}
}

/* Nothing takes the migration back: it has no rollback, or what it loses no rollback brings back. */
static bool no_way_back(const Context *context)
{
	const Script *down = context->migration->down;
	return destroyed_old(context) || !down || !down->statements.count;
}

RULE(breaking_with_code,
	.severity = SEVERITY_OFF, .category = GOVERNANCE,
	.summary  = "a breaking migration and application code change in one step",
	.why      = "During the deploy the old code meets the new schema, or the new code the old one; and when one of the two has to be "
		    "taken back, the other has to go with it.",
	.instead  = "First deploy code that works with both shapes, then the migration, in a change of its own.",
	.manual   = "ddl-alter.html",
	.since    = "0.1.0",
	.options  = breaking_with_code_options,
	.once     = true,
	.on       = every_action)
{
	const Relation *relation = subject(context);
	if (!context->history->since || context->migration->before || !is_noticed_by_code(context->history->config, context->script, action) ||
	    !breaks_code(context, action, relation))
		return;
	const char *code = changed_code(context);
	if (!code)
		return;
	Finding *finding = report_whole(context, "it breaks the code that runs now, and %s change%s with it%s", code,
					strstr(code, " more file") ? "" : "s",
					no_way_back(context) ? ", in one step that nothing takes back" : "");
	about(finding, context, relation ? &relation->object : NULL);
	related(finding, context, context->script->source, action->span, "%s", action_description(action->kind));
}

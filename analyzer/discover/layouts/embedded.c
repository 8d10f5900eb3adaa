#include "literal.h"

#include <ctype.h>

#include "discover/pattern.h"

/*
 * Migrations that are programs: SQL is cut out of the calls that execute it, and read where it stands. Which of a file's
 * calls go up and which go down is said by the function that they are in. Calls that build their SQL are set aside, so that
 * reports count what was not analysed.
 *
 * Each language is one pattern whose named groups say what was found:
 *
 *   comment             passed over
 *   up, down            the head of a function: what follows goes in this direction
 *   raw, double, …      an SQL literal; the group's name says how the language writes what does not mean itself
 *   undo                a second literal of the same call, which takes the first one back
 *   builder             a call whose SQL is nowhere to be read
 */

#define TEXT_OF(quote) "[^" quote "\\\\]*+(?:\\\\.[^" quote "\\\\]*+)*+"
#define JS_LITERAL "(?:`(?<backtick>" TEXT_OF("`") ")`|'(?<double>" TEXT_OF("'") ")'|\"(?<double>" TEXT_OF("\"") ")\")"
#define JS_COMMENT "(?<comment>//[^\\n]*|/\\*.*?\\*/)"
#define JS_HEADS "(?:\\b|\\.)(?<up>up)(?=\\s*[(=:])|(?:\\b|\\.)(?<down>down)(?=\\s*[(=:])"

extern const Layout layout_typeorm, layout_knex, layout_sequelize, layout_rails, layout_ecto, layout_efcore, layout_embedded_go;

static const struct Language {
	const Layout *layout;
	const char *endings;   /* each ended by a blank */
	const char *mark;      /* what files of it say */
	const char *pattern;
	const char *alone;     /* what a file says that runs outside of a transaction; NULL: it is said nowhere */
	const char *why;
} languages[] = {
	{&layout_typeorm, ".ts .js .mjs .cjs ", "queryRunner",
	 "(?Jsm)" JS_COMMENT "|" JS_HEADS "|\\bqueryRunner\\s*\\.query\\s*\\(\\s*" JS_LITERAL
	 "|\\bqueryRunner\\s*\\.(?<builder>(?!connect|manager|startTransaction|commitTransaction|rollbackTransaction|release|has|get)\\w+)\\s*\\(",
	 "transaction = false", "files that call queryRunner"},
	{&layout_sequelize, ".js .ts .cjs ", "sequelize.query",
	 "(?Jsm)" JS_COMMENT "|" JS_HEADS "|\\bsequelize\\s*\\.query\\s*\\(\\s*" JS_LITERAL
	 "|\\bqueryInterface\\s*\\.(?<builder>(?!sequelize)\\w+)\\s*\\(|\\bsequelize\\s*\\.(?<builder>query)\\s*\\(",
	 NULL, "files that call sequelize.query"},
	{&layout_knex, ".js .ts .mjs .cjs ", ".raw(",
	 "(?Jsm)" JS_COMMENT "|" JS_HEADS "|\\.raw\\s*\\(\\s*" JS_LITERAL
	 "|\\.schema\\s*\\.(?<builder>(?!raw|has)\\w+)\\s*\\(|\\.(?<builder>raw)\\s*\\(",
	 "transaction: false", "files that call knex.raw"},
	{&layout_rails, ".rb ", "ActiveRecord::Migration",
	 "(?Jsm)(?<comment>#(?!\\{)[^\\n]*)|\\bdef\\s+(?:self\\.)?(?<up>up|change)\\b|\\bdef\\s+(?:self\\.)?(?<down>down)\\b"
	 "|\\b\\w+\\.(?<up>up)\\s*(?:do|\\{)|\\b\\w+\\.(?<down>down)\\s*(?:do|\\{)"
	 "|\\bexecute\\b\\s*\\(?\\s*(?:<<[~-]?(?<quote>['\"]?)(?<tag>\\w+)\\k<quote>[^\\n]*\\n(?<heredoc>.*?)^[ \\t]*\\k<tag>\\b"
	 "|'(?<single>" TEXT_OF("'") ")'|\"(?<ruby>" TEXT_OF("\"") ")\"|%[qQ]?(?:\\((?<ruby>[^)]*)\\)|\\{(?<ruby>[^}]*)\\}))"
	 "|^\\s*(?<builder>create_\\w+|add_\\w+|remove_\\w+|change_\\w+|rename_\\w+|drop_\\w+|enable_extension|disable_extension)\\b"
	 "|\\b(?<builder>execute)\\b",
	 "disable_ddl_transaction!", "files that say ActiveRecord::Migration"},
	{&layout_ecto, ".exs .ex ", "Ecto.Migration",
	 "(?Jsm)(?<comment>#(?!\\{)[^\\n]*)|\\bdef\\s+(?<up>up|change)\\b|\\bdef\\s+(?<down>down)\\b"
	 "|\\bexecute\\b\\s*\\(?\\s*(?:~[sS]?\"\"\"(?<ruby>.*?)\"\"\"|\"\"\"(?<ruby>.*?)\"\"\"|~[sS]?\"(?<ruby>" TEXT_OF("\"")
	 ")\"|\"(?<ruby>" TEXT_OF("\"") ")\")(?:\\s*,\\s*(?:\"\"\"(?<undo>.*?)\"\"\"|\"(?<undo>" TEXT_OF("\"") ")\"))?"
	 "|^\\s*(?<builder>(?:create|alter|drop|rename)(?:_if_(?:not_)?exists)?)\\b|\\b(?<builder>execute)\\b",
	 "@disable_ddl_transaction true", "files that say Ecto.Migration"},
	{&layout_efcore, ".cs ", "MigrationBuilder",
	 "(?Jsm)" JS_COMMENT "|\\bvoid\\s+(?<up>Up)\\s*\\(|\\bvoid\\s+(?<down>Down)\\s*\\("
	 "|\\bmigrationBuilder\\s*\\.Sql\\s*\\(\\s*(?:sql:\\s*)?(?:@\"(?<verbatim>[^\"]*+(?:\"\"[^\"]*+)*+)\"|\\$@\"(?<holes>[^\"]*+(?:\"\"[^\"]*+)*+)\""
	 "|\"\"\"(?<raw>.*?)\"\"\"|\\$\"(?<format>" TEXT_OF("\"") ")\"|\"(?<double>" TEXT_OF("\"") ")\")"
	 "|\\bmigrationBuilder\\s*\\.(?<builder>\\w+)",
	 "suppressTransaction: true", "files that use MigrationBuilder"},
	{&layout_embedded_go, ".go ", ".Exec",
	 "(?Jsm)" JS_COMMENT "|\\bfunc\\s+(?<up>[uU]p\\w*)\\s*\\(|\\bfunc\\s+(?<down>[dD]own\\w*)\\s*\\("
	 "|\\.Exec(?:Context)?\\s*\\(\\s*(?:\\w+(?:\\.\\w+\\(\\))?\\s*,\\s*)?(?:`(?<raw>[^`]*)`|\"(?<double>" TEXT_OF("\"") ")\")"
	 "|\\.(?<builder>Exec(?:Context)?)\\s*\\(",
	 "NoTx", "files that call Exec"},
};

static const struct {
	const char *group;
	int style;
} literals[] = {
	{"backtick", LITERAL_BACKSLASH | LITERAL_DOLLAR}, {"double", LITERAL_BACKSLASH}, {"single", LITERAL_BACKSLASH},
	{"ruby", LITERAL_BACKSLASH | LITERAL_HASH}, {"heredoc", LITERAL_BACKSLASH | LITERAL_HASH}, {"raw", LITERAL_RAW},
	{"verbatim", LITERAL_DOUBLED}, {"holes", LITERAL_DOUBLED | LITERAL_BRACES}, {"format", LITERAL_BACKSLASH | LITERAL_BRACES},
};

static bool is_of(const struct Language *language, const File *file)
{
	const char *dot = file->sql ? NULL : strrchr(file->name, '.');
	size_t length = dot ? strlen(dot) : 0;
	for (const char *at = length ? strstr(language->endings, dot) : NULL; at; at = strstr(at + 1, dot))
		if (at[length] == ' ')
			return file->source && source_mentions(file->source, language->mark);
	return false;
}

static const struct Language *language_of(const Layout *layout)
{
	const struct Language *found = languages;
	while (found->layout != layout)
		found++;
	return found;
}

static int detect_embedded(const Layout *layout, Arena *arena UNUSED, const Root *root, const char **why)
{
	const struct Language *language = language_of(layout);
	uint32_t count = 0;
	for (uint32_t i = 0; i < root->file_count; i++)
		count += is_of(language, &root->files[i]);
	if (!count || count < count_sql(root))
		return 0;
	*why = language->why;
	return 60;
}

/* --- Cutting -------------------------------------------------------------------------------------------------------------------- */

typedef struct Cutter {
	const LayoutContext *context;
	const struct Language *language;
	const File *file;
	Migration *migration;
	bool down;     /* the function that the reading is in */
	bool has_sql;  /* a literal that goes up */
	bool has_down; /* a function that goes down */
} Cutter;

static Script *script_of(Cutter *cutter, bool down)
{
	Script *script = down ? cutter->migration->down : cutter->migration->up;
	if (script)
		return script;
	const char *alone = cutter->language->alone;
	bool wraps = cutter->language->layout->no_transaction && (!alone || !source_mentions(cutter->file->source, alone));
	return add_script(cutter->context, cutter->migration, cutter->file, down ? DIRECTION_DOWN : DIRECTION_UP,
			  wraps ? WRAPPING_TRANSACTION : WRAPPING_NONE);
}

static void put_literal(Cutter *cutter, bool down, Span inner, int style)
{
	Rewrites rewrites = {0};
	Script *script = script_of(cutter, down);
	literal_rewrites(&cutter->migration->arena, cutter->file->source->bytes, inner, style, &rewrites);
	add_section(cutter->migration, script, inner);
	array_each(const Rewrite, rewrite, &rewrites)
		array_push(&cutter->migration->arena, &script->rewrites, *rewrite);
	cutter->has_sql |= !down;
}

static void put_builder(Cutter *cutter, Span place)
{
	Script *script = script_of(cutter, cutter->down);
	add_section(cutter->migration, script, place);
	array_push(&cutter->migration->arena, &script->rewrites, (Rewrite){place, TEXT(UNREAD_SQL)});
}

/* Something is joined to the literal: what is executed is not what stands there. */
static bool goes_on(const Source *source, uint32_t at)
{
	while (at < source->length && isspace((unsigned char)source->bytes[at]))
		at++;
	return at < source->length && byte_in(source->bytes[at], "+\\%");
}

static void see_match(Cutter *cutter, const Match *match)
{
	Span span;
	if (match_group(match, "up", &span) || match_group(match, "down", &span)) {
		cutter->down = match_group(match, "down", &span);
		cutter->has_down |= cutter->down;
		return;
	}
	if (match_group(match, "builder", &span)) {
		put_builder(cutter, span);
		return;
	}
	for (size_t i = 0; i < LENGTH(literals); i++) {
		if (!match_group(match, literals[i].group, &span))
			continue;
		bool heredoc = same(literals[i].group, "heredoc");
		if (!heredoc && goes_on(cutter->file->source, match->spans[0].end)) {
			put_builder(cutter, span);
			return;
		}
		put_literal(cutter, cutter->down, span, literals[i].style);
		if (match_group(match, "undo", &span) && !cutter->down) {
			put_literal(cutter, true, span, LITERAL_BACKSLASH | LITERAL_HASH);
			cutter->has_down = true;
		}
		return;
	}
}

/* --- Files ---------------------------------------------------------------------------------------------------------------------- */

/* The number that orders the files: at the start of the name, or the long one in it. */
static const char *version_of(Arena *arena, const char *name)
{
	enum { DIGITS_OF_A_DATE = 8 };
	for (const char *at = name; *at; at++) {
		size_t digits = strspn(at, "0123456789");
		if (digits && (at == name || digits >= DIGITS_OF_A_DATE))
			return arena_copy(arena, at, digits);
		at += digits ? digits - 1 : 0;
	}
	return "";
}

static const char *name_of(Arena *arena, const char *name)
{
	const char *at = name + strspn(name, "0123456789");
	at += strspn(at, "_-");
	return arena_copy(arena, at, strcspn(at, "."));
}

static void cut_file(const LayoutContext *context, const struct Language *language, const Pattern *pattern, const File *file)
{
	Arena *arena = context->arena;
	Migration *migration = add_migration(context, version_of(arena, file->name), name_of(arena, file->name));
	Cutter cutter = {.context = context, .language = language, .file = file, .migration = migration};
	const Source *source = file->source;
	script_of(&cutter, false);
	Match match;
	for (size_t at = source->body; pattern_find(pattern, source->bytes, source->length, at, &match);) {
		see_match(&cutter, &match);
		at = match.spans[0].end > at ? match.spans[0].end : at + 1;
	}
	migration->down_expected = cutter.has_sql;
	if (cutter.has_down)
		script_of(&cutter, true);
	Script *scripts[] = {migration->up, migration->down};
	for (size_t i = 0; i < LENGTH(scripts); i++)
		if (scripts[i] && !scripts[i]->sections.count)
			add_section(migration, scripts[i], (Span){source->length, source->length});
}

static void read_embedded(const LayoutContext *context)
{
	const struct Language *language = language_of(context->history->layout);
	const char *error = NULL;
	const Pattern *pattern = pattern_regex(context->arena, language->pattern, &error);
	if (!pattern)
		die("the pattern of %s: %s", context->history->layout->name, error);
	for (uint32_t i = 0; i < context->root->file_count; i++) {
		const File *file = &context->root->files[i];
		if (is_of(language, file))
			cut_file(context, language, pattern, file);
		else if (file->sql)
			add_verbose_note(context, file, "left out: not one of the %s", language->why);
	}
	sort_by_version(context->history);
}

const Layout layout_typeorm = {
	.name = "typeorm", .title = "TypeORM (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.no_transaction = "in a migration of its own whose class says `transaction = false` (migration:run -t each)",
	.has_downs = true,
};
const Layout layout_sequelize = {
	.name = "sequelize", .title = "Sequelize (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.has_downs = true, /* and no transaction */
};
const Layout layout_knex = {
	.name = "knex", .title = "Knex (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.no_transaction = "in a migration of its own that exports `config = { transaction: false }`",
	.has_downs = true,
};
const Layout layout_rails = {
	.name = "rails", .title = "Rails (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.no_transaction = "in a migration of its own that says disable_ddl_transaction!",
	.has_downs = true,
};
const Layout layout_ecto = {
	.name = "ecto", .title = "Ecto (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.no_transaction = "in a migration of its own that says `@disable_ddl_transaction true`",
	.has_downs = true,
};
const Layout layout_efcore = {
	.name = "efcore", .title = "EF Core (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.no_transaction = "in a migration of its own: migrationBuilder.Sql(…, suppressTransaction: true)",
	.has_downs = true,
};
const Layout layout_embedded_go = {
	.name = "embedded-go", .title = "Go (SQL in source files)",
	.detect = detect_embedded, .read = read_embedded,
	.no_transaction = "in a migration of its own that is registered without a transaction",
	.has_downs = true,
};

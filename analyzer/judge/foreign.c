/*
 * Comments of other linters, obeyed when the configuration asks for it: a team that changes over keeps what it has reviewed.
 * Their names for hazards are translated; a name that has no translation silences nothing.
 */
#include "judge/suppress.h"

#include "judge/rule.h"
#include "read/lex.h"

/* ours: rules and categories, each between blanks. */
typedef struct Translation {
	const char *theirs, *ours;
} Translation;

static const Translation squawk_names[] = {
	{"adding-field-with-default", " column-default-rewrites column-domain-rewrites column-generated-rewrites "},
	{"adding-foreign-key-constraint", " foreign-key-scans "},
	{"adding-not-nullable-field", " not-null-scans column-required "},
	{"adding-required-field", " column-required "},
	{"adding-serial-primary-key-field", " primary-key-builds-index column-serial-rewrites column-identity-rewrites "},
	{"ban-alter-domain-with-add-constraint", " domain-constraint-scans "},
	{"ban-char-field", " char-padded "},
	{"ban-concurrent-index-creation-in-transaction", " concurrent-in-transaction "},
	{"ban-drop-column", " column-dropped "},
	{"ban-drop-table", " table-dropped "},
	{"ban-truncate-cascade", " table-truncated drop-cascades "},
	{"ban-uncommitted-transaction", " transaction-left-open "},
	{"changing-column-type", " column-type-rewrites type-change-rebuilds-index "},
	{"constraint-missing-not-valid",
	 " check-scans foreign-key-scans unique-builds-index primary-key-builds-index exclusion-builds-index "},
	{"disallowed-unique-constraint", " unique-builds-index "},
	{"identifier-too-long", " identifier-too-long "},
	{"prefer-bigint-over-int", " integer-primary-key sequence-integer "},
	{"prefer-bigint-over-smallint", " integer-primary-key sequence-integer "},
	{"prefer-identity", " serial-instead-of-identity "},
	{"prefer-repack", " table-rewritten "},
	{"prefer-robust-stmts", " idempotency "},
	{"prefer-text-field", " varchar-limited "},
	{"prefer-timestamp-tz", " timestamp-without-time-zone "},
	{"renaming-column", " column-renamed "},
	{"renaming-table", " table-renamed "},
	{"require-concurrent-index-creation", " index-not-concurrent "},
	{"require-concurrent-index-deletion", " index-drop-not-concurrent "},
	{"require-concurrent-reindex", " reindex-not-concurrent "},
	{"require-enum-value-ordering", " enum-label-without-position "},
	{"require-lock-timeout", " lock-timeout-missing "},
	{"require-statement-timeout", " statement-timeout-missing "},
	{"require-table-schema", " name-unqualified "},
	{"require-timeout-settings", " lock-timeout-missing statement-timeout-missing "},
	{"transaction-nesting", " transaction-nested transaction-control-in-runner "},
	{0},
};

/* https://github.com/fixed-width/pgsafe#rules */
static const Translation pgsafe_names[] = {
	{"add-check-without-not-valid", " check-scans "},
	{"add-column-generated-stored", " column-generated-rewrites "},
	{"add-column-identity", " column-identity-rewrites "},
	{"add-column-not-null-no-default", " column-required not-null-scans "},
	{"add-column-serial", " column-serial-rewrites "},
	{"add-column-volatile-default", " column-default-rewrites column-domain-rewrites "},
	{"add-domain-constraint-without-not-valid", " domain-constraint-scans "},
	{"add-domain-not-null", " domain-constraint-scans "},
	{"add-exclusion-constraint", " exclusion-builds-index "},
	{"add-fk-without-not-valid", " foreign-key-scans "},
	{"add-index-non-concurrent", " index-not-concurrent "},
	{"add-primary-key-without-index", " primary-key-builds-index "},
	{"add-unique-constraint", " unique-builds-index "},
	{"alter-column-type", " column-type-rewrites column-type-narrowed column-type-unknown type-change-rebuilds-index "},
	{"attach-partition", " partition-attach-scans "},
	{"concurrently-in-transaction", " concurrent-in-transaction "},
	{"drop-column", " column-dropped "},
	{"drop-index-non-concurrent", " index-drop-not-concurrent "},
	{"drop-table", " table-dropped "},
	{"enum-value-used-in-transaction", " enum-value-used-too-soon "},
	{"fk-without-covering-index", " foreign-key-without-index "},
	{"identifier-too-long", " identifier-too-long "},
	{"prefer-bigint-primary-key", " integer-primary-key "},
	{"prefer-identity", " serial-instead-of-identity "},
	{"prefer-jsonb", " json-instead-of-jsonb "},
	{"refresh-matview-non-concurrent", " materialized-view-refresh-blocks "},
	{"reindex-non-concurrent", " reindex-not-concurrent "},
	{"rename", " column-renamed table-renamed object-renamed "},
	{"require-comment", " comment-missing column-comment-missing "},
	{"require-if-exists", " idempotency "},
	{"require-primary-key", " table-without-primary-key "},
	{"require-schema-qualified", " name-unqualified "},
	{"require-timeout", " lock-timeout-missing statement-timeout-missing "},
	{"set-access-method", " table-rewritten "},
	{"set-logged-unlogged", " table-rewritten "},
	{"set-not-null", " not-null-scans "},
	{"truncate", " table-truncated "},
	{"unchecked-do-block", " sql-made-at-run-time "},
	{"vacuum-full-cluster", " table-rewritten "},
	{0},
};

/* https://atlasgo.io/lint/analyzers */
static const Translation atlas_names[] = {
	{"destructive", " destructive "},
	{"data_depend", " unique-builds-index column-required not-null-scans "},
	{"incompatible", " compatibility "},
	{"concurrent_index", " index-not-concurrent index-drop-not-concurrent concurrent-in-transaction "},
	{"DS101", " schema-dropped "},
	{"DS102", " table-dropped "},
	{"DS103", " column-dropped "},
	{"MF101", " unique-builds-index "},
	{"MF103", " column-required "},
	{"MF104", " not-null-scans "},
	{"BC101", " table-renamed "},
	{"BC102", " column-renamed "},
	{"PG101", " index-not-concurrent "},
	{"PG102", " index-drop-not-concurrent "},
	{"PG103", " concurrent-in-transaction "},
	{0},
};

typedef struct Dialect {
	const char *tool;      /* as the configuration names it */
	const char *opening;   /* the comment's first word, for one statement */
	const char *whole;     /* … for the whole file; NULL: there is none */
	const char *end;       /* … at the end of what the opening began; NULL: it is for one statement */
	const Translation *names;
	bool all;              /* without names it silences everything */
	bool one_name;         /* behind the first name stands the reason, which must be given */
	bool head;             /* with an empty line behind it at the head of a file it is for the whole file */
} Dialect;

static const Dialect dialects[] = {
	{.tool = "squawk", .opening = "squawk-ignore", .whole = "squawk-ignore-file", .names = squawk_names},
	{.tool = "atlas", .opening = "atlas:nolint", .names = atlas_names, .all = true, .head = true},
	{.tool = "diesel-guard", .opening = "safety-assured:start", .end = "safety-assured:end", .all = true},
	{.tool = "pgsafe", .opening = "pgsafe:ignore", .whole = "pgsafe:ignore-file", .names = pgsafe_names, .one_name = true},
	{.tool = "migration-safe", .opening = "migration-safe", .all = true},
};

static Text trimmed_comment(Text comment)
{
	bool block = comment.data[0] == '/';
	comment.data += 2;
	comment.length -= 2;
	if (block && comment.length >= 2)
		comment.length -= 2;
	while (comment.length && strchr(" \t\r\n", comment.data[0]))
		comment.data++, comment.length--;
	while (comment.length && strchr(" \t\r\n", comment.data[comment.length - 1]))
		comment.length--;
	return comment;
}

static Text next_word(Text *rest)
{
	while (rest->length && strchr(" \t\r\n,", *rest->data))
		rest->data++, rest->length--;
	Text word = {rest->data, 0};
	while (word.length < rest->length && !strchr(" \t\r\n,", rest->data[word.length]))
		word.length++;
	rest->data += word.length;
	rest->length -= word.length;
	return word;
}

static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; (at = strstr(at, word)); at += length)
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
	return false;
}

static bool means(const Dialect *dialect, Text name, const Finding *finding)
{
	const char *id = rule_id(finding->rule);
	if (text_is(name, id))
		return true;
	for (const Translation *one = dialect->names; one && one->theirs; one++)
		if (text_is(name, one->theirs))
			return has_word(one->ours, id) || has_word(one->ours, category_word(finding->rule->category));
	return false;
}

static bool is_named(const Dialect *dialect, Text rest, const Finding *finding, bool whole)
{
	Text name = next_word(&rest);
	if (!name.length || text_is(name, "--"))
		return dialect->all || whole;
	if (dialect->one_name)
		return next_word(&rest).length && means(dialect, name, finding);
	/* What names no rule is a reason. */
	if (dialect->all && !dialect->names)
		return true;
	for (; name.length && !text_is(name, "--"); name = next_word(&rest))
		if (means(dialect, name, finding))
			return true;
	return false;
}

/* Nothing but comments before it, an empty line behind it. */
static bool is_head(const Source *source, Span comment)
{
	Lexer lexer = lexer_new(source->bytes, source->body, comment.start);
	if (lexer_next(&lexer).kind != TOKEN_END)
		return false;
	uint32_t line_ends = 0;
	for (uint32_t at = comment.end; at < source->length && strchr(" \t\r\n", source->bytes[at]); at++)
		line_ends += source->bytes[at] == '\n';
	return line_ends > 1;
}

static void suppress_by(Arena *arena, const Dialect *dialect, Finding *finding)
{
	const Source *source = finding->script->source;
	Text open = {0}; /* a block that has begun */
	Lexer lexer = lexer_new(source->bytes, source->body, source->length);
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		if (dialect->end && open.data && token.kind != TOKEN_COMMENT && !finding->whole_file &&
		    token.span.start <= finding->span.start && finding->span.start < token.span.end)
			finding->suppressed = arena_copy(arena, open.data, open.length);
		if (token.kind != TOKEN_COMMENT)
			continue;
		Text comment = trimmed_comment(token_text(&lexer, token)), rest = comment, word = next_word(&rest);
		if (dialect->end) {
			if (text_is(word, dialect->opening))
				open = comment;
			else if (text_is(word, dialect->end))
				open = (Text){0};
			continue;
		}
		bool whole = dialect->whole && text_is(word, dialect->whole);
		if (!whole && !text_is(word, dialect->opening))
			continue;
		bool file = whole || (dialect->head && is_head(source, token.span));
		Directive directive = {.span = token.span, .kind = file ? DIRECTIVE_ALLOW_FILE : DIRECTIVE_ALLOW};
		if (directive_covers(&directive, finding) && is_named(dialect, rest, finding, whole))
			finding->suppressed = arena_copy(arena, comment.data, comment.length);
	}
}

void suppress_foreign(Arena *arena, const Config *config, Finding *finding)
{
	/* What ddlint could not read, and what became of the history, no other tool has looked at. */
	if (!config || finding->suppressed || !finding->script || finding->rule->category == META || finding->rule->category == HISTORY)
		return;
	array_each (const char *, tool, &config->suppressions)
		for (size_t i = 0; i < LENGTH(dialects) && !finding->suppressed; i++)
			if (same(dialects[i].tool, *tool))
				suppress_by(arena, &dialects[i], finding);
}

const char *foreign_translation(const char *tool, Text theirs)
{
	for (size_t i = 0; i < LENGTH(dialects); i++)
		for (const Translation *one = same(dialects[i].tool, tool) ? dialects[i].names : NULL; one && one->theirs; one++)
			if (text_is(theirs, one->theirs))
				return one->ours;
	return NULL;
}

void foreign_tools_in(Arena *arena, const Source *source, Names *tools)
{
	for (size_t i = 0; i < LENGTH(dialects); i++) {
		bool known = false;
		array_each (const char *, tool, tools)
			known = known || same(*tool, dialects[i].tool);
		if (!known && memmem(source->bytes, source->length, dialects[i].opening, strlen(dialects[i].opening)))
			array_push(arena, tools, dialects[i].tool);
	}
}

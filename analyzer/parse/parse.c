#include "parse/parse.h"
#include "parse/long_run.h"
#include "parse/lower.h"

#include <stdlib.h>

/* Trees take about 17 bytes for each byte of SQL: statements are parsed this many bytes at a time. */
enum { CHUNK = 64 * 1024 };

/* Debian's library is built with a newer glibc, which has a C23 name for this; it stands here so that it is always linked. */
#if defined(__GLIBC__) && !__GLIBC_PREREQ(2, 38)
unsigned long __isoc23_strtoul(const char *text, char **end, int base);
unsigned long __isoc23_strtoul(const char *text, char **end, int base)
{
	return strtoul(text, end, base);
}
#endif

const char *parser_version(void)
{
	return PG_VERSION;
}

Span piece_source(const Piece *piece, Span span)
{
	while (!piece->fixed) {
		span.start += piece->offset;
		span.end += piece->offset;
		span = text_span_to_source(piece->text, span);
		if (!piece->outer)
			return span;
		piece = piece->outer;
	}
	return *piece->fixed;
}

/* --- The parser --------------------------------------------------------------------------------------------------- */

typedef struct Parsed {
	List *tree;
	PgQueryError *error;
} Parsed;

/* Inside a memory context of the parser. The caller frees the error. */
static Parsed raw_parse(const Piece *piece, int mode)
{
	Buf shorter = {0};
	shorten_runs(piece->bytes, piece->length, &shorter);
	PgQueryInternalParsetreeAndError result = pg_query_raw_parse(shorter.data ? shorter.data : piece->bytes, mode);
	buf_free(&shorter);
	free(result.stderr_buffer);
	return (Parsed){result.tree, result.error};
}

/* The byte offset of the parser's complaint: it counts code points from 1, and says 0 when it does not know. */
static uint32_t error_offset(const char *bytes, uint32_t length, int cursor)
{
	uint32_t offset = 0;
	for (int i = 1; i < cursor && offset < length; i++) {
		unsigned char lead = (unsigned char)bytes[offset];
		offset += lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	}
	return offset < length ? offset : length;
}

/* --- Statements --------------------------------------------------------------------------------------------------- */

static void lower_statement(Arena *arena, const Piece *piece, Span span, Node *node, Statement *statement)
{
	Lowering l = {.arena = arena, .piece = piece, .statement = span, .made_up = statement->templated};
	if (statement->state == STATEMENT_UNPARSED) /* so an earlier part of it was */
		return;
	lower_node(&l, node);
	if (l.complaint && !statement->templated && !statement->conditional) {
		statement->state = STATEMENT_UNPARSED;
		statement->error = l.complaint;
		statement->error_offset = l.complaint_at;
		statement->actions = NULL;
		return;
	}
	statement->state = STATEMENT_PARSED;
	statement->tag = statement->tag ? statement->tag : command_tag(&l, node);
	statement->partial |= l.partial;
	Action **end = &statement->actions;
	while (*end)
		end = &(*end)->next;
	*end = l.first;
}

static void reject(Arena *arena, const Piece *piece, const PgQueryError *error, Statement *statement)
{
	uint32_t at = error_offset(piece->bytes, piece->length, error->cursorpos);
	statement->state = statement->templated ? STATEMENT_SET_ASIDE : STATEMENT_UNPARSED;
	statement->unread = statement->templated ? "a template that could not be filled" : NULL;
	statement->error = arena_string(arena, error->message);
	statement->error_offset =
	    error->cursorpos > 0 ? piece_source(piece, (Span){at, at}).start : statement->span.start;
}

/* Do the parser's statements stand where ours do? */
static bool agree(const List *tree, const Statement *statements, uint32_t count, uint32_t base)
{
	if (list_length(tree) != (int)count)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		const RawStmt *raw = list_nth(tree, (int)i);
		uint32_t start = base + (uint32_t)raw->stmt_location;
		if (start > statements[i].text.end || start + (uint32_t)raw->stmt_len < statements[i].text.start)
			return false;
	}
	return true;
}

/* Parses the statements as one text; false when that text is not these statements and they must be parsed one by one. */
static bool parse_together(Arena *arena, Script *script, Statement *statements, uint32_t count, Buf *buf)
{
	uint32_t base = statements[0].text.start;
	uint32_t length = statements[count - 1].text.end - base;
	buf->length = 0;
	buf_add(buf, script->text.bytes + base, length);
	buf_addc(buf, '\0');
	Piece piece = {.bytes = buf->data, .length = length, .text = &script->text, .offset = base};
	MemoryContext context = pg_query_enter_memory_context();
	Parsed parsed = raw_parse(&piece, PG_QUERY_PARSE_DEFAULT);
	bool done = !parsed.error && (count == 1 || agree(parsed.tree, statements, count, base));
	if (done && count == 1) {
		Span span = {0, length};
		foreach_ptr (RawStmt, raw, parsed.tree)
			lower_statement(arena, &piece, span, raw->stmt, statements);
	} else if (done) {
		for (uint32_t i = 0; i < count; i++) {
			Span span = {statements[i].text.start - base, statements[i].text.end - base};
			lower_statement(arena, &piece, span, ((RawStmt *)list_nth(parsed.tree, (int)i))->stmt,
					&statements[i]);
		}
	} else if (count == 1) {
		reject(arena, &piece, parsed.error, statements);
		done = true;
	}
	pg_query_exit_memory_context(context);
	if (parsed.error)
		pg_query_free_error(parsed.error);
	return done;
}

void script_parse(Arena *arena, Script *script)
{
	Buf buf = {0};
	Statement *all = script->statements.items;
	for (uint32_t first = 0, next; first < script->statements.count; first = next) {
		next = first + 1;
		if (all[first].state == STATEMENT_SET_ASIDE)
			continue;
		while (next < script->statements.count && all[next].state != STATEMENT_SET_ASIDE &&
		       all[next].text.end - all[first].text.start <= CHUNK)
			next++;
		if (parse_together(arena, script, all + first, next - first, &buf))
			continue;
		for (uint32_t i = first; i < next; i++)
			parse_together(arena, script, all + i, 1, &buf);
	}
	buf_free(&buf);
	script->unparsed = script->set_aside = 0;
	array_each (Statement, statement, &script->statements) {
		script->unparsed += statement->state == STATEMENT_UNPARSED;
		script->set_aside += statement->state == STATEMENT_SET_ASIDE;
	}
}

/* --- SQL inside SQL ----------------------------------------------------------------------------------------------- */

bool lower_text(Lowering *l, const Piece *piece)
{
	Parsed parsed = raw_parse(piece, PG_QUERY_PARSE_DEFAULT);
	if (parsed.error) {
		pg_query_free_error(parsed.error);
		return false;
	}
	const Piece *outer = l->piece;
	Span statement = l->statement;
	l->piece = piece;
	foreach_ptr (RawStmt, raw, parsed.tree) {
		uint32_t start = (uint32_t)raw->stmt_location;
		uint32_t end = raw->stmt_len ? start + (uint32_t)raw->stmt_len : piece->length;
		l->statement = (Span){start, end};
		if (list_length(parsed.tree) > 1 || (end && piece->bytes[end - 1] <= ' '))
			l->statement = trimmed(l, start, end);
		lower_node(l, raw->stmt);
	}
	l->piece = outer;
	l->statement = statement;
	return true;
}

SelectStmt *parse_select(const Piece *piece)
{
	Parsed parsed = raw_parse(piece, PG_QUERY_PARSE_DEFAULT);
	if (parsed.error)
		pg_query_free_error(parsed.error);
	Node *only = list_length(parsed.tree) == 1 ? ((RawStmt *)linitial(parsed.tree))->stmt : NULL;
	return only && IsA(only, SelectStmt) ? (SelectStmt *)only : NULL;
}

Node *parse_expression(const Piece *piece)
{
	Parsed parsed = raw_parse(piece, PG_QUERY_PARSE_PLPGSQL_EXPR);
	if (parsed.error) {
		pg_query_free_error(parsed.error);
		return NULL;
	}
	return list_length(parsed.tree) ? ((RawStmt *)linitial(parsed.tree))->stmt : NULL;
}

Script *sql_parse(Arena *arena, const char *path, const char *sql)
{
	Script *script = new (arena, Script);
	size_t length = strlen(sql);
	script->source = source_new(arena, path, sql, length);
	array_push(arena, &script->sections, (Span){0, (uint32_t)length});
	script_split(arena, script, &(SplitOptions){0});
	script_parse(arena, script);
	return script;
}

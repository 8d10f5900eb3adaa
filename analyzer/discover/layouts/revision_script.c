#include "revision.h"

#include <ctype.h>

/*
 * The statements of upgrade() and downgrade(), one after the other. Calls of op become statements where they stand; strings
 * that are executed are read in their place, byte for byte. What stands below an if or a for may run or not. Calls that are
 * not understood are set aside and counted.
 */

typedef struct Batch {
	const char *name;    /* batch_op */
	const char *table, *schema;
	uint32_t indent;     /* of its `with` */
} Batch;

typedef struct Body {
	const LayoutContext *context;
	Revision *revision;
	Script *script;
	Migration *migration;
	uint32_t indent;     /* of the function's statements */
	Batch batch;         /* the one that is open; name NULL: none */
	uint32_t alone_indent; /* of an autocommit block that is open, plus one; 0: none is */
	uint32_t branch_indent; /* of an if or a loop that is open, plus one */
	bool does_something;
	bool refuses;        /* it raises */
} Body;

static const Source *source_of(const Body *body)
{
	return body->revision->file->source;
}

static void put_sql(Body *body, Span place, const char *sql, size_t length)
{
	Arena *arena = &body->migration->arena;
	Buf text = {0};
	if (body->branch_indent)
		buf_adds(&text, "{{ if }}");
	buf_add(&text, sql, length);
	if (body->branch_indent)
		buf_adds(&text, "{{ end }}");
	Rewrite made = {place, {arena_copy(arena, text.data, text.length), text.length}};
	buf_free(&text);
	add_section(body->migration, body->script, place);
	array_push(arena, &body->script->rewrites, made);
	body->does_something = true;
}

static void put_unread(Body *body, const PyStatement *statement, const char *what)
{
	const File *file = body->revision->file;
	add_verbose_note(body->context, file, "line %u: %s is not read", statement->line, what);
	put_sql(body, statement->span, UNREAD_SQL, strlen(UNREAD_SQL));
}

/* --- SQL that is executed --------------------------------------------------------------------------------------------------------- */

static bool is_inside(Span inner, Span outer)
{
	return inner.start >= outer.start && inner.end <= outer.end;
}

/* A string of the statement is read where it stands, one that has a name elsewhere stands for the statement. */
static void put_string_sql(Body *body, const PyStatement *statement, const PyValue *string)
{
	if (!is_inside(string->inner, statement->span) || body->branch_indent) {
		const char *sql = arena_print(body->context->arena, "%s\n;\n", string->text);
		put_sql(body, statement->span, sql, strlen(sql));
		return;
	}
	add_section(body->migration, body->script, string->inner);
	array_each(const Rewrite, rewrite, &string->rewrites)
		array_push(&body->migration->arena, &body->script->rewrites, *rewrite);
	body->does_something = true;
}

static bool put_execute(Body *body, const PyStatement *statement, const PyValue *call)
{
	const PyNames *names = &body->revision->names;
	if (!call->arguments.count)
		return false;
	const PyValue *argument = py_argument(call, 0, "sqltext");
	const PyValue *string = py_string(names, argument ? argument : call->arguments.items[0].value);
	if (!string)
		return false;
	put_string_sql(body, statement, string);
	return true;
}

/* --- Calls ------------------------------------------------------------------------------------------------------------------------- */

static bool is_harmless(const PyValue *call)
{
	static const char *const names[] = {"print", "info", "debug", "warning", "get_bind", "get_context", "commit", "close", "flush",
					    "append", "extend", "refresh", "rollback", "begin", "reflect", "dispose", "isinstance"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (same(py_last(call), names[i]))
			return true;
	return starts_with(call->text, "log") || starts_with(call->text, "warnings.") || starts_with(call->text, "sys.");
}

/* The operation of `op.create_table` and of `batch_op.add_column`; NULL: the call is something else. */
static const char *operation_of(const Body *body, const PyValue *call, bool *batch)
{
	size_t length = body->batch.name ? strlen(body->batch.name) : 0;
	*batch = length && starts_with(call->text, body->batch.name) && call->text[length] == '.';
	if (*batch)
		return call->text + length + 1;
	return starts_with(call->text, "op.") ? call->text + 3 : NULL;
}

static void read_operation(Body *body, const PyStatement *statement, const PyValue *call, const char *name, bool batch)
{
	Buf sql = {0};
	Operation operation = {.arena = body->context->arena, .names = &body->revision->names, .call = call, .name = name};
	if (batch) {
		operation.table = body->batch.table;
		operation.schema = body->batch.schema;
	}
	bool known = false;
	if (same(name, "execute"))
		known = put_execute(body, statement, call);
	else if (same(name, "get_bind") || same(name, "get_context") || same(name, "f"))
		known = true;
	else if (operation_sql(&sql, &operation)) {
		put_sql(body, statement->span, sql.data, sql.length);
		known = true;
	}
	if (!known)
		put_unread(body, statement, arena_print(body->context->arena, "%s()", call->text));
	buf_free(&sql);
}

/* sa.Enum(…).create(bind), and the same of a variable. */
static bool read_enum(Body *body, const PyStatement *statement, const PyValue *call)
{
	const PyNames *names = &body->revision->names;
	const PyValue *type = call->on;
	const char *dot = strrchr(call->text, '.');
	const char *method = dot ? dot + 1 : call->text;
	if (!same(method, "create") && !same(method, "drop"))
		return false;
	if (!type && dot) {
		const char *name = arena_copy(body->context->arena, call->text, (size_t)(dot - call->text));
		type = map_get(&names->values, name, strlen(name));
	}
	Buf sql = {0};
	bool known = type && put_enum(&sql, names, type, same(method, "drop"));
	if (known)
		put_sql(body, statement->span, sql.data, sql.length);
	buf_free(&sql);
	return known;
}

static void read_call(Body *body, const PyStatement *statement, const PyValue *call)
{
	bool batch;
	const char *operation = call->on ? NULL : operation_of(body, call, &batch);
	if (operation)
		read_operation(body, statement, call, operation, batch);
	else if (read_enum(body, statement, call))
		return;
	else if (same(py_last(call), "execute") || same(py_last(call), "exec_driver_sql")) {
		if (!put_execute(body, statement, call))
			put_unread(body, statement, "what is executed");
	} else if (!is_harmless(call))
		put_unread(body, statement, arena_print(body->context->arena, "%s()", call->text));
}

/* --- Blocks ------------------------------------------------------------------------------------------------------------------------ */

static void put_alone(Body *body, Span place, const char *sql)
{
	uint32_t branch = body->branch_indent;
	body->branch_indent = 0;
	put_sql(body, place, sql, strlen(sql));
	body->branch_indent = branch;
}

/* `with op.batch_alter_table("t") as batch_op:`, `with op.get_context().autocommit_block():` */
static void read_with(Body *body, const PyStatement *statement, uint32_t at)
{
	Arena *arena = body->context->arena;
	const Source *source = source_of(body);
	uint32_t behind;
	const PyValue *call = python_value(arena, source, at, statement->span.end, &behind);
	Text text = source_text(source, statement->span);
	if (memmem(text.data, text.length, "autocommit_block", strlen("autocommit_block"))) {
		/* Alembic ends the transaction before the block and begins another behind it. */
		put_alone(body, (Span){statement->span.start, statement->span.start + 4}, "COMMIT;\n");
		body->alone_indent = statement->indent + 1;
		return;
	}
	/* `… as batch_op:` is more than a value, so the call is read up to its own end. */
	const char *as = memmem(text.data, text.length, " as ", 4);
	if (as)
		call = python_value(arena, source, at, (uint32_t)(as - source->bytes), &behind);
	if (!call || call->kind != PY_CALL || !same(py_last(call), "batch_alter_table") || !as)
		return;
	const char *name = as + 4, *end = name;
	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	const char *table = py_text(&body->revision->names, py_argument(call, 0, "table_name"));
	body->batch = (Batch){.name = arena_copy(arena, name, (size_t)(end - name)), .table = table ? table : "${table}",
			      .schema = py_text(&body->revision->names, py_argument(call, UINT32_MAX, "schema")),
			      .indent = statement->indent};
}

static bool begins_branch(const Source *source, const PyStatement *statement)
{
	static const char *const words[] = {"if", "for", "while", "elif", "else", "try", "except", "finally"};
	uint32_t behind;
	for (size_t i = 0; i < LENGTH(words); i++)
		if (python_begins(source, statement, words[i], &behind))
			return true;
	return false;
}

/* What stands further left than a block's statements ends it. */
static void end_blocks(Body *body, const PyStatement *statement)
{
	if (body->alone_indent && statement->indent < body->alone_indent) {
		put_alone(body, (Span){statement->span.start, statement->span.start}, "BEGIN;\n");
		body->alone_indent = 0;
	}
	if (body->batch.name && statement->indent <= body->batch.indent)
		body->batch = (Batch){0};
	if (body->branch_indent && statement->indent < body->branch_indent)
		body->branch_indent = 0;
}

static void read_name(Body *body, const PyStatement *statement)
{
	const Source *source = source_of(body);
	const char *start = source->bytes + statement->span.start;
	size_t length = 0;
	while (isalnum((unsigned char)start[length]) || start[length] == '_')
		length++;
	const char *at = start + length;
	while (*at == ' ' || *at == '\t')
		at++;
	uint32_t behind;
	if (length && *at == '=' && at[1] != '=') {
		PyValue *value = python_value(body->context->arena, source, (uint32_t)(at + 1 - source->bytes), statement->span.end, &behind);
		const char *name = arena_copy(body->context->arena, start, length);
		map_set(body->context->arena, &body->revision->names.values, name, length, value);
		if (value->kind == PY_CALL && same(py_last(value), "execute") && put_execute(body, statement, value))
			return;
		return;
	}
	const PyValue *value = python_value(body->context->arena, source, statement->span.start, statement->span.end, &behind);
	if (value->kind == PY_CALL)
		read_call(body, statement, value);
	else if (value->kind == PY_OTHER)
		put_unread(body, statement, "a statement");
}

static void read_statement(Body *body, const PyStatement *statement)
{
	static const char *const silent[] = {"pass", "return", "import", "from", "global", "nonlocal", "assert", "del", "break", "continue"};
	const Source *source = source_of(body);
	uint32_t behind;
	end_blocks(body, statement);
	for (size_t i = 0; i < LENGTH(silent); i++)
		if (python_begins(source, statement, silent[i], &behind))
			return;
	if (python_begins(source, statement, "raise", &behind))
		body->refuses = true;
	else if (python_begins(source, statement, "with", &behind))
		read_with(body, statement, behind);
	else if (begins_branch(source, statement)) {
		if (!body->branch_indent)
			body->branch_indent = statement->indent + 1;
	} else {
		read_name(body, statement);
	}
}

/* --- Functions ---------------------------------------------------------------------------------------------------------------------- */

/* The statement that is the function's head; NULL: the file has no such function. */
static const PyStatement *find_function(const Revision *revision, const char *name)
{
	array_each(const PyStatement, statement, &revision->statements) {
		uint32_t behind;
		if (statement->indent || !python_begins(revision->file->source, statement, "def", &behind))
			continue;
		const char *at = revision->file->source->bytes + behind;
		size_t length = strlen(name);
		if (strncmp(at, name, length) == 0 && (at[length] == '(' || at[length] == ' '))
			return statement;
	}
	return NULL;
}

/* `def upgrade(): pass` has its one statement on its own line. */
static bool has_own_line(const Source *source, const PyStatement *head)
{
	const char *end = source->bytes + head->span.end;
	while (end > source->bytes + head->span.start && isspace((unsigned char)end[-1]))
		end--;
	return end[-1] != ':' && !memchr(source->bytes + head->span.start, '#', head->span.end - head->span.start);
}

void add_revision_script(const LayoutContext *context, Revision *revision, Migration *migration, Direction direction)
{
	const PyStatement *head = find_function(revision, direction == DIRECTION_UP ? "upgrade" : "downgrade");
	if (!head && direction == DIRECTION_DOWN)
		return;
	Body body = {.context = context, .revision = revision, .migration = migration};
	body.script = add_script(context, migration, revision->file, direction, WRAPPING_TRANSACTION);
	const PyStatement *end = revision->statements.items + revision->statements.count;
	const PyStatement *last = head;
	for (const PyStatement *statement = head ? head + 1 : end; statement < end && statement->indent > head->indent; statement++) {
		if (has_own_line(revision->file->source, head))
			break;
		read_statement(&body, statement);
		last = statement;
	}
	if (body.alone_indent)
		put_alone(&body, (Span){last->span.end, last->span.end}, "\nBEGIN;\n");
	if (!body.script->sections.count) {
		uint32_t place = head ? head->span.end : revision->file->source->length;
		add_section(migration, body.script, (Span){place, place});
	}
	if (direction == DIRECTION_DOWN)
		migration->irreversible = body.refuses && !body.does_something;
}

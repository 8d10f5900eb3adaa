/*
 * The words of safe recipes: this statement's own names and clauses, put together so that they can be pasted.
 */
#include "discover/layout.h"
#include "judge/rule.h"
#include "read/lex.h"

enum { RECIPE_WIDTH = 100 };

const char *sql_identifier(const Context *context, const char *name)
{
	return quoted_name(context->arena, (Name){.name = name});
}

const char *subject_name(const Context *context)
{
	const Relation *relation = subject(context);

	if (relation)
		return sql_name(context, &relation->object);
	return quoted_name(context->arena, context->action->relation);
}

const char *sql_columns(const Context *context, const Names *columns)
{
	const char *list = "";

	array_each (const char *, column, columns)
		list = arena_print(context->arena, "%s%s%s", list, *list ? ", " : "", sql_identifier(context, *column));
	return list;
}

const char *outside_transaction(const Context *context, int step)
{
	const char *advice = no_transaction_advice(context);
	const char *number = step ? arena_print(context->arena, "%d. ", step) : "";
	const Layout *layout = context->history->layout;

	/* A first step stands in a migration of its own also where this one needs no transaction: the second step follows it. */
	if (!step && !in_transaction(context))
		return "";
	if (layout && layout->no_transaction_line)
		return arena_print(context->arena, "-- %sin a migration of its own that says\n%s\n", number,
				   layout->no_transaction_line);
	return arena_print(context->arena, "-- %s%s\n", number,
			   *advice ? advice : "in a migration of its own, outside a transaction");
}

uint32_t offset_behind(const Context *context, Span span, const char *after)
{
	Lexer lexer = lexer_new(context->script->source->bytes, span.start, span.end);

	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		if (token_is(&lexer, token, after))
			return token.span.end;
	return span.end;
}

const char *clause_with(const Context *context, Span span, const char *after, const char *insert)
{
	uint32_t middle = offset_behind(context, span, after);
	const char *head = source_clause(context, (Span){span.start, middle});
	const char *tail = source_clause(context, (Span){middle, span.end});

	return arena_print(context->arena, "%s %s%s%s", head, insert, *tail ? " " : "", tail);
}

static const char *constraint_suffix(ConstraintKind kind)
{
	switch (kind) {
	case CONSTRAINT_PRIMARY_KEY:
		return "pkey";
	case CONSTRAINT_UNIQUE:
		return "key";
	case CONSTRAINT_FOREIGN_KEY:
		return "fkey";
	case CONSTRAINT_EXCLUSION:
		return "excl";
	case CONSTRAINT_NOT_NULL:
		return "not_null";
	default:
		return "check";
	}
}

const char *constraint_name(const Context *context, const Action *action)
{
	const ConstraintDef *constraint = action->constraint;

	if (constraint->name)
		return sql_identifier(context, constraint->name);
	const char *name = action->relation.name;
	if (constraint->kind != CONSTRAINT_PRIMARY_KEY)
		array_each (const char *, column, &constraint->columns)
			name = arena_print(context->arena, "%s_%s", name, *column);
	name = arena_print(context->arena, "%s_%s", name, constraint_suffix(constraint->kind));
	return sql_identifier(context, name);
}

/* Where the clause is not in the source: EXECUTE format('ALTER TABLE %I …', t). */
static const char *body_from_facts(const Context *context, const ConstraintDef *constraint)
{
	static const struct {
		char letter;
		const char *words;
	} actions[] = {{'c', "CASCADE"}, {'n', "SET NULL"}, {'d', "SET DEFAULT"}, {'r', "RESTRICT"}};
	const char *deletes = "", *updates = "";

	if (constraint->kind == CONSTRAINT_CHECK && constraint->check) {
		const char *check = expr_text(context->arena, constraint->check);
		return arena_print(context->arena, "CHECK (%s)", strchr(check, '?') ? "…" : check);
	}
	if (constraint->kind != CONSTRAINT_FOREIGN_KEY)
		return "…";
	for (size_t i = 0; i < LENGTH(actions); i++) {
		if (constraint->on_delete == actions[i].letter)
			deletes = arena_print(context->arena, " ON DELETE %s", actions[i].words);
		if (constraint->on_update == actions[i].letter)
			updates = arena_print(context->arena, " ON UPDATE %s", actions[i].words);
	}
	bool keyed = constraint->reference_columns.count > 0;
	return arena_print(context->arena, "FOREIGN KEY (%s) REFERENCES %s%s%s%s%s%s",
			   sql_columns(context, &constraint->columns), quoted_name(context->arena, constraint->references),
			   keyed ? " (" : "", keyed ? sql_columns(context, &constraint->reference_columns) : "",
			   keyed ? ")" : "", deletes, updates);
}

const char *constraint_body(const Context *context, const Action *action)
{
	Lexer lexer = lexer_new(context->script->source->bytes, action->span.start, action->span.end);
	Lexer body = lexer;
	Token token = lexer_next(&lexer);

	if (token_is(&lexer, token, "add")) {
		body = lexer;
		token = lexer_next(&lexer);
	}
	if (token_is(&lexer, token, "constraint")) {
		lexer_next(&lexer);
		body = lexer;
		token = lexer_next(&lexer);
	}
	static const char *const begins[] = {"check", "foreign", "references", "unique", "primary", "exclude", "not"};
	bool found = false;
	for (size_t i = 0; i < LENGTH(begins); i++)
		found = found || token_is(&lexer, token, begins[i]);
	if (!found)
		return body_from_facts(context, action->constraint);
	const char *written = source_clause(context, (Span){body.position, action->span.end});
	if (token_is(&lexer, token, "references") && action->object)
		return arena_print(context->arena, "FOREIGN KEY (%s) %s", sql_identifier(context, action->object),
				   written);
	return written;
}

/* The column that an unquoted or quoted word names; NULL: it names none. */
static const Column *column_of_word(const Context *context, const Relation *table, const Lexer *lexer, Token token)
{
	if (token.kind != TOKEN_WORD && token.kind != TOKEN_QUOTED_WORD)
		return NULL;
	Text word = token_text(lexer, token);
	char *name = arena_copy(context->arena, word.data, word.length);

	if (token.kind == TOKEN_QUOTED_WORD) {
		name[word.length - 1] = '\0';
		return find_column(table, name + 1);
	}
	for (char *byte = name; *byte; byte++)
		if (*byte >= 'A' && *byte <= 'Z')
			*byte = (char)(*byte + ('a' - 'A'));
	return find_column(table, name);
}

const char *of_new_row(const Context *context, const Relation *table, const char *expression)
{
	Lexer lexer = lexer_new(expression, 0, (uint32_t)strlen(expression));
	Buf text = {0};
	bool qualified = false; /* behind a dot or a cast: no column of the table */

	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		Token next = lexer_peek(&lexer);
		bool called = token_is_byte(&lexer, next, '(') || token_is_byte(&lexer, next, '.');
		Text piece = token_text(&lexer, token);
		if (!qualified && !called && column_of_word(context, table, &lexer, token))
			buf_adds(&text, "NEW.");
		buf_add(&text, piece.data, piece.length);
		if (token.kind != TOKEN_SPACE)
			qualified = token_is_byte(&lexer, token, '.') || (piece.length == 2 && memcmp(piece.data, "::", 2) == 0);
	}
	const char *copy = arena_copy(context->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return copy;
}

static bool is_plain(const CatalogKey *key)
{
	return key->column && !key->opclass && !key->collation && !key->nulls_first;
}

const char *index_body(const Context *context, const Relation *index)
{
	const char *keys = "";
	bool known = index && index->keys.count;
	for (uint32_t i = 0; known && i < index->keys.count; i++) {
		const CatalogKey *key = &index->keys.items[i];
		known = is_plain(key);
		if (known)
			keys = arena_print(context->arena, "%s%s%s%s", keys, i ? ", " : "", sql_identifier(context, key->column->object.name),
					   key->descending ? " DESC" : "");
	}
	if (!known)
		return "(…)";
	bool other_method = index->method && !same(index->method, "btree");
	return arena_print(context->arena, "%s%s%s(%s)%s%s%s", other_method ? "USING " : "", other_method ? index->method : "",
			   other_method ? " " : "", keys, index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "",
			   index->predicate ? " WHERE " : "", index->predicate ? expr_text(context->arena, index->predicate) : "");
}

const char *batch_update(const Context *context, const Relation *relation, const char *set, const char *where)
{
	const Constraint *key = relation ? primary_key(relation) : NULL;
	const char *column =
		key && key->columns.count == 1 ? sql_identifier(context, key->columns.items[0]->object.name) : "ctid";
	const char *table = relation ? sql_name(context, &relation->object) : subject_name(context);

	/* Rows of two partitions may have the same ctid. */
	const char *each = "";
	if (relation && is_partitioned(relation) && same(column, "ctid")) {
		each = "-- for each partition\n";
		table = relation->children.count ? sql_name(context, &relation->children.items[0]->object) : "partition";
	}
	return arena_print(context->arena,
			   "%sUPDATE %s SET %s\n"
			   " WHERE %s = ANY (ARRAY(\n"
			   "       SELECT %s FROM %s WHERE %s LIMIT 1000));\n",
			   each, table, set, column, column, table, where);
}

bool drops_its_old_self(const Context *context, const Action *candidate)
{
	const Action *add = context->action;

	return candidate->kind == ACTION_DROP_CONSTRAINT && same(candidate->relation.name, add->relation.name) &&
	       same(sql_identifier(context, candidate->object), constraint_name(context, add));
}

static bool drops_it_here(const Context *context, const Action *candidate)
{
	Span statement = context->statement->span;

	return candidate->span.start >= statement.start && candidate->span.end <= statement.end &&
	       drops_its_old_self(context, candidate);
}

static uint32_t widest_line(const char *text)
{
	uint32_t widest = 0;

	for (;;) {
		size_t length = strcspn(text, "\n");
		if (length > widest)
			widest = (uint32_t)length;
		if (!text[length])
			return widest;
		text += length + 1;
	}
}

const char *add_not_valid(const Context *context, const Action *action, const char *table)
{
	const char *name = constraint_name(context, action), *body = constraint_body(context, action);
	bool replaces = context->statement && script_has(context, drops_it_here);
	const char *line = arena_print(context->arena, "ALTER TABLE %s %s%s%sADD CONSTRAINT %s %s NOT VALID;", table,
				       replaces ? "DROP CONSTRAINT " : "", replaces ? name : "", replaces ? ", " : "", name,
				       body);

	if (widest_line(line) <= RECIPE_WIDTH)
		return line;
	return arena_print(context->arena, "ALTER TABLE %s\n%s%s%s  ADD CONSTRAINT %s\n  %s NOT VALID;", table,
			   replaces ? "  DROP CONSTRAINT " : "", replaces ? name : "", replaces ? ",\n" : "", name, body);
}

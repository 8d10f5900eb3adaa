/* ALTER COLUMN TYPE to a type that is stored in another way. */
#include "judge/rule.h"
#include "read/lex.h"

static const char *old_type(const Context *context, const Relation *table, const char *name)
{
	const Column *column = table ? find_column(table, name) : NULL;

	if (!column || !column->type.name)
		return NULL;
	return data_type_text(context->arena, &column->type);
}

static bool same_start(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* The type as written, with its COLLATE. */
static const char *written_type(const Context *context)
{
	/* In SQL that is made by EXECUTE or by a function everything stands where that is called. */
	if (is_rewritten(context->script, context->action->span) || context->action->type->span.start == context->action->span.start)
		return type_ref_text(context->arena, context->action->type);
	uint32_t start = context->action->type->span.start, end = context->action->span.end;
	Lexer lexer = lexer_new(context->script->source->bytes, start, end);

	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		if (token_is(&lexer, token, "using")) {
			end = token.span.start;
			break;
		}
	return source_clause(context, (Span){start, end});
}

/* The USING expression, or the cast that PostgreSQL does without one. */
static const char *new_value(const Context *context, const char *column, const char *type)
{
	Span clause = context->action->span;
	uint32_t using = offset_behind(context, clause, "using");

	if (context->action->expr && using < clause.end)
		return source_clause(context, (Span){using, clause.end});
	return arena_print(context->arena, "%s::%s", column, type);
}

/*
 * timestamp and timestamptz are stored alike, so that in a session in UTC no row is rewritten from PostgreSQL 12 on:
 * https://www.postgresql.org/docs/release/12.0/ ("Allow ALTER TABLE SET DATA TYPE changing between timestamp and timestamptz").
 */
static const char *in_utc(const Context *context, const char *from)
{
	const char *to = context->action->type->name.name;

	if (!from || !same_start(from, "timestamp ") || !to || !same_start(to, "timestamp") || context->action->expr ||
	    context->catalog->version < 12 || session_is_utc(context->session))
		return "";
	return arena_print(context->arena,
			   "-- where the values are UTC: no row is rewritten, only indexes of the column are built\n"
			   "SET %stimezone = 'UTC';\n%s;\n"
			   "-- otherwise:\n",
			   in_transaction(context) ? "LOCAL " : "",
			   source_clause(context, context->statement->span));
}

RULE(column_type_rewrites,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a type change rewrites the table",
	.why      = "The new type is stored in another way: every row and every index is written anew under ACCESS "
		    "EXCLUSIVE, and reads and writes wait.",
	.instead  = "Add a column of the new type, keep both in step with a trigger, copy in batches, then swap the "
		    "names.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.on       = ON(ALTER_COLUMN_TYPE, ALTER_ATTRIBUTE_TYPE, ADD_ATTRIBUTE, DROP_ATTRIBUTE))
{
	const Work *work = blocking_rewrite(context) ? hazard(context) : NULL;
	if (!work)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	const char *type = action->type ? written_type(context) : "";
	const char *from = old_type(context, table, action->object);

	Finding *finding;
	if (action->kind == ACTION_ALTER_COLUMN_TYPE)
		finding = report(context, action->span, "changing %s%s%s to %s rewrites %s", column,
				 from ? " from " : "", from ? from : "", type, name);
	else
		finding = report(context, action->span, "changing attribute %s of %s rewrites %s", column,
				 subject_name(context), name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "Every row of %s is converted and written anew, and every index is rebuilt, under ACCESS EXCLUSIVE: "
	       "reads and writes wait until that is done, and the disk must hold both copies.",
	       name);
	if (action->kind != ACTION_ALTER_COLUMN_TYPE)
		return;
	const char *copy = sql_identifier(context, arena_print(context->arena, "%s_new", action->object));
	const char *old = sql_identifier(context, arena_print(context->arena, "%s_old", action->object));
	const char *function =
		sql_identifier(context, arena_print(context->arena, "%s_%s_copy", table->object.name, action->object));
	const char *value = new_value(context, column, type);
	step(finding, context, STEP_PLAIN, "add", "a second column that a trigger fills",
	     "ALTER TABLE %s ADD COLUMN %s %s;\n"
	     "CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS\n"
	     "$$ BEGIN NEW.%s := %s; RETURN NEW; END $$;\n"
	     "CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s\n"
	     "  FOR EACH ROW EXECUTE FUNCTION %s();\n",
	     name, copy, type, function, copy, of_new_row(context, table, value), function, name, function);
	step(finding, context, STEP_BACKFILL, "backfill", backfill_words, "%s",
	     batch_update(context, table, arena_print(context->arena, "%s = %s", copy, value),
			  arena_print(context->arena, "%s IS NULL AND %s IS NOT NULL", copy, column)));
	step(finding, context, STEP_RELEASE, "complete",
	     arena_print(context->arena, "what %s has, for %s too: indexes CONCURRENTLY, constraints NOT VALID, the default", column, copy), "%s", "");
	step(finding, context, STEP_RELEASE, "swap",
	     arena_print(context->arena, "in one short transaction, when all code can take %s", type),
	     "DROP TRIGGER %s ON %s;\n"
	     "DROP FUNCTION %s();\n"
	     "ALTER TABLE %s RENAME COLUMN %s TO %s;\n"
	     "ALTER TABLE %s RENAME COLUMN %s TO %s;\n",
	     function, name, function, name, column, old, name, copy, column);
	step(finding, context, STEP_RELEASE, "drop", "in a later release", "ALTER TABLE %s DROP COLUMN %s;\n", name, old);
	instead_steps(finding, context, in_utc(context, from));
}

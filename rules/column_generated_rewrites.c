/* A stored generated column is computed for every row when it comes or when its expression changes. */
#include "judge/rule.h"
#include "read/lex.h"

static const char *virtual_hint(const Context *context)
{
	return context->catalog->version >= 18 ? "-- or GENERATED ALWAYS AS (…) VIRTUAL: computed when it is read, "
						 "costs nothing now\n"
					       : "";
}

/* What stands in the parentheses behind AS. */
static const char *expression(const Context *context)
{
	Span clause = context->action->span;
	Lexer lexer = lexer_new(context->script->source->bytes, offset_behind(context, clause, "as"), clause.end);
	Span inside = {0};
	int depth = 0;

	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (token_is_byte(&lexer, token, '(') && depth++ == 0)
			inside.start = token.span.end;
		if (token_is_byte(&lexer, token, ')') && --depth == 0) {
			inside.end = token.span.start;
			return arena_print(context->arena, "(%s)", source_clause(context, inside));
		}
	}
	return "(…)";
}

RULE(column_generated_rewrites,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a stored generated column rewrites the table",
	.why      = "The expression is computed and stored for each existing row: the table is rewritten under ACCESS "
		    "EXCLUSIVE, and reads and writes wait.",
	.instead  = "Add a plain column, keep it up to date with a trigger, fill the old rows in batches. PostgreSQL "
		    "18: VIRTUAL.",
	.manual   = "ddl-generated-columns.html",
	.since    = "0.1.0",
	.once_a_statement = true, /* it is one rewrite, whatever the number of columns */
	.on       = ON(ADD_COLUMN, SET_EXPRESSION))
{
	const Work *work = hazard(context);
	if (!work || (work->reason != WORK_GENERATED_STORED && work->reason != WORK_SET_EXPRESSION))
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	const char *type = action->column_def ? source_clause(context, action->column_def->type.span) : "type";
	const char *function =
		sql_identifier(context, arena_print(context->arena, "%s_%s_fill", table->object.name, action->object));

	Finding *finding = report(context, action->span, "%s stored generated column %s rewrites %s",
				  action->kind == ACTION_ADD_COLUMN ? "adding" : "changing", column, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "The expression is computed for every row of %s: the table and all of its indexes are written anew "
	       "under ACCESS EXCLUSIVE, and reads and writes wait until that is done.",
	       name);
	const char *value = expression(context);
	if (action->kind == ACTION_ADD_COLUMN)
		instead(finding, context,
			"%s-- 1. a plain column that a trigger fills\n"
			"ALTER TABLE %s ADD COLUMN %s %s;\n"
			"CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS\n"
			"$$ BEGIN NEW.%s := %s; RETURN NEW; END $$;\n"
			"CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s\n"
			"  FOR EACH ROW EXECUTE FUNCTION %s();\n"
			"-- 2. later: the old rows, a thousand at a time; commit, repeat until none is updated\n%s",
			virtual_hint(context), name, column, type, function, column,
			of_new_row(context, table, value), function, name, function,
			batch_update(context, table, arena_print(context->arena, "%s = %s", column, value),
				     arena_print(context->arena, "%s IS DISTINCT FROM %s", column, value)));
}

/* RENAME TABLE, or its move to another schema, while code still uses the old name. */
#include "judge/rule.h"

/* A view, or a table, takes the old name over. */
static bool takes_the_name(const Context *context, const Action *candidate)
{
	const char *name = context->action->relation.name;

	switch (candidate->kind) {
	case ACTION_CREATE_VIEW:
	case ACTION_CREATE_TABLE:
	case ACTION_CREATE_TABLE_AS:
		return same(candidate->relation.name, name);
	case ACTION_RENAME_TABLE:
		return same(candidate->new_name, name);
	default:
		return false;
	}
}

/* ALTER TABLE users SET SCHEMA old */
static void report_move(Context *context, const Relation *table, const char *from, const char *kind)
{
	const char *to = context->action->other.schema;
	bool is_relation = is_table(table) || table->object.kind == OBJECT_VIEW || table->object.kind == OBJECT_MATERIALIZED_VIEW;
	if (!is_relation || !to)
		return;
	const char *moved = quoted_name(context->arena, (Name){.schema = to, .name = table->object.name});
	Finding *finding = report(context, context->action->span, "moving %s %s to schema %s breaks running code that looks for it where it was",
				  kind, from, to);
	about(finding, context, &table->object);
	instead(finding, context,
		"-- in one transaction: the old name stays, for reading and writing\n"
		"ALTER TABLE %s SET SCHEMA %s;\n"
		"CREATE VIEW %s AS SELECT * FROM %s;",
		from, sql_identifier(context, to), from, moved);
}

RULE(table_renamed,
	.severity = SEVERITY_WARNING, .category = COMPATIBILITY,
	.summary  = "renaming a table breaks code that uses the old name",
	.why      = "From the commit on, every query of the running release that names the table fails.",
	.instead  = "Leave a view of the old name behind in the same transaction; simple views can be written to.",
	.manual   = "sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS",
	.since    = "0.1.0",
	.on       = ON(RENAME_TABLE, SET_SCHEMA))
{
	const Relation *table = subject(context);
	if (!table || !is_old(context, table) || script_has(context, takes_the_name))
		return;
	/* ALTER TABLE renames these too: queries name no index, nor the sequence of a serial column. */
	bool is_sequence = table->object.kind == OBJECT_SEQUENCE;
	if (table->object.kind == OBJECT_INDEX || (is_sequence && table->owned_by))
		return;

	const char *from = sql_name(context, &table->object), *kind = object_kind_words(table->object.kind);
	if (action->kind == ACTION_SET_SCHEMA) {
		report_move(context, table, from, kind);
		return;
	}
	const char *to =
		quoted_name(context->arena, (Name){.schema = action->relation.schema, .name = action->new_name});
	Finding *finding =
		report(context, action->span, "renaming %s %s to %s breaks running code that uses the old name", kind, from, to);
	about(finding, context, &table->object);
	if (is_sequence) /* no other can stand in for it */
		return;
	instead(finding, context,
		"-- in one transaction: the old name stays, for reading and writing\n"
		"ALTER TABLE %s RENAME TO %s;\n"
		"CREATE VIEW %s AS SELECT * FROM %s;\n"
		"-- in a later release, when no code uses it\n"
		"DROP VIEW %s;",
		from, sql_identifier(context, action->new_name), from, to, from);
}

/* ADD COLUMN of a domain with constraints. */
#include "judge/rule.h"

RULE(column_domain_rewrites,
	.severity = SEVERITY_ERROR, .category = LOCKING,
	.summary  = "a column of a constrained domain rewrites the table",
	.why      = "PostgreSQL checks the domain's constraint by writing every row anew, even for a column that is "
		    "NULL everywhere: ACCESS EXCLUSIVE is held, and reads and writes wait.",
	.instead  = "Use the domain's base type and a CHECK constraint that is added NOT VALID and validated later.",
	.manual   = "sql-altertable.html#SQL-ALTERTABLE-NOTES",
	.since    = "0.1.0",
	.on       = ON(ADD_COLUMN))
{
	const Work *work = hazard(context);
	if (!work || work->reason != WORK_CONSTRAINED_DOMAIN)
		return;

	const Relation *table = hazard_table(context, work);
	const char *name = sql_name(context, &table->object);
	const char *column = sql_identifier(context, action->object);
	const char *domain = source_clause(context, action->column_def->type.span);
	const Type *type = find_type(context->catalog, session_path(context->session), action->column_def->type.name);
	const char *base =
		type && type->kind == TYPE_DOMAIN ? data_type_text(context->arena, &type->base) : "base_type";
	const char *check =
		sql_identifier(context, arena_print(context->arena, "%s_%s_check", table->object.name, action->object));

	Finding *finding =
		report(context, action->span, "adding column %s of domain %s rewrites %s", column, domain, name);
	about(finding, context, &table->object);
	detail(finding, context,
	       "The domain has constraints, so every row of %s is written anew to check them, even where %s is NULL: "
	       "ACCESS EXCLUSIVE is held, and reads and writes wait until that is done.",
	       name, column);
	instead(finding, context,
		"-- 1. the domain's base type, its rule for new rows only (… is the domain's condition)\n"
		"ALTER TABLE %s ADD COLUMN %s %s;\n"
		"ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s …) NOT VALID;\n"
		"-- 2. in a later migration: reads the table, and nobody waits\n"
		"ALTER TABLE %s VALIDATE CONSTRAINT %s;",
		name, column, base, name, check, column, name, check);
}

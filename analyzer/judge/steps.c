/*
 * Recipes that take several migrations, as data: what is printed and what editors write as files is made of the same steps.
 */
#include "discover/layout.h"
#include "judge/rule.h"

const char backfill_words[] = "later: the old rows, a thousand at a time; commit, repeat until none is updated";

void step(Finding *finding, Context *context, enum StepPlace place, const char *verb, const char *words, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	const char *sql = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	array_push(context->arena, &finding->steps, (RecipeStep){.place = place, .verb = verb, .words = words, .sql = sql});
}

void undo(Finding *finding, Context *context, const char *format, ...)
{
	if (!finding || !finding->steps.count)
		return;
	va_list arguments;
	va_start(arguments, format);
	finding->steps.items[finding->steps.count - 1].undo = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
}

static const char *heading(const Context *context, const RecipeStep *one, int number)
{
	const char *later = one->place == STEP_LATER ? "in a later migration: " : "";

	if (one->place == STEP_ALONE)
		return outside_transaction(context, number);
	return arena_print(context->arena, "-- %d. %s%s\n", number, later, one->words);
}

void instead_steps(Finding *finding, Context *context, const char *before)
{
	if (!finding)
		return;
	const char *text = before;
	for (uint32_t i = 0; i < finding->steps.count; i++) {
		const RecipeStep *one = &finding->steps.items[i];
		int number = finding->steps.count > 1 ? (int)i + 1 : 0;
		text = arena_print(context->arena, "%s%s%s", text, heading(context, one, number), one->sql);
	}
	instead(finding, context, "%s", text);
}

/* --- Indexes and keys -------------------------------------------------------------------------------------------------- */

static const char *without_guard(const Context *context, const char *clause)
{
	static const char guard[] = "if not exists";
	const char *found = strcasestr(clause, guard);

	if (!found)
		return clause;
	const char *rest = found + strlen(guard);
	return arena_print(context->arena, "%.*s%s", (int)(found - clause), clause, rest + strspn(rest, " \n"));
}

void concurrent_build_steps(Finding *finding, Context *context)
{
	const Action *create = context->action;
	const char *build = create->concurrently ? source_clause(context, create->span)
						 : clause_with(context, create->span, "index", "CONCURRENTLY");
	SplitOptions options = {0};

	if (!create->if_not_exists || !create->object) {
		step(finding, context, STEP_ALONE, "build", NULL, "%s;\n", build);
		return;
	}
	const char *name = quoted_name(context->arena, (Name){.schema = create->relation.schema, .name = create->object});
	const char *drop = arena_print(context->arena, "DROP INDEX CONCURRENTLY IF EXISTS %s;\n", name);
	script_split_options(context->migration, context->script, &options);
	if (options.whole_is_batch)
		step(finding, context, STEP_ALONE, "drop", NULL, "%s", drop);
	step(finding, context, STEP_ALONE, "build", NULL, "%s%s;\n", options.whole_is_batch ? "" : drop,
	     without_guard(context, build));
}

static void steps_of_key(Finding *finding, Context *context, const Action *add, const char *table, bool replaces)
{
	const char *name = constraint_name(context, add), *index = name;
	const ConstraintDef *key = add->constraint;
	const char *deferrable = key->initially_deferred ? " DEFERRABLE INITIALLY DEFERRED"
				 : key->deferrable	 ? " DEFERRABLE"
							 : "";
	const char *include = key->index && key->index->include.count
				      ? arena_print(context->arena, " INCLUDE (%s)", sql_columns(context, &key->index->include))
				      : "";
	const char *nulls = key->index && key->index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "";
	const char *old = "";

	if (replaces) {
		const char *bare = key->name ? key->name : arena_print(context->arena, "%s_pkey", add->relation.name);
		index = sql_identifier(context, arena_print(context->arena, "%s_new", bare));
		old = arena_print(context->arena, "DROP CONSTRAINT %s,\n  ", name);
	}
	step(finding, context, STEP_ALONE, "build", NULL, "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s)%s%s;\n", index, table,
	     sql_columns(context, &key->columns), include, nulls);
	undo(finding, context, "DROP INDEX CONCURRENTLY IF EXISTS %s;\n", index);
	step(finding, context, STEP_PLAIN, "add", "takes the finished index over: a moment",
	     "ALTER TABLE %s %sADD CONSTRAINT %s %s USING INDEX %s%s;\n", table, old, name,
	     key->kind == CONSTRAINT_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE", index, deferrable);
	if (!replaces)
		undo(finding, context,
		     "-- ddlint: allow rollback-incomplete -- the index goes with the constraint, as the step before wants it\n"
		     "ALTER TABLE %s DROP CONSTRAINT %s;\n",
		     table, name);
}

void key_steps(Finding *finding, Context *context, const char *table)
{
	steps_of_key(finding, context, context->action, table, script_has(context, drops_its_old_self));
}

void inline_key_steps(Finding *finding, Context *context)
{
	const Action *add = context->action;

	for (const Action *part = add->next; part && part->inline_constraint; part = part->next) {
		bool key = part->constraint->kind == CONSTRAINT_PRIMARY_KEY || part->constraint->kind == CONSTRAINT_UNIQUE;
		if (!key || !same(part->object, add->object))
			continue;
		steps_of_key(finding, context, part, subject_name(context), false);
		return;
	}
}

/* --- Partitioned tables -------------------------------------------------------------------------------------------------- */

static const char *one_partition(const Context *context, const Relation *table)
{
	return table->children.count ? sql_name(context, &table->children.items[0]->object) : "partition";
}

/* https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE */
void partitioned_key_recipe(Finding *finding, Context *context, const Relation *table)
{
	const ConstraintDef *key = context->action->constraint;
	const char *kind = key->kind == CONSTRAINT_PRIMARY_KEY ? "PRIMARY KEY" : "UNIQUE";
	const char *ending = key->kind == CONSTRAINT_PRIMARY_KEY ? "pkey" : "key";
	const char *name = constraint_name(context, context->action), *columns = sql_columns(context, &key->columns);
	const char *part = one_partition(context, table);
	const char *bare = table->children.count ? table->children.items[0]->object.name : "partition";
	const char *index = sql_identifier(context, arena_print(context->arena, "%s_%s", bare, key->name ? key->name : ending));

	instead(finding, context,
		"-- 1. on the parent alone: nothing is built, and it is not valid yet\n"
		"ALTER TABLE ONLY %s ADD CONSTRAINT %s %s (%s);\n"
		"%s-- for each partition\n"
		"CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s);\n"
		"-- 3. for each partition: the parent's becomes valid with the last one\n"
		"ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s;\n"
		"ALTER INDEX %s ATTACH PARTITION %s;",
		sql_name(context, &table->object), name, kind, columns, outside_transaction(context, 2), index, part, columns, part,
		index, kind, index, quoted_name(context->arena, (Name){table->object.schema && !same(table->object.schema, "public")
									       ? table->object.schema : NULL,
								       key->name ? key->name : arena_print(context->arena, "%s_%s", table->object.name, ending)}),
		index);
}

/* Before PostgreSQL 18 a partitioned table takes no foreign key that is NOT VALID; valid ones of its partitions become part of its own. */
void partitioned_reference_recipe(Finding *finding, Context *context, const Relation *table)
{
	const char *name = constraint_name(context, context->action), *body = constraint_body(context, context->action);
	const char *part = one_partition(context, table);

	instead(finding, context,
		"-- 1. for each partition: new rows are checked from now on\n"
		"ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;\n"
		"-- 2. in a later migration, for each partition: reads it, and nobody waits\n"
		"ALTER TABLE %s VALIDATE CONSTRAINT %s;\n"
		"-- 3. in a later migration: takes those of the partitions over, and reads nothing\n"
		"ALTER TABLE %s ADD CONSTRAINT %s %s;",
		part, name, body, part, name, sql_name(context, &table->object), name, body);
}

/* --- NOT VALID, then VALIDATE -------------------------------------------------------------------------------------------- */

void not_valid_steps(Finding *finding, Context *context, const char *table, const char *without)
{
	step(finding, context, STEP_PLAIN, "add", arena_print(context->arena, "new rows are checked from now on%s", without), "%s\n",
	     add_not_valid(context, context->action, table));
	step(finding, context, STEP_LATER, "validate", "reads the table, and nobody waits", "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n",
	     table, constraint_name(context, context->action));
	undo(finding, context, "%s", "");
}

void not_null_steps(Finding *finding, Context *context, const char *table, const char *column)
{
	const char *name = sql_identifier(context, arena_print(context->arena, "%s_not_null", column));
	/* Before PostgreSQL 12 SET NOT NULL reads the table whatever is known: the CHECK stays in its place. */
	bool spared = context->catalog->version >= 12;

	column = sql_identifier(context, column);
	step(finding, context, STEP_PLAIN, "check", "new rows are checked from now on",
	     "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID;\n", table, name, column);
	step(finding, context, STEP_LATER, "validate",
	     spared ? "reads the table, and nobody waits" : "reads the table, and nobody waits; the CHECK says it all",
	     "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n", table, name);
	undo(finding, context, "%s", "");
	if (!spared)
		return;
	step(finding, context, STEP_LATER, "set_not_null", "the valid CHECK spares the scan",
	     "ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\nALTER TABLE %s DROP CONSTRAINT %s;\n", table, column, table, name);
	undo(finding, context,
	     "-- ddlint: allow rollback-incomplete -- the CHECK comes back; that it was valid once helps nobody\n"
	     "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID;\n"
	     "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL;\n",
	     table, name, column, table, column);
}

void required_column_recipe(Finding *finding, Context *context, const Relation *table)
{
	const Action *add = context->action;
	const char *name = sql_name(context, &table->object), *column = sql_identifier(context, add->object);
	const char *type = source_clause(context, add->column_def->type.span);

	step(finding, context, STEP_PLAIN, "add", "NULL for now", "ALTER TABLE %s ADD COLUMN %s %s;\n", name, column, type);
	step(finding, context, STEP_BACKFILL, "backfill",
	     "when the code writes it: the old rows; commit, repeat until none is updated", "%s",
	     batch_update(context, table, arena_print(context->arena, "%s = …", column),
			  arena_print(context->arena, "%s IS NULL", column)));
	not_null_steps(finding, context, name, add->object);
	instead_steps(finding, context,
		      arena_print(context->arena,
				  "-- with a constant default: no scan, no rewrite\n"
				  "ALTER TABLE %s ADD COLUMN %s %s NOT NULL DEFAULT …;\n"
				  "-- or in steps\n",
				  name, column, type));
}

/* Types of rows: looking at one opens the table, view or composite type that it is the type of. */
#include "effect/draft.h"

#include <ctype.h>

enum { DOMAIN_DEPTH = 16 };

void look_at_row_type(Draft *draft, const TypeRef *written)
{
	if (!written->name.name || written->percent_type || same(written->name.schema, "pg_catalog"))
		return;
	Type *type = find_type(draft->catalog, draft->path, written->name);
	bool known = type != NULL;
	for (int depth = 0; type && type->kind == TYPE_DOMAIN && depth < DOMAIN_DEPTH; depth++)
		type = type->base.user;
	take_lock_on_composite(draft, type, LOCK_ACCESS_SHARE);
	Relation *relation = known ? NULL : relation_called(draft, written->name, OBJECT_NONE);
	if (relation && !is_index(relation) && relation->object.kind != OBJECT_SEQUENCE)
		take_lock(draft, relation, LOCK_ACCESS_SHARE);
}

void look_at_columns(Draft *draft, const Relation *table)
{
	for (uint32_t i = 0; table && i < table->columns.count; i++) {
		const Column *column = table->columns.items[i];
		const DataType *type = &column->type;
		if (draft->action->kind == ACTION_ALTER_COLUMN_TYPE && column_is(column, draft->action->object))
			continue;
		if (!column->object.dropped && type->schema && !same(type->schema, "pg_catalog"))
			look_at_row_type(draft, &(TypeRef){.name = {type->schema, type->name}});
	}
}

/* `word.a`, `(word).a`, `word[1].a` */
static bool takes_field(const char *text, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = text; length && (at = strstr(at, word)); at += length) {
		const char *end = at + length;
		bool whole = (at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_')) && !isalnum((unsigned char)*end) && *end != '_';
		end += strspn(end, " )");
		if (*end == '[')
			end += strcspn(end, "]") + 1;
		if (whole && *end == '.')
			return true;
	}
	return false;
}

/* Parameters that are rows: PL/pgSQL makes variables of them, SQL looks at those of which it takes a field. */
static void look_at_parameters(Draft *draft, const FunctionDef *def, bool sql)
{
	uint32_t place = 0;
	array_each (const FunctionArgument, parameter, &def->arguments) {
		bool input = parameter->mode != 'o' && parameter->mode != 't';
		place += input;
		bool used = sql ? !input : !parameter->type.dimensions;
		if (sql && input && def->body_hash_text)
			used = takes_field(def->body_hash_text, arena_print(draft->context->arena, "$%u", place)) ||
			       (parameter->name && takes_field(def->body_hash_text, parameter->name));
		if (used)
			look_at_row_type(draft, &parameter->type);
	}
}

void look_at_routine_types(Draft *draft, const FunctionDef *def)
{
	bool sql = same(def->language, "sql");
	look_at_parameters(draft, def, sql);
	if (sql && def->returns.name.name && !def->returns.dimensions)
		look_at_row_type(draft, &def->returns);
	array_each (const Name, name, &def->row_types)
		look_at_row_type(draft, &(TypeRef){.name = *name});
}

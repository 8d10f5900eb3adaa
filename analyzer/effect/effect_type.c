/* Composite types and the tables OF them; domains and the columns that hold them. */
#include "effect/draft.h"

/* A typed table's column changes its type with the attribute. */
static void rewrite_for_attribute(Draft *draft, const Type *type, Relation *table)
{
	const Action *action = draft->action;
	const Column *column = action->kind == ACTION_ALTER_ATTRIBUTE_TYPE ? find_column(table, action->object) : NULL;
	const TypeRef *written = action->type ? action->type : action->column_def ? &action->column_def->type : NULL;
	if (!column || !written)
		return;
	DataType to = resolve_type(draft->catalog, draft->path, written);
	if (type && type_change(draft->catalog, draft->context->session, &column->type, &to, NULL, action->object).change != TYPE_CHANGE_FREE)
		add_rewrite(draft, table, WORK_TYPE);
}

void effect_alter_attribute(Draft *draft)
{
	Type *type = find_type(draft->catalog, draft->path, draft->action->relation);
	take_lock_on_composite(draft, type, LOCK_ACCESS_EXCLUSIVE);
	if (draft->action->kind == ACTION_ADD_ATTRIBUTE && draft->action->column_def)
		look_at_row_type(draft, &draft->action->column_def->type);
	Relations tables = all_relations(draft, OBJECT_TABLE, NULL);
	for (uint32_t i = 0; type && draft->action->cascade && i < tables.count; i++)
		if (tables.items[i]->of_type == type) {
			take_lock_on_tree(draft, tables.items[i], LOCK_ACCESS_EXCLUSIVE);
			rewrite_for_attribute(draft, type, tables.items[i]);
		}
}

void effect_create_type(Draft *draft)
{
	const ColumnDefs *attributes = draft->action->attributes;
	for (uint32_t i = 0; attributes && i < attributes->count; i++)
		look_at_row_type(draft, &attributes->items[i].type);
}

static bool is_of_domain(const DataType *type, const Type *domain)
{
	enum { DOMAIN_DEPTH = 16 };
	const Type *user = type->dimensions ? NULL : type->user;
	for (int depth = 0; user && depth < DOMAIN_DEPTH; depth++) {
		if (user == domain)
			return true;
		user = user->kind == TYPE_DOMAIN ? user->base.user : NULL;
	}
	return false;
}

/* Composite types are opened like tables, to see that there is nothing to read. */
static void look_at_attributes(Draft *draft, const Type *domain)
{
	for (const Depend *need = domain->object.users; need; need = need->next_user) {
		Object *user = need->gone ? NULL : need->user;
		if (user && !user->dropped && user->kind == OBJECT_COLUMN && user->parent->kind == OBJECT_TYPE &&
		    is_of_domain(&((Column *)user)->type, domain))
			take_lock_on_composite(draft, (Type *)user->parent, LOCK_SHARE);
	}
}

/* Every table with a column of the domain, or of a domain over it, is read under SHARE. */
void effect_check_domain(Draft *draft)
{
	const Action *action = draft->action;
	const Type *domain = find_type(draft->catalog, draft->path, action->relation);
	if (!domain || (action->constraint && action->constraint->not_valid))
		return;
	if (action->kind == ACTION_SET_DOMAIN_NOT_NULL && domain->not_null)
		return;
	look_at_attributes(draft, domain);
	/* views have nothing to read, but are opened to see that */
	static const ObjectKind kinds[] = {OBJECT_TABLE, OBJECT_MATERIALIZED_VIEW, OBJECT_VIEW};
	for (size_t k = 0; k < LENGTH(kinds); k++) {
		Relations tables = all_relations(draft, kinds[k], NULL);
		for (uint32_t i = 0; i < tables.count; i++) {
			bool uses = false;
			for (uint32_t c = 0; c < tables.items[i]->columns.count; c++)
				uses |= !tables.items[i]->columns.items[c]->object.dropped &&
					is_of_domain(&tables.items[i]->columns.items[c]->type, domain);
			if (!uses)
				continue;
			take_lock(draft, tables.items[i], LOCK_SHARE);
			add_scan(draft, tables.items[i], WORK_DOMAIN_CHECK);
		}
	}
}

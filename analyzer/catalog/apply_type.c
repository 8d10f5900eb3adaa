/* Enums, ranges and domains, and the making of every kind of type. */
#include "catalog/inside.h"

/* --- CREATE ------------------------------------------------------------------------------------------------------- */

static Type *new_type(Apply *apply, ObjectKind kind, TypeKind type_kind, const char **sqlstate)
{
	Catalog *catalog = apply->catalog;
	Name name = apply->action->relation;
	const char *schema = creation_schema(catalog, apply->path, name, sqlstate);
	if (!schema)
		return NULL;
	Type *shell = (Type *)find_in_schema(catalog, CLASS_TYPE, schema, name.name);
	bool fills_shell = shell && shell->kind == TYPE_BASE && type_kind == TYPE_BASE && shell->shell &&
			   !same(apply->action->value, "shell");
	if (fills_shell) {
		CHANGE(catalog, shell->shell, false);
		return shell;
	}
	if (!type_name_free(catalog, schema, name.name)) {
		*sqlstate = DUPLICATE_OBJECT;
		return NULL;
	}
	if (type_kind == TYPE_COMPOSITE && !relation_name_free(catalog, schema, name.name)) {
		*sqlstate = DUPLICATE_TABLE;
		return NULL;
	}
	Type *type = object_new(catalog, kind, sizeof *type, schema, name.name, NULL);
	type->kind = type_kind;
	return type;
}

Column *new_attribute(Apply *apply, Type *type, const ColumnDef *def)
{
	Catalog *catalog = apply->catalog;
	Column *column = object_new(catalog, OBJECT_COLUMN, sizeof *column, NULL, def->name, &type->object);
	column->type = resolve_type(catalog, apply->path, &def->type);
	column->collation = catalog_intern(catalog, def->collation.name);
	depend_on_type(catalog, &column->object, &column->type);
	CHANGE_PUSH(catalog, &type->attributes, column);
	return column;
}

/* `value` says what kind it is. */
static TypeKind kind_of_type(const Action *action)
{
	static const struct {
		const char *word;
		TypeKind kind;
	} kinds[] = {{"enum", TYPE_ENUM}, {"composite", TYPE_COMPOSITE}, {"range", TYPE_RANGE}};
	for (size_t i = 0; i < LENGTH(kinds); i++)
		if (same(action->value, kinds[i].word))
			return kinds[i].kind;
	return TYPE_BASE;
}

static bool has_doubles(const Names *names)
{
	Arena scratch = {0};
	Map seen = {0};
	bool found = false;
	for (uint32_t i = 0; i < names->count && !found; i++) {
		const char *name = names->items[i];
		found = map_get(&seen, name, strlen(name)) != NULL;
		map_set(&scratch, &seen, name, strlen(name), (void *)(uintptr_t)name);
	}
	arena_free(&scratch);
	return found;
}

const char *apply_create_type(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	TypeKind kind = kind_of_type(action);
	Type *type = new_type(apply, OBJECT_TYPE, kind, &sqlstate);
	if (!type)
		return sqlstate;
	if (kind == TYPE_BASE)
		CHANGE(catalog, type->shell, same(action->value, "shell"));
	if (kind == TYPE_ENUM) {
		names_copy(catalog, &type->labels, &action->names);
		if (has_doubles(&type->labels))
			return UNIQUE_VIOLATION;
	}
	if (kind == TYPE_RANGE && action->type) {
		type->base = resolve_type(catalog, apply->path, action->type);
		depend_on_type(catalog, &type->object, &type->base);
	}
	for (uint32_t i = 0; action->attributes && i < action->attributes->count; i++)
		new_attribute(apply, type, &action->attributes->items[i]);
	return NULL;
}

/* --- Domains ------------------------------------------------------------------------------------------------------ */

static Constraint *find_domain_constraint(const Type *type, const char *name)
{
	for (uint32_t i = 0; i < type->constraints.count; i++)
		if (same(type->constraints.items[i]->object.name, name))
			return type->constraints.items[i];
	return NULL;
}

static const char *add_domain_constraint(Apply *apply, Type *type, const ConstraintDef *def)
{
	Catalog *catalog = apply->catalog;
	if (def->kind == CONSTRAINT_NOT_NULL) {
		CHANGE(catalog, type->not_null, true);
		return NULL;
	}
	if (def->name && find_domain_constraint(type, def->name))
		return DUPLICATE_OBJECT;
	const char *name = def->name;
	if (!name) {
		Relation named = {.object = {.schema = type->object.schema, .name = type->object.name}};
		name = choose_constraint_name(catalog, &named, NULL, "check");
	}
	Constraint *constraint =
	    object_new(catalog, OBJECT_DOMAIN_CONSTRAINT, sizeof *constraint, NULL, name, &type->object);
	constraint->kind = def->kind;
	constraint->validated = !def->not_valid;
	constraint->check = expr_copy(catalog, def->check);
	depend_on_expr(catalog, apply->path, &constraint->object, constraint->check);
	CHANGE_PUSH(catalog, &type->constraints, constraint);
	return NULL;
}

/* Columns of the domain are looked through; what holds it inside of other values cannot be. */
static const char *inside_stored(const Type *domain)
{
	return is_inside_stored(domain) ? FEATURE_NOT_SUPPORTED : NULL;
}

/* type: the base; expr: the default; its constraints follow as actions of their own or stand in `constraint`. */
const char *apply_create_domain(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Type *type = new_type(apply, OBJECT_DOMAIN, TYPE_DOMAIN, &sqlstate);
	if (!type)
		return sqlstate;
	type->base = resolve_type(catalog, apply->path, action->type);
	if (action->type && !type->base.name && !may_assume(catalog))
		return UNDEFINED_OBJECT;
	depend_on_type(catalog, &type->object, &type->base);
	if (action->expr && action->expr->kind != EXPR_NULL)
		type->default_expr = expr_copy(catalog, action->expr);
	depend_on_expr(catalog, apply->path, &type->object, type->default_expr);
	type->not_null = action->column_def && action->column_def->not_null;
	return action->constraint ? add_domain_constraint(apply, type, action->constraint) : NULL;
}

Type *altered_type(Apply *apply, bool domain, const char **sqlstate)
{
	Catalog *catalog = apply->catalog;
	Name name = apply->action->relation;
	Type *type = find_type(catalog, apply->path, name);
	if (!type) {
		if (find_relation(catalog, apply->path, name)) {
			*sqlstate = WRONG_OBJECT_TYPE;
			return NULL;
		}
		if (!may_assume(catalog) || known_gone(catalog, apply->path, CLASS_TYPE, name)) {
			*sqlstate = UNDEFINED_OBJECT;
			return NULL;
		}
		type = object_new(catalog, domain ? OBJECT_DOMAIN : OBJECT_TYPE, sizeof *type,
				  assumed_schema(catalog, apply->path, name), name.name, NULL);
		mark_assumed(&type->object);
	}
	if (!type->object.assumed && domain != (type->kind == TYPE_DOMAIN)) {
		*sqlstate = WRONG_OBJECT_TYPE;
		return NULL;
	}
	return type;
}

const char *apply_add_domain_constraint(Apply *apply)
{
	const char *sqlstate = NULL;
	Type *type = altered_type(apply, true, &sqlstate);
	const ConstraintDef *def = apply->action->constraint;
	if (!type || !def)
		return sqlstate;
	sqlstate = add_domain_constraint(apply, type, def);
	return sqlstate || def->not_valid ? sqlstate : inside_stored(type);
}

static const char *domain_constraint(Apply *apply, Constraint **constraint)
{
	const char *sqlstate = NULL;
	*constraint = NULL;
	Type *type = altered_type(apply, true, &sqlstate);
	if (!type)
		return sqlstate;
	*constraint = find_domain_constraint(type, apply->action->object);
	bool fine = *constraint || type->object.assumed || apply->action->if_exists;
	return fine ? NULL : UNDEFINED_OBJECT;
}

const char *apply_drop_domain_constraint(Apply *apply)
{
	Constraint *constraint;
	const char *sqlstate = domain_constraint(apply, &constraint);
	return constraint ? object_drop(apply, &constraint->object, apply->action->cascade) : sqlstate;
}

const char *apply_validate_domain_constraint(Apply *apply)
{
	Constraint *constraint;
	const char *sqlstate = domain_constraint(apply, &constraint);
	if (!constraint || constraint->validated)
		return sqlstate;
	CHANGE(apply->catalog, constraint->validated, true);
	return inside_stored((const Type *)constraint->object.parent);
}

const char *apply_domain_not_null(Apply *apply)
{
	const char *sqlstate = NULL;
	Type *type = altered_type(apply, true, &sqlstate);
	bool not_null = apply->action->kind == ACTION_SET_DOMAIN_NOT_NULL;
	if (!type || type->not_null == not_null)
		return sqlstate;
	CHANGE(apply->catalog, type->not_null, not_null);
	return not_null ? inside_stored(type) : NULL;
}

const char *apply_domain_default(Apply *apply)
{
	const char *sqlstate = NULL;
	Type *type = altered_type(apply, true, &sqlstate);
	if (!type)
		return sqlstate;
	const Expr *expr = apply->action->expr;
	CHANGE(apply->catalog, type->default_expr,
	       expr && expr->kind != EXPR_NULL ? expr_copy(apply->catalog, expr) : NULL);
	depend_on_expr(apply->catalog, apply->path, &type->object, type->default_expr);
	return NULL;
}

/* --- Enums -------------------------------------------------------------------------------------------------------- */

static uint32_t label_at(const Catalog *catalog, const Type *type, const char *label)
{
	const char *known = known_string(catalog, label); /* as the type's own labels are */
	for (uint32_t i = 0; known && i < type->labels.count; i++)
		if (type->labels.items[i] == known)
			return i;
	return type->labels.count;
}

static Type *altered_enum(Apply *apply, const char **sqlstate)
{
	Type *type = altered_type(apply, false, sqlstate);
	if (type && !type->object.assumed && type->kind != TYPE_ENUM) {
		*sqlstate = WRONG_OBJECT_TYPE;
		return NULL;
	}
	return type;
}

static void insert_label(Catalog *catalog, Type *type, uint32_t place, const char *label)
{
	if (place == type->labels.count) {
		CHANGE_PUSH(catalog, &type->labels, label);
		return;
	}
	Names labels = {0};
	for (uint32_t i = 0; i < type->labels.count; i++) {
		if (i == place)
			array_push(catalog->arena, &labels, label);
		array_push(catalog->arena, &labels, type->labels.items[i]);
	}
	CHANGE(catalog, type->labels, labels);
}

const char *apply_add_label(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Type *type = altered_enum(apply, &sqlstate);
	if (!type)
		return sqlstate;
	if (label_at(catalog, type, action->object) < type->labels.count)
		return action->if_not_exists ? NULL : DUPLICATE_OBJECT;
	uint32_t place = type->labels.count;
	if (action->value) {
		place = label_at(catalog, type, action->value);
		if (place == type->labels.count && !type->object.assumed)
			return INVALID_PARAMETER_VALUE;
		if (place < type->labels.count && action->after)
			place++;
	}
	insert_label(catalog, type, place, catalog_intern(catalog, action->object));
	CHANGE(catalog, type->label_made_in, catalog->migration);
	return NULL;
}

/* PostgreSQL keeps the label's number, not its name: a default has the new one. */
static void rename_in_defaults(Catalog *catalog, Type *type, const char *from, const char *to)
{
	for (Depend *need = type->object.users; need; need = need->next_user) {
		Column *column = need->user->kind == OBJECT_DEFAULT ? (Column *)need->user->parent : NULL;
		if (need->gone || !column || column->object.kind != OBJECT_COLUMN || !column->default_expr ||
		    column->default_expr->kind != EXPR_CONSTANT || !same(column->default_expr->text, from))
			continue;
		Expr *renamed = new (catalog->arena, Expr);
		*renamed = *column->default_expr;
		renamed->text = catalog_intern(catalog, to);
		CHANGE(catalog, column->default_expr, renamed);
	}
}

const char *apply_rename_label(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	Type *type = altered_enum(apply, &sqlstate);
	if (!type)
		return sqlstate;
	uint32_t place = label_at(catalog, type, action->object);
	if (place == type->labels.count && !type->object.assumed)
		return INVALID_PARAMETER_VALUE;
	if (label_at(catalog, type, action->new_name) < type->labels.count)
		return DUPLICATE_OBJECT;
	/* The type itself, too: its labels stand elsewhere, and whoever looks for what was touched must find it. */
	journal_save(catalog, &type->labels, sizeof type->labels);
	journal_touch(catalog, &type->object);
	if (place < type->labels.count)
		CHANGE(catalog, type->labels.items[place], catalog_intern(catalog, action->new_name));
	else
		CHANGE_PUSH(catalog, &type->labels, catalog_intern(catalog, action->new_name));
	rename_in_defaults(catalog, type, action->object, action->new_name);
	return NULL;
}

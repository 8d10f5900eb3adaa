/* Columns: ADD, DROP, RENAME and the properties of one. Inheritance children and partitions follow their parent. */
#include "catalog/inside.h"

enum { MOST_COLUMNS = 1600 }; /* https://www.postgresql.org/docs/current/limits.html */

/* --- Properties, one column at a time ----------------------------------------------------------------------------- */

static Relation *table_of(const Column *column)
{
	return (Relation *)column->object.parent;
}

static Constraint *not_null_constraint(const Column *column)
{
	const Relation *table = table_of(column);
	for (uint32_t i = 0; i < table->constraints.count; i++) {
		Constraint *constraint = table->constraints.items[i];
		if (constraint->kind == CONSTRAINT_NOT_NULL && constraint_has_column(constraint, column))
			return constraint;
	}
	return NULL;
}

void set_not_null(Apply *apply, Column *column, const char *name, bool not_valid)
{
	Catalog *catalog = apply->catalog;
	CHANGE(catalog, column->not_null, true);
	CHANGE(catalog, column->not_null_invalid, not_valid);
	/* Since 18 every NOT NULL is a constraint with a name. */
	if (catalog->version < 18 || column->not_null_name)
		return;
	if (!name)
		name = choose_constraint_name(catalog, table_of(column), column->object.name, "not_null");
	Constraint *constraint = constraint_new(catalog, table_of(column), CONSTRAINT_NOT_NULL, name);
	CHANGE(catalog, constraint->validated, !not_valid);
	CHANGE_PUSH(catalog, &constraint->columns, column);
	CHANGE(catalog, column->not_null_name, constraint->object.name);
}

void clear_not_null(Catalog *catalog, Column *column)
{
	CHANGE(catalog, column->not_null, false);
	CHANGE(catalog, column->not_null_invalid, false);
	CHANGE(catalog, column->not_null_name, NULL);
	Constraint *constraint = not_null_constraint(column);
	if (constraint && !constraint->object.dropped)
		object_remove(catalog, &constraint->object);
}

/* NULL, also as PostgreSQL prints it: NULL::text of a text column is that NULL. */
static bool is_null_of(Apply *apply, const DataType *type, const Expr *expr)
{
	if (expr->kind != EXPR_CAST || !expr->type || !expr->arguments || expr->arguments->kind != EXPR_NULL)
		return expr->kind == EXPR_NULL;
	DataType to = resolve_type(apply->catalog, apply->path, expr->type), plain = *type;
	plain.modifier_count = 0;
	return !to.modifier_count && same_type(&to, &plain);
}

/*
 * DEFAULT NULL is no default, but where the type has a length NULL is cast to it, and that PostgreSQL keeps:
 * measured for varchar(n), char(n), bit(n), numeric(p,s), timestamp(p) and their arrays, not for interval(p). A domain
 * may have a default of its own, which NULL then stands before.
 */
static const Expr *null_default(Catalog *catalog, const Column *column)
{
	bool domain = column->type.user && column->type.user->kind == TYPE_DOMAIN;
	if (!domain && (!column->type.modifier_count || same(column->type.name, "interval")))
		return NULL;
	TypeRef *type = new (catalog->arena, TypeRef);
	type->name = (Name){column->type.schema, column->type.name};
	Expr *null = new (catalog->arena, Expr), *cast = new (catalog->arena, Expr);
	null->kind = EXPR_NULL;
	cast->kind = EXPR_CAST;
	cast->type = type;
	cast->arguments = null;
	return cast;
}

/* Dropping a column that a generated one is made of takes CASCADE, and then the generated column goes. */
static void depend_on_base_columns(Catalog *catalog, Column *column)
{
	ColumnList bases = {0};
	expr_columns(catalog, table_of(column), column->default_expr, &bases);
	for (uint32_t i = 0; i < bases.count; i++)
		depend(catalog, &column->object, &bases.items[i]->object, DEPEND_NORMAL);
}

void set_default(Apply *apply, Column *column, const Expr *expr)
{
	Catalog *catalog = apply->catalog;
	if (column->default_object)
		object_remove(catalog, column->default_object);
	depend_clear_kind(catalog, &column->object, OBJECT_COLUMN);
	if (expr && !column->generated && is_null_of(apply, &column->type, expr))
		expr = null_default(catalog, column);
	CHANGE(catalog, column->default_expr, expr_copy(catalog, expr));
	CHANGE(catalog, column->default_type, column->type);
	if (!expr)
		return;
	if (column->generated)
		depend_on_base_columns(catalog, column);
	Object *user = object_new(catalog, OBJECT_DEFAULT, sizeof *user, NULL, column->object.name, &column->object);
	depend_on_expr(catalog, apply->path, user, column->default_expr);
	/* A label stays one of its enum, also when the column becomes text. */
	if (column->default_expr->kind == EXPR_CONSTANT && column->type.user)
		depend(catalog, user, &column->type.user->object, DEPEND_NORMAL);
	if (user->uses)
		CHANGE(catalog, column->default_object, user);
	else
		object_forget(catalog, user);
}

/* nextval('t_a_seq'::regclass), as a serial column's default. */
static const Expr *nextval_of(Catalog *catalog, const Relation *sequence)
{
	TypeRef *regclass = new (catalog->arena, TypeRef);
	regclass->name = (Name){NULL, "regclass"};
	Expr *constant = new (catalog->arena, Expr), *cast = new (catalog->arena, Expr),
	     *call = new (catalog->arena, Expr);
	constant->kind = EXPR_CONSTANT;
	constant->quoted = true;
	constant->text = quoted_name(catalog->arena, (Name){sequence->object.schema, sequence->object.name});
	cast->kind = EXPR_CAST;
	cast->type = regclass;
	cast->arguments = constant;
	call->kind = EXPR_CALL;
	call->name = (Name){NULL, "nextval"};
	call->arguments = cast;
	return call;
}

Column *copy_column(Catalog *catalog, Relation *to, const Column *from)
{
	Column *column = column_new(catalog, to, from->object.name);
	column->type = from->type;
	column->collation = from->collation;
	column->not_null = from->not_null;
	column->default_expr = from->default_expr;
	column->default_type = from->default_type;
	column->generated = from->generated;
	column->storage = from->storage;
	column->compression = from->compression;
	column->object.assumed = from->object.assumed;
	depend_on_type(catalog, &column->object, &column->type);
	if (from->default_object) {
		Object *user =
		    object_new(catalog, OBJECT_DEFAULT, sizeof *user, NULL, column->object.name, &column->object);
		for (const Depend *need = from->default_object->uses; need; need = need->next_used)
			if (!need->gone)
				depend(catalog, user, need->used, need->kind);
		column->default_object = user;
	}
	return column;
}

/* --- ADD COLUMN --------------------------------------------------------------------------------------------------- */

static void fill_column(Apply *apply, Column *column, const ColumnDef *def)
{
	Catalog *catalog = apply->catalog;
	column->type = resolve_type(catalog, apply->path, &def->type);
	depend_on_type(catalog, &column->object, &column->type);
	column->collation = catalog_intern(catalog, def->collation.name);
	column->generated = def->generated;
	column->storage = catalog_intern(catalog, def->storage);
	column->compression = catalog_intern(catalog, def->compression);
	if (def->serial)
		set_default(apply, column, nextval_of(catalog, make_column_sequence(catalog, column, false)));
	else if (def->generated)
		set_default(apply, column, def->generated_expr);
	else
		set_default(apply, column, def->default_expr);
	if (def->identity) {
		column->identity = def->identity;
		make_column_sequence(catalog, column, true);
	}
	if (def->not_null || def->serial || def->identity)
		set_not_null(apply, column, def->not_null_name, def->not_null_not_valid);
}

/* A column that a child has already under this name becomes the parent's too. */
static const char *merge_column(Apply *apply, Column *column, const ColumnDef *def)
{
	DataType type = resolve_type(apply->catalog, apply->path, &def->type);
	if (def->type.name.name && type.name && column->type.name && !same_type(&type, &column->type))
		return DATATYPE_MISMATCH;
	if (def->not_null && !column->not_null)
		set_not_null(apply, column, def->not_null_name, false);
	if (def->default_expr)
		set_default(apply, column, def->default_expr);
	if (apply->action->in_create)
		CHANGE(apply->catalog, column->local, true);
	return NULL;
}

static const char *add_to_child(Apply *apply, Relation *child, const ColumnDef *def)
{
	Column *column = find_column(child, def->name);
	if (column) {
		CHANGE(apply->catalog, column->inherited, (uint16_t)(column->inherited + 1));
		return merge_column(apply, column, def);
	}
	ColumnDef inherited = *def;
	inherited.identity = 0;
	const char *sqlstate = add_column(apply, child, &inherited);
	column = sqlstate ? NULL : find_column(child, def->name);
	if (column) {
		column->inherited = 1;
		column->local = false;
	}
	return sqlstate;
}

/* serial and identity columns are integers. */
bool can_count(const DataType *type)
{
	return type->user || same(type->name, "int2") || same(type->name, "int4") || same(type->name, "int8");
}

static bool is_system_column(const char *name)
{
	static const char *const names[] = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (same(name, names[i]))
			return true;
	return false;
}

const char *add_column(Apply *apply, Relation *relation, const ColumnDef *def)
{
	const char *sqlstate = NULL;
	if (is_system_column(def->name))
		return DUPLICATE_COLUMN;
	if (relation->columns.count >= MOST_COLUMNS)
		return TOO_MANY_COLUMNS;
	DataType type = resolve_type(apply->catalog, apply->path, &def->type);
	if (!type.name)
		sqlstate = undefined_type(apply->catalog, &def->type);
	else if (def->identity && !can_count(&type))
		sqlstate = INVALID_PARAMETER_VALUE;
	if (!sqlstate)
		sqlstate = missing_in_expr(apply->catalog, apply->path, def->default_expr);
	if (!sqlstate)
		sqlstate = missing_in_expr(apply->catalog, apply->path, def->generated_expr);
	ColumnList bases = {0};
	if (!sqlstate && !apply->action->in_create &&
	    !expr_columns(apply->catalog, relation, def->generated_expr, &bases))
		sqlstate = UNDEFINED_COLUMN;
	if (sqlstate)
		return sqlstate;
	Column *column = column_new(apply->catalog, relation, def->name);
	fill_column(apply, column, def);
	if (relation->partition_keys.count)
		find_partition_columns(apply->catalog, relation);
	for (uint32_t i = 0; i < relation->children.count; i++) {
		sqlstate = add_to_child(apply, relation->children.items[i], def);
		if (sqlstate)
			return sqlstate;
	}
	return NULL;
}

/* https://www.postgresql.org/docs/17/release-17.html: "Allow partitioned tables to have identity columns" */
static bool may_have_identity(const Catalog *catalog, const Relation *parent)
{
	return catalog->version >= 17 && is_partitioned(parent);
}

const char *apply_add_column(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	const ColumnDef *def = action->column_def;
	Column *column = find_column(relation, def->name);
	if (column && action->in_create && (column->inherited || relation->is_partition || relation->of_type))
		return merge_column(apply, column, def);
	if ((relation->is_partition || relation->of_type) && !action->in_create)
		return WRONG_OBJECT_TYPE;
	if (column && action->if_not_exists)
		CHANGE(apply->catalog, column->not_added_by, apply->catalog->statement + 1);
	if (column)
		return action->if_not_exists ? NULL : DUPLICATE_COLUMN;
	if (relation->children.count && (action->only || (def->identity && !may_have_identity(apply->catalog, relation))))
		return INVALID_TABLE_DEFINITION;
	return add_column(apply, relation, def);
}

/* --- DROP COLUMN -------------------------------------------------------------------------------------------------- */

static const char *drop_from_child(Apply *apply, Relation *child, const char *name);

static const char *drop_column(Apply *apply, Relation *relation, Column *column)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	for (uint32_t i = 0; i < relation->partition_columns.count; i++)
		if (relation->partition_columns.items[i] == column)
			return INVALID_TABLE_DEFINITION;
	if (action->only && is_partitioned(relation) && relation->children.count)
		return INVALID_TABLE_DEFINITION;
	const char *name = column->object.name;
	for (uint32_t i = 0; i < relation->children.count; i++) {
		const char *sqlstate = drop_from_child(apply, relation->children.items[i], name);
		if (sqlstate)
			return sqlstate;
	}
	bool unknown = column->object.assumed;
	const char *sqlstate = object_drop(apply, &column->object, action->cascade);
	if (!sqlstate && unknown)
		remember_part_gone(catalog, relation, OBJECT_COLUMN, name, true);
	return sqlstate;
}

/* With ONLY the child keeps the column as its own. */
static const char *drop_from_child(Apply *apply, Relation *child, const char *name)
{
	Column *column = find_column(child, name);
	if (!column || !column->inherited)
		return NULL;
	CHANGE(apply->catalog, column->inherited, (uint16_t)(column->inherited - 1));
	if (apply->action->only)
		CHANGE(apply->catalog, column->local, true);
	else if (!column->inherited && !column->local)
		return drop_column(apply, child, column);
	return NULL;
}

const char *apply_drop_column(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = NULL;
	Relation *relation = altered_relation(apply, &sqlstate);
	if (!relation)
		return sqlstate;
	if (relation->of_type)
		return WRONG_OBJECT_TYPE;
	Column *column = find_column(relation, action->object);
	if (!column && action->if_exists) {
		if (parts_unknown(apply->catalog, relation))
			remember_part_gone(apply->catalog, relation, OBJECT_COLUMN, action->object, false);
		return NULL;
	}
	if (!column)
		column = altered_column(apply, relation, action->object, &sqlstate);
	if (!column)
		return is_system_column(action->object) ? FEATURE_NOT_SUPPORTED : sqlstate;
	if (column->inherited)
		return INVALID_TABLE_DEFINITION;
	return drop_column(apply, relation, column);
}

#ifndef DDLINT_CATALOG_INSIDE_H
#define DDLINT_CATALOG_INSIDE_H
/* What the files of the catalog share. Nobody else includes it. */
#include "catalog/catalog.h"
#include "catalog/sqlstate.h"

/* --- names.c: who has which name ---------------------------------------------------------------------------------- */

/* Objects of one class may not share a name within a schema (routines: with the same arguments; constraints: on one
 * table). */
typedef uintptr_t NameClass;
enum {
	CLASS_NONE,
	CLASS_RELATION,
	CLASS_TYPE,
	CLASS_ROUTINE,
	CLASS_CONSTRAINT,
	CLASS_OTHER, /* plus the ObjectKind */
	CLASS_PART = CLASS_OTHER + 256, /* plus the ObjectKind: parts of a relation, which stands in the schema's place */
};

typedef struct NameKey {
	const void *schema; /* interned, or NULL; a part's relation */
	const char *name;
	NameClass class;
} NameKey;

/* What is known of a name that nobody has, in an open world. */
enum Gone {
	GONE_UNKNOWN, /* somebody may have it after all */
	GONE_CHECKED, /* DROP … IF EXISTS: free now, whatever was there before */
	GONE_DROPPED, /* something assumed had it and was dropped or renamed */
};

typedef struct NameSlot {
	NameKey key;
	Object *first; /* by next_same */
	enum Gone gone;
} NameSlot;

NameClass name_class(ObjectKind kind);
/* The interned string, or NULL when the catalog never saw it. */
const char *known_string(const Catalog *catalog, const char *text);
const NameSlot *find_slot(const Catalog *catalog, NameClass class, const char *schema, const char *name);
Object *find_in_schema(const Catalog *catalog, NameClass class, const char *schema, const char *name);
/* Along the path; temporary objects first. */
Object *find_in_path(const Catalog *catalog, SearchPath path, NameClass class, Name name);
/* Nobody has the name as a table, view, index, sequence or composite type. */
bool relation_name_free(const Catalog *catalog, const char *schema, const char *name);
bool type_name_free(const Catalog *catalog, const char *schema, const char *name);
bool has_row_type(const Relation *relation);

/*
 * Columns, constraints, triggers, policies and rules: most relations have few, and lists are looked through. Behind the first
 * FEW_PARTS of a list the name table has them, too.
 */
enum { FEW_PARTS = 24 };
Object *find_part_by_name(const Relation *relation, ObjectKind kind, const char *name);
/* Of a relation that is not known whole: no such part is there. */
bool part_gone(const Relation *relation, ObjectKind kind, const char *name);
void remember_part_gone(Catalog *catalog, Relation *relation, ObjectKind kind, const char *name, bool was_assumed);

/* A new object of size bytes in catalog->objects and under its name. Names are interned here. */
void *object_new(Catalog *catalog, ObjectKind kind, size_t size, const char *schema, const char *name, Object *parent);
void object_rename(Catalog *catalog, Object *object, const char *name);
/* A relation takes the names of its constraints along. */
void object_move(Catalog *catalog, Object *object, const char *schema);
bool kind_has_schema(ObjectKind kind);
/* Off the name table, for good. Does not look at what depends on it: see object_drop. */
void object_forget(Catalog *catalog, Object *object);
Object *mark_assumed(Object *object);

/* What is not found may exist all the same. */
bool may_assume(const Catalog *catalog);
bool may_assume_kind(const Catalog *catalog, ObjectKind kind);
/* Known not to exist although the world is open. */
bool known_gone(const Catalog *catalog, SearchPath path, NameClass class, Name name);
void set_gone(Catalog *catalog, NameClass class, const char *schema, const char *name, enum Gone gone);
void remember_gone(Catalog *catalog, SearchPath path, NameClass class, Name name, enum Gone gone);
Object *find_schema(const Catalog *catalog, const char *name);
/* The schema in which a new object goes; NULL and *sqlstate when there is none. */
const char *creation_schema(Catalog *catalog, SearchPath path, Name name, const char **sqlstate);
/* The first schema of the path: where what is only assumed is put. */
const char *assumed_schema(Catalog *catalog, SearchPath path, Name name);

/* --- types.c, extensions.c ---------------------------------------------------------------------------------------- */

/* What PostgreSQL says of a type that resolve_type does not know; NULL when it may exist. */
const char *undefined_type(const Catalog *catalog, const TypeRef *type);
/* As resolve_type, but a type that is not known stays unknown. */
DataType known_type(const Catalog *catalog, SearchPath path, const TypeRef *type);
/* The type may come from an extension; *extension: the installed one, NULL when it cannot be told which. */
bool type_of_extension(const Catalog *catalog, Name name, Object **extension);
/* NULL: no installed extension is known to have brought it. */
Object *extension_of_opclass(const Catalog *catalog, SearchPath path, const char *opclass);

/* casts.c: as far as is known, a value of one type can be assigned to a column of the other. */
bool can_assign(const DataType *from, const DataType *to);
/* As far as is known, a cast of one to the other can be written. */
bool can_cast(const DataType *from, const DataType *to);
/* An extension is installed of which nothing is known: it may have brought schemas and tables. */
bool has_strangers(const Catalog *catalog);

/* journal.c: as journal_save, of what is found again after an undo although it was made since the mark: places of the name table. */
void journal_save_lasting(Catalog *catalog, void *where, size_t size);

#define CHANGE_LASTING(catalog, place, ...)                                                                            \
	do {                                                                                                           \
		journal_save_lasting((catalog), &(place), sizeof(place));                                              \
		(place) = (__VA_ARGS__);                                                                               \
	} while (0)

/* An object of which something changes that is not inside its struct: comparisons are to look at it. */
static inline void journal_touch(Catalog *catalog, Object *object)
{
	journal_save(catalog, &object->dropped, sizeof object->dropped);
}

/* --- lists of pointers, under the journal ------------------------------------------------------------------------- */

void list_remove(Catalog *catalog, void *array, const void *item);
void list_clear(Catalog *catalog, void *array);

/* journal.c: every object is made known to it, so that a place in memory leads back to its object. */
void journal_note(Catalog *catalog, Object *object);

/* --- parts of relations: parts.c ---------------------------------------------------------------------------------- */

/* Something of it that is not listed may exist. */
bool parts_unknown(const Catalog *catalog, const Relation *relation);
Column *column_new(Catalog *catalog, Relation *relation, const char *name);
/* ctid, xmin …, "*" and the row as a whole: they are always there. */
bool names_no_column(const Relation *relation, const char *name);
Constraint *constraint_new(Catalog *catalog, Relation *relation, ConstraintKind kind, const char *name);
Relation *index_new(Catalog *catalog, Relation *table, const char *name);
bool constraint_has_column(const Constraint *constraint, const Column *column);
bool index_has_column(const Relation *index, const Column *column);
/* The index belongs to the constraint; a foreign key only points at another's. */
Relation *own_index(const Constraint *constraint);

/* --- depend.c ----------------------------------------------------------------------------------------------------- */

void depend_clear(Catalog *catalog, Object *user);
void depend_clear_kind(Catalog *catalog, Object *user, ObjectKind used_kind);
/* drop_closure of several objects that are dropped together. */
void closure_of(Arena *arena, const Catalog *catalog, const ObjectList *roots, bool cascade, ObjectList *gone,
		Object **blocker);

/* --- plain_expr.c ------------------------------------------------------------------------------------------------- */

/* The same for all ways to write an expression; user: the view, constraint, index … that it belongs to. For comparing and
 * printing only. */
const Expr *plain_expr(Arena *arena, const Object *user, const Expr *expr);

/* --- exprs.c: copies in the catalog's arena, what they mention ---------------------------------------------------- */

const Expr *expr_copy(Catalog *catalog, const Expr *expr);
const Query *query_copy(Catalog *catalog, const Query *query);
void names_copy(Catalog *catalog, Names *to, const Names *from);
/* expr with the column's new name; expr itself when it does not mention the column. */
const Expr *expr_with_renamed_column(Catalog *catalog, const Expr *expr, const char *from, const char *to);
typedef ARRAY(Column *) ColumnList;
/* The relation's columns that expr mentions, each once. Answers false when one of them is missing for certain. */
bool expr_columns(Catalog *catalog, Relation *relation, const Expr *expr, ColumnList *columns);
/* Functions, sequences and types that expr needs: the user depends on them. */
void depend_on_expr(Catalog *catalog, SearchPath path, Object *user, const Expr *expr);
/* Relations, columns, functions and types that a query needs. */
void depend_on_query(Catalog *catalog, SearchPath path, Object *user, const Query *query);
void depend_on_type(Catalog *catalog, Object *user, const DataType *type);
/* The name that PostgreSQL gives an index's expression column; NULL: it calls it "expr". */
const char *expr_figure_name(const Expr *expr);
/* The SQLSTATE for a sequence or function that expr needs and that is missing for certain. */
const char *missing_in_expr(const Catalog *catalog, SearchPath path, const Expr *expr);
/* 'public.t_id_seq' or '"T_id_seq"' as regclass reads it: folded unless quoted. */
Name name_of_literal(Arena *arena, const char *text);

/* --- generated_names.c -------------------------------------------------------------------------------------------- */

/* As choose_relation_name; constraint names of the schema count too when it is the index of a constraint. */
const char *choose_index_name(Catalog *catalog, const Relation *table, const Relation *index, const char *label,
			      bool is_constraint);
void name_index_keys(Catalog *catalog, Relation *index);
/* Column names joined by "_", for the middle of a name; first_only: PostgreSQL 11's way with foreign keys. */
const char *joined_columns(Catalog *catalog, const Constraint *constraint);

/* --- Applying ----------------------------------------------------------------------------------------------------- */

typedef struct Apply {
	Catalog *catalog;
	SearchPath path;
	const Action *action;
} Apply;

/* Each applies one kind of action: NULL or the SQLSTATE. On failure catalog_apply puts back what was changed. */
typedef const char *ApplyFunction(Apply *apply);

/* apply.c: who the action is about. NULL without *sqlstate: nothing to do (IF EXISTS); NULL with it: not there, or of
 * the wrong kind. */
Relation *altered_relation(Apply *apply, const char **sqlstate);
/* What PostgreSQL says of a relation that is not there. */
const char *undefined_relation(Apply *apply, Name name);
Column *altered_column(Apply *apply, Relation *relation, const char *name, const char **sqlstate);
/* What of its children the action does too; none with ONLY. */
bool recurses(const Apply *apply, const Relation *relation);

/* apply_drop.c */
/* Removes an object and everything that goes with it; 2BP01 when somebody needs it, unless cascade. */
const char *object_drop(Apply *apply, Object *object, bool cascade);
/* Removes without asking anybody: the object and its own parts. */
void object_remove(Catalog *catalog, Object *object);

/* Cluster-wide things, and what a server or its provider brings, exist although no history makes them. */
bool outlives_database(ObjectKind kind);

/* apply_object.c */
/* What PostgreSQL says of an object that is not there; DROP INDEX says it in a way of its own. */
const char *undefined_object(ObjectKind kind, bool dropped);
/* Under which name an object of the plain kinds is kept. */
Name kept_name(Apply *apply, const Action *action);
/* A part of a relation: column, constraint, trigger, rule, policy. */
Object *find_part(Apply *apply, Relation *relation, ObjectKind kind, const char *name);
/* The subject of COMMENT, RENAME, SET SCHEMA, OWNER; as altered_relation. */
Object *action_target(Apply *apply, const char **sqlstate);

/* apply_column.c */
const char *add_column(Apply *apply, Relation *relation, const ColumnDef *def);
/* An integer, as far as is known. */
bool can_count(const DataType *type);
Column *copy_column(Catalog *catalog, Relation *to, const Column *from);
void set_not_null(Apply *apply, Column *column, const char *name, bool not_valid);
void clear_not_null(Catalog *catalog, Column *column);
/* expr NULL: none. Takes its own copy. */
void set_default(Apply *apply, Column *column, const Expr *expr);

/* apply_column_change.c: in this relation alone, with all that mentions the column. */
const char *rename_column(Catalog *catalog, Relation *relation, Column *column, const char *new_name);

/* apply_type.c */
Column *new_attribute(Apply *apply, Type *type, const ColumnDef *def);
/* The type that an ALTER TYPE or ALTER DOMAIN is about; assumed in an open world. */
Type *altered_type(Apply *apply, bool domain, const char **sqlstate);
/* apply_attribute.c: arrays, composites, ranges or rows with the type inside are stored in some column. */
bool is_inside_stored(const Type *type);

/* apply_constraint.c */
const char *add_constraint(Apply *apply, Relation *relation, const ConstraintDef *def);
/* The parent's constraint on a new child, merged with an equal one that it has; as_local for LIKE. */
const char *inherit_constraint(Apply *apply, Relation *child, Constraint *from, bool as_local);

/* apply_inherit.c: the table becomes a child of the one that is named, as it is made. */
const char *join_parent(Apply *apply, Relation *child, Name parent);

/* apply_table.c */
void find_partition_columns(Catalog *catalog, Relation *table);

/* apply_rows.c */
/* Relations, and columns that are theirs for certain, that a query names and that are missing. */
const char *missing_in_query(Apply *apply, const Query *query);
/* Something else has the name: a table, or another table's index. */
bool is_index_elsewhere(const Catalog *catalog, const Relation *relation, const char *name);
/* The index that CLUSTER is to use from now on; name NULL: none. */
const char *mark_cluster(Catalog *catalog, Relation *relation, const char *name);

/* A string that reads as an interval, cast to one or not, in a form that equal intervals share; NULL: it does not. */
const char *interval_text(Arena *arena, const Expr *expr);

/* expr_wrong.c */
/* Functions, operators and casts that do not exist for the types of the relation's columns. */
const char *wrong_in_expr(Apply *apply, const Relation *relation, const Expr *expr);
/* The same in what a statement on rows gives and asks, as far as it is certain whose columns are meant. */
const char *wrong_in_query(Apply *apply, const Query *query);
/* A value as written that the column's type does not have: a label that its enum lacks. column may be NULL. */
const char *wrong_value(const Column *column, const Expr *value);

/* apply_view.c: columns of a table or view that a query makes; names are those written behind its own name. */
const char *columns_of_query(Apply *apply, Relation *relation, const Query *query, const Names *names);

/* apply_index.c */
/* The parent's index on a partition: one that it has already, or a clone. */
const char *adopt_index(Apply *apply, Relation *partition, Relation *index);
/* constraint NULL: a plain index. name NULL: PostgreSQL makes one. */
const char *make_index(Apply *apply, Relation *table, const IndexDef *def, const char *name, Constraint *constraint,
		       Relation **made);
bool covers_partition_key(const Relation *index);
/* An index like `from` on another table with the same columns, with a name of its own; the constraint it is behind is
 * made, too. */
const char *clone_index(Apply *apply, Relation *table, Relation *from, bool as_partition);

/* apply_routine.c: "f(integer, text)", or "f" when no arguments are given. */
const char *routine_signature(Apply *apply, const Action *action);
/* A function with these arguments is known not to be there (any more, or no longer). */
void signature_gone(Catalog *catalog, const Function *function);

/* apply_sequence.c */
Relation *make_column_sequence(Catalog *catalog, Column *column, bool identity);

ApplyFunction apply_create_table, apply_create_table_as, apply_rename_table, apply_set_persistence,
    apply_table_property, apply_inherit, apply_disinherit, apply_attach_partition, apply_detach_partition,
    apply_of_type;
ApplyFunction apply_add_column, apply_drop_column, apply_rename_column, apply_column_type, apply_set_default,
    apply_drop_default, apply_set_not_null, apply_drop_not_null, apply_set_expression, apply_drop_expression,
    apply_add_identity, apply_set_identity, apply_drop_identity, apply_column_property;
ApplyFunction apply_add_constraint, apply_drop_constraint, apply_validate_constraint, apply_alter_constraint,
    apply_rename_constraint;
ApplyFunction apply_create_index, apply_rename_index, apply_attach_index, apply_reindex;
ApplyFunction apply_create_view, apply_create_materialized_view, apply_refresh;
ApplyFunction apply_create_type, apply_create_domain, apply_add_label, apply_rename_label, apply_add_attribute,
    apply_drop_attribute, apply_attribute_type, apply_rename_attribute, apply_add_domain_constraint, apply_drop_domain_constraint,
    apply_validate_domain_constraint, apply_domain_not_null, apply_domain_default;
ApplyFunction apply_create_sequence, apply_alter_sequence, apply_create_schema, apply_create_function,
    apply_alter_function;
ApplyFunction apply_create_trigger, apply_drop_trigger, apply_switch_trigger, apply_create_rule, apply_drop_rule,
    apply_create_policy, apply_alter_policy, apply_drop_policy;
ApplyFunction apply_create_extension, apply_create_object, apply_alter_object;
ApplyFunction apply_rows, apply_maintenance, apply_privileges, apply_cluster;
ApplyFunction apply_drop, apply_rename_object, apply_set_schema, apply_set_owner, apply_comment;

/* --- describe.c ----------------------------------------------------------------------------------------------------- */

/* Not assumed, nor made where something assumed had been. */
bool is_described(const Object *object);
#endif

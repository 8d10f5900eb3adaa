#ifndef DDLINT_EFFECT_DRAFT_H
#define DDLINT_EFFECT_DRAFT_H
/*
 * An effect while it is being worked out. Private to effect/: effect.c does what a row of effect.def says, then calls
 * the row's exception, one of the functions below, which add to the draft what a row cannot say.
 */
#include "effect/effect.h"

typedef enum Does { NEVER, SOMETIMES, ALWAYS } Does;
/* How far the action's own lock goes: no relation is meant, it alone, with its partitions, with inheritance children
 * too. */
typedef enum Reach { NOTHING, SELF, PARTITIONS, TREE } Reach;

typedef struct Draft Draft;

typedef struct EffectRow {
	ActionKind kind;
	int since, until; /* server majors, inclusive; 0: no limit */
	LockMode lock;
	Reach reach;
	Does rewrites, scans, forbidden; /* forbidden: in a transaction block */
	void (*exception)(Draft *draft);
	const char *manual; /* page of https://www.postgresql.org/docs/current/ */
} EffectRow;

struct Draft {
	const EffectContext *context;
	Catalog *catalog;
	SearchPath path;
	int version;
	const Action *action;
	const EffectRow *row;
	Relation *relation;	 /* what the action is about; NULL: not there, or no relation */
	LockMode statement_lock; /* ALTER TABLE: the strongest of all parts, which children are locked in */
	uint32_t visited;	 /* views looked behind, foreign keys followed: see may_follow() */
	int depth;		 /* of actions inside of actions: the bodies of rules */
	bool planned;		 /* queries are planned and not run: EXPLAIN */
	Effect *effect;
};

typedef ARRAY(Relation *) Relations;
typedef ARRAY(const Constraint *) ForeignKeys;

/* effect.def, in the order of action.def. */
extern const EffectRow effect_rows[];
extern const uint32_t effect_row_count;
/* The row for an action on a server; never NULL. */
const EffectRow *effect_row(ActionKind kind, int version);

/* --- Adding to the draft. Relations that are NULL, dropped or made by this statement are passed over. ------------- */

void take_lock(Draft *draft, Relation *relation, LockMode mode);
void take_lock_on_indexes(Draft *draft, const Relation *table, LockMode mode);
/* The entry of a composite type in pg_class, and the tables made OF it when they follow (CASCADE). */
void take_lock_on_composite(Draft *draft, Type *type, LockMode mode);
void take_lock_on_all(Draft *draft, Relations relations, LockMode mode);
/* The relation and everything below it, indexes left out. */
void take_lock_on_tree(Draft *draft, Relation *relation, LockMode mode);
/* Rewrites one table (a partitioned one has nothing to rewrite): its indexes are built again, and it is read. */
void add_rewrite(Draft *draft, Relation *table, WorkReason reason);
/* A table or index gets a new file, and no more than that: neither is a row read nor an index built for it. */
void add_new_file(Draft *draft, Relation *relation, WorkReason reason);
void add_scan(Draft *draft, Relation *table, WorkReason reason);
/* index NULL: one that the action makes, called `name` when that is known. Building reads the table. */
void add_build(Draft *draft, Relation *table, Relation *index, const char *name, WorkReason reason);
void add_destroyed(Draft *draft, Object *object, DestroyKind kind, bool by_cascade);
/* What is claimed rests on this: a sentence for people. */
void add_assumption(Draft *draft, const char *because);

/* --- Questions ---------------------------------------------------------------------------------------------------- */

/* The relation of that name; in an open world one is assumed when `assumed_kind` is not OBJECT_NONE. */
Relation *relation_called(Draft *draft, Name name, ObjectKind assumed_kind);
/* The relation and everything below it, depth first, itself first. */
Relations tree_of(const Draft *draft, Relation *relation);
/* The relation and, when it is partitioned, its partitions. */
Relations partitions_of(const Draft *draft, Relation *relation);
/* With ONLY the relation alone. */
Relations reach_of(const Draft *draft, Relation *relation);
/* Has rows of its own on this server: a table that is not partitioned, or a materialized view. */
bool has_storage(const Relation *relation);
/* Made by the statement that is being worked out, or gone. */
bool is_new(const Draft *draft, const Object *object);
/* Every relation of the kind that is there, in the order they were made; schema NULL: all schemas. */
Relations all_relations(const Draft *draft, ObjectKind kind, const char *schema);
/* The column is a key or included column of the index. */
bool index_holds_column(const Relation *index, const Column *column);
/* The index's expressions or predicate mention the column. */
bool index_computes_column(const Relation *index, const Column *column);
/* Counts one more view or foreign key that is followed. False: there are too many, the rest is left out and said to be.
 */
bool may_follow(Draft *draft);
/* A valid CHECK of the table, not dropped by this very statement, says that the column is not NULL. */
bool check_proves_not_null(const Draft *draft, const Relation *table, const char *column);
/* The constraint that the index stands behind, or NULL. */
const Constraint *constraint_of_index(const Relation *index);
/* The index that a foreign key to these columns (none: the primary key) rests on, or NULL. */
Relation *referenced_index(const Relation *referenced, const Names *columns);
/* Foreign keys of any table that point at this one. */
ForeignKeys foreign_keys_to(const Draft *draft, const Relation *referenced);
/* effect_index.c: the table has an index that can serve as its part of the parent's. */
bool has_matching_index(const Relation *table, const Relation *wanted);
/* "s", "public.s", '"S"': a name inside a string, as regclass reads it. */
Name name_in_text(Arena *arena, const char *text);
bool same_expr(const Expr *a, const Expr *b);
static inline bool is_index(const Relation *relation)
{
	return relation->object.kind == OBJECT_INDEX;
}
static inline bool column_is(const Column *column, const char *name)
{
	return column && same(column->object.name, name);
}

/* effect_object.c: what SET (…) needs depends on the parameters. */
LockMode storage_parameters_lock(const Action *action);

/* --- Work that several actions share ------------------------------------------------------------------------------ */

/* effect_drop.c: the object and everything that goes with it; its own destruction counts as `by_cascade`. */
void drop_with_users(Draft *draft, Object *object, bool by_cascade);
/* effect_constraint.c: the rows of `table` are looked up in the referenced table (RI_Initial_Check). */
void check_foreign_key(Draft *draft, Relation *table, Relation *referenced, WorkReason reason);
/* partition_bound.c: what is known of the table (valid CHECKs, NOT NULL columns) implies the partition's bound; says
 * that no row belongs there; says so for the bounds of all partitions there are. */
bool proves_bound(const Draft *draft, const Relation *table, const Relation *parent, const char *bound);
bool proves_absence(const Draft *draft, const Relation *table, const Relation *parent, const char *bound);
bool proves_default(const Draft *draft, const Relation *table, const Relation *parent);
/* CREATE TABLE … PARTITION OF (partition NULL) and ATTACH PARTITION: the DEFAULT partition, indexes, foreign keys. */
void add_partition_to(Draft *draft, Relation *parent, Relation *partition, const char *bound, bool is_default);
/* query_reads.c: a plain index starts with the column; a condition of the query lets an index of the table find the rows that it
 * wants; the query reads the table that stands at `use` in full. */
bool has_index_on(const Relation *table, const Column *column);
bool condition_finds(const Relation *relation, const RelationUse *use, const Query *query, const Expr *where, bool correlated);
bool query_reads_all(Draft *draft, const Query *query, const RelationUse *use, const Relation *relation);
/* The condition says that no row of the partition is meant. */
bool is_pruned(const Draft *draft, const Relation *partition, const Expr *where);
/* The partitions that rows may go to, at any depth: by constants where they belong, with anything else anywhere. The
 * action's query has their values; columns: those that it names. */
void route_rows(Draft *draft, const Relation *table, const Names *columns);
/* effect.c: adds what an action does that this one brings along; not for ever. */
void run_inside(Draft *draft, const Action *action);
/* effect_rules.c: what the relation's rules for "insert", "update" or "delete" do. True: instead of the statement. */
bool run_rules(Draft *draft, const char *event);
/* effect_query.c. NULL: a table of the system, or not there. */
Relation *relation_of_use(Draft *draft, const RelationUse *use);
/* The query is planned and run, or only looked at (views, bodies of functions: no index is opened). */
void run_query(Draft *draft, const Query *query);
/* A partition's bound is known by its parent, and so on upwards. */
void look_at_bounds(Draft *draft, const Relation *table);
/* The same without the relation that is written. */
void run_sources(Draft *draft, const Query *query);
/* The queries of the prepared statement that the action names in `object`, if any. */
void run_prepared(Draft *draft);
void look_at_query(Draft *draft, const Query *query);
/* The same for the statements of a body that is only stored. */
void look_at_body(Draft *draft, const Action *body);
/* effect_row_type.c: the relation whose rows the type is, if any; what PostgreSQL looks at when a routine is made. */
void look_at_row_type(Draft *draft, const TypeRef *written);
/* The same of all the table's columns, as whenever a table like it is made. */
void look_at_columns(Draft *draft, const Relation *table);
void look_at_routine_types(Draft *draft, const FunctionDef *def);
/* As an SQL function's body is looked at: the tables behind views too. */
void look_through_query(Draft *draft, const Query *query);
/* LOCK TABLE of a view: what it reads, and so on. */
void lock_behind_view(Draft *draft, const Relation *view, LockMode mode, bool with_tree, int depth);
/* Functions that lock: nextval('s') and the like, in an expression that is evaluated. */
void run_expr(Draft *draft, const Expr *expr);
/* Of a default that is stored: from PostgreSQL 18 on the sequences that it names are locked while it is. */
void look_at_default(Draft *draft, const Expr *expr, int depth);

/* --- Exceptions, one for each row that names it ------------------------------------------------------------------- */

#define EFFECT(kind, since, until, lock, reach, rewrites, scans, forbidden, exception, manual)                         \
	void effect_##exception(Draft *draft);
#include "effect/effect.def"
#undef EFFECT

/* effect_rows.c: VALUES (DEFAULT) */
bool is_default(const Expr *value);
/* effect_repeat.c: whether the same rows are refused, doubled, or nobody knows; `given`: the columns that the statement names. */
void judge_repetition_of_insert(Draft *draft, const Relation *table, const Names *given);
#endif

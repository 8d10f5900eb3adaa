#ifndef DDLINT_CATALOG_CATALOG_H
#define DDLINT_CATALOG_CATALOG_H
/*
 * What exists in the database at one point of a history: the model that actions are applied to.
 *
 * Open world. A history may start from a database that somebody else made. What is referred to but was never defined is
 * *assumed*: it exists, has rows, and its definition is unknown (`assumed`). An assumed table's missing columns are
 * assumed too. catalog->closed says that the history starts from nothing: then a missing object is missing.
 *
 * Journal. While a mark is open, every change saves what it overwrites, so that catalog_undo puts the catalog back to
 * the mark in time proportional to the changes. Savepoints, ROLLBACK, EXCEPTION blocks, rollback proofs and repeat
 * proofs rest on it. All writes to objects outside catalog/ are forbidden; inside they go through CHANGE() or the array
 * helpers.
 *
 * Ownership: everything lives in catalog->arena, strings included (interned: equal names are equal pointers within one
 * catalog; names from actions must go through catalog_intern first).
 */
#include "action/action.h"
#include "base/base.h"

typedef struct Catalog Catalog;
typedef struct Object Object;
typedef struct Relation Relation;
typedef struct Column Column;
typedef struct Constraint Constraint;
typedef struct Type Type;
typedef struct Function Function;

/* Why an object needs another: decides what DROP does. As pg_depend.deptype. */
typedef enum DependKind {
	DEPEND_NORMAL,	 /* DROP … RESTRICT of the other fails (2BP01) */
	DEPEND_AUTO,	 /* goes with the other silently: an index with its column, a trigger with its table */
	DEPEND_INTERNAL, /* part of the other: an index behind a constraint, an identity's sequence */
} DependKind;

typedef struct Depend Depend;
struct Depend {
	Object *user; /* needs … */
	Object *used; /* … this one */
	DependKind kind;
	bool gone;
	Depend *next_used; /* the user's next need */
	Depend *next_user; /* the next user of the used one */
};

struct Object {
	ObjectKind
	    kind; /* TABLE, FOREIGN_TABLE, VIEW, MATERIALIZED_VIEW, INDEX, SEQUENCE: a Relation. COLUMN: a Column. … */
	const char *schema; /* NULL where objects have none (columns, constraints, triggers, schemas, roles) */
	const char *name;
	Object *parent;	  /* relation of a column, constraint, trigger, rule, policy; domain of a domain constraint */
	uint32_t made_in; /* ordinal of the migration that made it (from 1); 0: before the history, or assumed */
	uint32_t made_by; /* ordinal of the statement that made it, in the whole run; 0 as above */
	uint32_t number;  /* its place in catalog->objects */
	bool assumed;	  /* never defined by what was read */
	bool dropped;	  /* no longer there; kept only so that pointers stay valid */
	bool in_place_of_unknown; /* made where something assumed had been dropped: nobody knows whether it is the same
				     again */
	bool perhaps_old; /* IF NOT EXISTS made it in an open catalog: it may have been there */
	const char *comment;
	const char *owner;
	const char
	    *definition; /* canonical text of what the fields do not hold, for comparing: function bodies, policies … */
	Depend *uses;
	Depend *users;
	uint32_t listed;    /* by the catalog_touched of that number */
	uint32_t dropped_with; /* by the DROP of several objects of that number: see Catalog.dropping */
	Object *next_same; /* next in its place of the name table */
};

/* A resolved type with its modifier. Built-in types have no Type object: schema is "pg_catalog", name the internal one.
 */
typedef struct DataType {
	const char *schema; /* NULL: an assumed type whose schema is unknown */
	const char *name; /* int4, varchar, timestamptz … as in pg_type.typname, without the array's underscore; NULL:
			     unknown */
	int32_t modifiers[2];
	uint8_t modifier_count;
	uint8_t dimensions;
	Type *user; /* the catalog's object when the type is not built in (assumed ones too) */
} DataType;

struct Column {
	Object object; /* parent: the relation */
	DataType type;
	const char *collation; /* NULL: the default one */
	const char *not_null_name; /* PostgreSQL 18: the NOT NULL constraint's name */
	const Expr
	    *default_expr; /* catalog's copy, a generated column's expression too; NULL: none (DEFAULT NULL is none) */
	DataType default_type;	/* of the default when it was set: later types of the column are cast from it */
	Object *default_object; /* the default as a user of functions, sequences, types; NULL when it needs none */
	Relation *sequence;	/* of serial and identity columns */
	bool not_null;
	bool not_null_invalid;	/* PostgreSQL 18: NOT VALID */
	char identity;		/* 'a', 'd', 0 */
	char generated;		/* 's', 'v', 0 */
	uint16_t inherited;	/* how many parents it comes from */
	bool local;		/* declared here too */
	uint32_t not_added_by;	/* one more than the ordinal of the statement whose ADD COLUMN IF NOT EXISTS found it */
	const char *storage, *compression;
};

typedef struct CatalogKey {
	Column *column; /* NULL: an expression */
	const Expr *expr;
	const char *name; /* of the key column in the index */
	const char *opclass, *collation, *operator_;
	bool descending, nulls_first;
} CatalogKey;

struct Constraint {
	Object object; /* kind CONSTRAINT or DOMAIN_CONSTRAINT; parent: the table or type */
	ARRAY(Column *) columns;
	Relation *references;
	ARRAY(Column *) reference_columns;
	const Expr *check;
	Relation
	    *index; /* behind PRIMARY KEY, UNIQUE, EXCLUDE; of a FOREIGN KEY: the referenced unique index when known */
	ConstraintKind kind;
	char on_delete, on_update;
	char match;  /* of a FOREIGN KEY: 's'imple, 'f'ull */
	bool period; /* PostgreSQL 18: WITHOUT OVERLAPS, PERIOD */
	bool validated;
	bool not_enforced;
	bool deferrable, initially_deferred;
	bool no_inherit;
	bool unnamed; /* its name is one that PostgreSQL made up */
	uint16_t inherited;
	bool local;
};

typedef struct Trigger {
	Object object; /* parent: the relation */
	Object *function;
	Names update_of;     /* columns */
	const char *enabled; /* "enable", "disable" … */
} Trigger;

typedef struct RewriteRule {
	Object object;	     /* parent: the relation */
	const Action *made; /* CREATE RULE as lowered; lives as long as the catalog */
	bool disabled;
} RewriteRule;

struct Relation {
	Object object; /* kind tells which of the fields below mean anything */
	const Catalog *catalog;
	char persistence; /* 'p', 'u', 't' */
	bool temporary_schema;
	bool row_security, force_row_security;
	bool is_partition, default_partition;
	bool columns_unknown; /* made from a query or parent that is not known: columns that are not listed may exist */
	bool gone_parts;      /* of an assumed relation: the name table has columns, constraints … known not to be there */
	bool populated;	    /* materialized views */
	bool unique, primary, exclusion, valid, clustered, nulls_not_distinct; /* indexes */
	bool identity_sequence;
	uint32_t lock_place;   /* in Session.locks, when it is held at all; the list says whether that still holds */
	uint32_t tree_place;   /* of relation_tree alone */
	/* tables, views, foreign tables */
	ARRAY(Column *) columns;
	ARRAY(Constraint *) constraints;
	ARRAY(Relation *) indexes;
	ARRAY(Trigger *) triggers;
	ARRAY(Object *) policies;
	ARRAY(RewriteRule *) rules;
	ARRAY(Relation *) parents; /* inheritance and partitioning */
	ARRAY(Relation *) children;
	ARRAY(Constraint *) referrers; /* foreign keys that point here, dropped ones too */
	const char *partition_strategy;	   /* NULL: not a partitioned table */
	ARRAY(Column *) partition_columns; /* NULL items: expressions */
	Names partition_keys;		   /* the same as written; "?" for an expression */
	Relation *default_child; /* the last one that became it: default_partition_of says whether it still is */
	const char *bound;
	const char *replica_identity;		/* "default", "full", "nothing", or the index */
	const char *tablespace, *access_method; /* NULL: the default */
	Names options;
	const Query *query; /* views */
	const char *on_commit; /* of a temporary table: "drop", "delete rows"; NULL */
	Type *of_type; /* CREATE TABLE OF */
	/* indexes */
	Relation *table;
	const char *method;
	ARRAY(CatalogKey) keys;
	Names include;
	const Expr *predicate;
	Constraint *constraint;
	Relation *parent_index;
	ARRAY(Relation *) child_indexes;
	/* sequences */
	Column *owned_by;
};

typedef enum TypeKind {
	TYPE_ASSUMED,
	TYPE_ENUM,
	TYPE_DOMAIN,
	TYPE_COMPOSITE, /* CREATE TYPE … AS (…) only; a table's row type is the table's business */
	TYPE_RANGE,
	TYPE_BASE,
} TypeKind;

struct Type {
	Object object;
	TypeKind kind;
	bool shell;		/* CREATE TYPE t; to be filled later */
	Names labels;		/* enums, in order */
	uint32_t label_made_in; /* migration of the newest ADD VALUE */
	DataType base;		/* domains, ranges (the subtype) */
	bool not_null;		/* domains */
	const Expr *default_expr;
	ARRAY(Constraint *) constraints; /* domains */
	ARRAY(Column *) attributes;	 /* composites */
	Relation *as_relation; /* composites: stands in where a Relation is wanted, for locks; made when one is taken */
};

struct Function {
	Object object;		   /* kind FUNCTION, PROCEDURE, AGGREGATE */
	ARRAY(DataType) arguments; /* input arguments: with the name they are the identity */
	ARRAY(const char *) argument_names;
	uint32_t default_count;
	DataType returns;
	bool returns_set;
	const char *returns_row; /* of several OUT or TABLE arguments: "x integer, y text"; NULL */
	char volatility;
	const char *language;
	bool strict;
	bool security_definer;
	bool sets_search_path;
	const FunctionDef *defined; /* its arguments and body as lowered; lives as long as the catalog */
	bool body_opaque;
};

struct Catalog {
	Arena *arena;
	Map names;		 /* (schema, name, class) -> NameSlot, see names.c */
	ARRAY(Object *) objects; /* all that were ever made, in order; look at dropped */
	Map strings;		 /* never shrinks, not even by undo: interned strings stay good */
	const char *public_name, *system_name, *temporary_name; /* public, pg_catalog, pg_temp: interned */
	struct Dropping {
		const Action *next; /* the part of DROP a, b, c … that is to be applied next: all were looked at together */
		ARRAY(Object *) objects;
		uint32_t number; /* of such statements so far, this one included */
	} dropping;
	Relation
	    *creating; /* made by the last CREATE TABLE: what its in_create actions add to. NULL: they are left out */
	ARRAY(Relation *) temporary; /* of the session */
	uint32_t drops_on_commit;    /* tables made ON COMMIT DROP since the last commit */
	bool closed;
	bool shared;  /* closed, but others have schemas of their own in the database: what is in those is not known */
	bool partial; /* something opaque ran: what is "missing" may exist after all */
	bool tables_known;	     /* a proof's word: what is no table or view by now is none, in spite of partial */
	ARRAY(const char *) because; /* why partial */
	const Action *user_schema; /* the last CREATE SCHEMA AUTHORIZATION of a role whose name only the server knows */
	bool extensions;	     /* some were installed: types and functions that nobody defined may be theirs */
	bool in_block;	    /* set by the replay: a DO block or function runs, and bare names may be its variables */
	uint32_t migration; /* ordinal of the migration being replayed, from 1 */
	uint32_t statement; /* ordinal of the statement being replayed, from 1 */
	int version;	    /* server major, 11 to 18 */
	struct Journal *journal;
	uint32_t touched_lists; /* made by catalog_touched so far */
};

typedef ARRAY(Object *) ObjectList;

/* --- Life, journal ------------------------------------------------------------------------------------------------ */

/* An empty catalog (schemas public and pg_catalog exist) for a server major. Lives in arena. */
Catalog *catalog_new(Arena *arena, int version);

typedef struct CatalogMark {
	size_t entries;
	size_t bytes;
	uint32_t depth;
	uint32_t objects; /* how many there were: newer ones have this number or a higher one */
} CatalogMark;

CatalogMark catalog_mark(Catalog *catalog);
/* Back to the mark, which is spent. Marks nest; the older ones stay good. */
void catalog_undo(Catalog *catalog, CatalogMark mark);
/* Keeps what was done since the mark, which is spent. */
void catalog_keep(Catalog *catalog, CatalogMark mark);
/* All objects that were made, changed or dropped since the mark, each once: the older ones first, by their first change. */
void catalog_touched(Arena *arena, Catalog *catalog, CatalogMark mark, ObjectList *touched);
/* Shows the catalog as it was at the mark, and as it is again. In between it is only read; marks are neither set nor
 * spent. */
void catalog_look_back(Catalog *catalog, CatalogMark mark);
void catalog_look_forward(Catalog *catalog, CatalogMark mark);
/*
 * Saves the bytes at `where` if a mark is open. Call before every overwrite. What was allocated since the newest mark needs no
 * saving: no undo leaves a way to it.
 */
void journal_save(Catalog *catalog, void *where, size_t size);

#define CHANGE(catalog, place, ...)                                                                                    \
	do {                                                                                                           \
		journal_save((catalog), &(place), sizeof(place));                                                      \
		(place) = (__VA_ARGS__);                                                                               \
	} while (0)
/* Appends to an ARRAY of an object, under the journal. */
#define CHANGE_PUSH(catalog, array, ...)                                                                               \
	do {                                                                                                           \
		journal_save((catalog), (array), sizeof *(array));                                                     \
		array_push((catalog)->arena, (array), (__VA_ARGS__));                                                  \
	} while (0)

/* The catalog's own copy of a string; NULL for NULL. */
const char *catalog_intern(Catalog *catalog, const char *text);

/* --- Looking things up -------------------------------------------------------------------------------------------- */

/*
 * Names without a schema are looked for along search_path (a list, as in session.h); with an empty schema list in
 * public. The plain find_ functions answer NULL for what is not there; the assume_ ones make an assumed object in an
 * open catalog (in the first schema of the path) and answer NULL only in a closed one.
 */
typedef struct SearchPath {
	const char *const *schemas;
	uint32_t count;
} SearchPath;

Relation *find_relation(const Catalog *catalog, SearchPath path, Name name); /* any kind of pg_class */
Relation *assume_relation(Catalog *catalog, SearchPath path, Name name, ObjectKind kind);
Type *find_type(const Catalog *catalog, SearchPath path, Name name);
/* The only one of the name in whatever schema; NULL: none, or several. */
Relation *only_relation(const Catalog *catalog, const char *name);
Type *only_type(const Catalog *catalog, const char *name);
Object *find_object(const Catalog *catalog, SearchPath path, ObjectKind kind,
		    Name name); /* kinds without a struct of their own */
/* arguments NULL: by name alone; more than one of the name: the first, and *several is set. */
Function *find_function(const Catalog *catalog, SearchPath path, Name name, const FunctionDef *arguments,
			bool *several);
/* The one that a call means: it takes so many arguments, called so. More than one: the first, and *several is set. */
Function *find_called(const Catalog *catalog, SearchPath path, Name name, const Expr *call, bool *several);
Column *find_column(const Relation *relation, const char *name);
Column *assume_column(Catalog *catalog, Relation *relation, const char *name);
Constraint *find_constraint(const Relation *relation, const char *name);
Trigger *find_trigger(const Relation *relation, const char *name);
Object *find_policy(const Relation *relation, const char *name);
Constraint *primary_key(const Relation *relation);
/* relation and everything below it (partitions, inheritance children), depth first, itself first. */
void relation_tree(Arena *arena, Relation *relation, Relation ***items, uint32_t *count);
Relation *default_partition_of(const Relation *parent); /* NULL: none; parent may be NULL */
bool is_table(const Relation *relation);       /* TABLE or FOREIGN_TABLE */
bool is_partitioned(const Relation *relation); /* a partitioned table or index */

/* --- Types -------------------------------------------------------------------------------------------------------- */

DataType resolve_type(Catalog *catalog, SearchPath path, const TypeRef *type);
/* As format_type prints it: "character varying(20)", "timestamp with time zone", "public.mood", "integer[]". */
char *data_type_text(Arena *arena, const DataType *type);
bool same_type(const DataType *a, const DataType *b); /* modifiers included */

/* --- Dependencies ------------------------------------------------------------------------------------------------- */

void depend(Catalog *catalog, Object *user, Object *used, DependKind kind);
/* Everything that DROP of object takes with it, itself first. *blocker: the first NORMAL user when cascade is false,
 * else NULL. */
void drop_closure(Arena *arena, const Catalog *catalog, Object *object, bool cascade, ObjectList *gone,
		  Object **blocker);

/* --- Names PostgreSQL makes up ------------------------------------------------------------------------------------ */

/* name1_name2_label, cut to 63 bytes as makeObjectName does, numbered until it is free in the schema
 * (ChooseRelationName). */
const char *choose_relation_name(Catalog *catalog, const char *schema, const char *name1, const char *name2,
				 const char *label);
const char *choose_constraint_name(Catalog *catalog, const Relation *relation, const char *name2, const char *label);

/* --- Applying actions --------------------------------------------------------------------------------------------- */

/*
 * Changes the catalog as PostgreSQL would. Answers NULL when the action succeeds, else the SQLSTATE it fails with
 * ("42P07"), and then nothing was changed. What cannot be known is taken to succeed. Actions without an object of their
 * own (DML, transactions, SET) succeed and change nothing here.
 */
const char *catalog_apply(Catalog *catalog, SearchPath path, const Action *action);

/* "public.users"; for columns and the like "public.users.email". */
char *object_text(Arena *arena, const Object *object);

/* --- Comparing ---------------------------------------------------------------------------------------------------- */

/*
 * A canonical line of text for every object that exists and was not assumed, in a stable order: equal catalogs have
 * equal lines. `subject` is what a person calls it ("column public.users.role"), `state` everything that a dump would
 * show of it.
 */
typedef struct ObjectLine {
	const char *subject;
	const char *state;
	const Object *object;
} ObjectLine;
typedef ARRAY(ObjectLine) ObjectLines;
void catalog_describe(Arena *arena, const Catalog *catalog, ObjectLines *lines);
/* The line of one object, an assumed one's too; false when it has none: it is gone, or a part of another's. */
bool object_describe(Arena *arena, const Object *object, ObjectLine *line);

/* The lines that catalog_describe would no longer have, and those that it has in their place, since a mark that is still open. */
typedef struct CatalogChanges {
	ObjectLines was, is;
} CatalogChanges;
void catalog_changes(Arena *arena, Catalog *catalog, CatalogMark mark, CatalogChanges *changes);

/* What is not as it was at a mark that is still open. The states live in the arena given. */
typedef enum DifferenceKind {
	DIFFERENCE_LEFT,    /* there now, not then */
	DIFFERENCE_MISSING, /* there then, not now */
	DIFFERENCE_CHANGED,
} DifferenceKind;
typedef struct Difference {
	DifferenceKind kind;
	const char *subject;
	const char *before, *after; /* states; NULL: not there */
	const Object *object;	    /* now when it is there, else then */
	const Object *was;	    /* then; NULL: it was not there */
} Difference;
typedef struct Comparison {
	ARRAY(Difference) differences; /* by subject */
	ObjectList recreated; /* those of then that were dropped, and whose name something new of their kind has now */
	bool unsure;	      /* something assumed is in another state now: nobody knows whether it is as it was */
} Comparison;
/* Takes time proportional to what was done since the mark, not to the catalog. The catalog is as before afterwards. */
void catalog_compare(Arena *arena, Catalog *catalog, CatalogMark mark, Comparison *comparison);
#endif

#ifndef DDLINT_PARSE_LOWER_H
#define DDLINT_PARSE_LOWER_H
/*
 * Lowering: PostgreSQL's parse nodes become actions. What the lower_*.c files share; private to this folder.
 *
 * Nodes live in the parser's memory and die with it: every string that an action keeps is copied by keep(). Positions of nodes
 * and tokens are offsets into the Piece that the parser was shown; emit() and source_span() turn them into source bytes.
 */
#include "parse/pg.h"
#include "read/lex.h"

/* Expressions, queries and bodies are followed this far down; what is deeper is left out and marked `partial`. */
enum { LOWER_DEPTH = 200, BODY_DEPTH = 64 };

/* A piece of text that the parser was shown, and the way back from its offsets. */
typedef struct Piece {
	const char *bytes;         /* NUL-ended */
	uint32_t length;
	const ParseText *text;     /* bytes[0] is text's offset `offset` */
	uint32_t offset;
	const struct Piece *outer; /* what text's "source" is: NULL means the source itself */
	const Span *fixed;         /* SQL made at run time: all of it stands at this span of the source */
} Piece;

Span piece_source(const Piece *piece, Span span);

/* What is known of a PL/pgSQL variable or a parameter: its value (as expr_fold makes them) while it is constant. */
typedef struct Variable {
	const char *name;  /* lower case unless quoted */
	const char *field; /* of a record; NULL: the variable itself */
	const Expr *value; /* NULL: not known */
} Variable;

/* The variables that expressions of a body see. The innermost come last. */
typedef struct Scope {
	const char *routine;       /* whose name may qualify parameters; NULL in a DO block */
	uint32_t parameters;       /* the first so many of the variables: $1, $2 … */
	bool columns_first;        /* SQL functions: a name is a column when it can be one */
	ARRAY(Variable) variables;
} Scope;

/* One statement on its way to a list of actions. */
typedef struct Lowering {
	Arena *arena;
	const Piece *piece;
	Span statement;         /* in the piece */
	Action *first;          /* the list so far */
	Action **end;           /* where the next action goes; NULL for an empty list */
	uint32_t depth;         /* of bodies inside bodies */
	bool partial;           /* something was not understood */
	bool made_up;           /* words of the statement stand for a template's */
	const Scope *scope;     /* NULL: no variables here */
	const char *complaint;  /* what the server says when it runs the statement, as its parser said nothing; NULL: nothing */
	uint32_t complaint_at;  /* source offset */
} Lowering;

/* --- lower.c: dispatch and lists ---------------------------------------------------------------------------------- */

void lower_node(Lowering *l, Node *node);
/* "CREATE TABLE": as the server reports it. */
const char *command_tag(Lowering *l, Node *node);
/* Appends an action whose clause is `span` of the piece. */
Action *emit(Lowering *l, ActionKind kind, Span span);
/* An action about the whole statement. */
Action *emit_whole(Lowering *l, ActionKind kind);
Action *emit_object(Lowering *l, ActionKind kind, ObjectKind object_kind, Name name);
Span source_span(const Lowering *l, Span span);
/* A new list inside the same piece, for a body; give its result to Action.body. */
Lowering lower_inside(const Lowering *l);

/* --- parse.c: SQL inside SQL -------------------------------------------------------------------------------------- */

/* Parses the piece as statements (or, with expression, as what follows SELECT) and lowers them behind l's list. */
bool lower_text(Lowering *l, const Piece *piece);
Node *parse_expression(const Piece *piece);
/* A single SELECT or VALUES; NULL when the piece is anything else. */
SelectStmt *parse_select(const Piece *piece);

/* --- lower_name.c: names, types, options -------------------------------------------------------------------------- */

const char *keep(Lowering *l, const char *text);
Name range_name(Lowering *l, const RangeVar *range);
Name list_name(Lowering *l, const List *names);
/* The name of an object as DROP, COMMENT, ALTER … OWNER carry it: a list, a string, a type, a function with arguments. */
Name object_name(Lowering *l, Node *object);
Names string_list(Lowering *l, const List *strings);
const char *role_name(Lowering *l, const RoleSpec *role);
Names role_list(Lowering *l, const List *roles);
TypeRef type_ref(Lowering *l, const TypeName *type);
/* "name=value" for each DefElem. */
Names option_list(Lowering *l, const List *options);
const char *option_value(Lowering *l, Node *value);
const DefElem *find_option(const List *options, const char *name);
bool option_is_on(const List *options, const char *name);
ObjectKind object_kind(int pg_object_type);
/* The arguments that tell overloaded functions apart. */
FunctionDef *function_signature(Lowering *l, const ObjectWithArgs *function, ObjectKind kind);

/* --- lower_clause.c: where clauses are ---------------------------------------------------------------------------- */

/* The qualified name that starts at an offset (of a node); empty for -1. */
Span name_at(const Lowering *l, int location);
Span source_name_at(const Lowering *l, int location);
/* The same in source bytes. */
Span source_identifier(const Lowering *l, Span in, const char *identifier);
/*
 * The parts between top-level commas from an offset on, up to a closing parenthesis that was not opened or the statement's end.
 * NULL when there are not `count` of them.
 */
Span *split_list(const Lowering *l, uint32_t from, uint32_t count);
/* From start to the last token that begins before limit. */
Span trimmed(const Lowering *l, uint32_t start, uint32_t limit);
/* The offset behind the first '(' at or after an offset; the statement's end when there is none. */
/* From the first token behind an open parenthesis to the last before the one that closes it. */
Span inside_parenthesis(const Lowering *l, uint32_t from);
uint32_t behind_parenthesis(const Lowering *l, uint32_t from);
/* The words of a span, one blank between tokens. */
const char *clause_text(const Lowering *l, Span span);
/* A call or a parenthesised construct: from its name to the matching ')'. */
Span call_at(const Lowering *l, int location);
/* The names in DROP KIND [CONCURRENTLY] [IF EXISTS] a, b: NULL when they are not `count`. */
Span *dropped_names(const Lowering *l, uint32_t count);

/* --- lower_expr.c, lower_query.c, lower_dml.c --------------------------------------------------------------------- */

typedef struct TopCall {
	const Expr *call;
	int location;
} TopCall;

/* Reads one query: collects what it uses while its expressions are lowered. */
typedef struct QueryReader {
	Lowering *l;
	Query *query;              /* NULL: an expression outside of queries */
	ARRAY(const char *) ctes;  /* names in scope that are no relations */
	Map cte_places;            /* behind the first few of them: one more than its place there, if it still has it */
	ARRAY(TopCall) top_calls;  /* of the outermost select list and FROM */
	bool top;                  /* reading there */
	bool open;                 /* inside an expression's sub-query, or a LATERAL one: queries around it give names, too */
	uint32_t sole;             /* the use, from 1, that the SELECT being read has alone in its FROM; 0: there is none */
	int depth;
} QueryReader;

Expr *lower_expr(Lowering *l, Node *node);
Expr *read_expr(QueryReader *r, Node *node);
void read_select(QueryReader *r, SelectStmt *select, bool outermost);
/* The columns of an INSERT's or SET's list. */
Names target_names(Lowering *l, const List *targets);
/* All that a SELECT, INSERT, UPDATE, DELETE or MERGE reads and writes. */
Query *lower_query(Lowering *l, Node *statement);
/* The same for a SELECT that makes columns, with what these are taken from: `from`, `arms`, `stars`. lower_columns.c */
Query *lower_query_columns(Lowering *l, Node *statement);
void lower_select(Lowering *l, SelectStmt *select);
void lower_dml(Lowering *l, Node *statement);
void lower_copy(Lowering *l, CopyStmt *copy);
void lower_call(Lowering *l, CallStmt *call);

/* --- One file by subject ------------------------------------------------------------------------------------------ */

void lower_create_table(Lowering *l, CreateStmt *create, bool foreign);
void lower_create_table_as(Lowering *l, CreateTableAsStmt *create);
void lower_table_from_select(Lowering *l, IntoClause *into, Node *query, bool materialized, bool if_not_exists);
ColumnDef *lower_column(Lowering *l, const PgColumnDef *column, Span clause);
const char *partition_bound(Lowering *l, const PartitionBoundSpec *bound);
/* What a constraint is about; fields for the action are filled from it. */
typedef struct ConstraintPlace {
	Action pattern;      /* relation and flags of the actions to emit */
	const char *column;  /* of an inline constraint */
	Span clause;         /* where it stands: the column's clause, or its own */
} ConstraintPlace;
ConstraintDef *lower_constraint(Lowering *l, const Constraint *constraint, const char *column);
/* ADD_COLUMN, then ADD_CONSTRAINT for the constraints behind it, in PostgreSQL's order. */
void emit_column(Lowering *l, const PgColumnDef *column, Span clause, const Action *pattern, ActionKind kind);
void emit_constraint(Lowering *l, const Constraint *constraint, Span clause, const Action *pattern);

void lower_alter_table(Lowering *l, AlterTableStmt *alter);

void lower_create_index(Lowering *l, IndexStmt *index);
void lower_reindex(Lowering *l, ReindexStmt *reindex);
IndexKey index_key(Lowering *l, const IndexElem *element);

void lower_view(Lowering *l, Node *node);
void lower_type(Lowering *l, Node *node);
void lower_sequence(Lowering *l, Node *node);
void lower_routine(Lowering *l, Node *node);
void lower_object(Lowering *l, Node *node);
void lower_drop(Lowering *l, Node *node);
void lower_rename_or_comment(Lowering *l, Node *node);
void lower_privileges(Lowering *l, Node *node);
void lower_session(Lowering *l, Node *node);
void lower_maintenance(Lowering *l, Node *node);

/* --- plpgsql.c: bodies -------------------------------------------------------------------------------------------- */

/* The string that a DefElem `AS` starts at or before: a piece of its decoded text. NULL when there is none. */
const Piece *body_piece(Lowering *l, int location);
/* What PL/pgSQL's parser says of a body that is none from its first token on; NULL: that is for the body's reader. */
/* Adds to row_types. */
void plpgsql_declared_types(Lowering *l, const Piece *body, FunctionDef *routine);
const char *plpgsql_complaint(Lowering *l, const Piece *body, uint32_t *at);
/* Reads a PL/pgSQL body into actions. *opaque: something in it could not be read. parameters: NULL in a DO block. */
Action *lower_plpgsql(Lowering *l, const Piece *body, const Scope *parameters, bool *opaque);
Action *lower_sql_body(Lowering *l, const Piece *body, const Scope *parameters, bool *opaque);

/* plpgsql_scope.c: the innermost variable of that name, or NULL. */
const Variable *scope_find(const Scope *scope, Name name);
/* The value that a name has as far as it is known; columns: there are relations that may have such a column. */
const Expr *scope_value(const Scope *scope, Name name, bool columns);
/* $1 */
const Expr *scope_parameter(const Scope *scope, int number);
#endif

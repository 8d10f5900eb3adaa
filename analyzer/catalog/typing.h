#ifndef DDLINT_CATALOG_TYPING_H
#define DDLINT_CATALOG_TYPING_H
/* Types of expressions in a query, as far as they are certain: shared by expr_type.c, select_type.c and expr_wrong.c only. */
#include "catalog/inside.h"

/* What one question about types has found so far, about whichever of its queries. */
typedef struct TypingWork {
	Arena arena;
	Map outputs;    /* by the address of a Query */
	uint32_t steps; /* taken: expressions inside expressions may multiply them, and past a limit nothing is certain */
} TypingWork;

typedef struct Typing {
	Apply *apply;
	const Query *query; /* whose columns expressions name */
	TypingWork *work;   /* the asker's, who frees its arena */
} Typing;

/* A column that a query gives. */
typedef struct OutputColumn {
	const char *name;
	DataType type;
	const char *collation; /* of a relation's column */
	bool untyped;          /* NULL or a string as written: the other arms of a UNION say what it is, or it is text */
} OutputColumn;

typedef struct Outputs {
	const Query *query;
	ARRAY(OutputColumn) columns; /* in order */
	bool known;                  /* false: a star stood for what is not known */
} Outputs;

/* No name: nobody knows. */
DataType type_of(Typing *typing, const Expr *expr, int depth);
/* The column as FROM gives it; false: it is not known. */
bool source_column(Typing *typing, Name name, OutputColumn *found, int depth);
/* All that a query gives: worked out once. */
const Outputs *outputs_of(Typing *typing, const Query *query, int depth);
/* What a UNION, CASE or COALESCE makes of two types. https://www.postgresql.org/docs/current/typeconv-union-case.html */
DataType common_type(const DataType *a, const DataType *b);

DataType built_in_type(const char *name);
bool is_untyped(const Expr *expr);
bool is_type(const DataType *type, const char *name); /* built in, no array */
bool is_string_type(const DataType *type);
bool is_number_type(const DataType *type);
bool is_time_type(const DataType *type); /* date, timestamp, timestamptz */
#endif

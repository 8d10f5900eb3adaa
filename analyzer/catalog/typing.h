#ifndef DDLINT_CATALOG_TYPING_H
#define DDLINT_CATALOG_TYPING_H
/* Types of expressions in a query, as far as they are certain: shared by expr_type.c, select_type.c and expr_wrong.c only. */
#include "catalog/inside.h"

typedef struct Typing {
	Apply *apply;
	const Query *query;
	uint32_t steps; /* taken so far: queries inside queries may multiply them, and past a limit nothing is certain */
} Typing;

/* A column that a query gives. */
typedef struct OutputColumn {
	const char *name;
	DataType type;
	const char *collation; /* of a relation's column */
	bool untyped;          /* NULL or a string as written: the other arms of a UNION say what it is, or it is text */
} OutputColumn;
typedef ARRAY(OutputColumn) OutputColumns;

/* No name: nobody knows. */
DataType type_of(Typing *typing, const Expr *expr, int depth);
/* The column as FROM gives it; false: it is not known. */
bool source_column(Typing *typing, Name name, OutputColumn *found, int depth);
/* All that the query gives, in order; false: a star stood for what is not known. */
bool output_columns(Typing *typing, OutputColumns *columns, int depth);
/* What a UNION, CASE or COALESCE makes of two types. https://www.postgresql.org/docs/current/typeconv-union-case.html */
DataType common_type(const DataType *a, const DataType *b);

DataType built_in_type(const char *name);
bool is_untyped(const Expr *expr);
bool is_type(const DataType *type, const char *name); /* built in, no array */
bool is_string_type(const DataType *type);
bool is_number_type(const DataType *type);
bool is_time_type(const DataType *type); /* date, timestamp, timestamptz */
#endif

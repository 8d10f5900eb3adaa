#ifndef DDLINT_ALEMBIC_H
#define DDLINT_ALEMBIC_H
/*
 * Alembic's operations (op.create_table, op.add_column …) as the SQL that SQLAlchemy writes for PostgreSQL. What was compared
 * with is the output of `alembic upgrade head --sql`, version 1.8.
 *
 * https://alembic.sqlalchemy.org/en/latest/ops.html
 */
#include "python.h"
#include "sql_text.h"

/* What a revision's file gives names to: variables that hold strings and lists. */
typedef struct PyNames {
	Map values; /* name -> PyValue */
} PyNames;

typedef struct Operation {
	Arena *arena;
	const PyNames *names;
	const PyValue *call;
	const char *name;   /* "create_table" */
	const char *table;  /* of batch_op: the table that the call leaves out; NULL: it says it */
	const char *schema; /* of the same */
} Operation;

/* Appends statements, each with its semicolon. False: the operation is not understood. */
bool operation_sql(Buf *sql, const Operation *operation);
/* What a value says when it is a string, or a name for one, or text("…"), op.f("…") around one; NULL. */
const PyValue *py_string(const PyNames *names, const PyValue *value);
const char *py_text(const PyNames *names, const PyValue *value);
/* The value that a name stands for, or the value itself. */
const PyValue *py_resolve(const PyNames *names, const PyValue *value);
/* The last part of a name: "Column" of "sa.Column". */
const char *py_last(const PyValue *value);

/* alembic_column.c */
void put_sa_type(Buf *sql, const PyNames *names, const PyValue *type);
/* Is it a PostgreSQL enum with a name of its own, made with the table? Then the statements that make it are appended. */
void put_enum_types(Buf *sql, const PyNames *names, const PyValue *column);
bool put_enum(Buf *sql, const PyNames *names, const PyValue *type, bool drop);
/* "name TYPE DEFAULT x NOT NULL" */
void put_sa_column(Buf *sql, const PyNames *names, const PyValue *column, bool is_key, bool is_serial);
void put_sa_default(Buf *sql, const PyNames *names, const PyValue *value);
/* "'users.id'" as "users (id)" */
void put_target(Buf *sql, const char *target);
void put_reference_options(Buf *sql, const PyNames *names, const PyValue *call);
bool is_sa_column(const PyValue *value);
bool py_true(const PyValue *call, const char *keyword);

/* alembic_constraint.c */
/* Names of a list, or expressions in text(): a, b, lower(c). */
void put_sa_names(Buf *sql, const PyNames *names, const PyValue *list);
/* "CONSTRAINT name "; op.f("x") and "x" are names, None is none. */
void put_sa_constraint_name(Buf *sql, const PyNames *names, const PyValue *name);
/* False: it is no constraint that we know. */
bool put_sa_constraint(Buf *sql, const PyNames *names, const PyValue *constraint);
/* The ForeignKey inside a Column, or NULL. */
const PyValue *sa_reference(const PyValue *column);
void put_sa_reference(Buf *sql, const PyNames *names, const PyValue *column, const PyValue *reference);
#endif

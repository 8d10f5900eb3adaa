#ifndef DDLINT_PYTHON_H
#define DDLINT_PYTHON_H
/*
 * As much of Python as migrations are written in: statements with their indentation, calls with their arguments, strings,
 * lists. Everything else is PY_OTHER, with its place. Nothing is run.
 */
#include "literal.h"

typedef enum PyKind {
	PY_OTHER,
	PY_NAME,    /* also dotted: "op.f" */
	PY_STRING,
	PY_NUMBER,
	PY_CALL,
	PY_LIST,    /* [a, b], (a, b), {a, b} */
} PyKind;

typedef struct PyValue PyValue;
struct PyValue {
	PyKind kind;
	Span span;
	const char *text;   /* of a name, a number, a string (what it says), a call (the name that is called) */
	const PyValue *on;  /* of a call: what the method is called on when that is no name: sa.Enum(…).create */
	ARRAY(struct PyArgument { const char *keyword; PyValue *value; }) arguments; /* of a call; items of a list */
	Span inner;         /* of a string: from behind the first quote to before the last */
	Rewrites rewrites;  /* of a string */
};

typedef struct PyStatement {
	Span span;
	uint32_t indent;    /* columns */
	uint32_t line;
} PyStatement;
typedef ARRAY(PyStatement) PyStatements;

/* All statements of a file, those of blocks too, in order; a block's head (`def f():`) is one by itself. */
PyStatements python_statements(Arena *arena, const Source *source);
/* The value that starts at `at`; it ends before `end`. Never NULL. *behind: where the reading stopped. */
PyValue *python_value(Arena *arena, const Source *source, uint32_t at, uint32_t end, uint32_t *behind);
/* Does the statement begin with the word? *behind: where the rest starts. */
bool python_begins(const Source *source, const PyStatement *statement, const char *word, uint32_t *behind);

const PyValue *py_argument(const PyValue *call, uint32_t position, const char *keyword);
bool py_is(const PyValue *value, const char *name); /* a name: None, True */
#endif

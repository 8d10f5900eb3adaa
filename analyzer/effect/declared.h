#ifndef DDLINT_EFFECT_DECLARED_H
#define DDLINT_EFFECT_DECLARED_H
/*
 * What somebody says that a function does whose body nobody can read: those of extensions, which ship with ddlint, and those of the
 * configuration's `functions`. Read in replay/declaration.h; believed, not proved: whatever follows from it is `declared`.
 */
#include "catalog/session.h"

/* Whether something holds for a call: always, never, or when its boolean argument says so. */
typedef struct DeclaredWhen {
	bool always;
	const char *argument; /* a parameter's name; NULL: always or never */
	bool negated;
} DeclaredWhen;

typedef struct Declaration {
	const FunctionDef *routine; /* its parameters; what it does in SQL as a PL/pgSQL body, "" when nothing is said in SQL */
	Name name;                  /* schema NULL: any */
	const char *table;          /* the parameter that names the relation that the facts below are about; NULL: none */
	LockMode lock;
	DeclaredWhen rewrites, scans, destroys_rows;
	DeclaredWhen creates_unlisted; /* leaves tables or indexes behind whose names nobody knows */
	bool forbidden;             /* in a transaction block */
	/* A second call with the same arguments: fails with `repeat`, unless …; or leaves something behind again; or nobody knows. */
	const char *repeat;
	DeclaredWhen repeat_excused;
	bool repeat_changes, repeat_unknown;
} Declaration;

typedef enum Answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN } Answer;

/* The argument of a call for a parameter, the parameter's default where it gives none; NULL: neither. */
Answer declared_condition(Arena *scratch, const Declaration *declaration, const Expr *call, DeclaredWhen condition);
/* The relation that the call is about, as its argument names it; name NULL: it is not a constant, or there is none. */
Name declared_table(Arena *arena, const Declaration *declaration, const Expr *call);
/* A call of that form can be meant: so many arguments, and these names. */
bool declared_for(const Declaration *declaration, Name name, const Expr *call);
#endif

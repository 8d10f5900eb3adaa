#ifndef DDLINT_JUDGE_FINDING_H
#define DDLINT_JUDGE_FINDING_H
/*
 * A finding: one thing to tell about one place. The only kind of result that ddlint has; reporters render it, nothing else.
 * Findings own their strings: they live in the run's arena and outlive the migrations. Their sources live as long.
 */
#include "discover/config.h"
#include "read/source.h"

struct Rule;

typedef enum EditSafety { EDIT_SAFE, EDIT_NEEDS_REVIEW } EditSafety;
typedef struct Edit {
	Span span;         /* replaced bytes of the finding's file; empty: an insertion */
	const char *text;
} Edit;

typedef struct Related {
	Source *source;
	Span span;
	const char *message;
	const char *redacted; /* what is said instead where a report leaves the house (SARIF); NULL: the same */
} Related;

/* One step of a recipe: what one migration does. The first may stand in the place of the statement that the finding is about. */
typedef struct RecipeStep {
	enum StepPlace {
		STEP_PLAIN,    /* as any migration */
		STEP_LATER,    /* in a later one: never in the transaction of the step before */
		STEP_BACKFILL, /* one UPDATE of some rows, to be repeated, each time in a transaction of its own */
		STEP_ALONE,    /* outside a transaction, in a migration of its own */
		STEP_RELEASE,  /* when people say that all code is ready for it: nobody writes it for them */
	} place;
	const char *verb;  /* for the migration's name: "validate" */
	const char *words; /* what it does, for people; NULL: its place says it */
	const char *sql;   /* statements, each with its semicolon and line end; … stands for what only people know */
	const char *undo;  /* the rollback of such a migration, "" for an empty one; NULL: what a proof says that it needs */
} RecipeStep;

typedef struct Finding Finding;
struct Finding {
	const struct Rule *rule;
	Severity severity;
	bool configured;       /* the severity is the configuration's, not the rule's own */
	const char *history;   /* its name */
	Source *source;
	bool whole_file;       /* about the file or the history: span means nothing, line and offset are null */
	Span span;
	const char *migration; /* version */
	Direction direction;
	const char *relation;  /* "public.users"; NULL when it is about none */
	const char *lock;      /* that is held on the relation meanwhile, as pg_locks spells it; NULL: none, or not about one */
	const char *message;   /* one sentence, no full stop, this statement's names */
	const char *detail;    /* what happens, to whom, for how long; NULL: the rule's `why` */
	const char *instead;   /* the safe recipe with this statement's names, several lines; NULL: the rule's `instead` */
	ARRAY(RecipeStep) steps; /* the same as migrations, in their order; none: it is not several */
	bool partial, declared; /* confidence; neither: exact */
	ARRAY(const char *) because;
	ARRAY(int) postgres;   /* majors on which it is true */
	EditSafety safety;
	ARRAY(Edit) edits;
	ARRAY(Finding *) along; /* what `detail` says along: findings of other rules about the statement, with edits of their own */
	ARRAY(Related) related;
	Related origin;        /* where an earlier migration made what the finding is about; no source: not known */
	ARRAY(Related) flow;   /* of a proof: the statements that ran before it came to what the finding says */
	uint32_t ordinal;      /* among findings of equal rule, migration, relation and clause */
	char fingerprint[33];  /* hexadecimal */
	const char *suppressed; /* the reason given, or NULL */
	bool in_baseline;       /* it was there before: suppressed says "baseline" */
	const char *object;     /* what exactly it is about: "public.users.email"; what an allow-comment may name */
	bool hot;               /* about a hot relation */
	/* For settling only; the script is gone when the history is. */
	Script *script;
	const Statement *statement;
	uint32_t place;         /* of its file among those of the history, as they run */
	ARRAY(Finding *) stands_for; /* the findings of single migrations that became this one of the history */
};

/* The finding with all its texts, in another arena; what is only for settling is left out. */
Finding *finding_copy(Arena *arena, const Finding *finding);

/* A script that has what a rule asks for. */
typedef struct Kept {
	const struct Rule *rule;
	const Script *script;
} Kept;

typedef struct Findings {
	ARRAY(Finding *) list;
	ARRAY(Kept) kept; /* of rules with most_of */
} Findings;

typedef struct Summary {
	uint32_t histories, files, migrations, statements;
	uint32_t errors, warnings, notes;
	uint32_t suppressed;    /* by comments */
	uint32_t in_baseline;   /* not suppressed otherwise */
	uint32_t opaque, unparsed, set_aside;
} Summary;
#endif

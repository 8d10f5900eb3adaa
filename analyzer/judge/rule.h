#ifndef DDLINT_JUDGE_RULE_H
#define DDLINT_JUDGE_RULE_H
/*
 * All that a rule file includes: what a rule is, and the questions that it may ask.
 *
 * A rule is one file rules/x_y.c that says RULE(x_y, …) { … }; its id is x-y, its examples are fixtures/rules/x-y/bad.sql and
 * good.sql. The folder is the registry: nothing else is edited.
 */
#include "judge/finding.h"
#include "judge/phase.h"
#include "judge/risk.h"
#include "replay/proof.h"

typedef enum Category {
	LOCKING,       /* readers or writers of a table that existed wait while it is rewritten, scanned or built on */
	DESTRUCTIVE,   /* existing rows, columns, tables or other objects are lost */
	COMPATIBILITY, /* running code or the statement itself breaks */
	TRANSACTIONS,
	BACKFILL,
	IDEMPOTENCY,
	ROLLBACK,
	HISTORY,
	GOVERNANCE,
	DESIGN,
	NAMING,
	SECURITY,
	META,
	CATEGORY_COUNT,
} Category;

const char *category_word(Category category);
bool category_by_word(const char *word, Category *category);

typedef struct Context Context;
typedef struct Rule Rule;

struct Rule {
	const char *name;      /* snake_case, as in the file's name */
	const char *id;        /* of a rule that was read from YAML; NULL: the name in kebab-case */
	Severity severity;     /* by default; SEVERITY_OFF: only packs switch it on */
	Category category;
	const char *summary;   /* what is wrong, at most ten words */
	const char *why;       /* one or two sentences: what happens, who waits */
	const char *instead;   /* the safe way, in general */
	const char *manual;    /* page and section of PostgreSQL's manual: "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY" */
	const char *since;     /* ddlint version that brought it */
	const ActionKind *on;  /* asked for each of these; ends with ACTION_NONE. NULL: not asked about actions */
	/*
	 * Asked about an action just before it is applied (context->action, context->effect are set). Up and repeatable scripts;
	 * LOCKING and TRANSACTIONS rules see down scripts too, and what they report there is one severity lower.
	 */
	void (*check)(Context *context, const Action *action);
	/* Asked when all statements of an up or repeatable script have run. */
	void (*check_migration)(Context *context);
	/* Asked about a verify script, with the catalog as it is behind its migration; the script itself has not run. */
	void (*check_verify)(Context *context);
	/*
	 * Asked about an action that the server refuses, as far as the catalog tells: it has changed nothing, and there is no effect.
	 * Failures that the script expects (handlers, conditions that nobody can know) are left out.
	 */
	void (*check_failed)(Context *context, const Action *action, const char *sqlstate);
	/* Asked once, after the last migration. Whose catalog it wants to look at there says judge_needs_end. */
	void (*check_history)(Context *context);
	/*
	 * What most of a history may lack ("set no lock_timeout", "have no rollback"): then the findings of its migrations become
	 * one for the history, "31 of 40 migrations set no lock_timeout". NULL: never.
	 */
	const char *when_most;
	/*
	 * Whom that counts, when it is not every migration: "migrations that lock a table". Then the rule calls keeps_rule for those
	 * that lack nothing.
	 */
	const char *most_of;
	bool once;             /* one finding for a script is enough: the first */
	bool once_a_statement; /* one for a statement, whatever it has of actions */
	bool unneeded, obsolete; /* what it points at does nothing; should not be used any more: editors show it so */
	/* Where another rule warns of the statement this is said there, in one sentence, and is no finding of its own. NULL: never. */
	const char *folded;
	const char *folded_into; /* the id of the only rule that says it, and only of the same clause; NULL: any rule */
	const RuleOptionInfo *options; /* ends with name NULL */
	const struct PatternRule *pattern; /* what a rule read from YAML looks for; NULL for those of rules/ */
};

struct Context {
	const Rule *rule;
	const Replay *replay;
	const Catalog *catalog;
	const Session *session;
	const History *history;
	const Migration *migration;
	const Script *script;
	const Statement *statement; /* NULL outside of statements */
	const Action *action;
	const Effect *effect;       /* of the action; NULL outside of actions */
	const Step *step;
	Arena *arena;               /* for messages */
	struct Judge *judge;
};

/* ON(CREATE_INDEX, REINDEX): up to eight kinds. */
#define ON(...) ((const ActionKind[]){ON_PICK(__VA_ARGS__, ON_8, ON_7, ON_6, ON_5, ON_4, ON_3, ON_2, ON_1, )(__VA_ARGS__) ACTION_NONE})
#define ON_PICK(a, b, c, d, e, f, g, h, name, ...) name
#define ON_1(a) ACTION_##a,
#define ON_2(a, ...) ACTION_##a, ON_1(__VA_ARGS__)
#define ON_3(a, ...) ACTION_##a, ON_2(__VA_ARGS__)
#define ON_4(a, ...) ACTION_##a, ON_3(__VA_ARGS__)
#define ON_5(a, ...) ACTION_##a, ON_4(__VA_ARGS__)
#define ON_6(a, ...) ACTION_##a, ON_5(__VA_ARGS__)
#define ON_7(a, ...) ACTION_##a, ON_6(__VA_ARGS__)
#define ON_8(a, ...) ACTION_##a, ON_7(__VA_ARGS__)

/* Every kind there is, for `.on`. */
extern const ActionKind every_action[];

/* A rule about actions. */
#define RULE(id, ...)                                                                        \
	static void id##_check(Context *context, const Action *action);                      \
	extern const Rule rule_##id;                                                         \
	const Rule rule_##id = {.name = #id, .check = id##_check, __VA_ARGS__};              \
	static void id##_check(Context *context UNUSED, const Action *action UNUSED)
/* A rule about a whole migration, asked after its script has run. */
#define MIGRATION_RULE(id, ...)                                                              \
	static void id##_check(Context *context);                                            \
	extern const Rule rule_##id;                                                         \
	const Rule rule_##id = {.name = #id, .check_migration = id##_check, __VA_ARGS__};    \
	static void id##_check(Context *context UNUSED)
/* A rule about actions that fail. */
#define FAILURE_RULE(id, ...)                                                                \
	static void id##_check(Context *context, const Action *action, const char *sqlstate); \
	extern const Rule rule_##id;                                                         \
	const Rule rule_##id = {.name = #id, .check_failed = id##_check, __VA_ARGS__};       \
	static void id##_check(Context *context UNUSED, const Action *action UNUSED, const char *sqlstate UNUSED)
/* A rule about a whole history, asked after its last migration. */
#define HISTORY_RULE(id, ...)                                                                \
	static void id##_check(Context *context);                                            \
	extern const Rule rule_##id;                                                         \
	const Rule rule_##id = {.name = #id, .check_history = id##_check, __VA_ARGS__};      \
	static void id##_check(Context *context UNUSED)
/* A rule whose findings are made elsewhere (syntax errors, suppressions): metadata only. */
#define META_RULE(id, ...)                                                                   \
	extern const Rule rule_##id;                                                         \
	const Rule rule_##id = {.name = #id, .category = META, __VA_ARGS__}

/* --- Reporting ------------------------------------------------------------------------------------------------------------- */

/* A finding at a clause. NULL when nothing is to be reported there (not a target, switched off): the details below accept NULL. */
Finding *report(Context *context, Span span, const char *format, ...) PRINTF(3, 4);
/* A finding about the whole script or, in a history rule, about the history. */
Finding *report_whole(Context *context, const char *format, ...) PRINTF(2, 3);
void about(Finding *finding, Context *context, const Object *object);      /* sets relation; hot tables raise the severity */
void detail(Finding *finding, Context *context, const char *format, ...) PRINTF(3, 4);
void instead(Finding *finding, Context *context, const char *format, ...) PRINTF(3, 4);
/* Line ends in the text become those of the file. */
/* The next step of the recipe (see RecipeStep), and the recipe's text, made of the steps; `before` stands above them. */
void step(Finding *finding, Context *context, enum StepPlace place, const char *verb, const char *words, const char *format, ...) PRINTF(6, 7);
/* How the last step is taken back, where that is not just the reverse. */
void undo(Finding *finding, Context *context, const char *format, ...) PRINTF(3, 4);
void instead_steps(Finding *finding, Context *context, const char *before);
/* What most backfills say of themselves. */
extern const char backfill_words[];
void edit(Finding *finding, EditSafety safety, Context *context, Span span, const char *text);
void related(Finding *finding, Context *context, Source *source, Span span, const char *format, ...) PRINTF(5, 6);
/* What led to it: the migration's statements, then those of its down up to the last one; NULL: all of them. */
void proved_by(Finding *finding, Context *context, const Statement *last);
/* This script was asked and has what the others lack. */
void keeps_rule(Context *context);
/* Here the finding weighs no more than that; what the configuration says of the rule still holds. */
void at_most(Finding *finding, Severity severity);

/* --- Questions -------------------------------------------------------------------------------------------------------------- */

/* The relation that the action is about, as the catalog has it before the action; NULL when it is not there. */
Relation *subject(const Context *context);
Relation *relation_named(const Context *context, Name name);
/* There before this migration began (with a release frontier: in production), so somebody may be using it. */
bool is_old(const Context *context, const Relation *relation);
/* The strongest lock that the transaction holds on the relation while the action runs, its own included. */
LockMode lock_on(const Context *context, const Relation *relation);
/* Something of what existed is lost: the first destroyed object that is old, or NULL. */
const Destroyed *destroyed_old(const Context *context);
/* The statement runs inside a transaction block: the script's own, the runner's, or an implicit one. */
bool in_transaction(const Context *context);
/* What SET LOCAL sets in front of the statement still holds in it: a DO block outside a transaction is one of its own. */
bool keeps_local_settings(const Context *context);
const char *option(const Context *context, const char *name);
/* Proofs about the migration, for rules that are asked when it has run. */
RepeatProof repeat_proof(const Context *context);
RollbackProof rollback_proof(const Context *context);
ResumeProof resume_proof(const Context *context);
/* Asked when the migration has run; *because: "drops a column: destroys what was there", NULL when nothing makes it more than safe. */
Risk migration_risk(const Context *context, const Action **action, const char **because);
/* Asked when the migration has run: something that existed is lost. */
bool migration_destroys(const Context *context);
/* The most that --max-risk allows; NULL: not given. */
const char *allowed_risk(const Context *context);
/* The migration is what the configuration asks something for: "all", "any", a phase that it has, "destroys", its risk. */
bool is_due(const Context *context, const char *when);
Phases migration_phases(const Context *context);
/* What the configuration's statistics and workload say; NULL: it names none. See heat.h. */
const struct Heat *judge_heat(const Context *context);
const char *judge_today(const Context *context); /* YYYY-MM-DD */
/* For rules that are asked about a history: what the chain of downs comes to at a migration; NULL: its tool runs each alone. */
const ChainLink *rollback_chain(const Context *context, const Migration *migration);
/* A condition that holds for every row that has values: true, 1 = 1, id = id. */
bool is_always_true(const Expr *condition);
const char *sqlstate_words(const char *sqlstate); /* "the column is not there" */
/* "table public.t is still there, and 2 other objects differ": of a comparison with differences. */
const char *rollback_difference(const Context *context, const Comparison *comparison);
/* All that differs is that constraints were validated: nothing can take that back, and nothing needs to. */
bool only_validated(const Comparison *comparison);
/* All that is left over are labels of enums, which PostgreSQL cannot drop. */
bool only_labels(const Comparison *comparison);
/* All of them, as far as they fit: "column public.t.a was text not null and is text; index public.i is missing". */
const char *rollback_differences(const Context *context, const Comparison *comparison);
/* Another rule speaks about this script, too. */
bool rule_is_on(const Context *context, const char *id);
/* What is to check a migration, and does not: it has one of these. */
typedef struct BrokenCheck {
	Span span;
	const char *error;    /* of the parser */
	bool writes;          /* it does more than read */
	const char *sqlstate; /* that it fails with when the migration has run */
} BrokenCheck;
typedef ARRAY(BrokenCheck) BrokenChecks;
/* Of the `verify:` keys of a migration's head, when it has run; of the verify script at hand (verification.c). */
BrokenChecks broken_checks(const Context *context);
/* A file that the branch changes (--since), with what it began with and what is on disk; no text: it is new, or gone. */
typedef struct FileChange {
	const char *path; /* from the repository's root */
	Text before, after;
} FileChange;
typedef struct FileChanges {
	const char *top; /* the repository's root */
	ARRAY(FileChange) list;
} FileChanges;
/*
 * Those that fit one of the globs, one on each line, as a whole or behind one of their slashes; NULL: any, of which those count that
 * are committed, staged or not tracked yet, as git looks into no file on the disk. Migrations are among them.
 * NULL: nobody asks for a branch, or git cannot tell. Asked once for the same globs (changed_files.c).
 */
const FileChanges *branch_changes(const Context *context, const char *globs);
/* One of the globs, one on each line, fits the path or what follows one of its slashes. */
bool path_fits(const char *globs, const char *path);
/* Names and clauses for messages and recipes, ready to paste. */
const char *sql_name(const Context *context, const Object *object); /* quoted where needed, schema when not public */
const char *source_clause(const Context *context, Span span);       /* as written; blanks squeezed while it is short */
const char *no_transaction_advice(const Context *context);         /* the layout's way to leave the transaction, or "" */

/* --- One hazard, one finding (hazard.c) ----------------------------------------------------------------------------------------- */

/*
 * The one piece of work that a locking finding about the action is made for: a rewrite before an index build before a scan, on a
 * table that existed, under a lock that others wait for. NULL: none, or the server refuses the statement before it begins.
 * Rows that DML reads and the work of VACUUM and ANALYZE are no hazard of this kind.
 */
const Work *hazard(const Context *context);
/* The same, of one sort of work alone. */
const Work *blocking_rewrite(const Context *context);
const Work *blocking_build(const Context *context);
/* The table that is gone through: for an index its table. NULL when the catalog does not have it. */
Relation *worked_table(const Context *context, const Work *work);
/* The same, for people: the partitioned table that the statement names, where partitions of it are gone through. */
Relation *hazard_table(const Context *context, const Work *work);
/* An earlier statement of the transaction took the lock under which the hazard happens: NULL when the action's own lock is as strong. */
const HeldLock *kept_lock(const Context *context, const Relation *relation);
/* The column of the relation as it was before this migration; NULL when it is new or not there. */
const Column *old_column(const Context *context, const Relation *relation, const char *name);
/* The script has an action, in any of its statements, for which the question is answered with yes. */
typedef bool ActionQuestion(const Context *context, const Action *candidate);
bool script_has(const Context *context, ActionQuestion *question);
/* The migrations before this one, and this one, have an action for which the question is answered with yes: the last of them, or NULL. */
typedef bool PastQuestion(const Context *context, const Action *candidate, void *payload);
const Action *past_action(const Context *context, PastQuestion *question, void *payload, const Migration **of);
/* A COMMENT or the configuration says that it is deprecated, itself or its table: somebody has thought of its end. column may be NULL. */
bool is_deprecated(const Context *context, const Relation *relation, const char *column);
/* A failure leaves nothing behind: the whole script is one transaction or one statement. */
bool is_atomic(const Context *context);

/* --- Recipes (recipe.c): text in the arena, ready to paste ------------------------------------------------------------------------ */

/* The subject's sql_name; as written when the catalog does not have it. */
const char *subject_name(const Context *context);
const char *sql_identifier(const Context *context, const char *name);
const char *sql_columns(const Context *context, const Names *columns); /* "a, b" */
/*
 * "-- 2. in a migration of its own, outside a transaction" as this layout says it. Step 0 has no number, and is "" where the
 * statement runs outside a transaction already.
 */
const char *outside_transaction(const Context *context, int step);
/* The clause as written, with `insert` behind its first word `after`: CREATE INDEX CONCURRENTLY … */
const char *clause_with(const Context *context, Span span, const char *after, const char *insert);
/* The source offset behind the first word `after` of the clause; its end when the word is not there. */
uint32_t offset_behind(const Context *context, Span span, const char *after);
/* The constraint's name, or the one that PostgreSQL would make. */
const char *constraint_name(const Context *context, const Action *action);
/* The candidate drops the constraint that the action adds again: a question for script_has. */
bool drops_its_old_self(const Context *context, const Action *candidate);
/* ALTER TABLE … ADD CONSTRAINT … NOT VALID, with the DROP of its old self when the statement drops what it adds again. */
const char *add_not_valid(const Context *context, const Action *action, const char *table);
/* What follows ADD [CONSTRAINT name]: "CHECK (a > 0)"; of an inline REFERENCES with its FOREIGN KEY (column). */
const char *constraint_body(const Context *context, const Action *action);
/* An expression over the table's columns as a trigger would compute it: NEW. before each column. */
const char *of_new_row(const Context *context, const Relation *table, const char *expression);
/* "USING gin (a, b DESC) WHERE …" of an index that is there; "(…)" where its keys are more than columns. */
const char *index_body(const Context *context, const Relation *index);
/* An UPDATE of a thousand rows, to be repeated: SET and WHERE as given. */
const char *batch_update(const Context *context, const Relation *relation, const char *set, const char *where);

/* --- Recipes of several migrations (steps.c): they add steps to the finding; instead_steps ends them -------------------------------- */

/*
 * CREATE INDEX CONCURRENTLY for the action's index, where it may run. Instead of IF NOT EXISTS, which would keep the invalid index of
 * a build that was interrupted, that one is dropped first.
 */
void concurrent_build_steps(Finding *finding, Context *context);
/* ADD CONSTRAINT … NOT VALID for the action's constraint, then VALIDATE. `without`: what the first step says besides; "" for nothing. */
void not_valid_steps(Finding *finding, Context *context, const char *table, const char *without);
/* A PRIMARY KEY or UNIQUE whose index is built first; its old self is dropped along when the script drops it. */
void key_steps(Finding *finding, Context *context, const char *table);
/* The PRIMARY KEY or UNIQUE written behind the new column, as an index that is built first; nothing when there is none. */
void inline_key_steps(Finding *finding, Context *context);
/* PRIMARY KEY, UNIQUE and FOREIGN KEY of a partitioned table: partition by partition, one of which stands for all. */
void partitioned_key_recipe(Finding *finding, Context *context, const Relation *table);
void partitioned_reference_recipe(Finding *finding, Context *context, const Relation *table);
/* CHECK NOT VALID, VALIDATE, SET NOT NULL, DROP: how a column becomes NOT NULL without a scan under a strong lock. */
void not_null_steps(Finding *finding, Context *context, const char *table, const char *column);
/* All of the recipe: how the action's NOT NULL column without a default comes to a table that is in use. */
void required_column_recipe(Finding *finding, Context *context, const Relation *table);

/* --- Edits (edits.c): what --fix and editors write; nothing where the statement is not plain SQL of the file ---------------------- */

/* CONCURRENTLY behind INDEX, and what takes the script out of its transaction. */
void edit_concurrently(Finding *finding, Context *context);
/*
 * The layout's line that takes the script out of its transaction. False: there is no such line; true without an edit: it is
 * outside already. At most as safe as said: a script of several statements is not undone as a whole any more.
 */
bool edit_outside_transaction(Finding *finding, Context *context, EditSafety safety);
/* NOT VALID, and VALIDATE behind the statement where that is a transaction of its own. table: ready to paste. */
void edit_not_valid(Finding *finding, Context *context, const char *table);
/* IF EXISTS or IF NOT EXISTS. */
void edit_guard(Finding *finding, Context *context, const Statement *statement, const Action *action);
/* SET [LOCAL] lock_timeout before the statement. */
void edit_lock_timeout(Finding *finding, Context *context, const char *limit);

/* --- The registry (generated) -------------------------------------------------------------------------------------------------- */

typedef struct RuleEntry {
	const Rule *rule;
	const char *id;   /* kebab-case */
	const char *bad;  /* fixtures/rules/<id>/bad.sql */
	const char *good;
	const char *pack; /* that defines it in YAML and switches it on; NULL for those of rules/ */
	const char *file; /* of the user's own; NULL */
	Severity wanted;  /* with its pack */
} RuleEntry;
extern const RuleEntry all_rules[]; /* by id; ends with rule NULL */
extern const uint32_t rule_count;
/* Of these; what packs and users define is in a RuleBook. */
const RuleEntry *rule_by_id(const char *id);
const char *rule_id(const Rule *rule);
#endif

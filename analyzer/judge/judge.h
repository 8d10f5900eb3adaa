#ifndef DDLINT_JUDGE_JUDGE_H
#define DDLINT_JUDGE_JUDGE_H
/*
 * Judging: the rules that are on, asked about one history while it is replayed; and settling: what becomes of their findings.
 */
#include "judge/attribute.h"
#include "judge/heat.h"
#include "judge/rule_book.h"

typedef struct RuleChoice {
	const RuleBook *book;      /* all rules that the history knows */
	const char *const *select; /* rule ids, categories, "all"; NULL: all that are on */
	uint32_t select_count;
	const char *const *ignore;
	uint32_t ignore_count;
	const char *max_risk; /* a word of risk_word, from the command line; NULL: as configured */
	const char *today; /* YYYY-MM-DD, for suppressions that expire */
	const Heat *heat;  /* of the history's configuration; findings point to its files. NULL: none */
} RuleChoice;

typedef struct Judge Judge;

/* A judge for one history and one server version. Findings are made in arena and pushed to *findings. */
Judge *judge_new(Arena *arena, const History *history, const RuleChoice *choice, Findings *findings);
/* Replays one migration, its down too when it has one, and asks the rules. */
void judge_migration(Judge *judge, Replay *replay, const Migration *migration);
/* Does anybody look at what the last migration leaves? Else those behind the last target need not be replayed. */
bool judge_needs_end(const Judge *judge);
/* After the last migration. */
void judge_history(Judge *judge, Replay *replay);
/* For rules that look around (pattern_match.c): the script's actions of a kind, in the order written, those of bodies too. */
typedef ARRAY(const Action *) ActionList;
const ActionList *judge_actions(Judge *judge, ActionKind kind);
/* The actions of the script that a rule looks for around others (`of`): to be filled when `script` is another one. */
typedef struct Candidates {
	const void *of;
	const Script *script;
	Map by_name; /* what they share with the action at hand, "" for nothing -> ActionList */
} Candidates;
Candidates *judge_candidates(Judge *judge, const void *of);
/*
 * What the action at hand answered, by the place of the attribute in its table: many rules ask the same. Forgotten before the
 * next action; the texts live until the end of the statement.
 */
enum { MOST_ATTRIBUTES = 128 };
typedef struct Answers {
	bool known[MOST_ATTRIBUTES];
	Value values[MOST_ATTRIBUTES];
} Answers;
Answers *judge_answers(Judge *judge);
/* What rules remember from one question to the next, in the arena of the judge. */
Map *judge_conditions(Judge *judge);
Arena *judge_arena(Judge *judge);
/* For what is needed while a rule is asked; lives until the end of the statement. */
Arena *judge_scratch(Judge *judge);
uint32_t judge_opaque_count(const Judge *judge);

/*
 * One history's findings of all server versions become what is reported: equal ones of several versions merge, what most of a
 * history lacks becomes one finding, comments allow, fingerprints and order are made. Appends to *settled.
 */
void settle(Arena *arena, const History *history, const RuleChoice *choice, const Findings *raw, int versions, Findings *settled);

/* For qsort of `Finding *` of one history: by file as they run, place, severity, rule. */
int finding_order(const void *a, const void *b);

/* What a rule's findings weigh in a file (path as the source has it); SEVERITY_OFF: not asked. */
Severity rule_severity(Arena *arena, const Config *config, const RuleChoice *choice, const RuleEntry *entry, const char *path);
#endif

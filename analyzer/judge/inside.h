#ifndef DDLINT_JUDGE_INSIDE_H
#define DDLINT_JUDGE_INSIDE_H
/*
 * What the files of the judge share: its state, and how a rule is asked. Only judge/ includes this.
 */
#include "judge/judge.h"

struct Judge {
	Arena *arena;
	const History *history;
	const RuleChoice *choice;
	const RuleEntry *entries; /* of the book */
	uint32_t entry_count;
	Findings *findings;
	ARRAY(uint32_t) by_kind[ACTION_KIND_COUNT]; /* places in the book */
	ARRAY(uint32_t) of_migrations, of_verifies, of_failures, of_histories;
	Severity *severities; /* of every rule, for the script at hand */
	const Script **reported_in; /* of every rule: the last script in which it reported something */
	const Statement **reported_for; /* the same, the statement */
	const Script *severities_for;
	Replay *replay;
	RepeatProof repeat;
	RollbackProof rollback;
	ResumeProof resume;
	const Heat *heat;
	RiskTally risk; /* of the up script so far */
	const struct Branch *branch; /* changed_files.c */
	Map changes; /* globs -> FileChanges of the branch */
	bool repeat_known, rollback_known, branch_known;
	Chain *chain;          /* of histories whose tool pairs downs by group */
	CatalogMark before_up; /* open while the rules about the migration are asked */
	ActionList actions[ACTION_KIND_COUNT]; /* of the script below */
	const Script *actions_of;
	Answers answers;
	struct { /* of the action at hand: all rules ask for it, and nothing changes meanwhile */
		const Action *action;
		Relation *relation;
	} subject;
	ARRAY(Candidates *) candidates;
	Map **makings; /* origin.c: of each migration, by its place; NULL: not asked for yet */
	Map conditions;
	uint32_t opaque; /* statements that could not be read as a whole */
	const Statement *opaque_statement;
	const Script *passed_over;   /* its rollback alone is asked about: it is judged for the proofs, and nothing is said of it itself */
	const RuleEntry *syntax_error, *rollback_syntax_error, *unreadable_bytes, *resume_stuck, *rollback_incomplete, *rollback_fails;
};

/* The script at hand, asked by the rule. */
Context judge_context(Judge *judge, const Rule *rule);
/* Rules about locks and transactions see downs, too; what a history may lack it lacks in its ups: downs say nothing new about it. */
bool judged_in_downs(const Rule *rule);

/* --- Which rules are on (severity.c) ---------------------------------------------------------------------------------------------- */

/* Before a script's rules are asked; script NULL: those of the history, where none was asked before. */
void judge_load_severities(Judge *judge, const Script *script);
bool judge_is_on(const Judge *judge, const RuleEntry *entry);

/* --- Where something comes from (origin.c) --------------------------------------------------------------------------------------- */

/* The action that made a table or a column, under the name that it has now; NULL: none of the history's, or something else. */
const Action *making_of(Judge *judge, const Object *object);

/* --- What is found without asking a rule (syntax.c) -------------------------------------------------------------------------------- */

void judge_syntax(Judge *judge, const Script *script);
void judge_bytes(Judge *judge, const Script *script);

/* --- Numbers of the server move a finding (heat_weight.c) --------------------------------------------------------------------------- */

void weigh_by_heat(Finding *finding, Context *context, const Object *relation);
#endif

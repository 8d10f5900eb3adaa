/* A second run of the migration fails, where a first one may have stopped half way. */
#include "judge/rule.h"

static const RuleOptionInfo not_idempotent_options[] = {
	{"in-transaction", "ignore",
	 "report: also where a failure leaves nothing behind, because the script is one transaction"},
	{0},
};

/* https://www.postgresql.org/docs/current/errcodes-appendix.html */
static const char *in_words(const char *sqlstate)
{
	static const struct {
		const char *sqlstate, *words;
	} known[] = {
		{"42P07", "the relation is there already"},   {"42701", "the column is there already"},
		{"42710", "the object is there already"},     {"42723", "the function is there already"},
		{"42P06", "the schema is there already"},     {"42P01", "the relation is no longer there"},
		{"42703", "the column is no longer there"},   {"42704", "the object is no longer there"},
		{"42883", "the function is no longer there"}, {"3F000", "the schema is no longer there"},
		{"42P16", "the table has one already"},	      {"23505", "the rows are there already"},
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		if (same(known[i].sqlstate, sqlstate))
			return known[i].words;
	return "it cannot be done twice";
}

MIGRATION_RULE(not_idempotent,
	.severity  = SEVERITY_WARNING, .category = IDEMPOTENCY,
	.summary   = "the migration fails when it is run again",
	.why       = "Nothing undoes the statements before a failure, so the migration is run again on top of them, "
		     "and stops at what is there already.",
	.instead   = "IF NOT EXISTS, IF EXISTS, OR REPLACE, a guard in a DO block, or one transaction around the "
		     "script.",
	.manual    = "sql-begin.html",
	.since     = "0.1.0",
	.when_most = "fail when they are run again",
	.options   = not_idempotent_options)
{
	if (is_atomic(context) && !same(option(context, "in-transaction"), "report"))
		return;
	RepeatProof proof = repeat_proof(context);
	if (proof.verdict != REPEAT_FAILS || !proof.statement)
		return;

	Span span = proof.action && proof.action->span.end ? proof.action->span : proof.statement->span;
	Finding *finding = report(context, span, "a second run fails here: %s (SQLSTATE %s)", in_words(proof.sqlstate),
				  proof.sqlstate);
	detail(finding, context,
	       "When the migration stops half way, nothing undoes what it did, and the next attempt stops at this %s.",
	       proof.statement->tag ? proof.statement->tag : "statement");
}

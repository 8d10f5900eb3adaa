#ifndef DDLINT_LINT_H
#define DDLINT_LINT_H
/*
 * The whole pipeline as one call: what the command line, the language server, the tests and the fuzzers use.
 */
#include "jobs.h"
#include "judge/finding.h"

struct RuleBook;

typedef struct LintOptions {
	int jobs;                   /* threads; 0: as many as there are processors */
	int postgres_low, postgres_high; /* 0: as configured */
	const char *const *select;  /* rule ids, categories, "all"; NULL: all that are on */
	uint32_t select_count;
	const char *const *ignore;
	uint32_t ignore_count;
	bool keep_migrations;       /* they stay as they were read: history_free is the caller's */
	const char *max_risk;       /* --max-risk: "safe", "controlled", "high"; NULL: as configured */
	const char *today;          /* YYYY-MM-DD, for expired suppressions */
	const struct RuleBook *rules; /* of this binary; NULL: it is made for the run */
	struct Checkpoints *checkpoints; /* of the run before, for the next one; NULL: every run begins with the first migration */
} LintOptions;

typedef struct Run {
	Arena *arena;
	ARRAY(Finding *) findings;  /* settled: in order of history, file, place, rule; suppressed ones included */
	Summary summary;
	const char *baseline;       /* the file that findings were compared with; NULL: none */
	ARRAY(struct Unknown {      /* for each history, in the discovery's order: statements that could not be analysed */
		uint32_t unseen;    /* set aside, or made while they run */
		uint32_t unparsed;  /* these have a finding */
	}) unknown;
	struct RuleBook *rules;     /* that the histories know: who speaks in the findings */
} Run;

/* Reads, replays and judges all histories of the discovery. Frees their migrations as it goes, unless they are to be kept. */
Run *lint(Arena *arena, const Discovery *discovery, const LintOptions *options);
/* Fills the summary's counts of findings, again when something was suppressed since. */
void count_findings(Run *run);
/* Reads and parses the scripts of one history, on `jobs` threads; what lint() does first. */
void read_history(History *history, int jobs);
/* Judges a history that was read, for the server versions from low to high; appends what is settled. */
void judge_read_history(Arena *arena, const History *history, const LintOptions *options, int low, int high, Findings *settled);
/* The server versions that a history is judged for: the options', else its configuration's. */
void versions_of(const LintOptions *options, const History *history, int *low, int *high);
/* What a configuration may name: the book's rules, the categories and layouts of this binary. Lists live in the arena. */
void known_names(Arena *arena, const struct RuleBook *book, ConfigOptions *options);
#endif

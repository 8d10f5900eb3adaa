#ifndef DDLINT_AUDIT_H
#define DDLINT_AUDIT_H
/*
 * The reviewer's report: what each migration of some histories does, how risky it is, what its rollback and a second run really
 * do, who stands for it. One model that is collected once and never changed; JSON, HTML and Markdown are three writers over it.
 *
 * Everything of a report lives in the arena it was collected in, and in the sources; the histories' migrations may be freed. What
 * a file's head claims is declared, what a replay showed is proved, what neither says is listed as not checked: no field is both.
 */
#include "commands/facts.h"
#include "judge/finding.h"
#include "judge/metadata.h"
#include "judge/phase.h"
#include "judge/risk.h"
#include "judge/rule_book.h"
#include "lint.h"
#include "replay/proof.h"

/* One lock of a migration, and its statements that take it, counted from 1. */
typedef struct AuditLock {
	const char *relation;
	LockMode mode;
	ARRAY(uint32_t) statements;
} AuditLock;

/* A lock from the statement that takes it in this mode to the last one through which it is held, counted from 1. */
typedef struct AuditHold {
	const char *relation;
	LockMode mode;
	uint32_t from, to;
	bool to_commit;      /* a transaction keeps it; else it goes with its statement */
	ARRAY(struct AuditWork { /* done to the relation meanwhile */
		uint32_t statement;
		bool rewrites;   /* else it is read in full */
	}) work;
} AuditHold;

typedef struct AuditStatement {
	uint32_t line, end_line;
	const char *tag;      /* "ALTER TABLE"; NULL: it was not parsed */
	Text sql;             /* as it is sent */
	uint32_t transaction; /* one number: one transaction; 0: by itself */
	ARRAY(LockFact) locks;
	Names rewrites, builds, scans, destroys;
	bool forbidden_in_transaction;
	const char *repeat;   /* "ok", a SQLSTATE, or NULL when it cannot be known */
	bool repeat_changes;
	bool opaque, partial;
	bool declared;        /* what it does rests on what a configuration says of a function */
	Names because;
} AuditStatement;

typedef struct AuditDifference {
	DifferenceKind kind;
	const char *subject, *before, *after; /* states; NULL: not there */
} AuditDifference;

typedef struct AuditRollback {
	RollbackVerdict verdict;
	ARRAY(AuditDifference) differences;
	const char *sqlstate;
	uint32_t line;        /* of the down's failing statement, or of the first that depends on data; 0: none */
	bool loses_data;
	const char *chain;    /* what the downs from head back to this one come to; NULL: the tool does not pair by group */
	const char *lacking;  /* the statements that the down lacks; NULL */
	const char *because;  /* why the verdict is not known; NULL */
} AuditRollback;

typedef struct AuditRepeat {
	RepeatVerdict verdict;
	const char *change;   /* what the first change is; NULL */
	const char *sqlstate;
	uint32_t line;
	const char *because;
} AuditRepeat;

typedef struct AuditResume {
	ResumeVerdict verdict;
	uint32_t after;
	const char *sqlstate;
	const char *because;
} AuditResume;

typedef struct AuditSuppression {
	const char *rule, *object, *reason, *until, *file;
	uint32_t line;
} AuditSuppression;

typedef struct AuditMigration {
	const char *version, *name, *up_file, *down_file, *up_sha256, *down_sha256;
	bool has_frontier, released;
	bool in_transaction;  /* the tool wraps it */
	Risk risk;
	const char *risk_because; /* "line 4 drops a column: destroys what was there"; NULL: nothing makes it more than safe */
	Phase phase;
	bool partial, declared;
	Names because;
	ARRAY(AuditStatement) statements;
	ARRAY(AuditLock) locks;
	ARRAY(AuditHold) holds;
	AuditRollback rollback;
	AuditRepeat repeat;
	AuditResume resume;
	/* Declared. */
	Metadata metadata;    /* each key once */
	Approvals approvals;
	const char *author;
	const char *last_commit, *last_date; /* that changed a file of it; NULL: not known */
	ARRAY(AuditSuppression) suppressions;
	/* Judged: those of the whole history, which have no migration, are with the first one of their file. */
	ARRAY(const Finding *) findings;
	Names not_checked;    /* sentences */
} AuditMigration;

typedef struct AuditHistory {
	const char *name, *root, *layout;
	int postgres;              /* of the proofs */
	int postgres_low, postgres_high; /* of the findings */
	uint32_t replayed;         /* migrations before and between those of the report */
	ARRAY(AuditMigration) migrations;
	uint32_t statements, opaque, unparsed, set_aside;
} AuditHistory;

/* What chose the report's range, as it can be asked for again. */
typedef struct AuditSelection {
	const char *since;         /* a commit; NULL */
	const char *released;
	ARRAY(const char *) migrations;
} AuditSelection;

typedef struct AuditReport {
	const char *commit;        /* NULL: none that all histories stand on */
	bool dirty;
	const char *date;          /* YYYY-MM-DD of SOURCE_DATE_EPOCH, else of the commit; NULL */
	const char *range;         /* "v1.4..HEAD"; NULL: everything */
	AuditSelection selection;
	const char *config, *config_sha256;
	ARRAY(const char *) packs; /* of the command line and of the configuration */
	uint32_t rules;            /* how many there are, and a checksum of what they are */
	const char *rules_sha256;
	ARRAY(AuditHistory) histories;
} AuditReport;

/* --- Collecting -------------------------------------------------------------------------------------------------------------------- */

/* Which of a history's targets a report is about. */
typedef struct AuditRange {
	bool pending_only;               /* behind the frontier */
	const char *const *versions;     /* of these; NULL: all */
	uint32_t version_count;
} AuditRange;

/* Replays and judges a history that was read. */
void audit_history(Arena *arena, const History *history, const LintOptions *options, const AuditRange *range, AuditHistory *audit);
/* The holds of a migration from its statements: who waits for how long. */
void audit_holds(Arena *arena, AuditMigration *migration);
/*
 * The report's head, and for each migration the commit that last changed it: git is asked. Called before the histories are freed.
 */
void audit_subject(Arena *arena, const Discovery *discovery, const RuleBook *book, AuditReport *report);
/* The last commits of one history's migrations. */
void audit_last_commits(Arena *arena, const History *history, AuditHistory *audit);

/* --- Writing ------------------------------------------------------------------------------------------------------------------------- */

/* The report as machines read it, closed with its own digest (audit_digest). */
void audit_json(Buf *out, const AuditReport *report);
void audit_html(Buf *out, const AuditReport *report);
void audit_markdown(Buf *out, const AuditReport *report);
/*
 * What the other two carry along for --verify: the JSON report with the claims and without the details, `page`: what was written
 * of the page before it. On one line, without "<" and "--": it may stand in HTML and in a comment.
 */
void audit_record(Buf *out, const AuditReport *report, Text page);
/* In front of the record, in both kinds of page. */
#define AUDIT_RECORD_MARK "ddlint-record"
#define AUDIT_RECORD_HTML "<script type=\"application/json\" id=\"" AUDIT_RECORD_MARK "\">"
#define AUDIT_RECORD_MARKDOWN "<!-- " AUDIT_RECORD_MARK " "

/* --- Words that the pages share (words.c) ------------------------------------------------------------------------------------------- */

typedef enum AuditTone { TONE_GOOD, TONE_CARE, TONE_BAD, TONE_OPEN } AuditTone;
AuditTone risk_tone(Risk risk);
AuditTone rollback_tone(const AuditRollback *rollback);
/* A sentence about each proof. */
const char *rollback_sentence(Arena *arena, const AuditRollback *rollback);
const char *repeat_sentence(Arena *arena, const AuditRepeat *repeat);
const char *resume_sentence(Arena *arena, const AuditResume *resume);
/* "column public.t.a was text and is text not null". */
const char *difference_sentence(Arena *arena, const AuditDifference *difference);
/* "through statements 2 to 5, until the transaction ends". */
const char *hold_sentence(Arena *arena, const AuditHold *hold);
/* "3 of 4 statements were analysed; 1 could not be parsed." */
const char *coverage_sentence(Arena *arena, const AuditHistory *history);
/* As much of a statement as people read: a dump's worth of rows is cut. `left_out`: how many bytes. */
Text readable_sql(Text sql, size_t *left_out);
/* Somebody has to look at it: it is risky, its rollback does not hold, it has an error that nobody allowed, or it was not analysed. */
bool needs_a_look(const AuditMigration *migration);
/* Metadata, approvals, silenced rules, a way back that there is not, what functions do. */
bool declares_anything(const AuditMigration *migration);
/* Findings that nobody suppressed, of one severity. */
uint32_t count_severity(const AuditMigration *migration, Severity severity);
#endif

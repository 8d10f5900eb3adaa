#ifndef DDLINT_REPORT_REPORT_H
#define DDLINT_REPORT_REPORT_H
/*
 * Reporters: one file each, `const Reporter reporter_x` in report/x.c; the table is generated from the listing of files that
 * define one. A reporter renders a settled run into a Buf; it writes to no stream.
 */
#include "base/json.h"
#include "judge/rule.h"
#include "lint.h"

typedef struct ReportOptions {
	bool color;
	bool quiet;       /* text: only the findings' first lines */
	bool summary_only;
	const char *title;
} ReportOptions;

typedef struct Reporter {
	const char *name; /* as --format says it */
	void (*render)(Buf *out, const Run *run, const ReportOptions *options);
} Reporter;

extern const Reporter *const all_reporters[]; /* ends with NULL */
const Reporter *reporter_by_name(const char *name);

/* --- What reporters share (report.c) ------------------------------------------------------------------------------------ */

/* Its rule's; locking when it says along what a locking rule found: machines count on that word for every measurable hazard. */
Category finding_category(const Finding *finding);
/* What happens, and the safe way: the finding's own words, else its rule's; NULL when neither says anything. */
const char *finding_why(const Finding *finding);
const char *finding_instead(const Finding *finding);

/* Other places that explain a finding: those it names, where what it is about was made, the migration that its rollback takes back. */
typedef ARRAY(Related) Places;
void finding_places(Arena *arena, const Finding *finding, Places *places);
/* "db/0001_users.sql:3:5: takes ACCESS EXCLUSIVE on users"; for reports that leave the house in words that may. */
void related_line(Buf *out, const Related *related, bool leaves);
/* Behind the first line, for reports of plain text: why, what is not certain, what to see, what instead; each behind an empty line. */
void finding_explanation(Buf *out, const Finding *finding);

/* Where a finding is; for one about a whole file or history line is 0. End exclusive, columns in code points. */
typedef struct Place {
	const char *path;
	uint32_t line, column, end_line, end_column;
} Place;
Place finding_place(const Finding *finding);

/* One finding as `check --format json` has it, also for the audit; key as in json.h. */
void finding_json(Json *json, const char *key, const Finding *finding);
/* "file:line:column: severity: message [rule]", for compilers' readers and for the head of the text report. */
void finding_line(Buf *out, const Finding *finding, bool color);
/* "3 errors, 1 note in 24 migrations (118 statements; 1 not analysed)" */
void summary_line(Buf *out, const Summary *summary);
/* "1 error", "2 errors". */
void add_count(Buf *out, uint32_t count, const char *noun);
#endif

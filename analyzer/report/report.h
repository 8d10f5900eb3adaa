#ifndef DDLINT_REPORT_REPORT_H
#define DDLINT_REPORT_REPORT_H
/*
 * Reporters: one file each, `const Reporter reporter_x` in report/x.c; the table is generated from the listing of files that
 * define one. A reporter renders a settled run into a Buf; it writes to no stream.
 */
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
#endif

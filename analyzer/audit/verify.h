#ifndef DDLINT_AUDIT_VERIFY_H
#define DDLINT_AUDIT_VERIFY_H
/*
 * Whether a report that somebody signed is still true: a JSON report, or the record that an HTML or Markdown page carries, against
 * what is found today.
 */
#include <jansson.h>

#include "audit/audit.h"

typedef struct SignedReport {
	const char *path;
	json_t *report;   /* signed_free */
	bool altered;     /* it does not have the digest of what it says, or of its page: it was edited after it was written */
	AuditSelection selection;
} SignedReport;

/* False and *error: it is no report, or cannot be read. Strings live in the arena. */
bool signed_read(Arena *arena, const char *path, SignedReport *report, const char **error);
void signed_free(SignedReport *report);
/* Writes what differs, one line each, and a summary. Answers whether anything that was signed is not so any more. */
bool signed_compare(Buf *out, const SignedReport *report, const AuditReport *today);
#endif

#ifndef DDLINT_JUDGE_DEPRECATION_H
#define DDLINT_JUDGE_DEPRECATION_H
/*
 * Marks of deprecation: COMMENT ON … IS 'deprecated 2026-01-10, remove after 2026-07-10', or the configuration's
 * `deprecation.marks`, and how long ago they were set, in releases and days. Only marks of earlier migrations, or of days before the
 * migration's, count: one that comes with the drop announces nothing.
 */
#include "judge/rule.h"

typedef struct Deprecation {
	const char *comment;        /* NULL: the configuration's */
	const Migration *marked_by; /* the last one up to that day; NULL: before the history, as far as it is read */
	long since, until;          /* days since 1970-01-01 that the mark names; -1: it names none */
	int releases, days;         /* that it says to wait; 0: as the configuration says of all */
} Deprecation;

/* The same, set before this migration. */
bool deprecated_before(const Context *context, const Relation *relation, const char *column, Deprecation *deprecation);
/* "deprecated D, remove after D": the dates in a comment; -1 for one that is not there. */
void deprecation_dates(const char *comment, long *since, long *until);
/* The day of a migration: its head's `date`, else the date in its version; -1. */
long migration_day(const Context *context, const Migration *migration);
/* How many releases begin after the first migration, up to the second one's; -1: not known. */
int releases_between(const Context *context, const Migration *first, const Migration *second);
#endif

#ifndef DDLINT_COMMANDS_BASELINE_H
#define DDLINT_COMMANDS_BASELINE_H
/*
 * The baseline: the findings that a project had when it took up ddlint. They stay in reports for machines, and no
 * longer fail a run.
 *
 * The file is YAML, one finding a line. What counts is the fingerprint, which says nothing of lines, layout or file
 * names; where a folder was moved, and with it the history's name, the rule, the migration and the message recognise a
 * finding. What most of a history lacks is one finding in reports and one for each migration here: a new migration is
 * not excused by the old ones.
 */
#include "action/expr.h"
#include "lint.h"

#define BASELINE_NAME ".ddlint-baseline.yml"

typedef struct BaselineEntry {
	const char *fingerprint, *rule, *migration, *file, *message;
	bool used;
} BaselineEntry;

typedef struct Baseline {
	const char *path;
	ARRAY(BaselineEntry) entries;
	uint32_t stale; /* entries about what was looked at that match nothing any more */
} Baseline;

/* NULL: it cannot be read, and standard error says why. */
Baseline *baseline_read(Arena *arena, const char *path);
/* Marks the run's findings that the baseline has, and counts the entries that found nothing. */
void baseline_apply(Arena *arena, Baseline *baseline, const Names *looked_at, Run *run);
/* The run's findings, and the old entries about files that were not looked at. *count: how many. */
void baseline_write(Arena *arena, Buf *out, const Baseline *old, const Names *looked_at, const Run *run,
		    uint32_t *count);
/* The files that findings are wanted in: asked before the run, which frees them. */
void baseline_scope(Arena *arena, const Discovery *discovery, Names *looked_at);
#endif

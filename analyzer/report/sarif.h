#ifndef DDLINT_SARIF_H
#define DDLINT_SARIF_H
/* The parts of `--format sarif`, for each other. */
#include "judge/rule_book.h"
#include "report/report.h"

typedef struct SarifRun {
	Json json;
	Arena arena;
	ARRAY(const RuleEntry *) rules;
	Map artifacts;               /* path -> its place in `paths`, plus one */
	ARRAY(const Source *) paths; /* every file that a result names */
	bool baseline;               /* results were compared with one: each says what became of it (3.27.24) */
	bool suppressions;           /* some result is suppressed: then all of them have to speak of it (3.27.23) */
} SarifRun;

/* sarif_rules.c: which rules the log describes, and how. */
void sarif_collect_rules(SarifRun *run, const Run *findings);
void sarif_rules(SarifRun *run);
int64_t sarif_rule_index(const SarifRun *run, const Rule *rule);

const char *sarif_level(Severity severity);
/* SARIF's texts are sentences; rules and findings write them with or without the full stop. */
const char *sarif_sentence(Arena *arena, const char *text);
/* {"text": …} */
void sarif_message(Json *json, const char *key, const char *text);
#endif

#ifndef DDLINT_JUDGE_PATTERN_READER_H
#define DDLINT_JUDGE_PATTERN_READER_H
/*
 * The parts of reading rules, for each other: pattern_read.c reads a rule, pattern_where.c its conditions.
 */
#include "judge/pattern_rule.h"

typedef ARRAY(ActionKind) ActionKinds;

typedef struct RuleReader {
	Arena *arena;
	const char *path;
	ConfigErrors *errors;
	const char *id;    /* of the rule being read; NULL: not known yet */
	ARRAY(RuleOptionInfo) options;
	bool failed;
} RuleReader;

/* Errors name the rule and the key; key NULL: the rule as a whole. */
void rule_error(RuleReader *reader, uint32_t line, const char *key, const char *format, ...) PRINTF(4, 5);
void rule_expected(RuleReader *reader, const Node *node, const char *key, const char *what);
void rule_unknown(RuleReader *reader, uint32_t line, const char *key, const char *what, const char *word,
		  const char *const *known, size_t count);
void unknown_attribute(RuleReader *reader, uint32_t line, const char *key, const char *name);
bool has_option(const RuleReader *reader, const char *name);

/* What a `where` is of: it decides which attributes it may ask. */
typedef enum ReadWhere { READ_ACTION, READ_MIGRATION, READ_NEIGHBOUR } ReadWhere;
const Where *read_where(RuleReader *reader, const Node *node, const char *key, const ActionKind *on, ReadWhere of);
#endif

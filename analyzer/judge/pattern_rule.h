#ifndef DDLINT_JUDGE_PATTERN_RULE_H
#define DDLINT_JUDGE_PATTERN_RULE_H
/*
 * Rules written in YAML: which action to look for, what its attributes must be, what must or must not stand around it,
 * and what to say. Data only: nothing of a rule is executed, patterns match within PCRE2's limits.
 *
 * A rule that was read is a RuleEntry like those of rules/. It lives, with its patterns, in the arena it was read into.
 */
#include "discover/yaml.h"
#include "judge/attribute.h"

typedef enum ConditionKind {
	CONDITION_IS,       /* the very text */
	CONDITION_MATCHES,  /* a pattern */
	CONDITION_COMPARES, /* numbers and lock modes */
	CONDITION_PRESENT,  /* there is a value; or, with number 0, there is none */
	CONDITION_NOT,      /* of parts[0] */
	CONDITION_ANY,      /* of parts */
	CONDITION_OPTION,   /* text with {options} in it: becomes one of the others when their values are known */
} ConditionKind;

typedef enum Compare { COMPARE_EQUAL, COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_MORE, COMPARE_MORE_EQUAL } Compare;

/* What one attribute must be. */
typedef struct Condition Condition;
struct Condition {
	ConditionKind kind;
	const char *text;
	const Pattern *pattern;
	Compare comparison;
	long number;
	ARRAY(const Condition *) parts;
};

typedef enum WhereKind { WHERE_ATTRIBUTE, WHERE_ALL, WHERE_ANY, WHERE_NOT } WhereKind;

/* What the attributes must be. */
typedef struct Where Where;
struct Where {
	WhereKind kind;
	const Attribute *attribute;
	const Condition *condition;
	ARRAY(const Where *) parts; /* WHERE_NOT: not all of them */
};

/* What an action around the one at hand must share with it. */
typedef enum Sharing { SHARE_NOTHING, SHARE_RELATION, SHARE_COLUMN, SHARE_NAME } Sharing;

typedef struct ActionPattern {
	const ActionKind *on; /* ends with ACTION_NONE */
	const Where *where;   /* NULL: any */
	Sharing sharing;
} ActionPattern;

/* Where the other action of an ordering stands, and whether it must be there or must not. */
typedef struct Ordering {
	const char *key;
	bool before, behind; /* of the action at hand, within the migration */
	bool wanted;
	const char *meaning;
} Ordering;
extern const Ordering all_orderings[]; /* ends with key NULL */

typedef struct Neighbour {
	const Ordering *ordering;
	ActionPattern pattern;
} Neighbour;

typedef struct Example {
	const char *sql;
	uint32_t line;        /* in the rule's file */
} Example;
typedef ARRAY(Example) ExampleList;

typedef struct PatternRule {
	bool of_migration;    /* asked once for a migration, not about actions */
	ActionPattern pattern;
	ARRAY(Neighbour) neighbours;
	const char *message;  /* with {attributes} and {options} */
	const char *instead;  /* the same; NULL: none */
	ExampleList bad, good; /* with a finding, without one */
} PatternRule;

/* A key of a rule, for readers and for the JSON Schema. */
typedef struct PatternKey {
	const char *name;
	const char *expects;
} PatternKey;
extern const PatternKey pattern_rule_keys[], pattern_action_keys[]; /* end with name NULL */

/*
 * Reads a list of rules (pattern_read.c). What is wrong with them becomes errors, each with file, line and what was
 * expected; only whole rules are appended.
 */
void read_pattern_rules(Arena *arena, const char *path, const Node *list, KnownRules *rules, ConfigErrors *errors);
/* A scalar as a condition of an attribute of that type; NULL and *expected when it is none. */
const Condition *read_condition_text(Arena *arena, const Attribute *attribute, const char *text, const char **expected);

/*
 * Whether the action, which is of one of the pattern's kinds, is what it looks for (pattern_match.c); action NULL for a rule about
 * migrations.
 */
bool pattern_fits(Context *context, const ActionPattern *pattern, const Action *action);
/* Around the action stands what the rule wants, and nothing of what it does not. */
bool neighbours_fit(Context *context, const PatternRule *rule, const Action *action);
/* The text with the values of {attributes} and {options} put in. */
const char *fill_in(Context *context, const char *text, const Action *action);
/* The {name} at text: its length with the braces, and the name; 0 when no such thing stands there. */
size_t placeholder_at(Arena *arena, const char *text, const char **name);

/* What run-time rules do when asked (pattern_rule.c). */
void check_pattern(Context *context, const Action *action);
void check_migration_pattern(Context *context);
#endif

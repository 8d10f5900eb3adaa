#ifndef DDLINT_JUDGE_ATTRIBUTE_H
#define DDLINT_JUDGE_ATTRIBUTE_H
/*
 * Attributes: what a rule written in YAML may ask of an action, by name. One table drives the evaluation, the checking
 * of rules and what `ddlint rules --actions` prints.
 */
#include "judge/rule.h"

typedef enum AttributeType {
	ATTRIBUTE_TEXT,
	ATTRIBUTE_LIST,   /* of texts */
	ATTRIBUTE_NUMBER,
	ATTRIBUTE_BOOL,
	ATTRIBUTE_LOCK,   /* a lock mode */
} AttributeType;

const char *attribute_type_word(AttributeType type); /* "text", "list" … */

typedef enum AttributeScope {
	SCOPE_ACTION, /* stands in the action itself */
	SCOPE_MOMENT, /* rests on the catalog, the session or the effect when the action runs: not for what comes
			 earlier or later */
	SCOPE_SCRIPT, /* of the whole migration */
} AttributeScope;

/* What an action has: `present` false when it does not have the attribute. */
typedef struct Value {
	bool present;
	const char *text; /* a text; lives as long as the action or in the context's arena */
	Names list;
	long number;      /* a number; a bool: 0 or 1; a lock: LockMode */
} Value;

/* Fills *value, which is zeroed. Asked only for actions of the attribute's kinds; action is NULL for SCOPE_SCRIPT. */
typedef void AttributeReader(const Context *context, const Action *action, Value *value);

typedef struct Attribute {
	const char *name;
	AttributeType type;
	AttributeScope scope;
	const ActionKind *on;      /* the actions that may have it; NULL: all. Ends with ACTION_NONE */
	const char *const *words;  /* all texts that there are; NULL: any text. Ends with NULL */
	const char *meaning;
	AttributeReader *read;
	bool qualified;            /* a relation's name, of which a condition may leave the schema out */
} Attribute;

extern const Attribute all_attributes[]; /* ends with name NULL */
const Attribute *attribute_by_name(const char *name);
/* Whether actions of that kind may have it. */
bool attribute_is_of(const Attribute *attribute, ActionKind kind);
/* As a message shows it; "" for what is not present. */
const char *value_shown(Arena *arena, const Attribute *attribute, const Value *value);
#endif

#ifndef DDLINT_READ_TEMPLATE_H
#define DDLINT_READ_TEMPLATE_H
/*
 * Templates and place-holders: what a migration tool replaces before PostgreSQL sees a statement.
 *
 *   ${name}  $%name%$  <%= name %>  {{ name }}  @name@  :name  :'name'  :"name"     a value
 *   {{ if … }}  {% … %}  {# … #}  <% … %>                                           control: blanked
 *
 * @name@ and :name count only when the name has a value; the rest is found by its shape. (psql's :name without a value
 * is the business of psql.c: only there it is known to be one.)
 */
#include "read/script.h"

typedef enum FillingKind {
	FILLING_VALUE,   /* the configured value */
	FILLING_WORD,    /* a made-up identifier: _name */
	FILLING_CONTROL, /* one blank */
} FillingKind;

/* One replaced place of the source. */
typedef struct Filling {
	Span source;
	Span text;     /* where it went in the script's text */
	Text value;
	FillingKind kind;
	int nesting;   /* of control: +1 opens a conditional part or a loop, -1 closes it */
} Filling;

/* A script's bytes once its rewrites are made, before templates are looked for. */
typedef struct Rewritten {
	const char *bytes;
	uint32_t left_out;        /* bytes of the source before the first of them */
	Span *sections;           /* script->sections, as spans of these bytes */
	ARRAY(Substitution) made; /* text: in these bytes; source: the script's */
} Rewritten;

/* rewrite.c */
Rewritten rewrite_source(Arena *arena, const Script *script);
/* Text that was made from rewritten bytes: its substitutions are made to speak of the source, and base is where that starts. */
void rewritten_to_source(Arena *arena, ParseText *text, const Rewritten *rewritten, uint32_t base);

/* How script->text was made. */
typedef struct Filled {
	ARRAY(Filling) fillings; /* in order */
	Span *sections;          /* script->sections, as spans of the text */
	char *own;               /* the text when it may be written to; NULL while it is the source's own bytes */
} Filled;

/* fill.c. Makes script->text from the sections. NUL bytes and what is between sections become blanks. */
Filled template_fill(Arena *arena, Script *script, const SplitOptions *options);
/* The script's text for writing: a copy from the first call on. */
char *template_own(Arena *arena, Script *script, Filled *filled);

/* template.c. Adds what stands in bytes[section], in order. */
void find_templates(Arena *arena, const char *bytes, Span section, const SplitOptions *options, Filled *filled);
/* The configured value of a name, or NULL. */
const char *configured(const SplitOptions *options, Text name);

/* variable.c. The same for variables of psql that have a value. A quick look first: no is certain. */
bool may_have_variables(const char *bytes, Span section, const SplitOptions *options);
void find_variables(Arena *arena, const char *bytes, Span section, const SplitOptions *options, Filled *filled);
#endif

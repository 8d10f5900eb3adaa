#ifndef DDLINT_ELEMENT_H
#define DDLINT_ELEMENT_H
/*
 * A changelog as a tree, whether it is written in XML, YAML or JSON: <createTable tableName="t"> and `createTable: {tableName: t}`
 * are the same element with the same value of the same name.
 *
 * Lists that YAML needs and XML does not (changes, columns) are left out: their items are children of what holds the list.
 */
#include "discover/layout.h"

typedef struct Element Element;
struct Element {
	const char *name;
	Span span;          /* of all of it, in the changelog's bytes */
	uint32_t head_end;  /* behind its start tag or its key */
	ARRAY(struct ElementValue { const char *name, *value; }) values;
	ARRAY(Element *) children;
	/* The text in it; NULL: none. In the file it is the bytes of `text`, with `rewrites` for what does not mean itself. */
	const char *value;
	Span text;
	ARRAY(Rewrite) rewrites;
};

/* An attribute's value, or the text of the child of that name; NULL: neither is there. */
const char *element_value(const Element *element, const char *name);
bool element_says(const Element *element, const char *name, const char *value);
Element *element_child(const Element *element, const char *name);
/* The child of that name when it has text, else the element itself when it has; NULL. */
const Element *element_text(const Element *element, const char *name);

/* The tree of a file; NULL when there is none (noted). What is broken in an XML file ends the reading there, and is noted. */
Element *element_read_xml(const LayoutContext *context, const File *file);
Element *element_read_yaml(const LayoutContext *context, const File *file);
#endif

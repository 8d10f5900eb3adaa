#include "element.h"

#include <ctype.h>

/*
 * Enough of XML for changelogs: elements, attributes, text, CDATA, comments, the entities that XML itself defines. What a
 * DOCTYPE declares is passed over: no entity is ever expanded into more.
 */

enum { DEEPEST = 64, MOST_ELEMENTS = 200000 };

typedef struct Xml {
	Arena *arena;
	const LayoutContext *context;
	const File *file;
	const char *bytes;
	uint32_t at, end;
	Element *open[DEEPEST];
	uint32_t depth;
	uint32_t elements;
	const char *problem; /* what ended the reading */
} Xml;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool stands(const Xml *xml, const char *what)
{
	size_t length = strlen(what);
	return xml->end - xml->at >= length && memcmp(xml->bytes + xml->at, what, length) == 0;
}

/* Behind `what`, or at the end. */
static uint32_t behind(const Xml *xml, uint32_t from, const char *what)
{
	const char *found = memmem(xml->bytes + from, xml->end - from, what, strlen(what));
	return found ? (uint32_t)(found - xml->bytes) + (uint32_t)strlen(what) : xml->end;
}

/* --- Text ---------------------------------------------------------------------------------------------------------------------- */

static void add_code_point(Buf *text, unsigned long point)
{
	if (point < 0x80) {
		buf_addc(text, (char)point);
	} else if (point < 0x800) {
		buf_addc(text, (char)(0xC0 | point >> 6));
		buf_addc(text, (char)(0x80 | (point & 0x3F)));
	} else if (point < 0x10000) {
		buf_addc(text, (char)(0xE0 | point >> 12));
		buf_addc(text, (char)(0x80 | (point >> 6 & 0x3F)));
		buf_addc(text, (char)(0x80 | (point & 0x3F)));
	} else {
		buf_addc(text, (char)(0xF0 | point >> 18));
		buf_addc(text, (char)(0x80 | (point >> 12 & 0x3F)));
		buf_addc(text, (char)(0x80 | (point >> 6 & 0x3F)));
		buf_addc(text, (char)(0x80 | (point & 0x3F)));
	}
}

static unsigned long char_reference(const char *at, size_t length)
{
	unsigned long point = 0;
	bool hex = length && (*at == 'x' || *at == 'X');
	for (size_t i = hex; i < length; i++) {
		const char *digits = "0123456789abcdef";
		const char *found = at[i] ? strchr(digits, tolower((unsigned char)at[i])) : NULL;
		if (!found || (found - digits) >= (hex ? 16 : 10) || point > 0x10FFFF)
			return 0;
		point = point * (hex ? 16 : 10) + (unsigned long)(found - digits);
	}
	bool surrogate = point >= 0xD800 && point <= 0xDFFF;
	return point > 0x10FFFF || surrogate ? 0 : point;
}

/* What the reference at *at means is added; *at moves behind it. False: it is none, only an '&'. */
static bool add_reference(Buf *text, const char **at, const char *end)
{
	static const struct {
		const char *name;
		char means;
	} known[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
	size_t most = (size_t)(end - *at) < 12 ? (size_t)(end - *at) : 12;
	const char *close = memchr(*at, ';', most);
	if (!close)
		return false;
	Text name = {*at + 1, (size_t)(close - *at - 1)};
	unsigned long point = name.length > 1 && name.data[0] == '#' ? char_reference(name.data + 1, name.length - 1) : 0;
	for (size_t i = 0; i < LENGTH(known); i++)
		if (text_is(name, known[i].name))
			point = (unsigned char)known[i].means;
	if (!point)
		return false;
	add_code_point(text, point);
	*at = close + 1;
	return true;
}

static const char *decoded(Xml *xml, const char *start, const char *end)
{
	Buf text = {0};
	for (const char *at = start; at < end;)
		if (*at != '&' || !add_reference(&text, &at, end))
			buf_addc(&text, *at++);
	const char *copy = arena_copy(xml->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return copy;
}

/* --- Tags ------------------------------------------------------------------------------------------------------------------------ */

static const char *local_name(Xml *xml, uint32_t start, uint32_t end)
{
	const char *colon = memchr(xml->bytes + start, ':', end - start);
	if (colon)
		start = (uint32_t)(colon + 1 - xml->bytes);
	return arena_copy(xml->arena, xml->bytes + start, end - start);
}

static uint32_t name_end(const Xml *xml, uint32_t at)
{
	while (at < xml->end && !is_blank(xml->bytes[at]) && !byte_in(xml->bytes[at], "/>=<\"'"))
		at++;
	return at;
}

static void skip_blanks(Xml *xml)
{
	while (xml->at < xml->end && is_blank(xml->bytes[xml->at]))
		xml->at++;
}

/* name="value" …; stops at '>' or '/'. */
static void read_attributes(Xml *xml, Element *element)
{
	for (;;) {
		skip_blanks(xml);
		if (xml->at == xml->end || byte_in(xml->bytes[xml->at], "/><"))
			return;
		uint32_t start = xml->at;
		xml->at = name_end(xml, start);
		const char *name = local_name(xml, start, xml->at);
		skip_blanks(xml);
		if (xml->at == xml->end || xml->bytes[xml->at] != '=') {
			xml->at += xml->at == start;
			continue;
		}
		xml->at++;
		skip_blanks(xml);
		char quote = xml->at < xml->end ? xml->bytes[xml->at] : 0;
		const char *value = xml->bytes + xml->at + 1;
		const char *close = quote == '"' || quote == '\'' ? memchr(value, quote, xml->end - xml->at - 1) : NULL;
		if (!close) {
			xml->problem = "an attribute's value has no end";
			return;
		}
		struct ElementValue attribute = {name, decoded(xml, value, close)};
		array_push(xml->arena, &element->values, attribute);
		xml->at = (uint32_t)(close + 1 - xml->bytes);
	}
}

static void close_element(Xml *xml, uint32_t end)
{
	Element *element = xml->open[--xml->depth];
	element->span.end = end;
}

/* "<name a="b">" or "<name/>" */
static void read_start(Xml *xml)
{
	Element *element = new (xml->arena, Element);
	element->span.start = xml->at;
	uint32_t name = xml->at + 1;
	xml->at = name_end(xml, name);
	element->name = local_name(xml, name, xml->at);
	read_attributes(xml, element);
	bool empty = xml->at < xml->end && xml->bytes[xml->at] == '/';
	xml->at = behind(xml, xml->at, ">");
	element->head_end = element->span.end = xml->at;
	element->text = (Span){xml->at, xml->at};
	if (xml->depth == DEEPEST)
		xml->problem = "it is nested more than 64 levels deep";
	else if (++xml->elements > MOST_ELEMENTS)
		xml->problem = "it holds more than 200000 elements";
	if (xml->problem)
		return;
	if (xml->depth)
		array_push(xml->arena, &xml->open[xml->depth - 1]->children, element);
	if (!empty || !xml->depth)
		xml->open[xml->depth++] = element;
}

/* "</name>": ends the nearest element of that name, and all inside of it. */
static void read_end(Xml *xml)
{
	uint32_t start = xml->at, name = xml->at + 2;
	const char *closed = local_name(xml, name, name_end(xml, name));
	xml->at = behind(xml, start, ">");
	uint32_t depth = xml->depth;
	while (depth > 1 && !same(xml->open[depth - 1]->name, closed))
		depth--;
	if (!depth || !same(xml->open[depth - 1]->name, closed))
		return;
	xml->open[depth - 1]->text.end = start;
	while (xml->depth >= depth && xml->depth > 1)
		close_element(xml, xml->at);
}

/* --- The text of an element: as it is in the file, with what does not mean itself written anew -------------------------------------- */

static void put(Xml *xml, Element *element, Buf *value, uint32_t start, uint32_t end, Text sql)
{
	buf_add(value, sql.data, sql.length);
	array_push(xml->arena, &element->rewrites, (Rewrite){{start, end}, sql});
}

static void read_text(Xml *xml, Element *element)
{
	Buf value = {0};
	uint32_t at = element->text.start, next_child = 0;
	while (at < element->text.end) {
		const Element *child = next_child < element->children.count ? element->children.items[next_child] : NULL;
		Xml here = *xml;
		here.at = at;
		here.end = element->text.end;
		if (child && child->span.start <= at) {
			next_child++;
			if (child->span.end > at) {
				put(xml, element, &value, at, child->span.end, TEXT(" "));
				at = child->span.end;
			}
		} else if (stands(&here, "<![CDATA[")) {
			put(xml, element, &value, at, at + 9, TEXT(""));
			uint32_t end = behind(&here, at + 9, "]]>"), inner = end - (end > at + 12 ? 3 : 0);
			if (memcmp(xml->bytes + inner, "]]>", end - inner) != 0)
				inner = end;
			buf_add(&value, xml->bytes + at + 9, inner - at - 9);
			if (end > inner)
				put(xml, element, &value, inner, end, TEXT(""));
			at = end;
		} else if (xml->bytes[at] == '<') {
			uint32_t end = behind(&here, at, stands(&here, "<!--") ? "-->" : ">");
			put(xml, element, &value, at, end, TEXT(" "));
			at = end;
		} else if (xml->bytes[at] == '&') {
			Buf meaning = {0};
			const char *end = xml->bytes + at;
			if (add_reference(&meaning, &end, xml->bytes + element->text.end)) {
				Text sql = {arena_copy(xml->arena, meaning.data, meaning.length), meaning.length};
				put(xml, element, &value, at, (uint32_t)(end - xml->bytes), sql);
				at = (uint32_t)(end - xml->bytes);
			} else {
				buf_addc(&value, xml->bytes[at++]);
			}
			buf_free(&meaning);
		} else {
			buf_addc(&value, xml->bytes[at++]);
		}
	}
	bool empty = true;
	for (size_t i = 0; i < value.length; i++)
		empty &= is_blank(value.data[i]);
	if (!empty)
		element->value = arena_copy(xml->arena, value.data, value.length);
	buf_free(&value);
}

/* Containers hold no text of their own; reading it for each would look at everything once for each level. */
static bool is_container(const char *name)
{
	static const char *const names[] = {"databaseChangeLog", "changeSet", "createTable", "addColumn", "preConditions"};
	for (size_t i = 0; i < LENGTH(names); i++)
		if (same(names[i], name))
			return true;
	return false;
}

/* As deep as the reading went, which is bounded. */
static void read_texts(Xml *xml, Element *element)
{
	if (!is_container(element->name))
		read_text(xml, element);
	array_each(Element *, child, &element->children)
		read_texts(xml, *child);
}

/* A DOCTYPE with declarations of its own: <!DOCTYPE x [ … ]> */
static bool declares(const Xml *xml)
{
	const char *open = xml->bytes + xml->at;
	const char *close = memchr(open, '>', xml->end - xml->at);
	return close && memchr(open, '[', (size_t)(close - open));
}

Element *element_read_xml(const LayoutContext *context, const File *file)
{
	const Source *source = file->source;
	Xml xml = {.arena = context->arena, .context = context, .file = file, .bytes = source->bytes, .at = source->body, .end = source->length};
	Element *root = NULL;
	while (xml.at < xml.end && !xml.problem) {
		const char *open = memchr(xml.bytes + xml.at, '<', xml.end - xml.at);
		if (!open)
			break;
		xml.at = (uint32_t)(open - xml.bytes);
		if (stands(&xml, "<!--"))
			xml.at = behind(&xml, xml.at + 4, "-->");
		else if (stands(&xml, "<![CDATA["))
			xml.at = behind(&xml, xml.at, "]]>");
		else if (stands(&xml, "<?"))
			xml.at = behind(&xml, xml.at, "?>");
		else if (stands(&xml, "<!"))
			xml.at = behind(&xml, xml.at, declares(&xml) ? "]>" : ">");
		else if (stands(&xml, "</"))
			read_end(&xml);
		else if (xml.at + 1 < xml.end && (isalpha((unsigned char)open[1]) || open[1] == '_'))
			read_start(&xml);
		else
			xml.at++;
		root = root ? root : xml.open[0];
	}
	while (xml.depth)
		close_element(&xml, xml.at);
	if (xml.problem)
		add_note(context, file, source_position(file->source, xml.at).line, "the changelog is read up to here: %s", xml.problem);
	if (root)
		read_texts(&xml, root);
	return root;
}

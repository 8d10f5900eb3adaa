#include "lsp/documents.h"

#include <stdlib.h>

#include "base/files.h"
#include "report/link.h"

/* --- Encodings ----------------------------------------------------------------------------------------------------------------- */

static const char *const encoding_names[] = {
	[ENCODING_UTF16] = "utf-16",
	[ENCODING_UTF8] = "utf-8",
	[ENCODING_UTF32] = "utf-32",
};

const char *encoding_name(Encoding encoding)
{
	return encoding_names[encoding];
}

bool encoding_by_name(const char *name, Encoding *encoding)
{
	for (size_t i = 0; i < LENGTH(encoding_names); i++)
		if (same(name, encoding_names[i])) {
			*encoding = (Encoding)i;
			return true;
		}
	return false;
}

/* --- Places -------------------------------------------------------------------------------------------------------------------- */

/* The end of the line that starts at `at`, without its line end; *next: where the next line starts, NULL when this is the last. */
static const char *line_end(const char *at, const char *end, const char **next)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	const char *stop = newline ? newline : end;
	const char *carriage = memchr(at, '\r', (size_t)(stop - at));
	if (carriage)
		stop = carriage;
	*next = stop == end ? NULL : stop + (stop[0] == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1);
	return stop;
}

/* How many units of the encoding the character at `at` has; *bytes: how long it is. */
static uint32_t units_at(const char *at, const char *end, Encoding encoding, size_t *bytes)
{
	*bytes = utf8_sequence(at, (size_t)(end - at));
	if (*bytes == 0)
		*bytes = 1;
	switch (encoding) {
	case ENCODING_UTF8:
		return (uint32_t)*bytes;
	case ENCODING_UTF32:
		return 1;
	default:
		return *bytes == 4 ? 2 : 1;
	}
}

size_t offset_at(Text text, LspPosition position, Encoding encoding)
{
	if (!text.length)
		return 0;
	const char *at = text.data, *end = text.data + text.length, *next;
	const char *stop = line_end(at, end, &next);
	for (uint32_t line = 0; line < position.line; line++) {
		if (!next)
			return text.length;
		at = next;
		stop = line_end(at, end, &next);
	}
	for (uint32_t left = position.character; left && at < stop;) {
		size_t bytes;
		uint32_t units = units_at(at, stop, encoding, &bytes);
		if (units > left)
			break;
		left -= units;
		at += bytes;
	}
	return (size_t)(at - text.data);
}

LspPosition position_at(Source *source, uint32_t offset, Encoding encoding)
{
	Position position = source_position(source, offset);
	LspPosition place = {.line = position.line - 1, .character = position.column - 1};
	if (encoding == ENCODING_UTF16)
		place.character = source_utf16_column(source, offset);
	else if (encoding == ENCODING_UTF8)
		place.character = offset - source->line_starts[position.line - 1];
	return place;
}

LspRange range_of(Source *source, Span span, Encoding encoding)
{
	return (LspRange){position_at(source, span.start, encoding), position_at(source, span.end, encoding)};
}

/* --- Documents ------------------------------------------------------------------------------------------------------------------ */

static void set_text(Documents *documents, Document *document, Text text)
{
	document->text.length = 0;
	buf_add(&document->text, text.data, text.length);
	document->revision = ++documents->revision;
}

/* Of a URI; stays when the document is closed. */
struct DocumentPlace {
	const char *uri;
	Document *document; /* NULL: not open */
};

static struct DocumentPlace *place_of(const Documents *documents, const char *uri)
{
	return map_get(&documents->places, uri, strlen(uri));
}

static void remember(Documents *documents, Document *document)
{
	struct DocumentPlace *place = place_of(documents, document->uri);
	if (!place) {
		place = new(&documents->arena, struct DocumentPlace);
		place->uri = arena_string(&documents->arena, document->uri);
		map_set(&documents->arena, &documents->places, place->uri, strlen(place->uri), place);
	}
	place->document = document;
	array_push(&documents->arena, &documents->list, document);
}

Document *document_open(Documents *documents, const char *uri, Text text, int64_t version)
{
	Document *document = document_by_uri(documents, uri);
	if (!document) {
		Arena arena = {0};
		document = new(&arena, Document);
		document->uri = arena_string(&arena, uri);
		document->path = uri_path(&arena, uri);
		document->arena = arena;
		remember(documents, document);
	}
	document->version = version;
	set_text(documents, document, text);
	return document;
}

Document *document_by_uri(const Documents *documents, const char *uri)
{
	const struct DocumentPlace *place = place_of(documents, uri);
	return place ? place->document : NULL;
}

Document *document_by_path(const Documents *documents, const char *path)
{
	array_each (Document *, document, &documents->list)
		if (same((*document)->path, path))
			return *document;
	return NULL;
}

void document_edit(Documents *documents, Document *document, const LspRange *range, Encoding encoding, Text text)
{
	if (!range) {
		set_text(documents, document, text);
		return;
	}
	Buf *buf = &document->text;
	Text old = {buf->data, buf->length};
	size_t start = offset_at(old, range->start, encoding), end = offset_at(old, range->end, encoding);
	if (end < start)
		end = start;
	size_t tail = old.length - end;
	if (text.length > end - start)
		for (size_t more = text.length - (end - start); more;) { /* room; what it holds is overwritten */
			static const char blank[4096];
			size_t part = more < sizeof blank ? more : sizeof blank;
			buf_add(buf, blank, part);
			more -= part;
		}
	if (tail)
		memmove(buf->data + start + text.length, buf->data + end, tail);
	if (text.length)
		memcpy(buf->data + start, text.data, text.length);
	buf->length = start + text.length + tail;
	document->revision = ++documents->revision;
}

void document_close(Documents *documents, Document *document)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < documents->list.count; i++)
		if (documents->list.items[i] != document)
			documents->list.items[kept++] = documents->list.items[i];
	documents->list.count = kept;
	place_of(documents, document->uri)->document = NULL;
	buf_free(&document->text);
	Arena arena = document->arena; /* which holds the document itself */
	arena_free(&arena);
}

void documents_free(Documents *documents)
{
	while (documents->list.count)
		document_close(documents, documents->list.items[documents->list.count - 1]);
	arena_free(&documents->arena);
}

/* --- URIs ----------------------------------------------------------------------------------------------------------------------- */

static int hex_value(char digit)
{
	return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
		: digit >= 'A' && digit <= 'F'					 ? digit - 'A' + 10
										 : -1;
}

const char *uri_path(Arena *arena, const char *uri)
{
	const char *from = uri;
	if (starts_with(uri, "file:"))
		from += strlen("file:");
	else /* untitled:Untitled-1 and what else a client thinks of */
		from = arena_print(arena, "/%s%s", uri, ends_with(uri, ".sql") ? "" : ".sql");
	if (starts_with(from, "///"))
		from += strlen("//");
	else if (starts_with(from, "//localhost/"))
		from += strlen("//localhost");
	else if (starts_with(from, "//")) /* a server's share: its name tells it from other servers' */
		from++;
	char *path = arena_string(arena, from), *to = path;
	for (; *from; from++) {
		int high = from[0] == '%' ? hex_value(from[1]) : -1, low = high >= 0 ? hex_value(from[2]) : -1;
		*to++ = low >= 0 ? (char)(high * 16 + low) : *from;
		from += low >= 0 ? 2 : 0;
	}
	*to = '\0';
	return path_absolute(arena, "/", path);
}

const char *path_to_uri(Arena *arena, const Documents *documents, const char *path)
{
	const Document *document = document_by_path(documents, path);
	return document ? document->uri : path_uri(arena, path);
}

#ifndef DDLINT_LSP_DOCUMENTS_H
#define DDLINT_LSP_DOCUMENTS_H
/*
 * The documents that an editor has open: their text as the editor has it, kept equal by its edits; and places in text, as the
 * protocol counts them.
 */
#include "base/base.h"
#include "read/source.h"

/* What a client counts columns in; the protocol's default is UTF-16. */
typedef enum Encoding { ENCODING_UTF16, ENCODING_UTF8, ENCODING_UTF32 } Encoding;

const char *encoding_name(Encoding encoding); /* "utf-16" */
bool encoding_by_name(const char *name, Encoding *encoding);

/* Both count from 0. */
typedef struct LspPosition {
	uint32_t line, character;
} LspPosition;
typedef struct LspRange {
	LspPosition start, end;
} LspRange;

/*
 * The byte offset of a position. One behind the end of its line is that end; one behind the last line is the end of the text;
 * one inside a character is its beginning.
 */
size_t offset_at(Text text, LspPosition position, Encoding encoding);
/* The position of a source's byte; of the range of a span. */
LspPosition position_at(Source *source, uint32_t offset, Encoding encoding);
LspRange range_of(Source *source, Span span, Encoding encoding);

typedef struct Document {
	Arena arena;         /* the document's own, with this struct's strings */
	const char *uri;     /* as the client spells it */
	const char *path;    /* absolute */
	Buf text;
	int64_t version;     /* the client's */
	uint64_t revision;   /* ours: another one for each text that any document had */
} Document;

typedef struct Documents {
	Arena arena;
	ARRAY(Document *) list;
	Map places;         /* a URI that was ever open -> struct DocumentPlace */
	uint64_t revision;
} Documents;

/* Opens a document, or takes the text of one that is open already. */
Document *document_open(Documents *documents, const char *uri, Text text, int64_t version);
Document *document_by_uri(const Documents *documents, const char *uri);
Document *document_by_path(const Documents *documents, const char *path);
/* Replaces a range, or everything (range NULL). */
void document_edit(Documents *documents, Document *document, const LspRange *range, Encoding encoding, Text text);
void document_close(Documents *documents, Document *document);
void documents_free(Documents *documents);

/* The absolute path of a URI. Of what is no file: a path that no file has. */
const char *uri_path(Arena *arena, const char *uri);
/* The client's own spelling for a document that is open. */
const char *path_to_uri(Arena *arena, const Documents *documents, const char *path);
#endif

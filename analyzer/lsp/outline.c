/* What a document holds, as a list of its statements; and completion in the comments that speak to ddlint. */
#include "lsp/server.h"

#include "judge/rule_book.h"

/* --- Statements ------------------------------------------------------------------------------------------------------------------- */

enum { SYMBOL_STRUCT = 23, SYMBOL_EVENT = 24 };

/* The statement's first line, cut to a length that a list can show. */
static const char *title_of(Arena *arena, const Source *source, const Statement *statement)
{
	enum { LONGEST = 80 };
	const char *text = source->bytes + statement->span.start;
	size_t length = strcspn(text, "\r\n"), most = statement->span.end - statement->span.start;
	length = length < most ? length : most;
	if (length <= LONGEST)
		return arena_copy(arena, text, length);
	for (length = LONGEST; length && ((unsigned char)text[length] & 0xC0) == 0x80;) /* not inside a character */
		length--;
	return arena_print(arena, "%.*s…", (int)length, text);
}

static void put_symbol(const Server *server, Json *json, Arena *scratch, const Document *document, Source *source, const Statement *statement)
{
	bool table = statement->tag && ends_with(statement->tag, " TABLE");
	LspRange range = range_of(source, statement->span, server->client.encoding);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "name", title_of(scratch, source, statement));
	json_put_number(json, "kind", table ? SYMBOL_STRUCT : SYMBOL_EVENT);
	if (server->client.nested_symbols) {
		json_put_string(json, "detail", statement->tag ? statement->tag : "");
		put_range(json, "range", range);
		put_range(json, "selectionRange", range);
	} else {
		json_open_object(json, "location", JSON_ONE_LINE);
		json_put_string(json, "uri", document->uri);
		put_range(json, "range", range);
		json_close(json);
	}
	json_close(json);
}

void document_symbols(Server *server, const json_t *id, const json_t *params)
{
	const Document *document = asked_document(server, params);
	bring_up_to_date(server);
	const WorkFolder *folder = document ? work_folder_of(&server->workspace, document->path) : NULL;
	Arena scratch = {0};
	Scripts scripts = {0};
	Message message;
	if (folder)
		scripts_of(&scratch, folder, document->path, &scripts);
	rpc_begin_answer(&message, id);
	json_open_array(&message.json, "result", JSON_ONE_LINE);
	array_each (const Script *, script, &scripts)
		array_each (const Statement, statement, &(*script)->statements)
			put_symbol(server, &message.json, &scratch, document, (*script)->source, statement);
	rpc_end(&server->rpc, &message);
	arena_free(&scratch);
}

/* --- Completion --------------------------------------------------------------------------------------------------------------------- */

enum { COMPLETION_VALUE = 12, COMPLETION_KEYWORD = 14 };

/* What stands between "ddlint:" and the cursor on its line; data NULL: the line does not speak to ddlint. */
static Text behind_mark(Text text, size_t offset)
{
	static const char mark[] = "ddlint:";
	size_t start = offset;
	while (start && text.data[start - 1] != '\n' && text.data[start - 1] != '\r')
		start--;
	const char *found = offset > start ? memmem(text.data + start, offset - start, mark, strlen(mark)) : NULL;
	if (!found || !memmem(text.data + start, (size_t)(found - text.data) - start, "--", 2))
		return (Text){0};
	found += strlen(mark);
	return (Text){found, offset - (size_t)(found - text.data)};
}

static bool is_id_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
}

/* The statement that a comment at the offset is about: the one that it stands in, behind or above. */
static const Statement *statement_below(const Scripts *scripts, size_t offset)
{
	const Statement *nearest = NULL;
	array_each (const Script *const, script, scripts)
		for (uint32_t i = 0; i < (*script)->statements.count; i++) {
			const Statement *statement = &(*script)->statements.items[i];
			if (statement->line_end >= offset && (!nearest || statement->span.start < nearest->span.start))
				nearest = statement;
		}
	return nearest;
}

/* What is found in the statement at hand; nothing where no statement follows. */
static void findings_here(Server *server, Arena *scratch, const Document *document, size_t offset, FileFindings *here)
{
	WorkFolder *folder = work_folder_of(&server->workspace, document->path);
	Scripts scripts = {0};
	FileFindings all = {0};
	scripts_of(scratch, folder, document->path, &scripts);
	const Statement *statement = statement_below(&scripts, offset);
	findings_of(scratch, folder, folder->analysis, document->path, &all);
	array_each (const Finding *, finding, &all)
		if (statement && !(*finding)->whole_file && (*finding)->span.start >= statement->span.start &&
		    (*finding)->span.start < statement->span.end)
			array_push(scratch, here, *finding);
}

static bool is_found(const FileFindings *here, const char *rule)
{
	array_each (const Finding *const, finding, here)
		if (same(rule_id((*finding)->rule), rule))
			return true;
	return false;
}

static void put_item(Json *json, const char *label, int kind, const char *about, LspRange range, bool first)
{
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "label", label);
	json_put_number(json, "kind", kind);
	json_put_string(json, "detail", about ? about : "");
	if (first) /* digits sort before letters */
		json_put_string(json, "sortText", "0");
	json_open_object(json, "textEdit", JSON_ONE_LINE);
	put_range(json, "range", range);
	json_put_string(json, "newText", label);
	json_close(json);
	json_close(json);
}

static void put_items(const Server *server, Json *json, Text words, LspRange range, const FileFindings *here)
{
	static const char *const kinds[][2] = {{"allow", "in the statement below, or on this line"}, {"allow-file", "in the whole file"}};
	size_t blanks = 0;
	while (blanks < words.length && words.data[blanks] == ' ')
		blanks++;
	Text rest = {words.data + blanks, words.length - blanks};
	bool allow = rest.length > 5 && memcmp(rest.data, "allow", 5) == 0 && memchr(rest.data, ' ', rest.length);
	if (!allow) {
		for (size_t i = 0; i < LENGTH(kinds); i++)
			put_item(json, kinds[i][0], COMPLETION_KEYWORD, kinds[i][1], range, false);
		return;
	}
	if (memmem(rest.data, rest.length, " -- ", 4)) /* a reason is the person's own */
		return;
	array_each (RuleEntry, entry, &server->workspace.book->entries)
		put_item(json, entry->id, COMPLETION_VALUE, entry->rule->summary, range, is_found(here, entry->id));
}

void completion(Server *server, const json_t *id, const json_t *params)
{
	Arena scratch = {0};
	Message message;
	bring_up_to_date(server);
	const Document *document = asked_document(server, params);
	rpc_begin_answer(&message, id);
	json_open_array(&message.json, "result", JSON_ONE_LINE);
	if (document) {
		FileFindings here = {0};
		Text text = {document->text.data, document->text.length};
		LspPosition cursor = read_position(json_member(params, "position"));
		size_t offset = offset_at(text, cursor, server->client.encoding);
		Text words = behind_mark(text, offset);
		LspPosition start = cursor; /* an id is ASCII: its length is the same in every encoding */
		for (size_t at = words.length; at && is_id_byte(words.data[at - 1]) && start.character; at--)
			start.character--;
		if (words.data) {
			findings_here(server, &scratch, document, offset, &here);
			put_items(server, &message.json, words, (LspRange){start, cursor}, &here);
		}
	}
	rpc_end(&server->rpc, &message);
	arena_free(&scratch);
}

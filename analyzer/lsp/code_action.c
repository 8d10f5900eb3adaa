/* What can be done about a finding: its fix, a comment that allows it, the rollback that it misses. */
#include "lsp/server.h"

#include "base/files.h"
#include "lsp/rollback.h"
#include "lsp/safe_steps.h"
#include "report/report.h"

static const char fix_all_kind[] = "source.fixAll.ddlint";

/* --- Edits ----------------------------------------------------------------------------------------------------------------------- */

/* The edits of one document, opened up to where its edits are written; closed by end_edits. */
static void begin_edits(const Server *server, Json *json, const Document *document)
{
	json_open_object(json, "edit", JSON_ONE_LINE);
	if (!server->client.versioned_edits) {
		json_open_object(json, "changes", JSON_ONE_LINE);
		json_open_array(json, document->uri, JSON_ONE_LINE);
		return;
	}
	json_open_array(json, "documentChanges", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_open_object(json, "textDocument", JSON_ONE_LINE);
	json_put_string(json, "uri", document->uri);
	json_put_number(json, "version", document->version);
	json_close(json);
	json_open_array(json, "edits", JSON_ONE_LINE);
}

static void end_edits(const Server *server, Json *json)
{
	for (int levels = server->client.versioned_edits ? 4 : 3; levels > 0; levels--)
		json_close(json);
}

static void put_edit(const Server *server, Json *json, Source *source, Span span, const char *text)
{
	json_open_object(json, NULL, JSON_ONE_LINE);
	put_range(json, "range", range_of(source, span, server->client.encoding));
	json_put_string(json, "newText", text);
	json_close(json);
}

/* --- What is asked for -------------------------------------------------------------------------------------------------------------- */

typedef struct Asked {
	Server *server;
	const json_t *only;     /* kinds; NULL: all */
	WorkFolder *folder;
	const Document *document;
	Source *source;         /* the document's, as it was analysed */
	Span range;
	Json *json;
	Arena *scratch;
} Asked;

/* A kind is wanted when it, or one above it, was named: "source" wants source.fixAll.ddlint. */
static bool is_wanted(const Asked *asked, const char *kind)
{
	if (!json_array_size(asked->only))
		return true;
	for (size_t i = 0; i < json_array_size(asked->only); i++) {
		const char *one = json_string_value(json_array_get(asked->only, i));
		size_t length = one ? strlen(one) : 0;
		if (length && strncmp(kind, one, length) == 0 && (kind[length] == '\0' || kind[length] == '.'))
			return true;
	}
	return false;
}

static void begin_action(const Asked *asked, const char *title, const char *kind, const Finding *finding, bool preferred)
{
	json_open_object(asked->json, NULL, JSON_ONE_LINE);
	json_put_string(asked->json, "title", title);
	json_put_string(asked->json, "kind", kind);
	if (preferred)
		json_put_bool(asked->json, "isPreferred", true);
	if (!finding)
		return;
	json_open_array(asked->json, "diagnostics", JSON_ONE_LINE);
	put_diagnostic(asked->server, asked->json, asked->scratch, asked->folder, finding);
	json_close(asked->json);
}

/* --- Fixes ------------------------------------------------------------------------------------------------------------------------- */

static const char *trimmed(Arena *arena, const char *text)
{
	text += strspn(text, " \n\t");
	size_t length = strlen(text);
	while (length && strchr(" \n\t", text[length - 1]))
		length--;
	return arena_copy(arena, text, length);
}

static const char *fix_title(const Asked *asked, const Finding *finding)
{
	const Edit *edit = &finding->edits.items[0];
	const char *after = finding->safety == EDIT_SAFE ? "" : "; look at the result";
	const char *text = trimmed(asked->scratch, edit->text);
	if (finding->edits.count > 1 || strchr(text, '\n') || strlen(text) > 60)
		return arena_print(asked->scratch, "Fix %s%s", rule_id(finding->rule), after);
	const char *verb = edit->span.start == edit->span.end ? "Insert" : *text ? "Write" : "Remove";
	return arena_print(asked->scratch, "%s%s%s (%s%s)", verb, *text ? " " : "", text, rule_id(finding->rule), after);
}

/* `shown` is the finding that people see: the same, or the one that says it along. */
static void offer_fix(const Asked *asked, const Finding *finding, const Finding *shown)
{
	if (!finding->edits.count || !is_wanted(asked, "quickfix"))
		return;
	begin_action(asked, fix_title(asked, finding), "quickfix", shown, finding->safety == EDIT_SAFE && finding == shown);
	begin_edits(asked->server, asked->json, asked->document);
	array_each (const Edit, edit, &finding->edits)
		put_edit(asked->server, asked->json, finding->source, edit->span, edit->text);
	end_edits(asked->server, asked->json);
	json_close(asked->json);
}

static bool overlaps(const Finding *finding, const FileFindings *taken)
{
	array_each (const Finding *, other, taken)
		array_each (const Edit, theirs, &(*other)->edits)
			array_each (const Edit, ours, &finding->edits)
				if (ours->span.start <= theirs->span.end && theirs->span.start <= ours->span.end)
					return true;
	return false;
}

static void take_safe(const Asked *asked, FileFindings *taken, const Finding *finding)
{
	if (finding->edits.count && finding->safety == EDIT_SAFE && !overlaps(finding, taken))
		array_push(asked->scratch, taken, finding);
}

/*
 * All safe fixes of the document at once; of two that touch each other the first, the other one comes next time, as does what a
 * finding with a fix says along.
 */
static void offer_fix_all(const Asked *asked, const FileFindings *findings)
{
	FileFindings taken = {0};
	array_each (const Finding *, item, findings) {
		const Finding *finding = *item;
		take_safe(asked, &taken, finding);
		for (uint32_t i = 0; i < finding->along.count && !(finding->edits.count && finding->safety == EDIT_SAFE); i++)
			take_safe(asked, &taken, finding->along.items[i]);
	}
	if (!taken.count || !is_wanted(asked, fix_all_kind))
		return;
	begin_action(asked, "Apply all safe fixes of ddlint", fix_all_kind, NULL, false);
	begin_edits(asked->server, asked->json, asked->document);
	array_each (const Finding *, finding, &taken)
		array_each (const Edit, edit, &(*finding)->edits)
			put_edit(asked->server, asked->json, (*finding)->source, edit->span, edit->text);
	end_edits(asked->server, asked->json);
	json_close(asked->json);
}

/* --- Comments ----------------------------------------------------------------------------------------------------------------------- */

static const char placeholder[] = "TODO: say why this is safe";

/* Above the statement, indented like it; a statement that begins behind another one gets a line of its own. */
static void offer_allow(const Asked *asked, const Finding *finding)
{
	if (finding->rule->category == META || !is_wanted(asked, "quickfix"))
		return;
	ScriptPlace place = {0};
	const char *id = rule_id(finding->rule);
	bool whole = finding->whole_file || !script_at(asked->folder, asked->document->path, finding->span.start, &place) || !place.statement;
	uint32_t at = whole ? asked->source->body : place.statement->span.start, line = at;
	const char *bytes = asked->source->bytes;
	while (line > asked->source->body && bytes[line - 1] != '\n' && bytes[line - 1] != '\r')
		line--;
	Buf text = {0};
	uint32_t blank = line;
	while (blank < at && (bytes[blank] == ' ' || bytes[blank] == '\t'))
		blank++;
	if (blank == at)
		at = line;
	else
		buf_addc(&text, '\n');
	buf_add(&text, bytes + line, blank > at ? blank - line : 0);
	buf_addf(&text, "-- ddlint: %s %s -- %s\n", whole ? "allow-file" : "allow", id, placeholder);
	begin_action(asked, arena_print(asked->scratch, "Allow %s here, with a reason", id), "quickfix", finding, false);
	begin_edits(asked->server, asked->json, asked->document);
	put_edit(asked->server, asked->json, asked->source, (Span){at, at}, text.data);
	end_edits(asked->server, asked->json);
	json_close(asked->json);
	buf_free(&text);
}

/* --- The rollback that is missing ------------------------------------------------------------------------------------------------------ */

static void put_document(Json *json, const char *uri, const Document *document)
{
	json_open_object(json, "textDocument", JSON_ONE_LINE);
	json_put_string(json, "uri", uri);
	if (document)
		json_put_number(json, "version", document->version);
	else
		json_put_null(json, "version");
	json_close(json);
}

/* Two of the changes in documentChanges: the file is made, and filled. */
static void put_new_file(const Asked *asked, const char *path, const char *text)
{
	const char *uri = path_to_uri(asked->scratch, &asked->server->workspace.documents, path);
	Json *json = asked->json;
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "kind", "create");
	json_put_string(json, "uri", uri);
	json_open_object(json, "options", JSON_ONE_LINE);
	json_put_bool(json, "ignoreIfExists", true);
	json_close(json);
	json_close(json);
	json_open_object(json, NULL, JSON_ONE_LINE);
	put_document(json, uri, NULL);
	json_open_array(json, "edits", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	put_range(json, "range", (LspRange){0});
	json_put_string(json, "newText", text);
	for (int levels = 3; levels > 0; levels--)
		json_close(json);
}

static bool makes_files(const Asked *asked)
{
	return asked->server->client.creates && asked->server->client.versioned_edits;
}

static void offer_rollback(const Asked *asked, const Finding *finding)
{
	MissingRollback missing;
	if (!same(rule_id(finding->rule), "rollback-missing") || !is_wanted(asked, "quickfix") ||
	    !find_missing_rollback(asked->scratch, &asked->server->workspace, asked->folder, asked->document->path, &missing) ||
	    (missing.path && !makes_files(asked)))
		return;
	begin_action(asked, "Write the missing rollback", "quickfix", finding, false);
	if (missing.path) {
		json_open_object(asked->json, "edit", JSON_ONE_LINE);
		json_open_array(asked->json, "documentChanges", JSON_ONE_LINE);
		put_new_file(asked, missing.path, missing.text);
		json_close(asked->json);
		json_close(asked->json);
	} else {
		begin_edits(asked->server, asked->json, asked->document);
		put_edit(asked->server, asked->json, asked->source, (Span){asked->source->length, asked->source->length}, missing.text);
		end_edits(asked->server, asked->json);
	}
	json_close(asked->json);
}

/* --- The steps of a recipe ------------------------------------------------------------------------------------------------------------ */

static const char split_title[] = "Split into safe steps";

static void put_steps(const Asked *asked, const SafeSteps *plan)
{
	Json *json = asked->json;
	const Source *seen = NULL;
	json_open_object(json, "edit", JSON_ONE_LINE);
	json_open_array(json, "documentChanges", JSON_ONE_LINE);
	array_each (const Draft, file, &plan->files)
		put_new_file(asked, file->path, file->text);
	array_each (const PlannedEdit, edit, &plan->edits) {
		if (edit->source != seen) {
			const char *path = path_absolute(asked->scratch, asked->folder->path, edit->source->path);
			const Document *document = document_by_path(&asked->server->workspace.documents, path);
			for (int levels = seen ? 2 : 0; levels > 0; levels--)
				json_close(json);
			json_open_object(json, NULL, JSON_ONE_LINE);
			put_document(json, path_to_uri(asked->scratch, &asked->server->workspace.documents, path), document);
			json_open_array(json, "edits", JSON_ONE_LINE);
			seen = edit->source;
		}
		put_edit(asked->server, json, edit->source, edit->span, edit->text);
	}
	for (int levels = 4; levels > 0; levels--)
		json_close(json);
}

/* The plan costs a run: who can ask for it later gets it when it is chosen. True: something was offered. */
static bool offer_steps(const Asked *asked, const Finding *finding)
{
	SafeSteps plan;
	bool later = asked->server->client.resolves_edits;
	if (!makes_files(asked) || !is_wanted(asked, "quickfix") || !may_split(asked->folder, asked->document, finding) ||
	    (!later && !plan_safe_steps(asked->scratch, &asked->server->workspace, asked->folder, asked->document, finding, &plan)))
		return false;
	begin_action(asked, split_title, "quickfix", finding, false);
	if (later) {
		json_open_object(asked->json, "data", JSON_ONE_LINE);
		json_put_string(asked->json, "uri", asked->document->uri);
		json_put_number(asked->json, "version", asked->document->version);
		json_put_string(asked->json, "fingerprint", finding->fingerprint);
		json_close(asked->json);
	} else {
		put_steps(asked, &plan);
	}
	json_close(asked->json);
	return true;
}

/* The chosen action, now with its edit; without one when the text is another meanwhile, or the steps cannot be had. */
void resolve_action(Server *server, const json_t *id, const json_t *params)
{
	Arena scratch = {0};
	Message message;
	bring_up_to_date(server);
	const char *uri = json_text(params, "data.uri"), *fingerprint = json_text(params, "data.fingerprint");
	Asked asked = {.server = server, .json = &message.json, .scratch = &scratch};
	asked.document = uri ? document_by_uri(&server->workspace.documents, uri) : NULL;
	asked.folder = asked.document ? work_folder_of(&server->workspace, asked.document->path) : NULL;
	FileFindings findings = {0};
	SafeSteps plan = {0};
	if (asked.folder && asked.document->version == json_number(params, "data.version"))
		findings_of(&scratch, asked.folder, asked.folder->analysis, asked.document->path, &findings);
	array_each (const Finding *, finding, &findings)
		if (same((*finding)->fingerprint, fingerprint) &&
		    !plan_safe_steps(&scratch, &server->workspace, asked.folder, asked.document, *finding, &plan))
			plan = (SafeSteps){0};
	rpc_begin_answer(&message, id);
	json_open_object(&message.json, "result", JSON_ONE_LINE);
	json_put_string(&message.json, "title", split_title);
	json_put_string(&message.json, "kind", "quickfix");
	if (plan.files.count)
		put_steps(&asked, &plan);
	rpc_end(&server->rpc, &message);
	arena_free(&scratch);
}

/* --- The request ------------------------------------------------------------------------------------------------------------------------ */

static bool touches(const Asked *asked, const Finding *finding)
{
	uint32_t first_line_end = (uint32_t)source_line(asked->source, 1).length + asked->source->body;
	Span span = finding->whole_file ? (Span){0, first_line_end} : finding->span;
	return span.start <= asked->range.end && asked->range.start <= span.end;
}

static void offer_all(const Asked *asked)
{
	FileFindings findings = {0};
	findings_of(asked->scratch, asked->folder, asked->folder->analysis, asked->document->path, &findings);
	array_each (const Finding *, finding, &findings)
		if (touches(asked, *finding)) {
			offer_fix(asked, *finding, *finding);
			array_each (Finding *, one, &(*finding)->along)
				offer_fix(asked, *one, *finding);
		}
	bool split = false; /* two findings about one statement have the same steps */
	array_each (const Finding *, finding, &findings)
		if (touches(asked, *finding))
			split = split || offer_steps(asked, *finding);
	array_each (const Finding *, finding, &findings)
		if (touches(asked, *finding)) {
			offer_rollback(asked, *finding);
			offer_allow(asked, *finding);
		}
	offer_fix_all(asked, &findings);
}

void code_actions(Server *server, const json_t *id, const json_t *params)
{
	Arena scratch = {0};
	Message message;
	bring_up_to_date(server);
	rpc_begin_answer(&message, id);
	json_open_array(&message.json, "result", JSON_ONE_LINE);
	Asked asked = {.server = server, .only = json_member(params, "context.only"), .json = &message.json, .scratch = &scratch};
	asked.document = asked_document(server, params);
	asked.folder = asked.document ? work_folder_of(&server->workspace, asked.document->path) : NULL;
	asked.source = asked.folder ? analyzed_source(asked.folder, asked.document->path) : NULL;
	if (asked.source && server->client.literal_actions) {
		Text text = {asked.document->text.data, asked.document->text.length};
		LspRange range = read_range(json_member(params, "range"));
		asked.range.start = (uint32_t)offset_at(text, range.start, server->client.encoding);
		asked.range.end = (uint32_t)offset_at(text, range.end, server->client.encoding);
		offer_all(&asked);
	}
	rpc_end(&server->rpc, &message);
	arena_free(&scratch);
}

/* Findings as the protocol's diagnostics: pushed, or answered to clients that ask for those of a document. */
#include "lsp/server.h"

#include "base/files.h"
#include "report/link.h"
#include "report/report.h"

/* --- One finding ----------------------------------------------------------------------------------------------------------------- */

static void put_position(Json *json, const char *key, LspPosition position)
{
	json_open_object(json, key, JSON_ONE_LINE);
	json_put_number(json, "line", position.line);
	json_put_number(json, "character", position.character);
	json_close(json);
}

void put_range(Json *json, const char *key, LspRange range)
{
	json_open_object(json, key, JSON_ONE_LINE);
	put_position(json, "start", range.start);
	put_position(json, "end", range.end);
	json_close(json);
}

static LspRange finding_range(const Server *server, const Finding *finding)
{
	if (!finding->whole_file)
		return range_of(finding->source, finding->span, server->client.encoding);
	Text line = source_line(finding->source, 1);
	Span first = {finding->source->body, (uint32_t)(line.data + line.length - finding->source->bytes)};
	return range_of(finding->source, first, server->client.encoding);
}

static int severity_number(Severity severity)
{
	return severity == SEVERITY_ERROR ? 1 : severity == SEVERITY_WARNING ? 2 : 3;
}

static const char *source_uri(const Server *server, Arena *scratch, const WorkFolder *folder, const Source *source)
{
	return path_to_uri(scratch, &server->workspace.documents, path_absolute(scratch, folder->path, source->path));
}

static void put_related(const Server *server, Json *json, Arena *scratch, const WorkFolder *folder, const Finding *finding)
{
	Places places = {0};
	finding_places(scratch, finding, &places);
	if (!places.count)
		return;
	json_open_array(json, "relatedInformation", JSON_ONE_LINE);
	array_each (const Related, place, &places) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_open_object(json, "location", JSON_ONE_LINE);
		json_put_string(json, "uri", source_uri(server, scratch, folder, place->source));
		put_range(json, "range", range_of(place->source, place->span, server->client.encoding));
		json_close(json);
		json_put_string(json, "message", place->message);
		json_close(json);
	}
	json_close(json);
}

/* Editors show the one faded, the other struck through. */
static void put_tags(const Server *server, Json *json, const Finding *finding)
{
	enum { TAG_UNNECESSARY = 1, TAG_DEPRECATED = 2 };
	int tag = finding->rule->unneeded ? TAG_UNNECESSARY : finding->rule->obsolete ? TAG_DEPRECATED : 0;
	if (!tag || !server->client.tags)
		return;
	json_open_array(json, "tags", JSON_ONE_LINE);
	json_put_number(json, NULL, tag);
	json_close(json);
}

void put_diagnostic(const Server *server, Json *json, Arena *scratch, const WorkFolder *folder, const Finding *finding)
{
	const char *why = finding_why(finding);
	json_open_object(json, NULL, JSON_ONE_LINE);
	put_range(json, "range", finding_range(server, finding));
	json_put_number(json, "severity", severity_number(finding->severity));
	json_put_string(json, "code", rule_id(finding->rule));
	if (server->client.links && finding->rule->manual) {
		json_open_object(json, "codeDescription", JSON_ONE_LINE);
		json_put_string(json, "href", manual_link(scratch, finding->rule->manual));
		json_close(json);
	}
	json_put_string(json, "source", "ddlint");
	json_put_string(json, "message", why ? arena_print(scratch, "%s\n%s", finding->message, why) : finding->message);
	put_tags(server, json, finding);
	if (server->client.related)
		put_related(server, json, scratch, folder, finding);
	json_open_object(json, "data", JSON_ONE_LINE);
	json_put_string(json, "fingerprint", finding->fingerprint);
	json_close(json);
	json_close(json);
}

void put_diagnostics(const Server *server, Json *json, const char *key, const WorkFolder *folder, const Analysis *analysis, const char *path)
{
	Arena scratch = {0};
	FileFindings findings = {0};
	findings_of(&scratch, folder, analysis, path, &findings);
	json_open_array(json, key, JSON_ONE_LINE);
	array_each (const Finding *, finding, &findings)
		put_diagnostic(server, json, &scratch, folder, *finding);
	json_close(json);
	arena_free(&scratch);
}

/* --- Pushed ---------------------------------------------------------------------------------------------------------------------- */

void publish(Server *server, WorkFolder *folder)
{
	array_each (Document *, item, &server->workspace.documents.list) {
		const Document *document = *item;
		if (work_folder_of(&server->workspace, document->path) != folder)
			continue;
		Message message;
		rpc_begin_call(&message, "textDocument/publishDiagnostics", 0);
		json_open_object(&message.json, "params", JSON_ONE_LINE);
		json_put_string(&message.json, "uri", document->uri);
		json_put_number(&message.json, "version", document->version);
		put_diagnostics(server, &message.json, "diagnostics", folder, folder->analysis, document->path);
		rpc_end(&server->rpc, &message);
	}
}

void publish_nothing(Server *server, const char *uri)
{
	Message message;
	rpc_begin_call(&message, "textDocument/publishDiagnostics", 0);
	json_open_object(&message.json, "params", JSON_ONE_LINE);
	json_put_string(&message.json, "uri", uri);
	json_open_array(&message.json, "diagnostics", JSON_ONE_LINE);
	rpc_end(&server->rpc, &message);
}

/* --- Asked for ------------------------------------------------------------------------------------------------------------------- */

void pull_diagnostics(Server *server, const json_t *id, const json_t *params)
{
	Document *document = asked_document(server, params);
	Message message;
	bring_up_to_date(server);
	rpc_begin_answer(&message, id);
	json_open_object(&message.json, "result", JSON_ONE_LINE);
	json_put_string(&message.json, "kind", "full");
	WorkFolder *folder = document ? work_folder_of(&server->workspace, document->path) : NULL;
	if (folder && folder->analysis) {
		put_diagnostics(server, &message.json, "items", folder, folder->analysis, document->path);
	} else {
		json_open_array(&message.json, "items", JSON_ONE_LINE);
		json_close(&message.json);
	}
	rpc_end(&server->rpc, &message);
}

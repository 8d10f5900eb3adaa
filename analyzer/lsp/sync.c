/* What the client tells: documents, files, folders and settings that change. */
#include "lsp/server.h"

#include "base/files.h"

/* --- Documents ------------------------------------------------------------------------------------------------------------------- */

Document *asked_document(Server *server, const json_t *params)
{
	const char *uri = json_text(params, "textDocument.uri");
	return uri ? document_by_uri(&server->workspace.documents, uri) : NULL;
}

static Text text_of(const json_t *json, const char *key)
{
	const json_t *text = json_object_get(json, key);
	return (Text){json_is_string(text) ? json_string_value(text) : "", json_string_length(text)};
}

void did_open(Server *server, const json_t *id UNUSED, const json_t *params)
{
	const json_t *item = json_member(params, "textDocument");
	const char *uri = json_text(item, "uri");
	if (!uri)
		return;
	const Document *document =
		document_open(&server->workspace.documents, uri, text_of(item, "text"), json_number(item, "version"));
	workspace_touch(&server->workspace, document->path);
	make_due(server);
}

static uint32_t count_from(const json_t *json, const char *key)
{
	int64_t number = json_number(json, key);
	return number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

LspPosition read_position(const json_t *json)
{
	return (LspPosition){count_from(json, "line"), count_from(json, "character")};
}

LspRange read_range(const json_t *json)
{
	return (LspRange){read_position(json_object_get(json, "start")), read_position(json_object_get(json, "end"))};
}

void did_change(Server *server, const json_t *id UNUSED, const json_t *params)
{
	Document *document = asked_document(server, params);
	if (!document)
		return;
	const json_t *changes = json_member(params, "contentChanges");
	for (size_t i = 0; i < json_array_size(changes); i++) {
		const json_t *change = json_array_get(changes, i), *range = json_object_get(change, "range");
		LspRange place = read_range(range);
		document_edit(&server->workspace.documents, document, json_is_object(range) ? &place : NULL, server->client.encoding,
			      text_of(change, "text"));
	}
	document->version = json_number(params, "textDocument.version");
	workspace_touch(&server->workspace, document->path);
	make_due(server);
}

void did_close(Server *server, const json_t *id UNUSED, const json_t *params)
{
	Document *document = asked_document(server, params);
	if (!document)
		return;
	if (!server->client.pull)
		publish_nothing(server, document->uri);
	workspace_touch(&server->workspace, document->path);
	document_close(&server->workspace.documents, document);
	make_due(server);
}

void did_save(Server *server, const json_t *id UNUSED, const json_t *params UNUSED)
{
	workspace_touch(&server->workspace, NULL);
	make_due(server);
}

static void call(Server *server, const char *method)
{
	Message message;
	rpc_begin_call(&message, method, ++server->calls);
	rpc_end(&server->rpc, &message);
}

/* Something changed that the client cannot see: what it asked for before may have other answers now. */
static void ask_again(Server *server)
{
	if (server->client.pull && server->client.refresh)
		call(server, "workspace/diagnostic/refresh");
	if (server->client.refresh_hints)
		call(server, "workspace/inlayHint/refresh");
	if (server->client.refresh_lenses)
		call(server, "workspace/codeLens/refresh");
}

/* --- The workspace --------------------------------------------------------------------------------------------------------------- */

void did_change_watched_files(Server *server, const json_t *id UNUSED, const json_t *params UNUSED)
{
	workspace_touch(&server->workspace, NULL);
	make_due(server);
	ask_again(server);
}

void did_change_folders(Server *server, const json_t *id UNUSED, const json_t *params)
{
	Arena scratch = {0};
	const json_t *removed = json_member(params, "event.removed"), *added = json_member(params, "event.added");
	for (size_t i = 0; i < json_array_size(removed); i++) {
		const char *uri = json_text(json_array_get(removed, i), "uri");
		if (uri)
			workspace_remove_folder(&server->workspace, uri_path(&scratch, uri));
	}
	for (size_t i = 0; i < json_array_size(added); i++) {
		const char *uri = json_text(json_array_get(added, i), "uri");
		if (uri)
			workspace_add_folder(&server->workspace, uri_path(&scratch, uri));
	}
	arena_free(&scratch);
	make_due(server);
	ask_again(server);
}

void did_change_configuration(Server *server, const json_t *id UNUSED, const json_t *params)
{
	const json_t *settings = json_member(params, "settings.ddlint");
	if (json_is_object(settings))
		read_settings(server, settings);
	workspace_touch(&server->workspace, NULL);
	make_due(server);
	ask_again(server);
}

static const char *setting(Server *server, const json_t *settings, const char *key)
{
	const char *value = json_text(settings, key);
	return value && *value ? arena_string(&server->workspace.arena, value) : NULL;
}

void read_settings(Server *server, const json_t *settings)
{
	Settings *wanted = &server->workspace.settings;
	*wanted = (Settings){.config = setting(server, settings, "config"), .layout = setting(server, settings, "layout")};
	wanted->inlay_hints = json_flag(settings, "inlayHints");
	wanted->code_lens = json_flag(settings, "codeLens");
	const char *range = json_text(settings, "postgres");
	if (range && !postgres_range(range, &wanted->postgres_low, &wanted->postgres_high))
		wanted->postgres_low = wanted->postgres_high = 0;
}

/* Files that somebody else changes: a checkout, a generator, an edited configuration. */
void register_watchers(Server *server)
{
	static const char *const globs[] = {"**/*.sql", "**/.ddlint.yml", "**/.ddlint-baseline.yml", "**/*.{toml,plan,json,yml,yaml,xml,conf}"};
	if (!server->client.watches)
		return;
	Message message;
	Json *json = &message.json;
	rpc_begin_call(&message, "client/registerCapability", ++server->calls);
	json_open_object(json, "params", JSON_ONE_LINE);
	json_open_array(json, "registrations", JSON_ONE_LINE);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "id", "ddlint-files");
	json_put_string(json, "method", "workspace/didChangeWatchedFiles");
	json_open_object(json, "registerOptions", JSON_ONE_LINE);
	json_open_array(json, "watchers", JSON_ONE_LINE);
	for (size_t i = 0; i < LENGTH(globs); i++) {
		json_open_object(json, NULL, JSON_ONE_LINE);
		json_put_string(json, "globPattern", globs[i]);
		json_close(json);
	}
	rpc_end(&server->rpc, &message);
}

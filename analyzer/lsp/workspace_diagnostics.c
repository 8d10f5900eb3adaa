/*
 * workspace/diagnostic: what is found in all files of the folders, open or not. Clients ask for it every other second: files of which
 * they know already are told in a word, and while nothing changes nothing is read.
 */
#include "lsp/server.h"

#include "base/files.h"
#include "base/sha256.h"

typedef ARRAY(const char *) Paths;

static void add_path(Arena *scratch, Map *seen, Paths *paths, const char *path)
{
	if (!path || map_get(seen, path, strlen(path)))
		return;
	map_set(scratch, seen, path, strlen(path), paths);
	array_push(scratch, paths, path);
}

/* The files that have findings, and those that the client knows some of: each once. */
static void paths_to_tell(Server *server, Arena *scratch, WorkFolder *folder, const Analysis *analysis, const json_t *known, Paths *paths)
{
	Map seen = {0};
	array_each (Finding *, item, &analysis->run->findings) {
		const Finding *finding = *item;
		uint32_t count = finding->stands_for.count;
		for (uint32_t i = 0; i < (count ? count : 1); i++) {
			const Source *source = count ? finding->stands_for.items[i]->source : finding->source;
			add_path(scratch, &seen, paths, source ? path_absolute(scratch, folder->path, source->path) : NULL);
		}
	}
	for (size_t i = 0; i < json_array_size(known); i++) {
		const char *uri = json_text(json_array_get(known, i), "uri"), *path = uri ? uri_path(scratch, uri) : NULL;
		if (path && work_folder_of(&server->workspace, path) == folder)
			add_path(scratch, &seen, paths, path);
	}
}

/* What the client has of a file, in the words of an earlier answer; NULL: nothing. */
static const char *known_result(const json_t *known, const char *uri)
{
	for (size_t i = 0; i < json_array_size(known); i++)
		if (same(json_text(json_array_get(known, i), "uri"), uri))
			return json_text(json_array_get(known, i), "value");
	return NULL;
}

/* Equal for equal diagnostics. */
static const char *result_of(const Server *server, Arena *scratch, const WorkFolder *folder, const Analysis *analysis, const char *path)
{
	Buf text = {0};
	Json json = json_new(&text);
	json_open_object(&json, NULL, JSON_ONE_LINE);
	put_diagnostics(server, &json, "items", folder, analysis, path);
	json_finish(&json);
	const char *result = sha256_hex(scratch, text.data, text.length);
	buf_free(&text);
	return result;
}

/* Opened: its items, if it has any, and its end are the caller's. */
static void begin_report(Server *server, Json *json, const char *uri, const char *kind, const char *result)
{
	const Document *document = document_by_uri(&server->workspace.documents, uri);
	json_open_object(json, NULL, JSON_ONE_LINE);
	json_put_string(json, "kind", kind);
	json_put_string(json, "uri", uri);
	if (document)
		json_put_number(json, "version", document->version);
	else
		json_put_null(json, "version");
	json_put_string(json, "resultId", result);
}

static void put_folder(Server *server, Json *json, WorkFolder *folder, const json_t *known)
{
	Arena scratch = {0};
	Analysis *analysis = work_folder_audit(&server->workspace, folder);
	Paths paths = {0};
	paths_to_tell(server, &scratch, folder, analysis, known, &paths);
	told_begin(&folder->told);
	array_each (const char *, path, &paths) {
		const char *uri = path_to_uri(&scratch, &server->workspace.documents, *path);
		const char *result = result_of(server, &scratch, folder, analysis, *path);
		bool changed = !same(known_result(known, uri), result);
		begin_report(server, json, uri, changed ? "full" : "unchanged", result);
		if (changed)
			put_diagnostics(server, json, "items", folder, analysis, *path);
		json_close(json);
		told_add(&folder->told, uri, result);
	}
	folder->told.at = clock_seconds();
	analysis_free(analysis);
	arena_free(&scratch);
}

/* Nothing changed that anybody told of since the client heard all of this. Not every file is watched, so not for ever. */
static bool knows_all(const Server *server, const WorkFolder *folder, const json_t *known)
{
	enum { TRUSTED_SECONDS = 30 };
	const Told *told = &folder->told;
	if (told->at <= 0 || !server->client.watches || clock_seconds() > told->at + TRUSTED_SECONDS)
		return false;
	array_each (const ToldFile, file, &told->files)
		if (!same(known_result(known, file->uri), file->result))
			return false;
	return true;
}

void pull_workspace(Server *server, const json_t *id, const json_t *params)
{
	const json_t *known = json_member(params, "previousResultIds");
	Message message;
	rpc_begin_answer(&message, id);
	json_open_object(&message.json, "result", JSON_ONE_LINE);
	json_open_array(&message.json, "items", JSON_ONE_LINE);
	for (uint32_t i = 0; i < server->workspace.folders; i++) {
		WorkFolder *folder = server->workspace.list.items[i];
		if (!knows_all(server, folder, known)) {
			put_folder(server, &message.json, folder, known);
			continue;
		}
		array_each (const ToldFile, file, &folder->told.files) {
			begin_report(server, &message.json, file->uri, "unchanged", file->result);
			json_close(&message.json);
		}
	}
	rpc_end(&server->rpc, &message);
}

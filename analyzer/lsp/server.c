/* `ddlint lsp`: the loop, the life of the connection, and who answers what. */
#include "lsp/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/files.h"
#include "commands/commands.h"

double clock_seconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* --- Starting and ending --------------------------------------------------------------------------------------------------------- */

static Encoding choose_encoding(const json_t *params)
{
	const json_t *offered = json_member(params, "capabilities.general.positionEncodings");
	Encoding first = ENCODING_UTF16, encoding;
	bool any = false;
	for (size_t i = 0; i < json_array_size(offered); i++) {
		if (!encoding_by_name(json_string_value(json_array_get(offered, i)), &encoding))
			continue;
		if (encoding == ENCODING_UTF8) /* what we count in ourselves */
			return encoding;
		first = any ? first : encoding;
		any = true;
	}
	return first;
}

static bool lists(const json_t *array, const char *word)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (same(json_string_value(json_array_get(array, i)), word))
			return true;
	return false;
}

static void read_client(Client *client, const json_t *params)
{
	const json_t *document = json_member(params, "capabilities.textDocument"), *workspace = json_member(params, "capabilities.workspace");
	client->encoding = choose_encoding(params);
	client->pull = json_is_object(json_member(document, "diagnostic"));
	client->refresh = json_flag(workspace, "diagnostics.refreshSupport");
	client->refresh_hints = json_flag(workspace, "inlayHint.refreshSupport");
	client->refresh_lenses = json_flag(workspace, "codeLens.refreshSupport");
	client->related = json_flag(document, client->pull ? "diagnostic.relatedInformation" : "publishDiagnostics.relatedInformation") ||
			  json_flag(document, "publishDiagnostics.relatedInformation");
	client->links = json_flag(document, "publishDiagnostics.codeDescriptionSupport") ||
			json_flag(document, "diagnostic.codeDescriptionSupport");
	client->tags = json_is_object(json_member(document, "publishDiagnostics.tagSupport")) ||
		       json_is_object(json_member(document, "diagnostic.tagSupport"));
	client->versioned_edits = json_flag(workspace, "workspaceEdit.documentChanges");
	client->literal_actions = json_is_object(json_member(document, "codeAction.codeActionLiteralSupport"));
	client->creates = lists(json_member(workspace, "workspaceEdit.resourceOperations"), "create");
	client->resolves_edits = lists(json_member(document, "codeAction.resolveSupport.properties"), "edit") &&
				 json_flag(document, "codeAction.dataSupport");
	client->nested_symbols = json_flag(document, "documentSymbol.hierarchicalDocumentSymbolSupport");
	client->markdown = lists(json_member(document, "hover.contentFormat"), "markdown");
	client->watches = json_flag(workspace, "didChangeWatchedFiles.dynamicRegistration");
	client->configures = json_flag(workspace, "configuration");
	client->process = json_number(params, "processId");
}

static void add_folders(Server *server, const json_t *params)
{
	Workspace *workspace = &server->workspace;
	const json_t *folders = json_member(params, "workspaceFolders");
	Arena scratch = {0};
	for (size_t i = 0; i < json_array_size(folders); i++) {
		const char *uri = json_text(json_array_get(folders, i), "uri");
		if (uri)
			workspace_add_folder(workspace, uri_path(&scratch, uri));
	}
	if (!workspace->folders && json_text(params, "rootUri"))
		workspace_add_folder(workspace, uri_path(&scratch, json_text(params, "rootUri")));
	else if (!workspace->folders && json_text(params, "rootPath"))
		workspace_add_folder(workspace, path_absolute(&scratch, "/", json_text(params, "rootPath")));
	arena_free(&scratch);
}

static void put_capabilities(const Server *server, Json *json)
{
	json_open_object(json, "capabilities", JSON_ONE_LINE);
	json_put_string(json, "positionEncoding", encoding_name(server->client.encoding));
	json_open_object(json, "textDocumentSync", JSON_ONE_LINE);
	json_put_bool(json, "openClose", true);
	json_put_number(json, "change", 2); /* incremental */
	json_put_bool(json, "save", true);
	json_close(json);
	json_put_bool(json, "hoverProvider", true);
	json_put_bool(json, "inlayHintProvider", true);
	json_open_object(json, "codeLensProvider", JSON_ONE_LINE);
	json_close(json);
	json_put_bool(json, "definitionProvider", true);
	json_put_bool(json, "documentSymbolProvider", true);
	json_open_object(json, "completionProvider", JSON_ONE_LINE);
	json_open_array(json, "triggerCharacters", JSON_ONE_LINE);
	json_put_string(json, NULL, ":");
	json_put_string(json, NULL, ",");
	json_close(json);
	json_close(json);
	json_open_object(json, "codeActionProvider", JSON_ONE_LINE);
	json_open_array(json, "codeActionKinds", JSON_ONE_LINE);
	json_put_string(json, NULL, "quickfix");
	json_put_string(json, NULL, "source.fixAll.ddlint");
	json_close(json);
	if (server->client.resolves_edits)
		json_put_bool(json, "resolveProvider", true);
	json_close(json);
	if (server->client.pull) {
		json_open_object(json, "diagnosticProvider", JSON_ONE_LINE);
		json_put_string(json, "identifier", "ddlint");
		json_put_bool(json, "interFileDependencies", true);
		json_put_bool(json, "workspaceDiagnostics", true);
		json_close(json);
	}
	json_open_object(json, "workspace", JSON_ONE_LINE);
	json_open_object(json, "workspaceFolders", JSON_ONE_LINE);
	json_put_bool(json, "supported", true);
	json_put_bool(json, "changeNotifications", true);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void initialize(Server *server, const json_t *id, const json_t *params)
{
	if (server->state != STATE_NEW) {
		rpc_answer_error(&server->rpc, id, RPC_INVALID_REQUEST, "initialize comes once");
		return;
	}
	server->state = STATE_RUNNING;
	read_client(&server->client, params);
	workspace_start(&server->workspace);
	add_folders(server, params);
	read_settings(server, json_member(params, "initializationOptions"));
	Message message;
	rpc_begin_answer(&message, id);
	json_open_object(&message.json, "result", JSON_ONE_LINE);
	put_capabilities(server, &message.json);
	json_open_object(&message.json, "serverInfo", JSON_ONE_LINE);
	json_put_string(&message.json, "name", "ddlint");
	json_put_string(&message.json, "version", DDLINT_VERSION);
	rpc_end(&server->rpc, &message);
}

static void initialized(Server *server, const json_t *id UNUSED, const json_t *params UNUSED)
{
	register_watchers(server);
}

static void shut_down(Server *server, const json_t *id, const json_t *params UNUSED)
{
	server->state = STATE_SHUT_DOWN;
	rpc_answer_null(&server->rpc, id);
}

/* --- Dispatch -------------------------------------------------------------------------------------------------------------------- */

typedef struct Method {
	const char *name;
	LspHandler *handle;
	bool request; /* it wants an answer */
} Method;

static const Method methods[] = {
	{"initialize", initialize, true},
	{"initialized", initialized, false},
	{"shutdown", shut_down, true},
	{"textDocument/didOpen", did_open, false},
	{"textDocument/didChange", did_change, false},
	{"textDocument/didClose", did_close, false},
	{"textDocument/didSave", did_save, false},
	{"workspace/didChangeWatchedFiles", did_change_watched_files, false},
	{"workspace/didChangeWorkspaceFolders", did_change_folders, false},
	{"workspace/didChangeConfiguration", did_change_configuration, false},
	{"textDocument/diagnostic", pull_diagnostics, true},
	{"workspace/diagnostic", pull_workspace, true},
	{"textDocument/codeAction", code_actions, true},
	{"codeAction/resolve", resolve_action, true},
	{"textDocument/hover", hover, true},
	{"textDocument/inlayHint", inlay_hints, true},
	{"textDocument/codeLens", code_lenses, true},
	{"textDocument/definition", definition, true},
	{"textDocument/documentSymbol", document_symbols, true},
	{"textDocument/completion", completion, true},
};

static const Method *find_method(const char *name)
{
	for (size_t i = 0; i < LENGTH(methods); i++)
		if (same(methods[i].name, name))
			return &methods[i];
	return NULL;
}

/* Is the request stood down by one of the messages behind it? */
static bool is_cancelled(const json_t *id, json_t *const *later, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same(json_text(later[i], "method"), "$/cancelRequest") && json_equal(json_member(later[i], "params.id"), id))
			return true;
	return false;
}

static void handle_request(Server *server, const char *name, const json_t *id, const json_t *params)
{
	const Method *method = find_method(name);
	if (!method || !method->request)
		rpc_answer_error(&server->rpc, id, RPC_METHOD_NOT_FOUND, "ddlint does not know this method");
	else if (server->state == STATE_NEW && method->handle != initialize)
		rpc_answer_error(&server->rpc, id, RPC_NOT_INITIALIZED, "initialize comes first");
	else if (server->state == STATE_SHUT_DOWN)
		rpc_answer_error(&server->rpc, id, RPC_INVALID_REQUEST, "the server was shut down");
	else
		method->handle(server, id, params);
}

static void handle_notification(Server *server, const char *name, const json_t *params)
{
	if (same(name, "exit")) {
		server->state = server->state == STATE_SHUT_DOWN ? STATE_ENDED : STATE_ENDED_EARLY;
		return;
	}
	const Method *method = find_method(name);
	if (method && !method->request && server->state == STATE_RUNNING)
		method->handle(server, NULL, params);
}

static void handle(Server *server, const json_t *message, json_t *const *later, size_t count)
{
	const json_t *id = json_object_get(message, "id"), *name = json_object_get(message, "method");
	const json_t *params = json_object_get(message, "params");
	if (!json_is_string(name)) {
		bool answer = json_object_get(message, "result") || json_object_get(message, "error");
		if (!answer)
			rpc_answer_error(&server->rpc, id, RPC_INVALID_REQUEST, "a message has a method");
		return;
	}
	if (!id)
		handle_notification(server, json_string_value(name), params);
	else if (is_cancelled(id, later, count))
		rpc_answer_error(&server->rpc, id, RPC_CANCELLED, "cancelled");
	else
		handle_request(server, json_string_value(name), id, params);
}

/* --- The loop -------------------------------------------------------------------------------------------------------------------- */

/*
 * Small histories are analysed at once. Where that takes longer than a person notices, it waits for a pause in the typing, so that
 * the work is not done for texts that nobody will see.
 */
void make_due(Server *server)
{
	enum { UNNOTICED = 150 /* ms */, LONGEST_WAIT = 300 };
	double wait = 0;
	array_each (WorkFolder *, folder, &server->workspace.list)
		if ((*folder)->stale && (*folder)->analysis && (*folder)->analysis->seconds * 1000 > UNNOTICED)
			wait = (*folder)->analysis->seconds / 2 * 1000 > LONGEST_WAIT ? LONGEST_WAIT / 1000.0 : (*folder)->analysis->seconds / 2;
	server->due = clock_seconds() + wait;
}

static void tell_failure(Server *server, const char *failure)
{
	if (same(failure, server->last_failure))
		return;
	arena_free(&server->told);
	server->last_failure = failure ? arena_string(&server->told, failure) : NULL;
	if (!failure)
		return;
	Message message;
	rpc_begin_call(&message, "window/showMessage", 0);
	json_open_object(&message.json, "params", JSON_ONE_LINE);
	json_put_number(&message.json, "type", 1);
	json_put_string(&message.json, "message", arena_print(&server->told, "ddlint: %s", failure));
	rpc_end(&server->rpc, &message);
}

static bool has_documents(Server *server, const WorkFolder *folder)
{
	array_each (Document *, document, &server->workspace.documents.list)
		if (work_folder_of(&server->workspace, (*document)->path) == folder)
			return true;
	return false;
}

void bring_up_to_date(Server *server)
{
	server->due = 0;
	array_each (WorkFolder *, item, &server->workspace.list) {
		WorkFolder *folder = *item;
		if (!folder->stale || (!folder->analysis && !has_documents(server, folder)))
			continue;
		work_folder_analyze(&server->workspace, folder);
		tell_failure(server, folder->analysis->failure);
		if (!server->client.pull)
			publish(server, folder);
	}
}

static bool parent_is_gone(const Server *server)
{
	return server->client.process > 0 && kill((pid_t)server->client.process, 0) != 0 && errno == ESRCH;
}

static int wait_for(const Server *server)
{
	enum { LOOK_AFTER_PARENT = 1000 /* ms */ };
	if (server->due <= 0)
		return LOOK_AFTER_PARENT;
	double left = (server->due - clock_seconds()) * 1000;
	return left <= 0 ? 0 : (int)left + 1;
}

static void handle_all(Server *server)
{
	Arena scratch = {0};
	ARRAY(json_t *) queue = {0};
	for (json_t *message; (message = rpc_take(&server->rpc));)
		array_push(&scratch, &queue, message);
	for (uint32_t i = 0; i < queue.count; i++) {
		if (server->state < STATE_ENDED)
			handle(server, queue.items[i], queue.items + i + 1, queue.count - i - 1);
		json_decref(queue.items[i]);
	}
	arena_free(&scratch);
}

void server_run(Server *server)
{
	while (server->state < STATE_ENDED && !server->rpc.ended && !server->rpc.broken && !parent_is_gone(server)) {
		rpc_wait(&server->rpc, wait_for(server));
		handle_all(server);
		if (server->due > 0 && clock_seconds() >= server->due && server->state == STATE_RUNNING)
			bring_up_to_date(server);
	}
}

void server_free(Server *server)
{
	workspace_free(&server->workspace);
	arena_free(&server->told);
	rpc_free(&server->rpc);
}

static void *serve(void *payload)
{
	server_run(payload);
	return NULL;
}

/*
 * Each run frees what the run before it took. Given back to the system and asked for again, that memory costs a tenth of a run's
 * time (12.0 ms against 10.9 for 400 migrations); an idle server keeps it.
 */
static void keep_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 32 << 20);
	mallopt(M_TRIM_THRESHOLD, 128 << 20);
#endif
}

int lsp_run(Arena *arena, const Options *options UNUSED)
{
	keep_memory();
	Server *server = new(arena, Server);
	server->rpc = (Rpc){.in = STDIN_FILENO, .out = STDOUT_FILENO};
	/* The parser sizes its depth limit by the stack: as large as that of lint()'s workers. */
	enum { STACK_SIZE = 64 << 20 };
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	if (pthread_create(&thread, &attributes, serve, server) != 0)
		return complain("no thread could be started");
	pthread_attr_destroy(&attributes);
	pthread_join(thread, NULL);
	server_free(server);
	return server->state == STATE_ENDED ? EXIT_CLEAN : EXIT_FINDINGS;
}

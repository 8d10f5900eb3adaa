#ifndef DDLINT_LSP_SERVER_H
#define DDLINT_LSP_SERVER_H
/*
 * The parts of the language server, for each other: server.c has the loop and says which part answers what.
 *
 * One thread does everything, in the order in which messages come. Analysing waits until nothing else is waiting to be read, so
 * that of many edits only the last text is analysed; whatever asks about findings first brings them up to date.
 */
#include "lsp/rpc.h"
#include "lsp/workspace.h"

/* What the client can take, as it says when it starts. */
typedef struct Client {
	Encoding encoding;
	bool pull;              /* it asks for diagnostics itself: none are pushed */
	bool refresh, refresh_hints, refresh_lenses; /* it can be told to ask again: for diagnostics, inlay hints, code lenses */
	bool related, links, tags; /* relatedInformation, codeDescription, tags */
	bool versioned_edits;   /* documentChanges */
	bool literal_actions;   /* code actions that are no commands */
	bool creates;           /* edits may make files */
	bool resolves_edits;    /* a code action's edit may come when it is chosen */
	bool markdown;
	bool nested_symbols;    /* DocumentSymbol, not the older SymbolInformation */
	bool watches;           /* it can be asked to watch files */
	bool configures;        /* it can be asked for its settings */
	long long process;      /* its process id; 0: not said */
} Client;

typedef struct Server {
	Rpc rpc;
	Workspace workspace;
	Client client;
	enum { STATE_NEW, STATE_RUNNING, STATE_SHUT_DOWN, STATE_ENDED, STATE_ENDED_EARLY } state;
	int64_t calls;          /* requests that we have sent */
	double due;             /* when to analyse, in seconds of our clock; 0: nothing to do */
	Arena told;             /* the client was told of these failures already */
	const char *last_failure;
} Server;

typedef void LspHandler(Server *server, const json_t *id, const json_t *params);

/* server.c: answers until the other side ends; `rpc` is set. server_free closes nothing. */
void server_run(Server *server);
void server_free(Server *server);
double clock_seconds(void);
/* Something changed: analysing is due soon. */
void make_due(Server *server);
/* Everything that is stale is analysed; whoever is pushed to hears of it. */
void bring_up_to_date(Server *server);

/* sync.c: documents, files and settings change */
LspHandler did_open, did_change, did_close, did_save, did_change_watched_files, did_change_folders, did_change_configuration;
/* After the handshake: asks for what the client has to be asked for. */
void register_watchers(Server *server);
void read_settings(Server *server, const json_t *settings);

/* diagnostics.c */
LspHandler pull_diagnostics;
void publish(Server *server, WorkFolder *folder);
void publish_nothing(Server *server, const char *uri);

/* workspace_diagnostics.c */
LspHandler pull_workspace;

/* code_action.c */
LspHandler code_actions, resolve_action;

/* hover.c */
LspHandler hover;

/* hints.c */
LspHandler inlay_hints, code_lenses;

/* definition.c */
LspHandler definition;

/* outline.c */
LspHandler document_symbols, completion;

/* --- What the parts share ---------------------------------------------------------------------------------------------------------- */

/* The open document that the params are about; NULL: none. */
Document *asked_document(Server *server, const json_t *params);
LspPosition read_position(const json_t *json);
LspRange read_range(const json_t *json);
void put_range(Json *json, const char *key, LspRange range);
/* Those of a file, as an array. */
void put_diagnostics(const Server *server, Json *json, const char *key, const WorkFolder *folder, const Analysis *analysis, const char *path);
void put_diagnostic(const Server *server, Json *json, Arena *scratch, const WorkFolder *folder, const Finding *finding);
#endif

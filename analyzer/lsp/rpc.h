#ifndef DDLINT_LSP_RPC_H
#define DDLINT_LSP_RPC_H
/*
 * JSON-RPC over two descriptors: messages framed by Content-Length, read without blocking, written whole.
 *
 * https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#baseProtocol
 */
#include <jansson.h>

#include "base/json.h"

typedef enum RpcError {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_METHOD_NOT_FOUND = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_NOT_INITIALIZED = -32002,
	RPC_CANCELLED = -32800,
} RpcError;

typedef struct Rpc {
	int in, out;
	Buf input;       /* read and not yet taken */
	size_t taken;    /* of input */
	bool ended;      /* the other side has closed its end */
	bool broken;     /* it does not read any more */
} Rpc;

/* Waits so many milliseconds (-1: for ever) for input, and reads what is there. */
void rpc_wait(Rpc *rpc, int milliseconds);
/*
 * The next whole message that was read, to be freed with json_decref; NULL: none. What is no JSON is answered with an error
 * and skipped; bytes that are no header are skipped up to the next one.
 */
json_t *rpc_take(Rpc *rpc);
/* Writes one message; the body is the caller's. */
void rpc_free(Rpc *rpc);

/* --- Messages: rpc_begin, the members of `params` or `result`, rpc_end ------------------------------------------------------- */

typedef struct Message {
	Buf body;
	Json json;
} Message;

/* "jsonrpc" and the id of the request that is answered; the caller writes "result". */
void rpc_begin_answer(Message *message, const json_t *id);
/* "jsonrpc" and the method; the caller writes "params". id 0: a notification. */
void rpc_begin_call(Message *message, const char *method, int64_t id);
/* Sends and frees it. */
void rpc_end(Rpc *rpc, Message *message);
void rpc_answer_null(Rpc *rpc, const json_t *id);
void rpc_answer_error(Rpc *rpc, const json_t *id, RpcError code, const char *text);

/* --- Reading: "textDocument.uri" below the value; what is not there or of another type is NULL, 0 or false ---------------------- */

json_t *json_member(const json_t *json, const char *path);
const char *json_text(const json_t *json, const char *path);
int64_t json_number(const json_t *json, const char *path);
bool json_flag(const json_t *json, const char *path);
#endif

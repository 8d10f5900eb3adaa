/* What the statement under the cursor does, and what a squiggle means. */
#include "lsp/server.h"

void hover(Server *server, const json_t *id, const json_t *params UNUSED)
{
	rpc_answer_null(&server->rpc, id);
}

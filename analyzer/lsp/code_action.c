/* What can be done about a finding: its fix, or a comment that allows it. */
#include "lsp/server.h"

void code_actions(Server *server, const json_t *id, const json_t *params UNUSED)
{
	rpc_answer_null(&server->rpc, id);
}

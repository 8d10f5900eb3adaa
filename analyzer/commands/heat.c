/* `ddlint heat --query`: the SQL whose CSV output says what is hot. */
#include "judge/heat.h"
#include "commands/commands.h"

int heat_run(Arena *arena UNUSED, const Options *options)
{
	if (!options->query)
		return complain("ddlint heat needs --query");
	Buf out = {0};
	buf_adds(&out, heat_query);
	int code = write_output(options, &out);
	buf_free(&out);
	return code;
}

/* `ddlint help`, --help, --version. */
#include "commands/commands.h"
#include "discover/layout.h"
#include "parse/parse.h"
#include "report/report.h"
#include "report/terminal.h"

/* "layouts: a, b, c", wrapped. */
static void add_list(Arena *arena, Buf *out, const char *title, const Words *words)
{
	const char *list = "";
	for (uint32_t i = 0; i < words->count; i++)
		list = arena_print(arena, "%s%s%s", list, i ? ", " : "", words->items[i]);
	buf_addf(out, "%s ", title);
	add_wrapped(out, list, (uint32_t)strlen(title) + 1);
	buf_addc(out, '\n');
}

static void add_names(Arena *arena, Buf *out)
{
	Words layouts = {0}, packs = {0};
	for (const Layout *const *layout = all_layouts; *layout; layout++)
		array_push(arena, &layouts, (*layout)->name);
	for (const Pack *pack = all_packs; pack->name; pack++)
		array_push(arena, &packs, pack->name);
	add_list(arena, out, "layouts:", &layouts);
	add_list(arena, out, "packs:", &packs);
}

static void add_formats(Arena *arena, Buf *out, const Command *command)
{
	if (!command || command->run == check_run) {
		buf_adds(out, "\nformats: text");
		for (const Reporter *const *reporter = all_reporters; *reporter; reporter++)
			if (!same((*reporter)->name, "text"))
				buf_addf(out, ", %s", (*reporter)->name);
		buf_addc(out, '\n');
		add_names(arena, out);
		buf_adds(out, "functions: in .ddlint.yml declares what functions do that cannot be read\n");
		buf_adds(out, "exit codes: 0 nothing at or above --fail-on, 1 findings, 2 the work could not be done\n");
	} else if (command->run == facts_run) {
		buf_adds(out, "\nformats: text, json\n");
	} else if (command->run == schema_run) {
		buf_adds(out, "\nformats: sql, json\n");
	} else if (command->run == audit_run) {
		buf_adds(out, "\nformats: html, markdown, json\n");
	} else if (command->run == rules_run) {
		buf_adds(out, "\nformats: text, json, markdown\n");
	}
}

int help_run(Arena *arena, const Options *options)
{
	const Command *command = options->command;
	if (command->run == help_run)
		command = options->paths.count ? command_by_name(options->paths.items[0]) : NULL;
	else if (command == &all_commands[0] && !options->paths.count)
		command = NULL; /* plain `ddlint --help` */
	if (options->command->run == help_run && options->paths.count && !command)
		return complain("no command %s", options->paths.items[0]);
	if (command && !command->run)
		return complain("ddlint %s is not part of this version yet", command->name);
	Buf out = {0};
	options_help(&out, command);
	add_formats(arena, &out, command);
	int code = write_output(options, &out);
	buf_free(&out);
	return code;
}

int version_run(Arena *arena UNUSED, const Options *options)
{
	Buf out = {0};
	buf_addf(&out, "ddlint %s (PostgreSQL %s parser)\n", DDLINT_VERSION, parser_version());
	int code = write_output(options, &out);
	buf_free(&out);
	return code;
}

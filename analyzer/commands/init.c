/* `ddlint init`: a commented .ddlint.yml for what is found in a folder. */
#include <stdio.h>

#include "base/files.h"
#include "commands/commands.h"
#include "commands/init_ci.h"
#include "commands/init_found.h"
#include "discover/layout.h"
#include "report/report.h"
#include "report/terminal.h"

static const char *joined(Arena *arena, const Names *names, const char *between)
{
	const char *text = NULL;
	array_each (const char *, name, names)
		text = text ? arena_print(arena, "%s%s%s", text, between, *name) : *name;
	return text;
}

/* What other files of the project say goes into the configuration, and is told. */
static void add_hints(Arena *arena, const char *folder, const Discovery *discovery, ConfigExample *found, Buf *said)
{
	ProjectHints hints = {0};
	find_hints(arena, folder, discovery, &hints);
	found->postgres_low = hints.postgres_low;
	found->postgres_high = hints.postgres_high;
	found->suppressions = joined(arena, &hints.tools, ", ");
	found->rules = joined(arena, &hints.rules, ", ");
	found->overrides = joined(arena, &hints.overrides, ", ");
	found->fail_on = hints.fail_on;
	/* Of every other layout it is known what it does. */
	found->transaction = hints.in_transaction && same(found->layout, "plain") ? "migration" : NULL;
	if (hints.postgres_low && hints.postgres_low < hints.postgres_high)
		buf_addf(said, "found PostgreSQL %d to %d in %s and others\n", hints.postgres_low, hints.postgres_high, hints.postgres_from);
	else if (hints.postgres_low)
		buf_addf(said, "found PostgreSQL %d in %s\n", hints.postgres_low, hints.postgres_from);
	if (found->suppressions)
		buf_addf(said, "found %s: %s comments are obeyed%s\n", found->suppressions, hints.tools.count > 1 ? "their" : "its",
			 found->rules || found->overrides || found->fail_on ? ", and the configuration is taken over" : "");
	if (hints.unlike.count)
		buf_addf(said, "      no rule here is like %s\n", joined(arena, &hints.unlike, ", "));
}

/* A shell's word. */
static const char *shell_word(Arena *arena, const char *path)
{
	if (!path[strcspn(path, " \t\"'`$&|;<>()*?[]{}!#~\\")])
		return path;
	Buf text = {0};
	buf_addc(&text, '\'');
	for (; *path; path++)
		if (*path == '\'')
			buf_adds(&text, "'\\''");
		else
			buf_addc(&text, *path);
	buf_addc(&text, '\'');
	const char *word = arena_copy(arena, text.data, text.length);
	buf_free(&text);
	return word;
}

/* What the names of migrations end with: "rb|sql". */
static const char *endings_of(Arena *arena, const Discovery *discovery)
{
	Names endings = {0};
	array_each (History *, history, &discovery->histories)
		array_each (Migration *, migration, &(*history)->migrations) {
			const Script *script = (*migration)->up ? (*migration)->up : (*migration)->down;
			const char *dot = script ? strrchr(path_name(script->source->path), '.') : NULL;
			bool known = !dot || !dot[1];
			array_each (const char *, ending, &endings)
				known = known || same(*ending, dot + 1);
			if (!known)
				array_push(arena, &endings, arena_string(arena, dot + 1));
		}
	return endings.count ? joined(arena, &endings, "|") : "sql";
}

static bool are_ci_kinds(const Words *words)
{
	array_each (const char *, word, words) {
		bool known = false;
		for (const char *const *kind = ci_kinds; *kind; kind++)
			known = known || same(*kind, *word);
		if (!known)
			return complain("--ci %s: it takes github, gitlab or pre-commit", *word) == EXIT_CLEAN;
	}
	return true;
}

int init_run(Arena *arena, const Options *options)
{
	if (options->paths.count > 1)
		return complain("init takes one folder");
	const char *folder = options->paths.count ? options->paths.items[0] : ".";
	if (path_kind(folder) != ENTRY_FOLDER)
		return complain("%s: no such folder", folder);
	if (!are_ci_kinds(&options->ci))
		return EXIT_FAILED;
	const char *path = same(folder, ".") ? CONFIG_NAME : path_join(arena, folder, CONFIG_NAME);
	if (path_kind(path) != ENTRY_NONE) {
		tell("%s: there already, left as it is", path);
		return EXIT_FAILED;
	}

	const char *const paths[] = {folder};
	const DiscoverOptions wanted = {.paths = paths, .path_count = 1, .config_path = "none"};
	const Discovery *discovery = discover(arena, &wanted);
	ConfigExample found = {0};
	Buf said = {0};
	Names roots = {0};
	array_each (History *, history, &discovery->histories) {
		if ((*history)->loose || !(*history)->layout)
			continue;
		if (!found.layout)
			found.layout = (*history)->layout->name;
		else if (!same(found.layout, (*history)->layout->name))
			found.layout = "auto";
		buf_adds(&said, "found ");
		add_safe_string(&said, (*history)->name);
		buf_addf(&said, ": %s, ", (*history)->layout->title);
		add_count(&said, (*history)->migrations.count, "migration");
		buf_addc(&said, '\n');
		array_push(arena, &roots, shell_word(arena, path_shown(folder, (*history)->name)));
	}
	if (!roots.count)
		buf_adds(&said, "found no migrations yet\n");
	add_hints(arena, folder, discovery, &found, &said);

	const char *endings = endings_of(arena, discovery);
	array_each (History *, history, &discovery->histories)
		history_free(*history);

	Buf text = {0};
	config_write_example(&text, &found);
	const char *error = NULL;
	bool written = file_write(path, text.data, text.length, &error);
	if (written) {
		buf_addf(&said, "wrote %s\n", path);
		const char *shown = joined(arena, &roots, " ");
		array_each (const char *, kind, &options->ci)
			written = write_ci(arena, folder, *kind, shown ? shown : ".", endings, &said) && written;
		if (written && roots.count)
			buf_addf(&said, "next: `ddlint %s` shows what there is today; `ddlint --write-baseline %s` notes it for later, and from then on "
				 "only what is new is reported\n", shell_word(arena, folder), shell_word(arena, folder));
		fputs(said.data, stdout);
	} else {
		complain("%s: %s", path, error);
	}
	buf_free(&text);
	buf_free(&said);
	return written ? EXIT_CLEAN : EXIT_FAILED;
}

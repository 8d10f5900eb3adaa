/* `ddlint init`: a commented .ddlint.yml for what is found in a folder. */
#include <stdio.h>

#include "base/files.h"
#include "commands/commands.h"
#include "discover/layout.h"
#include "report/report.h"

int init_run(Arena *arena, const Options *options)
{
	if (options->paths.count > 1)
		return complain("init takes one folder");
	const char *folder = options->paths.count ? options->paths.items[0] : ".";
	if (path_kind(folder) != ENTRY_FOLDER)
		return complain("%s: no such folder", folder);
	const char *path = same(folder, ".") ? ".ddlint.yml" : path_join(arena, folder, ".ddlint.yml");
	if (path_kind(path) != ENTRY_NONE) {
		fprintf(stderr, "%s: there already, left as it is\n", path);
		return EXIT_FAILED;
	}

	const char *const paths[] = {folder};
	const DiscoverOptions wanted = {.paths = paths, .path_count = 1, .config_path = "none"};
	const Discovery *discovery = discover(arena, &wanted);
	ConfigExample found = {0};
	Buf said = {0};
	array_each (History *, history, &discovery->histories) {
		if ((*history)->loose || !(*history)->layout)
			continue;
		if (!found.layout)
			found.layout = (*history)->layout->name;
		else if (!same(found.layout, (*history)->layout->name))
			found.layout = "auto";
		buf_addf(&said, "found %s: %s, ", (*history)->name, (*history)->layout->title);
		add_count(&said, (*history)->migrations.count, "migration");
		buf_addc(&said, '\n');
	}

	array_each (History *, history, &discovery->histories)
		history_free(*history);

	Buf text = {0};
	config_write_example(&text, &found);
	const char *error = NULL;
	bool written = file_write(path, text.data, text.length, &error);
	if (written) {
		buf_addf(&said, "wrote %s\n", path);
		fputs(said.data, stdout);
	} else {
		complain("%s: %s", path, error);
	}
	buf_free(&text);
	buf_free(&said);
	return written ? EXIT_CLEAN : EXIT_FAILED;
}

#include "commands/init_ci.h"

#include "base/files.h"
#include "commands/commands.h"

const char *const ci_kinds[] = {"github", "gitlab", "pre-commit", NULL};

/* Where a file goes, and what it says before and behind the paths, or the endings of names. */
static const struct CiFile {
	const char *path, *before, *behind;
	bool endings;
} files[] = {
	{".github/workflows/ddlint.yml",
	 "name: ddlint\n"
	 "on: pull_request\n"
	 "permissions: {contents: read}\n"
	 "jobs:\n"
	 "  ddlint:\n"
	 "    runs-on: ubuntu-latest\n"
	 "    steps:\n"
	 "      - uses: actions/checkout@v4\n"
	 "        with: {fetch-depth: 0} # what is new is compared with where the branch began\n"
	 "      # ddlint has to be on the PATH: install it in a step here, or run the job in an image that has it\n"
	 "      - run: ddlint check --format github --since \"origin/$GITHUB_BASE_REF\" ",
	 "\n", false},
	{".gitlab-ci.yml",
	 "ddlint:\n"
	 "  # ddlint has to be on the PATH: name an image that has it, or install it in before_script\n"
	 "  variables: {GIT_DEPTH: 0} # what is new is compared with where the branch began\n"
	 "  rules:\n"
	 "    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n"
	 "  script:\n"
	 "    - ddlint check --since \"$CI_MERGE_REQUEST_DIFF_BASE_SHA\" --format gitlab -o gl-code-quality-report.json ",
	 "\n"
	 "  artifacts:\n"
	 "    when: always\n"
	 "    reports: {codequality: gl-code-quality-report.json}\n",
	 false},
	{".pre-commit-config.yaml",
	 "repos:\n"
	 "  - repo: local\n"
	 "    hooks:\n"
	 "      - id: ddlint\n"
	 "        name: ddlint\n"
	 "        language: system\n"
	 "        entry: ddlint check\n"
	 "        files: \\.(",
	 ")$\n"
	 "        require_serial: true\n",
	 true},
};

bool write_ci(Arena *arena, const char *folder, const char *kind, const char *paths, const char *endings, Buf *said)
{
	size_t which = 0;
	while (ci_kinds[which] && !same(ci_kinds[which], kind))
		which++;
	const struct CiFile *file = &files[which];
	const char *path = same(folder, ".") ? file->path : path_join(arena, folder, file->path);
	const char *text = arena_print(arena, "%s%s%s", file->before, file->endings ? endings : paths, file->behind);
	if (path_kind(path) != ENTRY_NONE) {
		buf_addf(said, "%s is there already; add to it:\n\n%s\n", path, text);
		return true;
	}
	const char *error = "a folder of it is a link that leads elsewhere", *parent = path_parent(arena, path);
	bool made = folder_make(parent, &error);
	const char *here = path_real(arena, folder), *there = made ? path_real(arena, parent) : NULL;
	if (!here || !there || !path_below(here, there) || !file_write(path, text, strlen(text), &error)) {
		complain("%s: %s", path, error);
		return false;
	}
	buf_addf(said, "wrote %s\n", path);
	return true;
}

#include "base/git.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* --- Running the program
 * -------------------------------------------------------------------------------------------------------- */

typedef struct Output {
	Buf bytes, complaint;
	int status; /* the exit code; -1: it did not run */
} Output;

static void output_free(Output *output)
{
	buf_free(&output->bytes);
	buf_free(&output->complaint);
}

/*
 * A hook that runs ddlint names a repository in the environment; the folder decides. Nothing is fetched, nobody is
 * asked for a password: what a partial clone lacks is missing. https://git-scm.com/docs/git#_environment_variables
 */
static char **environment(Arena *arena)
{
	static const char *const dropped[] = {
		"GIT_DIR=", "GIT_COMMON_DIR=", "GIT_WORK_TREE=", "GIT_PREFIX=", "GIT_INDEX_FILE=", "GIT_EXTERNAL_DIFF=",
		"GIT_ALLOW_PROTOCOL=", "GIT_TRACE", "LC_ALL=", "LANGUAGE=",
	};
	static char *const added[] = {
		(char *)"GIT_ALLOW_PROTOCOL=", (char *)"GIT_NO_LAZY_FETCH=1", (char *)"GIT_NO_REPLACE_OBJECTS=1",
		(char *)"GIT_OPTIONAL_LOCKS=0", (char *)"GIT_TERMINAL_PROMPT=0", (char *)"LC_ALL=C",
	};
	ARRAY(char *) list = {0};
	for (char **variable = environ; variable && *variable; variable++) {
		bool keep = true;
		for (size_t i = 0; i < LENGTH(dropped); i++)
			keep = keep && !starts_with(*variable, dropped[i]);
		if (keep)
			array_push(arena, &list, *variable);
	}
	for (size_t i = 0; i < LENGTH(added); i++)
		array_push(arena, &list, added[i]);
	array_push(arena, &list, NULL);
	return list.items;
}

/* Feeds the input and collects both outputs at once: a pipe holds less than either may have. */
static void converse(int in, int out, int complaints, Text input, Output *output)
{
	size_t fed = 0;
	struct pollfd ends[] = {
	    {.fd = in, .events = POLLOUT}, {.fd = out, .events = POLLIN}, {.fd = complaints, .events = POLLIN}};
	Buf *const into[] = {NULL, &output->bytes, &output->complaint};
	char chunk[65536];
	while (ends[1].fd >= 0 || ends[2].fd >= 0) {
		if (ends[0].fd >= 0 && fed == input.length) {
			close(ends[0].fd);
			ends[0].fd = -1;
		}
		if (poll(ends, LENGTH(ends), -1) < 0 && errno != EINTR)
			break;
		if (ends[0].fd >= 0 && ends[0].revents) {
			ssize_t written = write(ends[0].fd, input.data + fed, input.length - fed);
			fed = written > 0 ? fed + (size_t)written : errno == EAGAIN || errno == EINTR ? fed : input.length;
		}
		for (size_t i = 1; i < LENGTH(ends); i++) {
			if (ends[i].fd < 0 || !ends[i].revents)
				continue;
			ssize_t got = read(ends[i].fd, chunk, sizeof chunk);
			if (got > 0) {
				buf_add(into[i], chunk, (size_t)got);
			} else if (got == 0 || errno != EINTR) {
				close(ends[i].fd);
				ends[i].fd = -1;
			}
		}
	}
	for (size_t i = 0; i < LENGTH(ends); i++)
		if (ends[i].fd >= 0)
			close(ends[i].fd);
}

static bool open_pipes(int pipes[3][2])
{
	for (int i = 0; i < 3; i++)
		if (pipe2(pipes[i], O_CLOEXEC) != 0) {
			while (i-- > 0) {
				close(pipes[i][0]);
				close(pipes[i][1]);
			}
			return false;
		}
	return true;
}

enum { MOST_ARGUMENTS = 24 };

/* Runs git in the folder; the arguments end with NULL. */
static Output run_git(const char *folder, const char *const *arguments, const Buf *input)
{
	/*
	 * protocol.allow and GIT_ALLOW_PROTOCOL, which no repository's protocol.ext.allow outweighs, keep every transport shut, ssh
	 * and ext:: commands among them. A bare repository among the files of another one is nobody's choice.
	 */
	const char *argv[MOST_ARGUMENTS] = {
	    "git", "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never",
	    "-c", "safe.bareRepository=explicit", "-C", folder};
	size_t count = 11;
	while (*arguments && count + 1 < MOST_ARGUMENTS)
		argv[count++] = *arguments++;
	argv[count] = NULL;

	Output output = {.status = -1};
	int pipes[3][2];
	if (!open_pipes(pipes))
		return output;
	fcntl(pipes[0][1], F_SETFL, O_NONBLOCK);
	Arena arena = {0};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, pipes[i][i ? 1 : 0], i);
	/* We ignore SIGPIPE; git expects to be ended by it. */
	sigset_t defaults;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	pid_t child;
	int failed = posix_spawnp(&child, "git", &actions, &attributes, (char *const *)argv, environment(&arena));
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	arena_free(&arena);
	for (int i = 0; i < 3; i++)
		close(pipes[i][i ? 1 : 0]);
	if (failed) {
		for (int i = 0; i < 3; i++)
			close(pipes[i][i ? 0 : 1]);
		return output;
	}
	converse(pipes[0][1], pipes[1][0], pipes[2][0], input ? (Text){input->data, input->length} : (Text){0}, &output);
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return output;
}

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* --- Failures in words ------------------------------------------------------------------------------------------------------------ */

static const char *first_line(Arena *arena, const Buf *text)
{
	return text->data ? arena_copy(arena, text->data, strcspn(text->data, "\r\n")) : "it gave no reason";
}

static bool is_shallow(const char *folder)
{
	Output output = run_git(folder, ARGUMENTS("rev-parse", "--is-shallow-repository"), NULL);
	bool shallow = output.status == 0 && output.bytes.data && starts_with(output.bytes.data, "true");
	output_free(&output);
	return shallow;
}

/* The reasons that every question may fail for; NULL: it is about the question itself. */
static const char *common_failure(Arena *arena, const char *folder, const Output *output)
{
	if (output->status < 0 || output->status == 127)
		return "the git program could not be started: is it installed?";
	if (output->complaint.data && strstr(output->complaint.data, "not a git repository"))
		return arena_print(arena, "%s is in no git repository", folder);
	if (output->complaint.data && strstr(output->complaint.data, "dubious ownership"))
		return arena_print(arena, "git does not trust this repository: %s",
				   first_line(arena, &output->complaint));
	return NULL;
}

static const char *one_line(Arena *arena, const Output *output)
{
	return output->bytes.data ? arena_copy(arena, output->bytes.data, strcspn(output->bytes.data, "\r\n")) : "";
}

/* --- Questions
 * ----------------------------------------------------------------------------------------------------------------------
 */

const char *git_commit(Arena *arena, const char *folder, const char *reference, const char **error)
{
	if (!*reference || *reference == '-') {
		*error = arena_print(arena, "\"%s\" is no git reference", reference);
		return NULL;
	}
	const char *wanted = arena_print(arena, "%s^{commit}", reference);
	Output output = run_git(folder, ARGUMENTS("rev-parse", "--verify", "--quiet", wanted), NULL);
	const char *commit = output.status == 0 ? one_line(arena, &output) : NULL;
	if (!commit)
		*error = common_failure(arena, folder, &output);
	output_free(&output);
	if (!commit && !*error)
		*error = arena_print(arena, "git knows no %s here%s", reference,
				     is_shallow(folder)
					 ? ": this is a shallow clone, fetch it with its history (fetch-depth: 0)"
					 : ": is it fetched?");
	return commit;
}

const char *git_merge_base(Arena *arena, const char *folder, const char *left, const char *right, const char **error)
{
	Output output = run_git(folder, ARGUMENTS("merge-base", left, right), NULL);
	const char *commit = output.status == 0 ? one_line(arena, &output) : NULL;
	if (!commit)
		*error = common_failure(arena, folder, &output);
	output_free(&output);
	if (!commit && !*error)
		*error = is_shallow(folder) ? "the commit that both have in common is not here: this is a shallow "
					      "clone, fetch it with its history "
					      "(git fetch --unshallow, or fetch-depth: 0)"
					    : "the two have no commit in common";
	return commit;
}

const char *git_latest_tag(Arena *arena, const char *folder, const char **error)
{
	Output output = run_git(folder, ARGUMENTS("describe", "--tags", "--abbrev=0", "HEAD"), NULL);
	const char *tag = output.status == 0 ? one_line(arena, &output) : NULL;
	if (!tag)
		*error = common_failure(arena, folder, &output);
	output_free(&output);
	if (!tag && !*error)
		*error =
		    is_shallow(folder)
			? "no tag is here: this is a shallow clone, fetch it with its history and tags (fetch-depth: 0)"
			: "no commit up to HEAD has a tag";
	return tag;
}

bool git_files(Arena *arena, const char *folder, const char *commit, bool whole, GitFiles *files, const char **error)
{
	Output output = run_git(folder,
				whole ? ARGUMENTS("ls-tree", "-r", "-z", "--full-tree", commit)
				      : ARGUMENTS("ls-tree", "-r", "-z", commit),
				NULL);
	bool good = output.status == 0;
	if (!good && !(*error = common_failure(arena, folder, &output)))
		*error = arena_print(arena, "git cannot list %s: %s", commit, first_line(arena, &output.complaint));
	/* "100644 blob <object>\t<path>\0"; links and submodules are no migrations. */
	for (const char *at = output.bytes.data, *end = at ? at + output.bytes.length : NULL; good && at < end;
	     at += strlen(at) + 1) {
		const char *tab = strchr(at, '\t');
		size_t head = strcspn(at, " ") + strlen(" blob ");
		if (!tab || !starts_with(at, "100") || strncmp(at + strcspn(at, " "), " blob ", 6) != 0)
			continue;
		const char *object = arena_copy(arena, at + head, (size_t)(tab - at) - head);
		array_push(arena, files, (GitFile){arena_string(arena, tab + 1), object});
	}
	output_free(&output);
	return good;
}

bool git_contents(Arena *arena, const char *folder, const GitFiles *files, Text *contents, const char **error)
{
	if (!files->count)
		return true;
	Buf input = {0};
	array_each (const GitFile, file, files)
		buf_addf(&input, "%s\n", file->object);
	Output output = run_git(folder, ARGUMENTS("cat-file", "--batch"), &input);
	buf_free(&input);
	bool good = output.status == 0;
	const char *at = output.bytes.data, *end = at ? at + output.bytes.length : NULL;
	/* "<object> blob <size>\n<content>\n", or "<object> missing\n" */
	for (uint32_t i = 0; i < files->count && good; i++) {
		const char *line_end = at ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		const char *blob = line_end ? memmem(at, (size_t)(line_end - at), " blob ", 6) : NULL;
		size_t size = blob ? strtoul(blob + 6, NULL, 10) : 0;
		good = blob && size < UINT32_MAX && (size_t)(end - line_end) > size;
		if (!good)
			break;
		contents[i] = (Text){arena_copy(arena, line_end + 1, size), size};
		at = line_end + 1 + size;
		at += at < end && *at == '\n';
	}
	if (!good && !(*error = common_failure(arena, folder, &output)))
		*error = "git lacks the content of some files: is this a partial clone?";
	output_free(&output);
	return good;
}

static bool add_paths(Arena *arena, const char *folder, const char *const *arguments, GitPaths *paths, const char **error)
{
	Output output = run_git(folder, arguments, NULL);
	bool good = output.status == 0;
	if (!good && !(*error = common_failure(arena, folder, &output)))
		*error = arena_print(arena, "git cannot tell what changed: %s", first_line(arena, &output.complaint));
	for (const char *at = output.bytes.data, *end = at ? at + output.bytes.length : NULL; good && at < end; at += strlen(at) + 1)
		array_push(arena, paths, arena_string(arena, at));
	output_free(&output);
	return good;
}

bool git_touched(Arena *arena, const char *folder, const char *commit, GitPaths *paths, const char **error)
{
	return add_paths(arena, folder,
			 ARGUMENTS("diff-index", "--cached", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv",
				   "--ignore-submodules=all", commit, "--"),
			 paths, error) &&
	       add_paths(arena, folder, ARGUMENTS("ls-files", "-z", "--others", "--exclude-standard"), paths, error);
}

/* The text up to the separator, which is passed. */
static const char *take_field(Arena *arena, const char **at, char separator)
{
	const char *end = strchrnul(*at, separator);
	const char *field = arena_copy(arena, *at, (size_t)(end - *at));
	*at = *end ? end + 1 : end;
	return field;
}

bool git_file_commits(Arena *arena, const char *folder, const char *file, GitCommits *commits, const char **error)
{
	static const char format[] =
	    "--format=%H%x1f%an <%ae>%x1f%cI%x1f%(trailers:key=Approved-by,valueonly,unfold,separator=%x1e)%x1f";
	Output output =
	    run_git(folder, ARGUMENTS("log", "-z", "--no-show-signature", "--no-color", format, "--", file), NULL);
	bool good = output.status == 0;
	if (!good && !(*error = common_failure(arena, folder, &output)))
		*error = arena_print(arena, "git cannot tell the past of %s: %s", file,
				     first_line(arena, &output.complaint));
	for (const char *at = output.bytes.data, *end = at ? at + output.bytes.length : NULL; good && at < end;) {
		const char *field = at;
		at += strlen(at) + 1;
		GitCommit commit = {0};
		commit.name = take_field(arena, &field, 0x1f);
		commit.author = take_field(arena, &field, 0x1f);
		commit.date = take_field(arena, &field, 0x1f);
		const char *trailers = take_field(arena, &field, 0x1f);
		while (*trailers)
			array_push(arena, &commit.approvals, take_field(arena, &trailers, 0x1e));
		array_push(arena, commits, commit);
	}
	output_free(&output);
	return good;
}

/*
 * "\x1e<name>\x1f<author>\x1f<date>\0\n<path>\0<path>\0\x1e…": paths stand behind the commit that changed them, and the first
 * commit that names a path is its newest.
 */
bool git_last_commits(Arena *arena, const char *folder, GitLastCommits *commits, const char **error)
{
	Output output = run_git(folder, ARGUMENTS("log", "-z", "--no-show-signature", "--no-color", "--no-renames", "--name-only", "--relative",
						  "--format=%x1e%H%x1f%an <%ae>%x1f%cI", "--", "."), NULL);
	bool good = output.status == 0;
	if (!good && !(*error = common_failure(arena, folder, &output)))
		*error = arena_print(arena, "git cannot tell the past of %s: %s", folder, first_line(arena, &output.complaint));
	Map known = {0};
	GitLastCommit commit = {0};
	for (const char *at = output.bytes.data, *end = at ? at + output.bytes.length : NULL; good && at < end; at += strlen(at) + 1) {
		const char *field = at + strspn(at, "\n");
		if (*field == 0x1e) {
			field++;
			commit.name = take_field(arena, &field, 0x1f);
			commit.author = take_field(arena, &field, 0x1f);
			commit.date = take_field(arena, &field, 0x1f);
		} else if (*field && !map_get(&known, field, strlen(field))) {
			commit.path = arena_string(arena, field);
			array_push(arena, commits, commit);
			map_set(arena, &known, commit.path, strlen(commit.path), (void *)commit.path);
		}
	}
	output_free(&output);
	return good;
}

const char *git_commit_date(Arena *arena, const char *folder, const char *commit, const char **error)
{
	Output output = run_git(folder, ARGUMENTS("log", "-1", "--no-show-signature", "--no-color", "--format=%cI", commit), NULL);
	const char *date = output.status == 0 ? one_line(arena, &output) : NULL;
	if (!date && !(*error = common_failure(arena, folder, &output)))
		*error = arena_print(arena, "git cannot tell when %s was made", commit);
	output_free(&output);
	return date;
}

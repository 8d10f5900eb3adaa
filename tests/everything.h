#ifndef DDLINT_TESTS_EVERYTHING_H
#define DDLINT_TESTS_EVERYTHING_H
/*
 * All that ddlint does with files, in one process and for any bytes: discover, lint, render in every format, fix until nothing is
 * left. What holds for every input is asserted: abort() when a report is not what its format promises, when a fix does not parse.
 *
 * For the fuzzers and for tests of hostile input.
 */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/files.h"
#include "commands/commands.h"
#include "commands/fix.h"
#include "discover/layout.h"
#include "read/source.h"
#include "report/report.h"

/* Stands for the temporary folder in inputs that count bytes: it is as long. */
#define EVERYTHING_FOLDER "/the/folder/of/fuzzing"

typedef struct Everything {
	Arena arena;          /* of the whole process */
	const RuleBook *book; /* is made once: it takes longer than most inputs */
	char folder[64];      /* a temporary one, the working folder */
} Everything;

_Noreturn static inline void broken(const char *what, const char *text)
{
	fprintf(stderr, "broken: %s\n%s\n", what, text);
	abort();
}

static inline int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static inline void folder_remove(const char *path)
{
	enum { DESCRIPTORS = 8 };
	nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static Everything *everything_started;

static inline void everything_end(void)
{
	if (chdir("/") == 0)
		folder_remove(everything_started->folder);
	arena_free(&everything_started->arena);
}

/* Ends by itself, with the process. */
static inline void everything_start(Everything *all)
{
	everything_started = all;
	atexit(everything_end);
	/* Of one length, see EVERYTHING_FOLDER. */
	bool shared = access("/dev/shm", W_OK) == 0;
	snprintf(all->folder, sizeof all->folder, shared ? "/dev/shm/ddlint.XXXXXX" : "/tmp/ddlint-tmp.XXXXXX");
	if (!mkdtemp(all->folder) || chdir(all->folder) != 0)
		broken("no temporary folder", all->folder);
	/* The boundary: nothing above is looked at. */
	if (mkdir(".git", 0777) != 0)
		broken("no folder can be made in", all->folder);
	all->book = rule_book(&all->arena);
}

static inline void put_file(const char *path, const void *bytes, size_t length)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (descriptor < 0)
		return; /* a name that cannot be */
	if (write(descriptor, bytes, length) != (ssize_t)length)
		broken("no space for", path);
	close(descriptor);
}

/* --- What reports promise ------------------------------------------------------------------------------------------------------- */

/* Nothing in it tells a terminal what to do, or shows text in another order than it has. */
static inline void assert_harmless(const char *name, const Buf *out)
{
	for (size_t i = 0; i < out->length;) {
		unsigned char byte = (unsigned char)out->data[i];
		size_t length = utf8_sequence(out->data + i, out->length - i);
		bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
		bool c1 = length == 2 && byte == 0xC2 && (unsigned char)out->data[i + 1] < 0xA0;
		bool turned = length == 3 && byte == 0xE2 && (unsigned char)out->data[i + 1] == 0x80 && (unsigned char)out->data[i + 2] >= 0xAA &&
			      (unsigned char)out->data[i + 2] <= 0xAE;
		if (!length || control || c1 || turned)
			broken(name, out->data + i);
		i += length;
	}
}

static inline void assert_json(const char *name, const Buf *out)
{
	json_error_t error;
	json_t *json = json_loadb(out->data, out->length, JSON_ALLOW_NUL, &error);
	if (!json)
		broken(name, error.text);
	json_decref(json);
}

/* Every line of the commands is one: no text of the input has begun another. */
static inline void assert_github(const Buf *out, const Run *run)
{
	uint32_t lines = 0;
	for (const char *line = out->data; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		lines += starts_with(line, "::");
	if (lines > run->findings.count + 1)
		broken("github: more commands than findings", out->data);
}

static inline void render_all(const Run *run)
{
	static const char *const plain[] = {"text", "gcc", "github", "markdown"}, *const json[] = {"json", "sarif", "gitlab"};
	/* SARIF describes all rules whatever the findings: half a megabyte, for one run in eight. */
	const Summary *summary = &run->summary;
	bool with_rules = (summary->errors + summary->warnings * 3 + summary->notes * 5 + summary->statements) % 8 == 0;
	for (const Reporter *const *reporter = all_reporters; *reporter; reporter++) {
		if (same((*reporter)->name, "sarif") && !with_rules)
			continue;
		Buf out = {0};
		(*reporter)->render(&out, run, &(ReportOptions){.title = "shop"});
		for (size_t i = 0; i < LENGTH(plain); i++)
			if (same((*reporter)->name, plain[i]) && out.length)
				assert_harmless((*reporter)->name, &out);
		for (size_t i = 0; i < LENGTH(json); i++)
			if (same((*reporter)->name, json[i]))
				assert_json((*reporter)->name, &out);
		if (same((*reporter)->name, "github") && out.length)
			assert_github(&out, run);
		buf_free(&out);
	}
}

/* --- The whole -------------------------------------------------------------------------------------------------------------------- */

static inline void lint_paths(const Everything *all, const Options *options)
{
	Arena arena = {0};
	Discovery *discovery = discover_paths(&arena, options, all->book);
	Buf printed = {0};
	discovery_print(&printed, discovery);
	buf_free(&printed);
	const LintOptions wanted = lint_options(&arena, options, all->book);
	render_all(lint(&arena, discovery, &wanted));
	arena_free(&arena);
}

static inline void fix_paths(const Everything *all, Options options)
{
	Arena arena = {0};
	Buf patch = {0};
	options.diff = options.review = true;
	if (fix_files(&arena, &options, all->book, &patch) == FIX_FAILED)
		broken("a fix does not parse", options.paths.items[0]);
	buf_free(&patch);
	arena_free(&arena);
}

/* A path below the working folder, as the command line takes it. Rules that are off are on. */
static inline void everything_with(const Everything *all, const char *path, int low, int high)
{
	static const char *const every[] = {"all"};
	Options options = {.command = all_commands, .jobs = 1, .postgres_low = low, .postgres_high = high, .fail_on = SEVERITY_UNSET};
	options.paths.items = (const char **)&path;
	options.paths.count = 1;
	options.select.items = (const char **)every;
	options.select.count = 1;
	options.verbose = true;
	lint_paths(all, &options);
	fix_paths(all, options);
}
#endif

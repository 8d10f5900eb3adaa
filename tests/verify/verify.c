/*
 * make verify: what `ddlint facts` claims of every case of fixtures/postgres/, held against the PostgreSQL server that runs here.
 *
 *   verify DDLINT CONNECTION [FILE]     CONNECTION: libpq's, to a server that may be filled with rubbish; FILE: the cases of one file
 *                                       alone, and for each the lines that say in a fixture what the server was seen to do
 *
 * A stock server shows a lock only while it is held, so what the statement gave back before its end cannot be seen: a lock that
 * the server shows must be claimed in just that mode, unless a stronger one was given back; a claim that it does not show passes.
 * A server that was built with -DLOCK_DEBUG tells each lock when it is taken: there locks and scans must be the same.
 * Closes with "N passed, N failed"; cases that this server's major refuses are left out.
 */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>
#include "seen.h"

/* --- What ddlint says ------------------------------------------------------------------------------------------------------------------------ */

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(arena_print(&verify.arena, "%s/%s", verify.folder, name), "wb");
	if (!file || fputs(text, file) == EOF || fclose(file) != 0)
		die("%s/%s cannot be written", verify.folder, name);
}

/* The facts of the last statement; to be released with json_decref of *whole. */
static json_t *facts_of(const Case *one, const char *setup, json_t **whole)
{
	write_file("001_setup.sql", setup);
	write_file("002_change.sql", one->statement);
	const char *command = arena_print(&verify.arena, "'%s' facts --format json --config none --layout plain --postgres %d '%s'", verify.ddlint,
					  verify.major, verify.folder);
	FILE *pipe = popen(command, "r");
	if (!pipe)
		die("%s cannot be run", verify.ddlint);
	*whole = json_loadf(pipe, 0, NULL);
	pclose(pipe);
	json_t *statements = json_object_get(*whole, "statements");
	size_t count = json_array_size(statements);
	return count ? json_array_get(statements, count - 1) : NULL;
}

/* --- Comparing ---------------------------------------------------------------------------------------------------------------------------------- */

/* Names of public stand alone in the fixtures. */
static const char *short_name(const char *name)
{
	return starts_with(name, "public.") ? name + strlen("public.") : name;
}

static const char *claimed_mode(json_t *facts, const char *name)
{
	size_t i;
	json_t *lock;
	json_array_foreach(json_object_get(facts, "locks"), i, lock)
		if (same(json_string_value(json_object_get(lock, "relation")), name))
			return json_string_value(json_object_get(lock, "mode"));
	return NULL;
}

static bool lists(json_t *facts, const char *key, const char *name)
{
	size_t i;
	json_t *item;
	json_array_foreach(json_object_get(facts, key), i, item)
		if (same(json_string_value(item), name))
			return true;
	return false;
}

static void add_problem(Buf *problems, const char *what, const char *name, const char *seen, const char *claimed)
{
	buf_addf(problems, "%s%s %s: the server %s, ddlint %s", problems->length ? "; " : "", what, name, seen, claimed);
}

static void compare_locks(Buf *problems, json_t *facts)
{
	array_each (Thing, thing, &verify.things) {
		const char *claimed = claimed_mode(facts, thing->name);
		bool differs = verify.traced && thing->seen_mode != claimed && !same(thing->seen_mode, claimed);
		if (differs || strength(thing->seen_mode) > strength(claimed))
			add_problem(problems, "lock on", thing->name, thing->seen_mode ? thing->seen_mode : "none", claimed ? claimed : "says none");
	}
}

static void compare_lists(Buf *problems, json_t *facts, bool scans_counted)
{
	array_each (Thing, thing, &verify.things) {
		bool table = *thing->kind == 'r' || *thing->kind == 'm';
		if (table && thing->refiled != lists(facts, "rewrites", thing->name))
			add_problem(problems, "rewrite of", thing->name, thing->refiled ? "did" : "did not", thing->refiled ? "does not" : "does");
		if (table && scans_counted && thing->rows > 0 && thing->scanned && !lists(facts, "scans", thing->name))
			add_problem(problems, "scan of", thing->name, "did", "does not");
		if (table && scans_counted && verify.traced && thing->rows > 0 && !thing->scanned && lists(facts, "scans", thing->name))
			add_problem(problems, "scan of", thing->name, "did not", "does");
	}
	array_each (const char *, name, &verify.built)
		if (!lists(facts, "index_builds", *name))
			add_problem(problems, "build of", *name, "did", "does not");
}

/* In facts: "table public.t", "rows of public.t", "column public.t.a". */
static void compare_losses(Buf *problems, const Case *one, json_t *facts)
{
	const char *lost = "";
	array_each (const char *, name, &verify.lost)
		lost = arena_print(&verify.arena, "%s%s%s", lost, *lost ? ", " : "", short_name(*name));
	if (one->loses && !same(one->loses, lost))
		add_problem(problems, "what is lost:", "", lost, arena_print(&verify.arena, "was seen with: %s", one->loses));
	array_each (const char *, name, &verify.lost) {
		size_t i;
		json_t *item;
		bool claimed = false;
		json_array_foreach(json_object_get(facts, "destroys"), i, item)
			claimed |= ends_with(json_string_value(item), arena_print(&verify.arena, " %s", *name));
		if (!claimed)
			add_problem(problems, "loss of", *name, "did", "does not");
	}
}

/* What is emptied gets new files without being rewritten. */
static bool empties(const Case *one)
{
	return strcasestr(one->statement, "truncate") || strcasestr(one->statement, "with no data");
}

static void compare(Buf *problems, const Case *one, json_t *facts)
{
	const char *transaction = verify.forbidden ? "forbidden" : "allowed";
	const char *claimed = json_string_value(json_object_get(facts, "transaction"));
	if (!same(transaction, claimed))
		add_problem(problems, "transaction", "", transaction, claimed ? claimed : "says nothing");
	if (!verify.forbidden || verify.traced) {
		compare_locks(problems, facts);
		if (!empties(one))
			compare_lists(problems, facts, !same(one->scans, "not counted"));
		compare_losses(problems, one, facts);
	}
	const char *repeat = json_string_value(json_object_get(facts, "repeat"));
	/* LOCK TABLE and the like outside a transaction block: the first run was inside one. */
	bool comparable = repeat && !same(verify.repeat, "25P01");
	if (comparable && !same(repeat, verify.repeat))
		add_problem(problems, "repeat", "", verify.repeat, repeat);
}

/* --- Showing what the server did --------------------------------------------------------------------------------- */

static void add_item(Buf *out, const char *key, const char *item)
{
	const char *line = out->length ? strrchr(out->data, '\n') : NULL;
	line = line ? line + 1 : out->length ? out->data : "";
	if (value_of(line, key))
		buf_addf(out, ", %s", item);
	else
		buf_addf(out, "%s-- %s: %s", out->length ? "\n" : "", key, item);
}

static void show_seen(const Case *one)
{
	Buf out = {0};
	array_each (Thing, thing, &verify.things)
		for (int i = 0; i < (int)LENGTH(MODES); i++)
			if (same(MODES[i], thing->seen_mode))
				add_item(&out, "locks", arena_print(&verify.arena, "%s %s", short_name(thing->name), lock_mode_words((LockMode)(i + 1))));
	array_each (Thing, thing, &verify.things)
		if (thing->refiled && !empties(one))
			add_item(&out, "rewrites", short_name(thing->name));
	array_each (const char *, name, &verify.built)
		if (!empties(one))
			add_item(&out, "builds", short_name(*name));
	array_each (Thing, thing, &verify.things)
		if (thing->scanned)
			add_item(&out, "scans", short_name(thing->name));
	array_each (const char *, name, &verify.lost)
		add_item(&out, "loses", short_name(*name));
	if (verify.forbidden)
		add_item(&out, "transaction", "forbidden");
	printf("# %s\n%s%s# repeat %s\n", one->name, out.data ? out.data : "", out.length ? "\n" : "", verify.repeat);
	buf_free(&out);
}

/* --- One case ---------------------------------------------------------------------------------------------------- */

static void verify_case(Arena *arena UNUSED, const Case *one, int version UNUSED)
{
	array_each (const char *, name, &verify.done)
		if (same(*name, one->name))
			return;
	array_push(arena, &verify.done, one->name);
	const char *setup = arena_print(&verify.arena, "%s%s", one->setup ? one->setup : "", one->more ? one->more : "");
	if (!run_on_server(one, setup)) {
		verify.left_out++;
		if (verify.shows)
			printf("# %s\n# left out: %s", one->name, PQerrorMessage(verify.session));
	} else {
		if (verify.shows)
			show_seen(one);
		Buf problems = {0};
		json_t *whole = NULL, *facts = facts_of(one, setup, &whole);
		if (facts)
			compare(&problems, one, facts);
		else
			buf_adds(&problems, "no facts");
		json_decref(whole);
		if (one->known && !problems.length)
			buf_addf(&problems, "is right now, not known to be wrong any more");
		else if (one->known)
			buf_free(&problems);
		verify.known += one->known && !problems.length;
		verify.passed += !problems.length && !one->known;
		verify.failed += problems.length > 0;
		if (problems.length)
			printf("%s: %s\n", one->name, problems.data);
		buf_free(&problems);
	}
	arena_free(&verify.arena);
}

int main(int argc, char **argv)
{
	if (argc != 3 && argc != 4)
		die("usage: verify DDLINT CONNECTION [FILE]");
	char folder[] = "/tmp/ddlint-verify-XXXXXX";
	if (!mkdtemp(folder))
		die("no folder can be made in /tmp");
	verify = (Verify){.ddlint = argv[1], .connection = argv[2], .folder = folder, .shows = argc == 4};
	verify.admin = PQconnectdb(argv[2]);
	if (PQstatus(verify.admin) != CONNECTION_OK)
		die("%s", PQerrorMessage(verify.admin));
	PQsetNoticeProcessor(verify.admin, ignore_notice, NULL);
	verify.major = PQserverVersion(verify.admin) / 10000;
	verify.traced = !run(verify.admin, "SHOW trace_locks");
	if (verify.shows)
		each_case(argv[3], verify_case);
	DIR *files = verify.shows ? NULL : opendir(CASES_FOLDER);
	for (struct dirent *entry; files && (entry = readdir(files));)
		if (ends_with(entry->d_name, ".sql") && !same(entry->d_name, "setups.sql")) {
			char path[300];
			snprintf(path, sizeof path, CASES_FOLDER "/%s", entry->d_name);
			verify.done = (Names){0};
			each_case(path, verify_case);
		}
	if (files)
		closedir(files);
	unlink(arena_print(&verify.arena, "%s/001_setup.sql", folder));
	unlink(arena_print(&verify.arena, "%s/002_change.sql", folder));
	rmdir(folder);
	printf("PostgreSQL %d%s: %u cases left out, which it refuses; %u known to differ\n%u passed, %u failed\n", verify.major,
	       verify.traced ? " with traces of its locks" : "", verify.left_out,
	       verify.known, verify.passed, verify.failed);
	return verify.failed || !verify.passed;
}

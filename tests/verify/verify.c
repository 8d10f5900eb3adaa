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
#include <libpq-fe.h>

#include "catalog/session.h"
#include "parse/parse.h"
#include "postgres_cases.h"

/* --- State ------------------------------------------------------------------------------------------------------------------ */

typedef struct Thing { /* a relation that was there before the statement */
	const char *oid, *name, *kind, *file;
	double rows, read_before, fetched_before, probes_before; /* read in full, or through indexes, so far by this session */
	const char *seen_mode; /* strongest lock that the server showed */
	bool scanned, refiled;
} Thing;

typedef struct TableColumn { /* of a table that was there before the statement */
	const char *oid, *number, *name;
} TableColumn;

typedef struct Verify {
	Arena arena; /* of one case */
	const char *ddlint, *connection, *folder;
	int major;
	PGconn *admin, *session;
	ARRAY(Thing) things;
	ARRAY(TableColumn) columns;
	Names built; /* names of indexes that are new or have a new file */
	Names lost;  /* tables that are gone or were emptied, columns that are gone */
	bool forbidden;
	bool traced, tracing; /* the server can tell every lock; it does now */
	bool shows;           /* what is seen */
	const char *traced_oid, *traced_mode; /* the lock that it told last */
	const char *repeat;
	uint32_t databases, passed, failed, left_out, known;
	Names done;
} Verify;

static Verify verify; /* a test program's own; cases are called back without a payload */

static const char *const MODES[] = {"AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock",
				    "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"};

static int strength(const char *mode)
{
	for (int i = 0; mode && i < (int)LENGTH(MODES); i++)
		if (same(MODES[i], mode))
			return i + 1;
	return 0;
}

/* --- Talking to the server ------------------------------------------------------------------------------------------------------ */

static void ignore_notice(void *payload UNUSED, const char *message UNUSED)
{
}

static Thing *thing_of(const char *oid)
{
	array_each (Thing, thing, &verify.things)
		if (same(thing->oid, oid))
			return thing;
	return NULL;
}

static void see_mode(const char *oid, const char *mode)
{
	Thing *thing = thing_of(oid);
	if (thing && strength(mode) > strength(thing->seen_mode))
		thing->seen_mode = mode;
}

/*
 * "LockAcquire: lock [database,relation] Mode" comes first, whatever is locked. Locks that others may have to wait for go on to
 * "LockAcquire: new: lock(…) id(…,type,method) …", whose type tells relations (0) from pages, tuples and extensions of them.
 */
static void see_trace(void *payload UNUSED, const char *message)
{
	if (!verify.tracing)
		return;
	unsigned database, relation;
	char mode[40];
	const char *lock = strstr(message, "LockAcquire: lock ["), *id = strstr(message, "id(");
	if (lock && sscanf(lock, "LockAcquire: lock [%u,%u] %39s", &database, &relation, mode) == 3) {
		verify.traced_oid = arena_print(&verify.arena, "%u", relation);
		verify.traced_mode = arena_string(&verify.arena, mode);
		if (strength(mode) < strength("ShareUpdateExclusiveLock"))
			see_mode(verify.traced_oid, verify.traced_mode);
		return;
	}
	unsigned type;
	if (strstr(message, "LockAcquire: ") && id && verify.traced_oid && sscanf(id, "id(%*u,%u,%*u,%*u,%u,%*u)", &relation, &type) == 2 && type == 0)
		see_mode(verify.traced_oid, verify.traced_mode);
}

/* NULL when it succeeds, else the SQLSTATE. */
static const char *run(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);
	const char *state = NULL;
	if (status == PGRES_COPY_IN) {
		PQputCopyEnd(connection, NULL);
		PQclear(result);
		result = PQgetResult(connection);
		status = PQresultStatus(result);
	}
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_OUT) {
		const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
		state = arena_string(&verify.arena, code ? code : "XXXXX");
	}
	PQclear(result);
	while ((result = PQgetResult(connection)))
		PQclear(result);
	return state;
}

static PGresult *ask(const char *sql)
{
	PGresult *result = PQexec(verify.session, sql);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		die("%s: %s", sql, PQerrorMessage(verify.session));
	return result;
}

static const char *cell(const PGresult *result, int row, int column)
{
	return arena_string(&verify.arena, PQgetvalue(result, row, column));
}

/* --- Before the statement -------------------------------------------------------------------------------------------------------- */

/* The rows of a table alone, without those of its children; 0 when it is gone or cannot be read. */
static double rows_of(const Thing *thing)
{
	PGresult *result = ask(arena_print(&verify.arena, "SELECT oid::regclass FROM pg_class WHERE oid = %s AND relkind IN ('r', 'm') AND relispopulated", thing->oid));
	const char *name = PQntuples(result) ? cell(result, 0, 0) : NULL;
	PQclear(result);
	if (!name)
		return 0;
	result = ask(arena_print(&verify.arena, "SELECT count(*) FROM ONLY %s", name));
	double rows = atof(PQgetvalue(result, 0, 0));
	PQclear(result);
	return rows;
}

static void see_columns(void)
{
	verify.columns.count = verify.columns.capacity = 0;
	verify.columns.items = NULL;
	PGresult *result = ask("SELECT a.attrelid, a.attnum, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
			       "WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND c.oid >= 16384 ORDER BY 1, 2");
	for (int row = 0; row < PQntuples(result); row++)
		array_push(&verify.arena, &verify.columns, (TableColumn){cell(result, row, 0), cell(result, row, 1), cell(result, row, 2)});
	PQclear(result);
}

static void see_relations(void)
{
	PGresult *result = ask("SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, coalesce(pg_relation_filenode(c.oid), 0) FROM pg_class c "
			       "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') "
			       "AND n.nspname !~ '^pg_(toast|temp)' AND c.relkind IN ('r','p','i','I','S','v','m','c','f') ORDER BY n.nspname COLLATE \"C\", c.relname COLLATE \"C\"");
	for (int row = 0; row < PQntuples(result); row++)
		array_push(&verify.arena, &verify.things,
			   (Thing){.oid = cell(result, row, 0), .name = cell(result, row, 1), .kind = cell(result, row, 2),
				   .file = cell(result, row, 3)});
	PQclear(result);
	array_each (Thing, thing, &verify.things)
		thing->rows = rows_of(thing);
	see_columns();
}

/* --- After it -------------------------------------------------------------------------------------------------------------------------- */

static void see_locks(void)
{
	PGresult *result = ask("SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted");
	for (int row = 0; row < PQntuples(result); row++)
		see_mode(PQgetvalue(result, row, 0), cell(result, row, 1));
	PQclear(result);
}

/* Nine rows of ten are all of them; reading an index from end to end is, too, and many probes of one are not. */
static void see_scans(const char *view, bool before)
{
	PGresult *result = ask(arena_print(&verify.arena, "SELECT relid, seq_tup_read, coalesce(idx_tup_fetch, 0), coalesce(idx_scan, 0) FROM %s", view));
	for (int row = 0; row < PQntuples(result); row++) {
		Thing *thing = thing_of(PQgetvalue(result, row, 0));
		if (!thing)
			continue;
		double read = atof(PQgetvalue(result, row, 1)) - thing->read_before;
		double fetched = atof(PQgetvalue(result, row, 2)) - thing->fetched_before, probes = atof(PQgetvalue(result, row, 3)) - thing->probes_before;
		if (before) {
			thing->read_before = read;
			thing->fetched_before = fetched;
			thing->probes_before = probes;
		} else {
			thing->scanned = thing->rows > 0 && (read >= 0.9 * thing->rows || (probes > 0 && probes <= 3 && fetched >= 0.9 * thing->rows));
		}
	}
	PQclear(result);
}

static void trace(bool on)
{
	if (!verify.traced)
		return;
	if (on)
		run(verify.session, "SET client_min_messages = log; SET trace_locks = on");
	verify.tracing = on;
	if (!on)
		run(verify.session, "RESET trace_locks; RESET client_min_messages");
}

static bool is_old_file(const char *file)
{
	array_each (Thing, thing, &verify.things)
		if (same(thing->file, file))
			return true;
	return false;
}

static void see_files(void)
{
	PGresult *result = ask("SELECT c.oid, coalesce(pg_relation_filenode(c.oid), 0) FROM pg_class c");
	for (int row = 0; row < PQntuples(result); row++) {
		Thing *thing = thing_of(PQgetvalue(result, row, 0));
		if (!thing || same(PQgetvalue(result, row, 1), thing->file))
			continue;
		thing->refiled = *thing->kind == 'r' || *thing->kind == 'm';
		if (*thing->kind == 'i')
			array_push(&verify.arena, &verify.built, thing->name);
	}
	PQclear(result);
	/* A type change that leaves an index as it is makes a new one of its file. */
	result = ask("SELECT i.indexrelid, i.indrelid, n.nspname || '.' || c.relname, coalesce(pg_relation_filenode(c.oid), 0) FROM pg_index i "
		     "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'i'");
	for (int row = 0; row < PQntuples(result); row++)
		if (!thing_of(PQgetvalue(result, row, 0)) && thing_of(PQgetvalue(result, row, 1)) && !is_old_file(PQgetvalue(result, row, 3)))
			array_push(&verify.arena, &verify.built, cell(result, row, 2));
	PQclear(result);
}

static bool has_column(const TableColumn *wanted)
{
	array_each (TableColumn, column, &verify.columns)
		if (same(column->oid, wanted->oid) && same(column->number, wanted->number))
			return true;
	return false;
}

/* Asked inside the transaction. What DELETE deletes is its own affair. */
static void see_losses(void)
{
	ARRAY(TableColumn) before = {verify.columns.items, verify.columns.count, verify.columns.capacity};
	see_columns();
	array_each (Thing, thing, &verify.things) {
		if (!strchr("rpmf", *thing->kind))
			continue;
		PGresult *result = ask(arena_print(&verify.arena, "SELECT FROM pg_class WHERE oid = %s", thing->oid));
		bool gone = !PQntuples(result);
		PQclear(result);
		bool emptied = thing->refiled && *thing->kind == 'r' && thing->rows > 0 && !rows_of(thing);
		if (gone || emptied) {
			array_push(&verify.arena, &verify.lost, thing->name);
			continue;
		}
		array_each (TableColumn, column, &before)
			if (same(column->oid, thing->oid) && !has_column(column))
				array_push(&verify.arena, &verify.lost, arena_print(&verify.arena, "%s.%s", thing->name, column->name));
	}
}

/* --- One case on the server ---------------------------------------------------------------------------------------------------------------- */

typedef ARRAY(const char *) Statements;

static Statements statements_of(const char *text)
{
	Script script = {.source = source_new(&verify.arena, "case.sql", text, strlen(text))};
	Statements list = {0};
	array_push(&verify.arena, &script.sections, (Span){0, (uint32_t)strlen(text)});
	script_split(&verify.arena, &script, &(SplitOptions){.psql = true});
	array_each (Statement, statement, &script.statements)
		array_push(&verify.arena, &list, arena_copy(&verify.arena, text + statement->span.start, statement->span.end - statement->span.start));
	return list;
}

static bool connect_to_fresh_database(void)
{
	if (verify.session)
		PQfinish(verify.session);
	verify.session = NULL;
	/* One that cannot be dropped, for a replication slot's sake, is left behind. */
	run(verify.admin, arena_print(&verify.arena, "DROP DATABASE IF EXISTS verify_%u WITH (FORCE)", verify.databases));
	if (run(verify.admin, arena_print(&verify.arena, "CREATE DATABASE verify_%u", ++verify.databases)))
		return false;
	verify.session = PQconnectdb(arena_print(&verify.arena, "%s dbname=verify_%u", verify.connection, verify.databases));
	PQsetNoticeProcessor(verify.session, see_trace, NULL);
	return PQstatus(verify.session) == CONNECTION_OK;
}

/* Outside a transaction only a server that tells its locks shows them. */
static bool run_alone(const char *statement)
{
	trace(false);
	array_each (Thing, thing, &verify.things) {
		thing->seen_mode = NULL;
		thing->read_before = thing->fetched_before = thing->probes_before = 0;
	}
	if (verify.traced) {
		run(verify.session, "SELECT pg_stat_force_next_flush()");
		see_scans("pg_stat_all_tables", true);
	}
	trace(true);
	const char *state = run(verify.session, statement);
	trace(false);
	if (state)
		return false;
	if (verify.traced) {
		run(verify.session, "SELECT pg_stat_force_next_flush()");
		run(verify.session, "SELECT pg_stat_clear_snapshot()");
		see_scans("pg_stat_all_tables", false);
	}
	see_files();
	return true;
}

/* False: this server refuses the case, or its setup. */
static bool run_on_server(const Case *one, const char *setup)
{
	verify.things.count = verify.things.capacity = 0;
	verify.things.items = NULL;
	verify.built = verify.lost = (Names){0};
	if (!connect_to_fresh_database())
		die("no database can be made: %s", PQerrorMessage(verify.admin));
	Statements before = statements_of(setup), statements = statements_of(one->statement);
	array_each (const char *, statement, &before)
		if (run(verify.session, *statement))
			return false;
	/* Plans that the setup left in the session would hide what planning locks. */
	if (!strcasestr(setup, "prepare") && !strcasestr(setup, "temp"))
		PQreset(verify.session);
	for (uint32_t i = 0; i + 1 < statements.count; i++)
		if (run(verify.session, statements.items[i]))
			return false;
	if (!statements.count)
		return false;
	const char *last = statements.items[statements.count - 1];
	see_relations();
	run(verify.session, "BEGIN");
	see_scans("pg_stat_xact_all_tables", true);
	trace(true);
	const char *state = run(verify.session, last);
	verify.forbidden = same(state, "25001") || same(state, "2D000");
	if (!state) {
		see_locks();
		trace(false);
		see_scans("pg_stat_xact_all_tables", false);
		see_files();
		see_losses();
		if (run(verify.session, "COMMIT"))
			return false;
	} else if (!run(verify.session, "ROLLBACK") && (!verify.forbidden || !run_alone(last))) {
		return false;
	}
	state = run(verify.session, last);
	verify.repeat = state ? state : "ok";
	return true;
}

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

#ifndef TESTS_VERIFY_SEEN_H
#define TESTS_VERIFY_SEEN_H
/*
 * What a PostgreSQL server is seen to do for one case: locks, rewrites, scans, builds, losses, SQLSTATEs. Each case runs in a database
 * of its own. What is seen is kept in `verify`, until the next case.
 */
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
#endif

/* What is hot, from statistics and a workload. */
#include "judge/heat.h"

#include <stdlib.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/files.h"
#include "parse/parse.h"
#include "read/lex.h"

const char heat_query[] =
	"-- heat.statistics, once a week or so: psql --csv -f heat.sql > statistics.csv\n"
	"SELECT schemaname AS schema, relname AS \"table\", NULL AS index, n_live_tup AS rows, pg_table_size(relid) AS bytes,\n"
	"       seq_scan, idx_scan, n_tup_ins, n_tup_upd, n_tup_del, current_date AS taken\n"
	"FROM pg_stat_user_tables\n"
	"UNION ALL\n"
	"SELECT schemaname, relname, indexrelname, NULL, pg_relation_size(indexrelid), NULL, idx_scan, NULL, NULL, NULL, current_date\n"
	"FROM pg_stat_user_indexes\n"
	"ORDER BY 1, 2, 3;\n"
	"\n"
	"-- heat.workload, with the extension pg_stat_statements (before PostgreSQL 13: total_time): psql --csv ... > workload.csv\n"
	"SELECT calls, total_exec_time, query, current_date AS taken\n"
	"FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())\n"
	"ORDER BY total_exec_time DESC LIMIT 1000;\n";

/* --- Reading ------------------------------------------------------------------------------------------------------------------------ */

static bool open_csv(Arena *arena, const char *path, Csv *csv, Source **source)
{
	size_t length;
	const char *error, *bytes = path ? file_read(arena, path, &length, &error) : NULL;
	if (!bytes)
		return false;
	*source = source_new(arena, path, bytes, length);
	source_position(*source, 0); /* its lines are found now: a thread's arena is given away before reports ask for them */
	return csv_open(csv, arena, bytes, (*source)->body, (*source)->length);
}

static double number(const Csv *csv, const char *name)
{
	return strtod(csv_field(csv, name), NULL);
}

static void note_day(Heat *heat, const Csv *csv)
{
	long day = date_in(csv_field(csv, "taken"));
	if (day >= 0 && (heat->taken < 0 || day < heat->taken))
		heat->taken = day;
}

static void read_statistics(Arena *arena, const char *path, Heat *heat)
{
	Csv csv;
	Source *source;
	if (!open_csv(arena, path, &csv, &source))
		return;
	while (csv_next(&csv)) {
		const char *index = csv_field(&csv, "index");
		TableHeat table = {
			.name = arena_print(arena, "%s.%s", csv_field(&csv, "schema"), csv_field(&csv, "table")),
			.index = *index ? arena_print(arena, "%s.%s", csv_field(&csv, "schema"), index) : NULL,
			.rows = number(&csv, "rows"),
			.bytes = number(&csv, "bytes"),
			.reads = number(&csv, "seq_scan") + number(&csv, "idx_scan"),
			.writes = number(&csv, "n_tup_ins") + number(&csv, "n_tup_upd") + number(&csv, "n_tup_del"),
		};
		array_push(arena, &heat->tables, table);
		note_day(heat, &csv);
	}
}

static const Query **parse_query(Arena *arena, const char *path, const char *text)
{
	ARRAY(const Query *) queries = {0};
	const Script *script = sql_parse(arena, path, text);
	array_each (const Statement, statement, &script->statements)
		for (const Action *action = statement->actions; action; action = action->next)
			if (action->query)
				array_push(arena, &queries, action->query);
	array_push(arena, &queries, NULL);
	return queries.items;
}

/* Without constants and comments: they may hold what users typed, where the server or another tool left them in. */
static const char *normalised(Arena *arena, const char *text)
{
	Buf out = {0};
	bool space = false;
	Lexer lexer = lexer_new(text, 0, (uint32_t)strlen(text));
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		Text piece = token_text(&lexer, token);
		if (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT) {
			space = out.length > 0;
			continue;
		}
		if (space)
			buf_addc(&out, ' ');
		space = false;
		if (token.kind == TOKEN_STRING || token.kind == TOKEN_DOLLAR_STRING || token.kind == TOKEN_NUMBER)
			buf_addc(&out, '?');
		else
			buf_add(&out, piece.data, piece.length);
	}
	const char *copy = arena_copy(arena, out.data ? out.data : "", out.length);
	buf_free(&out);
	return copy;
}

static int hotter(const void *a, const void *b)
{
	const HotQuery *left = a, *right = b;
	if (left->time != right->time)
		return left->time < right->time ? 1 : -1;
	return left->span.start < right->span.start ? -1 : left->span.start > right->span.start;
}

static void read_workload(Arena *arena, const char *path, Heat *heat)
{
	Csv csv;
	if (!open_csv(arena, path, &csv, &heat->workload))
		return;
	while (csv_next(&csv)) {
		double time = number(&csv, "total_exec_time");
		HotQuery query = {.text = csv_field(&csv, "query"),
				  .calls = number(&csv, "calls"),
				  .time = time > 0 ? time : number(&csv, "total_time"),
				  .span = {csv.start, csv.end}};
		heat->all_calls += query.calls;
		heat->all_time += query.time;
		array_push(arena, &heat->queries, query);
		note_day(heat, &csv);
	}
	if (heat->queries.count)
		qsort(heat->queries.items, heat->queries.count, sizeof *heat->queries.items, hotter);
	if (heat->queries.count > heat->limits.queries)
		heat->queries.count = heat->limits.queries;
	array_each (HotQuery, query, &heat->queries) {
		query->queries = parse_query(arena, path, query->text);
		query->text = normalised(arena, query->text);
	}
}

const Heat *heat_read(Arena *arena, const Config *config)
{
	if (!config || (!config->heat.statistics && !config->heat.workload))
		return NULL;
	Heat *heat = new(arena, Heat);
	heat->taken = -1;
	heat->limits = config->heat.limits;
	read_statistics(arena, config->heat.statistics, heat);
	read_workload(arena, config->heat.workload, heat);
	return heat->tables.count || heat->queries.count ? heat : NULL;
}

/* --- Questions ------------------------------------------------------------------------------------------------------------------------ */

const TableHeat *heat_table(const Heat *heat, const char *name)
{
	for (uint32_t i = 0; heat && name && i < heat->tables.count; i++)
		if (!heat->tables.items[i].index && same(heat->tables.items[i].name, name))
			return &heat->tables.items[i];
	return NULL;
}

const TableHeat *heat_index(const Heat *heat, const char *name)
{
	for (uint32_t i = 0; heat && name && i < heat->tables.count; i++)
		if (heat->tables.items[i].index && same(heat->tables.items[i].index, name))
			return &heat->tables.items[i];
	return NULL;
}

/* The modes in which a query uses the relation, or the column: bit 0 reads, bit 1 writes. */
static int modes_of(const Query *query, const char *schema, const char *relation, const char *column)
{
	int modes = 0;
	array_each (const RelationUse, use, &query->uses) {
		bool meant = same(use->relation.name, relation) && (!use->relation.schema || same(use->relation.schema, schema));
		bool touched = !column || names_have(&use->columns, column) || names_have(&query->columns, column);
		if (meant && touched)
			modes |= use->mode == USE_READ || use->mode == USE_LOCK_ROWS ? 1 : 2;
	}
	return modes;
}

HeatUse heat_use(Arena *arena, const Heat *heat, const char *schema, const char *relation, const char *column)
{
	HeatUse use = {0};
	for (uint32_t i = 0; heat && i < heat->queries.count; i++) {
		const HotQuery *hot = &heat->queries.items[i];
		int modes = 0;
		for (const Query **query = hot->queries; *query; query++)
			modes |= modes_of(*query, schema, relation, column);
		if (!modes)
			continue;
		if (modes & 2)
			use.writes++;
		else
			use.reads++;
		use.calls += hot->calls;
		use.time += hot->time;
		array_push(arena, &use.queries, hot);
	}
	return use;
}

const char *count_words(Arena *arena, double count)
{
	if (count >= 1e6)
		return arena_print(arena, "%.1f M", count / 1e6);
	if (count >= 1e4)
		return arena_print(arena, "%.0f k", count / 1e3);
	return arena_print(arena, "%.0f", count);
}

const char *heat_words(Arena *arena, const Heat *heat, const HeatUse *use)
{
	if (!use->queries.count)
		return NULL;
	const char *how = !use->writes ? "read" : !use->reads ? "written" : "read or written";
	return arena_print(arena, "%s by %u of the %u hottest queries, %s calls", how, use->queries.count, heat->queries.count,
			   count_words(arena, use->calls));
}

bool heat_is_hot(const Heat *heat, const HeatUse *use)
{
	double share = heat ? heat->limits.hot_percent / 100 : 0;
	return use->queries.count && (use->calls >= share * heat->all_calls || use->time >= share * heat->all_time);
}

bool heat_is_tiny(const Heat *heat, const TableHeat *table)
{
	return table && table->rows < heat->limits.tiny_rows && table->bytes < heat->limits.tiny_bytes;
}

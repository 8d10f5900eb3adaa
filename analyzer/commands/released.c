/* `ddlint released --query`: the SQL whose CSV output says what has run in production. */
#include "commands/commands.h"

typedef struct Bookkeeping {
	const char *layouts; /* names, each between blanks */
	const char *tools;
	const char *query;
} Bookkeeping;

/* The tables in which migration tools write down what has run. "applied" lists all, "applied_up_to" the last one. */
static const Bookkeeping tables[] = {
    {" flyway ", "Flyway",
     "SELECT version AS applied FROM flyway_schema_history WHERE success AND version IS NOT NULL ORDER BY "
     "installed_rank"},
    {" goose ", "goose", "SELECT max(version_id) AS applied_up_to FROM goose_db_version WHERE is_applied"},
    {" golang-migrate ", "golang-migrate", "SELECT version AS applied_up_to FROM schema_migrations WHERE NOT dirty"},
    {" dbmate ", "dbmate, Rails, Ecto", "SELECT version AS applied FROM schema_migrations ORDER BY version"},
    {" alembic ", "Alembic", "SELECT version_num AS applied_up_to FROM alembic_version"},
    {" prisma ", "Prisma",
     "SELECT migration_name AS applied FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS "
     "NULL ORDER BY started_at"},
    {" sqlx ", "sqlx", "SELECT version AS applied FROM _sqlx_migrations WHERE success ORDER BY version"},
    {" diesel ", "Diesel", "SELECT version AS applied FROM __diesel_schema_migrations ORDER BY version"},
    {" liquibase ", "Liquibase", "SELECT author || ':' || id AS applied FROM databasechangelog ORDER BY orderexecuted"},
    {" django ", "Django", "SELECT name AS applied FROM django_migrations ORDER BY id"},
    {" sqitch ", "Sqitch", "SELECT change AS applied FROM sqitch.changes ORDER BY committed_at"},
    {" node-pg-migrate ", "node-pg-migrate", "SELECT name AS applied FROM pgmigrations ORDER BY run_on"},
    {" sql-migrate ", "sql-migrate", "SELECT id AS applied FROM gorp_migrations ORDER BY applied_at"},
    {" tern ", "tern", "SELECT version AS applied_up_to FROM public.schema_version"},
    {" supabase ", "Supabase", "SELECT version AS applied FROM supabase_migrations.schema_migrations ORDER BY version"},
    {" hasura ", "Hasura", "SELECT version AS applied FROM hdb_catalog.schema_migrations ORDER BY version"},
    {" graphile-migrate ", "Graphile Migrate",
     "SELECT filename AS applied FROM graphile_migrate.migrations ORDER BY date"},
    {" refinery ", "refinery", "SELECT version AS applied FROM refinery_schema_history ORDER BY version"},
    {" atlas ", "Atlas",
     "SELECT version AS applied FROM atlas_schema_revisions.atlas_schema_revisions ORDER BY version"},
    {" pop popx ", "pop", "SELECT version AS applied FROM schema_migration ORDER BY version"},
    {" db-migrate ", "db-migrate", "SELECT substr(name, 2) AS applied FROM migrations ORDER BY run_on"},
    {" postgrator ", "Postgrator", "SELECT version AS applied FROM schemaversion ORDER BY version"},
    {" yoyo ", "yoyo", "SELECT migration_id AS applied FROM _yoyo_migration ORDER BY applied_at_utc"},
};

int released_run(Arena *arena, const Options *options)
{
	if (!options->query)
		return complain("ddlint released needs --query");
	const char *wanted = options->layout ? arena_print(arena, " %s ", options->layout) : NULL;
	Buf out = {0};
	for (size_t i = 0; i < LENGTH(tables); i++)
		if (!wanted || strstr(tables[i].layouts, wanted))
			buf_addf(&out, "-- %s\n%s;\n", tables[i].tools, tables[i].query);
	if (!out.length)
		return complain("it is not known where %s writes down what has run", options->layout);
	Buf text = {0};
	buf_adds(&text,
		 "-- What has run, for `released: file:applied.csv` in .ddlint.yml: run the query of your tool with\n"
		 "--   psql --csv -c 'SELECT ...' > applied.csv\n");
	buf_add(&text, out.data, out.length);
	int code = write_output(options, &text);
	buf_free(&out);
	buf_free(&text);
	return code;
}

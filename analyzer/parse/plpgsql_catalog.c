/* Which tables and views of PostgreSQL's catalogs conditions ask, and what their columns say. */
#include "parse/plpgsql.h"

/* Catalog tables and views, the more telling first: a join is about the first of them that it names. */
static const CatalogTable catalog_tables[] = {
	{"pg_enum", OBJECT_ENUM_LABEL, "enumlabel", "typname"},
	{"pg_constraint", OBJECT_CONSTRAINT, "conname", "conrelid"},
	{"pg_trigger", OBJECT_TRIGGER, "tgname", "tgrelid"},
	{"pg_policies", OBJECT_POLICY, "policyname", "tablename"},
	{"pg_policy", OBJECT_POLICY, "polname", "polrelid"},
	{"pg_rules", OBJECT_RULE, "rulename", "tablename"},
	{"pg_attribute", OBJECT_COLUMN, "attname", "attrelid"},
	{"pg_indexes", OBJECT_INDEX, "indexname", "tablename"},
	{"pg_tables", OBJECT_TABLE, "tablename", NULL},
	{"pg_views", OBJECT_VIEW, "viewname", NULL},
	{"pg_matviews", OBJECT_MATERIALIZED_VIEW, "matviewname", NULL},
	{"pg_sequences", OBJECT_SEQUENCE, "sequencename", NULL},
	{"pg_proc", OBJECT_FUNCTION, "proname", NULL},
	{"pg_type", OBJECT_TYPE, "typname", NULL},
	{"pg_class", OBJECT_TABLE, "relname", NULL},
	{"pg_statio_all_tables", OBJECT_TABLE, "relname", NULL},
	{"pg_namespace", OBJECT_SCHEMA, "nspname", NULL},
	{"pg_roles", OBJECT_ROLE, "rolname", NULL},
	{"pg_authid", OBJECT_ROLE, "rolname", NULL},
	{"pg_user", OBJECT_ROLE, "usename", NULL},
	{"pg_shadow", OBJECT_ROLE, "usename", NULL},
	{"pg_group", OBJECT_ROLE, "groname", NULL},
	{"pg_extension", OBJECT_EXTENSION, "extname", NULL},
	{"pg_database", OBJECT_DATABASE, "datname", NULL},
	{"pg_publication", OBJECT_PUBLICATION, "pubname", NULL},
	{"pg_subscription", OBJECT_SUBSCRIPTION, "subname", NULL},
	{"pg_event_trigger", OBJECT_EVENT_TRIGGER, "evtname", NULL},
	{"pg_language", OBJECT_LANGUAGE, "lanname", NULL},
	{"pg_collation", OBJECT_COLLATION, "collname", NULL},
	{"pg_statistic_ext", OBJECT_STATISTICS, "stxname", NULL},
	{"pg_foreign_server", OBJECT_FOREIGN_SERVER, "srvname", NULL},
	{"pg_tablespace", OBJECT_TABLESPACE, "spcname", NULL},
	{"information_schema.columns", OBJECT_COLUMN, "column_name", "table_name"},
	{"information_schema.table_constraints", OBJECT_CONSTRAINT, "constraint_name", "table_name"},
	{"information_schema.key_column_usage", OBJECT_CONSTRAINT, "constraint_name", "table_name"},
	{"information_schema.constraint_column_usage", OBJECT_CONSTRAINT, "constraint_name", NULL},
	{"information_schema.constraint_table_usage", OBJECT_CONSTRAINT, "constraint_name", NULL},
	{"information_schema.referential_constraints", OBJECT_CONSTRAINT, "constraint_name", NULL},
	{"information_schema.check_constraints", OBJECT_CONSTRAINT, "constraint_name", NULL},
	{"information_schema.triggers", OBJECT_TRIGGER, "trigger_name", "event_object_table"},
	{"information_schema.tables", OBJECT_TABLE, "table_name", NULL},
	{"information_schema.views", OBJECT_VIEW, "table_name", NULL},
	{"information_schema.sequences", OBJECT_SEQUENCE, "sequence_name", NULL},
	{"information_schema.routines", OBJECT_FUNCTION, "routine_name", NULL},
	{"information_schema.schemata", OBJECT_SCHEMA, "schema_name", NULL},
	{"information_schema.domains", OBJECT_DOMAIN, "domain_name", NULL},
};

/* Columns whose conditions do not change what is asked for in any database that one meets. */
static const char *const narrowing[] = {
	"attnum",      "attisdropped",	    "tgisinternal",  "relkind",	     "contype",		"table_type",
	"prokind",     "nspname",	    "schemaname",    "table_schema", "constraint_type", "constraint_schema",
	"connamespace", "relnamespace",	    "typnamespace",  "pronamespace", "table_catalog",	"trigger_schema",
	"typtype",     "event_object_schema", "routine_schema", "sequence_schema", "oid",	"enumtypid",
	"conrelid",    "tgrelid",	    "attrelid",	     "routine_type", "constraint_catalog", "udt_schema"};

bool is_narrowing(const char *column)
{
	for (size_t i = 0; i < LENGTH(narrowing); i++)
		if (same(narrowing[i], column))
			return true;
	return false;
}

static bool names_table(const RelationUse *use, const char *table)
{
	static const char prefix[] = "information_schema.";
	if (starts_with(table, prefix))
		return same(use->relation.schema, "information_schema") &&
		       same(use->relation.name, table + sizeof prefix - 1);
	return name_is(use->relation, "pg_catalog", table);
}

const CatalogTable *asked_table(const Query *query)
{
	for (size_t i = 0; i < LENGTH(catalog_tables); i++)
		array_each (RelationUse, use, &query->uses)
			if (names_table(use, catalog_tables[i].table))
				return &catalog_tables[i];
	return NULL;
}

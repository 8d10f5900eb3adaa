/* Types: PostgreSQL's own by a table, the users' by the catalog. */
#include "catalog/inside.h"

#include <stdio.h>

typedef struct BuiltIn {
	const char *name;  /* pg_type.typname */
	const char *words; /* what format_type prints where it differs from the name */
} BuiltIn;

/* https://www.postgresql.org/docs/current/datatype.html; sorted by name. */
/* clang-format off */
static const BuiltIn built_ins[] = {
	{"aclitem", NULL}, {"any", "\"any\""}, {"anyarray", NULL}, {"anycompatible", NULL},
	{"anycompatiblearray", NULL}, {"anycompatiblemultirange", NULL}, {"anycompatiblenonarray", NULL},
	{"anycompatiblerange", NULL}, {"anyelement", NULL}, {"anyenum", NULL}, {"anymultirange", NULL},
	{"anynonarray", NULL}, {"anyrange", NULL}, {"bit", NULL}, {"bool", "boolean"}, {"box", NULL},
	{"bpchar", "character"}, {"bytea", NULL}, {"char", "\"char\""}, {"cid", NULL}, {"cidr", NULL},
	{"circle", NULL}, {"cstring", NULL}, {"date", NULL}, {"datemultirange", NULL}, {"daterange", NULL},
	{"event_trigger", NULL}, {"fdw_handler", NULL}, {"float4", "real"}, {"float8", "double precision"},
	{"gtsvector", NULL}, {"index_am_handler", NULL}, {"inet", NULL}, {"int2", "smallint"},
	{"int2vector", NULL}, {"int4", "integer"}, {"int4multirange", NULL}, {"int4range", NULL},
	{"int8", "bigint"}, {"int8multirange", NULL}, {"int8range", NULL}, {"internal", NULL},
	{"interval", NULL}, {"json", NULL}, {"jsonb", NULL}, {"jsonpath", NULL}, {"language_handler", NULL},
	{"line", NULL}, {"lseg", NULL}, {"macaddr", NULL}, {"macaddr8", NULL}, {"money", NULL}, {"name", NULL},
	{"numeric", NULL}, {"nummultirange", NULL}, {"numrange", NULL}, {"oid", NULL}, {"oidvector", NULL},
	{"path", NULL}, {"pg_ddl_command", NULL}, {"pg_lsn", NULL}, {"pg_node_tree", NULL},
	{"pg_snapshot", NULL}, {"point", NULL}, {"polygon", NULL}, {"record", NULL}, {"refcursor", NULL},
	{"regclass", NULL}, {"regcollation", NULL}, {"regconfig", NULL}, {"regdictionary", NULL},
	{"regnamespace", NULL}, {"regoper", NULL}, {"regoperator", NULL}, {"regproc", NULL},
	{"regprocedure", NULL}, {"regrole", NULL}, {"regtype", NULL}, {"table_am_handler", NULL},
	{"text", NULL}, {"tid", NULL}, {"time", "time without time zone"},
	{"timestamp", "timestamp without time zone"}, {"timestamptz", "timestamp with time zone"},
	{"timetz", "time with time zone"}, {"trigger", NULL}, {"tsm_handler", NULL}, {"tsmultirange", NULL},
	{"tsquery", NULL}, {"tsrange", NULL}, {"tstzmultirange", NULL}, {"tstzrange", NULL}, {"tsvector", NULL},
	{"txid_snapshot", NULL}, {"unknown", NULL}, {"uuid", NULL}, {"varbit", "bit varying"},
	{"varchar", "character varying"}, {"void", NULL}, {"xid", NULL}, {"xid8", NULL}, {"xml", NULL},
};
/* clang-format on */

static const BuiltIn *find_built_in(const char *name)
{
	size_t low = 0, high = LENGTH(built_ins);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, built_ins[middle].name);
		if (order == 0)
			return &built_ins[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* A type that nobody defined: an extension's, or one of an open world. */
static Type *assume_type(Catalog *catalog, SearchPath path, Name name)
{
	Object *extension = NULL;
	bool of_extension = type_of_extension(catalog, name, &extension);
	if (!of_extension && (!may_assume(catalog) || known_gone(catalog, path, CLASS_TYPE, name)))
		return NULL;
	if (!name.schema && extension)
		name.schema = extension->definition;
	Type *type =
	    object_new(catalog, OBJECT_TYPE, sizeof *type, assumed_schema(catalog, path, name), name.name, NULL);
	mark_assumed(&type->object);
	if (extension)
		depend(catalog, &type->object, extension, DEPEND_INTERNAL);
	return type;
}

/* A column's type: t.a%TYPE. The grammar's schema is then the relation. */
static DataType type_of_column(Catalog *catalog, SearchPath path, const TypeRef *type)
{
	Relation *relation = type->name.schema ? find_relation(catalog, path, (Name){NULL, type->name.schema}) : NULL;
	const Column *column = relation ? find_column(relation, type->name.name) : NULL;
	return column ? column->type : (DataType){0};
}

static Relation *find_row_type(const Catalog *catalog, SearchPath path, Name name)
{
	Relation *relation = find_relation(catalog, path, name);
	return relation && has_row_type(relation) ? relation : NULL;
}

static DataType resolve(Catalog *catalog, SearchPath path, const TypeRef *type, bool assume)
{
	if (!type || !type->name.name)
		return (DataType){0};
	if (type->percent_type)
		return type_of_column(catalog, path, type);
	DataType resolved = {.dimensions = type->dimensions > 0, .modifier_count = type->modifier_count};
	memcpy(resolved.modifiers, type->modifiers, sizeof resolved.modifiers);
	Name name = type->name;
	bool of_system = !name.schema || same(name.schema, "pg_catalog");
	const BuiltIn *built_in = of_system ? find_built_in(name.name) : NULL;
	if (of_system && !built_in && name.name[0] == '_' && (built_in = find_built_in(name.name + 1)))
		resolved.dimensions = 1;
	if (built_in) {
		resolved.schema = "pg_catalog";
		resolved.name = built_in->name;
		return resolved;
	}
	Relation *row = NULL;
	resolved.user = find_type(catalog, path, name);
	if (!resolved.user)
		row = find_row_type(catalog, path, name);
	if (!resolved.user && !row && assume)
		resolved.user = assume_type(catalog, path, name);
	const Object *object = resolved.user ? &resolved.user->object : row ? &row->object : NULL;
	if (!object)
		return (DataType){0};
	resolved.schema = object->schema;
	resolved.name = object->name;
	return resolved;
}

DataType resolve_type(Catalog *catalog, SearchPath path, const TypeRef *type)
{
	return resolve(catalog, path, type, true);
}

DataType known_type(const Catalog *catalog, SearchPath path, const TypeRef *type)
{
	return resolve((Catalog *)catalog, path, type, false);
}

const char *undefined_type(const Catalog *catalog, const TypeRef *type)
{
	if (!type || !type->name.name || type->percent_type || may_assume(catalog))
		return NULL;
	return type->name.schema && !find_schema(catalog, type->name.schema) ? UNDEFINED_SCHEMA : UNDEFINED_OBJECT;
}

/* --- Text --------------------------------------------------------------------------------------------------------- */

/* The fields of an interval in PostgreSQL's mask. https://www.postgresql.org/docs/current/datatype-datetime.html */
static const char *interval_fields(int32_t mask)
{
	enum { MONTH = 1 << 1, YEAR = 1 << 2, DAY = 1 << 3, HOUR = 1 << 10, MINUTE = 1 << 11, SECOND = 1 << 12 };
	switch (mask) {
	case YEAR:
		return " year";
	case MONTH:
		return " month";
	case DAY:
		return " day";
	case HOUR:
		return " hour";
	case MINUTE:
		return " minute";
	case SECOND:
		return " second";
	case YEAR | MONTH:
		return " year to month";
	case DAY | HOUR:
		return " day to hour";
	case DAY | HOUR | MINUTE:
		return " day to minute";
	case DAY | HOUR | MINUTE | SECOND:
		return " day to second";
	case HOUR | MINUTE:
		return " hour to minute";
	case HOUR | MINUTE | SECOND:
		return " hour to second";
	case MINUTE | SECOND:
		return " minute to second";
	default:
		return "";
	}
}

static void print_modifiers(Buf *buf, const DataType *type)
{
	if (same(type->name, "interval")) {
		buf_adds(buf, interval_fields(type->modifiers[0]));
		if (type->modifier_count > 1)
			buf_addf(buf, "(%d)", type->modifiers[1]);
	} else if (same(type->name, "numeric")) {
		buf_addf(buf, "(%d,%d)", type->modifiers[0], type->modifier_count > 1 ? type->modifiers[1] : 0);
	} else if (type->modifier_count > 1) {
		buf_addf(buf, "(%d,%d)", type->modifiers[0], type->modifiers[1]);
	} else {
		buf_addf(buf, "(%d)", type->modifiers[0]);
	}
}

static void print_built_in(Buf *buf, const DataType *type)
{
	const BuiltIn *built_in = find_built_in(type->name);
	const char *words = built_in && built_in->words ? built_in->words : type->name;
	if (same(type->name, "bpchar") && !type->modifier_count)
		words = "bpchar";
	/* The precision stands behind the first word: timestamp(3) with time zone. */
	const char *rest = type->modifier_count ? strstr(words, " with") : NULL;
	if (!rest) {
		buf_adds(buf, words);
		if (type->modifier_count)
			print_modifiers(buf, type);
		return;
	}
	buf_add(buf, words, (size_t)(rest - words));
	print_modifiers(buf, type);
	buf_adds(buf, rest);
}

char *data_type_text(Arena *arena, const DataType *type)
{
	if (!type->name)
		return arena_string(arena, "?");
	Buf buf = {0};
	/* The object's own name: it may have been renamed. */
	const char *schema = type->user ? type->user->object.schema : type->schema;
	const char *name = type->user ? type->user->object.name : type->name;
	if (same(schema, "pg_catalog")) {
		print_built_in(&buf, type);
	} else {
		if (schema) {
			quote_identifier(&buf, schema);
			buf_addc(&buf, '.');
		}
		quote_identifier(&buf, name);
		if (type->modifier_count)
			print_modifiers(&buf, type);
	}
	if (type->dimensions)
		buf_adds(&buf, "[]");
	char *text = arena_copy(arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

bool same_type(const DataType *a, const DataType *b)
{
	if (a->user || b->user ? a->user != b->user : !(same(a->name, b->name) && same(a->schema, b->schema)))
		return false;
	return (a->dimensions > 0) == (b->dimensions > 0) && a->modifier_count == b->modifier_count &&
	       memcmp(a->modifiers, b->modifiers, sizeof a->modifiers[0] * a->modifier_count) == 0;
}

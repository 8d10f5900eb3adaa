/*
 * Which types turn into which without being told to: assignment casts, as ALTER COLUMN TYPE without USING needs them.
 * https://www.postgresql.org/docs/current/typeconv.html; the table is pg_cast's rows of context 'a' and 'i'.
 */
#include "catalog/inside.h"

/* clang-format off */
/* Types that stand for OIDs: every integer can be assigned to them. */
#define OID_ALIASES                                                                                                    \
	"regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype "

static const struct {
	const char *from;
	const char *to; /* between blanks */
} casts[] = {
	{"bit", " varbit "},
	{"box", " polygon "},
	{"cidr", " inet "},
	{"date", " timestamp timestamptz "},
	{"float4", " float8 int2 int4 int8 numeric "},
	{"float8", " float4 int2 int4 int8 numeric "},
	{"inet", " cidr "},
	{"int2", " float4 float8 int4 int8 numeric oid " OID_ALIASES},
	{"int4", " float4 float8 int2 int8 money numeric oid " OID_ALIASES},
	{"int8", " float4 float8 int2 int4 money numeric oid " OID_ALIASES},
	{"interval", " time "},
	{"json", " jsonb "},
	{"jsonb", " json "},
	{"macaddr", " macaddr8 "},
	{"macaddr8", " macaddr "},
	{"money", " numeric "},
	{"numeric", " float4 float8 int2 int4 int8 money "},
	{"oid", " int4 int8 " OID_ALIASES},
	{"path", " polygon "},
	{"point", " box "},
	{"polygon", " path "},
	{"time", " interval timetz "},
	{"timestamp", " date time timestamptz "},
	{"timestamptz", " date time timestamp timetz "},
	{"timetz", " time "},
	{"varbit", " bit "},
};
/* clang-format on */

static bool is_string(const char *name)
{
	return same(name, "text") || same(name, "varchar") || same(name, "bpchar") || same(name, "char") ||
	       same(name, "name");
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);
	for (const char *found = strstr(words, word); found; found = strstr(found + 1, word))
		if (found > words && found[-1] == ' ' && found[length] == ' ')
			return true;
	return false;
}

/* A domain is cast as what it is made of. */
static DataType without_domains(DataType type)
{
	for (int depth = 0; depth < 32 && type.user && type.user->kind == TYPE_DOMAIN && !type.dimensions; depth++)
		type = type.user->base;
	return type;
}

bool can_assign(const DataType *from_type, const DataType *to_type)
{
	DataType from = without_domains(*from_type), to = without_domains(*to_type);
	if (!from.name || !to.name || (from.user && from.user->object.assumed) || (to.user && to.user->object.assumed))
		return true;
	/* Everything can be assigned to strings: its output function does it. */
	if (is_string(to.name) && !to.user && (!to.dimensions || from.dimensions))
		return true;
	if ((from.dimensions > 0) != (to.dimensions > 0))
		return false;
	if (from.user || to.user)
		return from.user == to.user &&
		       (from.user || (same(from.name, to.name) && same(from.schema, to.schema)));
	/* An object's number is its regclass, regtype … */
	if (starts_with(to.name, "reg") || starts_with(from.name, "reg"))
		return true;
	if (same(from.name, to.name) || (is_string(from.name) && is_string(to.name)))
		return true;
	for (size_t i = 0; i < LENGTH(casts); i++) {
		if (!same(casts[i].from, from.name))
			continue;
		return has_word(casts[i].to, to.name);
	}
	/* Types that are in no row have no such cast; those that the table does not know (regclass, ranges …) are not
	 * judged. */
	static const char *const judged[] = {"bool", "bytea", "text",	  "varchar", "bpchar",
					     "uuid", "xml",   "tsvector", "tsquery"};
	for (size_t i = 0; i < LENGTH(judged); i++)
		if (same(judged[i], from.name))
			return false;
	return true;
}

/* Casts that have to be written: pg_cast's rows of context 'e'. */
/* clang-format off */
static const struct {
	const char *from;
	const char *to;
} explicit_casts[] = {
	{"bit", " int4 int8 "},
	{"bool", " int4 "},
	{"box", " circle lseg point "},
	{"circle", " box point polygon "},
	{"int4", " bit bool char "},
	{"int8", " bit "},
	{"jsonb", " bool float4 float8 int2 int4 int8 numeric "},
	{"lseg", " point "},
	{"polygon", " box circle point "},
};
/* clang-format on */

bool can_cast(const DataType *from_type, const DataType *to_type)
{
	DataType from = without_domains(*from_type), to = without_domains(*to_type);
	if (can_assign(&from, &to))
		return true;
	/* A string is read as whatever is wanted. */
	if (!from.dimensions && !from.user && is_string(from.name))
		return true;
	if (from.dimensions && to.dimensions) {
		from.dimensions = to.dimensions = 0;
		return can_cast(&from, &to);
	}
	if (from.dimensions || to.dimensions || from.user || to.user)
		return false;
	for (size_t i = 0; i < LENGTH(explicit_casts); i++)
		if (same(explicit_casts[i].from, from.name) && has_word(explicit_casts[i].to, to.name))
			return true;
	return false;
}

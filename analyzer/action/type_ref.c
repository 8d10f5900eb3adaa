#include "action/expr.h"

/* The grammar's names for types that SQL spells with words of its own; modifiers stand behind the first word. */
static const struct {
	const char *internal;
	const char *word;
	const char *rest;
} spellings[] = {
	{"int2", "smallint", ""},
	{"int4", "integer", ""},
	{"int8", "bigint", ""},
	{"float4", "real", ""},
	{"float8", "double precision", ""},
	{"bool", "boolean", ""},
	{"varchar", "character varying", ""},
	{"bpchar", "character", ""},
	{"varbit", "bit varying", ""},
	{"timestamp", "timestamp", " without time zone"},
	{"timestamptz", "timestamp", " with time zone"},
	{"time", "time", " without time zone"},
	{"timetz", "time", " with time zone"},
};

static void add_modifiers(Buf *buf, const TypeRef *type)
{
	if (!type->modifier_count)
		return;
	buf_addf(buf, "(%d", type->modifiers[0]);
	if (type->modifier_count > 1)
		buf_addf(buf, ",%d", type->modifiers[1]);
	buf_addc(buf, ')');
}

/* Words in the order of PostgreSQL's interval field bits (utils/datetime.h: MONTH 1, YEAR 2, DAY 3, HOUR 10, MINUTE 11, SECOND 12). */
static void add_interval(Buf *buf, const TypeRef *type)
{
	static const struct {
		int bit;
		const char *word;
	} fields[] = {{2, "year"}, {1, "month"}, {3, "day"}, {10, "hour"}, {11, "minute"}, {12, "second"}};
	const int32_t full_range = 0x7FFF;
	buf_adds(buf, "interval");
	if (type->modifier_count && type->modifiers[0] != full_range) {
		const char *first = NULL, *last = NULL;
		for (size_t i = 0; i < LENGTH(fields); i++)
			if (type->modifiers[0] & (1 << fields[i].bit)) {
				first = first ? first : fields[i].word;
				last = fields[i].word;
			}
		if (first)
			buf_addf(buf, " %s", first);
		if (last != first)
			buf_addf(buf, " to %s", last);
	}
	if (type->modifier_count > 1)
		buf_addf(buf, "(%d)", type->modifiers[1]);
}

static void add_name(Buf *buf, const TypeRef *type)
{
	const char *word = type->name.name ? type->name.name : "";
	if (!same(type->name.schema, "pg_catalog")) {
		if (type->name.schema)
			buf_addf(buf, "%s.", type->name.schema);
		buf_adds(buf, word);
		add_modifiers(buf, type);
		return;
	}
	if (same(word, "interval")) {
		add_interval(buf, type);
		return;
	}
	for (size_t i = 0; i < LENGTH(spellings); i++)
		if (same(word, spellings[i].internal)) {
			buf_adds(buf, spellings[i].word);
			add_modifiers(buf, type);
			buf_adds(buf, spellings[i].rest);
			return;
		}
	buf_adds(buf, word);
	add_modifiers(buf, type);
}

char *type_ref_text(Arena *arena, const TypeRef *type)
{
	Buf buf = {0};
	if (type->setof)
		buf_adds(&buf, "setof ");
	add_name(&buf, type);
	if (type->percent_type)
		buf_adds(&buf, "%TYPE");
	for (int i = 0; i < type->dimensions; i++)
		buf_adds(&buf, "[]");
	char *text = arena_copy(arena, buf.data ? buf.data : "", buf.length);
	buf_free(&buf);
	return text;
}

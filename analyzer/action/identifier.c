/*
 * Identifiers as PostgreSQL's quote_identifier() writes them: quoted unless they are plain lower-case words that are no key
 * words, or key words of the category "non-reserved". https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
#include "action/expr.h"

#include <stdlib.h>

/* Key words of PostgreSQL 18 that are not "non-reserved", sorted. */
static const char *const keywords[] = {
	"all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "between",
	"bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character", "check", "coalesce",
	"collate", "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog",
	"current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec",
	"decimal", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists", "extract",
	"false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group",
	"grouping", "having", "ilike", "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval",
	"into", "is", "isnull", "join", "json", "json_array", "json_arrayagg", "json_exists", "json_object",
	"json_objectagg", "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "lateral",
	"leading", "least", "left", "like", "limit", "localtime", "localtimestamp", "merge_action", "national",
	"natural", "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset", "on",
	"only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position", "precision", "primary",
	"real", "references", "returning", "right", "row", "select", "session_user", "setof", "similar", "smallint",
	"some", "substring", "symmetric", "system_user", "table", "tablesample", "then", "time", "timestamp", "to",
	"trailing", "treat", "trim", "true", "union", "unique", "user", "using", "values", "varchar", "variadic",
	"verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists",
	"xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable",
};

static int compare_word(const void *word, const void *entry)
{
	return strcmp(word, *(const char *const *)entry);
}

static bool is_plain(const char *identifier)
{
	const char *c = identifier;
	if (!(*c >= 'a' && *c <= 'z') && *c != '_')
		return false;
	for (; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && *c != '_')
			return false;
	return !bsearch(identifier, keywords, LENGTH(keywords), sizeof *keywords, compare_word);
}

void quote_identifier(Buf *buf, const char *identifier)
{
	if (is_plain(identifier)) {
		buf_adds(buf, identifier);
		return;
	}
	buf_addc(buf, '"');
	for (const char *c = identifier; *c; c++) {
		if (*c == '"')
			buf_addc(buf, '"');
		buf_addc(buf, *c);
	}
	buf_addc(buf, '"');
}

char *quoted_name(Arena *arena, Name name)
{
	Buf buf = {0};
	if (name.schema) {
		quote_identifier(&buf, name.schema);
		buf_addc(&buf, '.');
	}
	quote_identifier(&buf, name.name ? name.name : "");
	char *text = arena_copy(arena, buf.data, buf.length);
	buf_free(&buf);
	return text;
}

char *name_text(Arena *arena, Name name)
{
	const char *word = name.name ? name.name : "";
	return name.schema ? arena_print(arena, "%s.%s", name.schema, word) : arena_string(arena, word);
}

#include "sql_text.h"

#include <ctype.h>
#include <stdlib.h>

/* https://www.postgresql.org/docs/current/sql-keywords-appendix.html: what is no name of a table or column without quotes. */
static int compare_words(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *)b);
}

static bool is_reserved(const char *name)
{
	static const char *const words[] = {
		"all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary", "both",
		"case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
		"current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
		"current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for",
		"foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect",
		"into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp",
		"natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer", "overlaps", "placing",
		"primary", "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric",
		"system_user", "table", "tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using",
		"variadic", "verbose", "when", "where", "window", "with",
	};
	return bsearch(name, words, LENGTH(words), sizeof *words, compare_words) != NULL;
}

static bool needs_quotes(const char *name, NameStyle style)
{
	bool upper = false, lower = false;
	if (!*name || isdigit((unsigned char)*name) || is_reserved(name))
		return true;
	for (const char *c = name; *c; c++) {
		upper |= *c >= 'A' && *c <= 'Z';
		lower |= *c >= 'a' && *c <= 'z';
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '$' && !((unsigned char)*c & 0x80))
			return true;
	}
	return upper && (lower || style == NAME_EXACT);
}

void put_name(Buf *sql, const char *name, NameStyle style)
{
	size_t length = strlen(name);
	bool quoted = length > 1 && name[0] == '"' && name[length - 1] == '"' && !memchr(name + 1, '"', length - 2);
	if (quoted || strstr(name, "${") || !needs_quotes(name, style)) {
		buf_adds(sql, name);
		return;
	}
	buf_addc(sql, '"');
	for (const char *c = name; *c; c++) {
		if (*c == '"')
			buf_addc(sql, '"');
		buf_addc(sql, *c);
	}
	buf_addc(sql, '"');
}

void put_qualified(Buf *sql, const char *schema, const char *name, NameStyle style)
{
	if (schema && *schema) {
		put_name(sql, schema, style);
		buf_addc(sql, '.');
	}
	put_name(sql, name, style);
}

void put_string(Buf *sql, const char *text)
{
	buf_addc(sql, '\'');
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			buf_addc(sql, '\'');
		buf_addc(sql, *c);
	}
	buf_addc(sql, '\'');
}

bool is_number(const char *text)
{
	const char *at = text + (*text == '-' || *text == '+');
	size_t digits = strspn(at, "0123456789");
	at += digits;
	if (*at == '.') {
		size_t more = strspn(at + 1, "0123456789");
		digits += more;
		at += 1 + more;
	}
	if (digits && (*at == 'e' || *at == 'E')) {
		at += 1 + (at[1] == '-' || at[1] == '+');
		size_t exponent = strspn(at, "0123456789");
		at += exponent;
		digits = exponent;
	}
	return digits && !*at;
}

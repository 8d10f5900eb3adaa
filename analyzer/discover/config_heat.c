/* heat: what many users wait for, and what of the numbers is much. */
#include "discover/config_keys.h"

#include <stdlib.h>

#include "discover/pattern.h"

void read_heat_tables(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	array_each(Node *, item, &value_list(reader, key, node)->items) {
		const char *text = value_text(reader, key, *item), *error = NULL;
		const Pattern *pattern = text ? pattern_compile(reader->arena, text, &error) : NULL;
		if (pattern)
			array_push(reader->arena, &config->heat.tables, pattern);
		else if (text)
			key_error(reader, key, (*item)->line, "\"%s\" is no pattern: %s", text, error);
	}
}

void read_heat_statistics(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const char *path = value_path(reader, key, node);
	if (path)
		config->heat.statistics = path;
}

void read_heat_workload(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const char *path = value_path(reader, key, node);
	if (path)
		config->heat.workload = path;
}

void read_heat_redact(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	value_bool(reader, key, node, &config->heat.redact);
}

/* --- Limits ------------------------------------------------------------------------------------------------------------------------ */

/* A number of at most `most` at the start of the text; *rest is what follows it. False: there is none. */
static bool starts_with_number(const char *text, double most, double *number, const char **rest)
{
	size_t digits = strspn(text, "0123456789");
	size_t fraction = text[digits] == '.' ? 1 + strspn(text + digits + 1, "0123456789") : 0;
	*rest = text + digits + fraction;
	*number = strtod(text, NULL);
	return digits && fraction != 1 && *number <= most;
}

void read_heat_hot_percent(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	const char *rest;
	double percent;
	if (node->kind == NODE_TEXT && starts_with_number(node->text, 100, &percent, &rest) && !*rest)
		config->heat.limits.hot_percent = percent;
	else
		key_expected(reader, key, node);
}

void read_heat_tiny_rows(Reader *reader, const Key *key, const Node *node, void *target)
{
	enum { MOST_ROWS = 1000000000 };
	Config *config = target;
	int rows;
	if (value_number(reader, key, node, MOST_ROWS, &rows))
		config->heat.limits.tiny_rows = rows;
}

/* https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES: a kilobyte has 1024 bytes. */
void read_heat_tiny_bytes(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	Config *config = target;
	const char *rest = "";
	double bytes;
	if (node->kind == NODE_TEXT && starts_with_number(node->text, 1e15, &bytes, &rest))
		rest += strspn(rest, " ");
	/* NOLINTNEXTLINE(cert-flp30-c): it is i that counts */
	for (size_t i = 0; i < LENGTH(units) && *rest; i++, bytes *= 1024)
		if (same(rest, units[i])) {
			config->heat.limits.tiny_bytes = bytes;
			return;
		}
	key_expected(reader, key, node);
}

void read_heat_hottest(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	int queries;
	if (!value_number(reader, key, node, 1000, &queries))
		return;
	if (!queries)
		key_expected(reader, key, node);
	config->heat.limits.queries = (uint32_t)queries;
}

void read_heat_stale_days(Reader *reader, const Key *key, const Node *node, void *target)
{
	Config *config = target;
	if (value_number(reader, key, node, 10000, &config->heat.limits.stale_days) && !config->heat.limits.stale_days)
		key_expected(reader, key, node);
}

#include "base/files.h"
#include "discover/config_keys.h"
#include "discover/glob.h"

void key_error(Reader *reader, const Key *key, uint32_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprint(reader->arena, format, arguments);
	va_end(arguments);
	config_error(reader->arena, reader->errors, reader->path, line, "%s: %s", key->name, message);
}

void key_expected(Reader *reader, const Key *key, const Node *node)
{
	if (node->kind == NODE_TEXT)
		key_error(reader, key, node->line, "expected %s, not \"%s\"", key->expects, node->text);
	else if (node->kind == NODE_NULL)
		key_error(reader, key, node->line, "expected %s; nothing is given", key->expects);
	else
		key_error(reader, key, node->line, "expected %s, not %s", key->expects, node_kind_words(node));
}

Key inner_key(Reader *reader, const Key *key, const char *name, const char *expects)
{
	return (Key){.name = arena_print(reader->arena, "%s: %s", key->name, name), .expects = expects};
}

static const Node *value_of_kind(Reader *reader, const Key *key, const Node *node, NodeKind kind)
{
	static const Node nothing = {.kind = NODE_NULL};
	if (node->kind == kind)
		return node;
	/* A key whose entries are all commented out says nothing. */
	if (node->kind != NODE_NULL)
		key_expected(reader, key, node);
	return &nothing;
}

const Node *value_list(Reader *reader, const Key *key, const Node *node)
{
	return value_of_kind(reader, key, node, NODE_LIST);
}

const Node *value_map(Reader *reader, const Key *key, const Node *node)
{
	return value_of_kind(reader, key, node, NODE_MAP);
}

bool value_is_entry(Reader *reader, const Key *key, const Node *node)
{
	if (node->kind != NODE_MAP)
		key_expected(reader, key, node);
	return node->kind == NODE_MAP;
}

const char *value_text(Reader *reader, const Key *key, const Node *node)
{
	if (node->kind == NODE_TEXT && *node->text)
		return node->text;
	key_expected(reader, key, node);
	return NULL;
}

const char *value_path(Reader *reader, const Key *key, const Node *node)
{
	const char *text = value_text(reader, key, node);
	const char *path = text ? join_path(reader->arena, reader->folder, text) : NULL;
	if (!path || reader->outside || !config_leads_out(reader->arena, reader->config, path))
		return path;
	key_error(reader, key, node->line, "\"%s\" is outside of the repository: only a configuration of --config may name it", text);
	return NULL;
}

const char *value_glob(Reader *reader, const Key *key, const Node *node)
{
	const char *text = value_text(reader, key, node);
	const char *error = text ? glob_error(reader->arena, text) : NULL;
	if (!error)
		return text;
	key_error(reader, key, node->line, "%s", error);
	return NULL;
}

int value_word(Reader *reader, const Key *key, const Node *node, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (node->kind == NODE_TEXT && same(node->text, words[i]))
			return (int)i;
	const char *meant = node->kind == NODE_TEXT ? nearest(node->text, words, count) : NULL;
	if (meant)
		key_error(reader, key, node->line, "expected %s, not \"%s\"; did you mean \"%s\"?", key->expects,
			  node->text, meant);
	else
		key_expected(reader, key, node);
	return -1;
}

bool value_bool(Reader *reader, const Key *key, const Node *node, bool *value)
{
	static const char *const words[] = {"false", "true"};
	int word = value_word(reader, key, node, words, LENGTH(words));
	*value = word == 1;
	return word >= 0;
}

bool value_number(Reader *reader, const Key *key, const Node *node, int most, int *value)
{
	const char *digit = node->kind == NODE_TEXT ? node->text : "";
	long number = 0;
	while (*digit >= '0' && *digit <= '9' && number <= most)
		number = number * 10 + (*digit++ - '0');
	if (node->kind != NODE_TEXT || digit == node->text || *digit || number > most) {
		key_expected(reader, key, node);
		return false;
	}
	*value = (int)number;
	return true;
}

bool value_severity(Reader *reader, const Key *key, const Node *node, Severity *severity)
{
	if (node->kind == NODE_TEXT && severity_by_word(node->text, severity))
		return true;
	key_error(reader, key, node->line, "expected a severity: error, warning, note or off, not %s",
		  node->kind == NODE_TEXT ? arena_print(reader->arena, "\"%s\"", node->text) : node_kind_words(node));
	return false;
}

/*
 * https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES: units are
 * case-sensitive.
 */
bool is_duration(const char *text, bool bare)
{
	static const char *const units[] = {"us", "ms", "s", "min", "h", "d"};
	size_t digits = strspn(text, "0123456789");
	const char *rest = text + digits;
	if (*rest == '.') {
		size_t fraction = strspn(rest + 1, "0123456789");
		digits += fraction;
		rest += 1 + fraction;
	}
	if (!digits)
		return false;
	rest += strspn(rest, " ");
	if (!*rest)
		return bare || strspn(text, "0") == strlen(text);
	for (size_t i = 0; i < LENGTH(units); i++)
		if (same(rest, units[i]))
			return true;
	return false;
}

bool postgres_range(const char *text, int *low, int *high)
{
	enum { OLDEST = 11, NEWEST = 18 };
	int ends[2] = {0, 0};
	int count = 0;
	do {
		if (strspn(text, "0123456789") != 2)
			return false;
		ends[count++] = (text[0] - '0') * 10 + (text[1] - '0');
		text += 2;
	} while (count < 2 && *text == '-' && *++text);
	int last = ends[count - 1];
	if (*text || text[-1] == '-' || ends[0] < OLDEST || last > NEWEST || ends[0] > last)
		return false;
	*low = ends[0];
	*high = last;
	return true;
}

char *join_path(Arena *arena, const char *folder, const char *path)
{
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	bool is_here = *path == '/' || same(folder, ".");
	return is_here ? arena_string(arena, path) : path_join(arena, folder, path);
}

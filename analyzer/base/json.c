#include "base/json.h"

#include <inttypes.h>

#include "read/source.h"

Json json_new(Buf *out)
{
	return (Json){.out = out};
}

static void add_line(Json *json)
{
	const size_t indent = 2 * json->depth;
	char *line = buf_room(json->out, 1 + indent);
	line[0] = '\n';
	memset(line + 1, ' ', indent);
}

/* Is one of eight bytes no ASCII, below a blank, '"', '\\' or DEL? */
static bool any_special(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\', rubout = word ^ ones * 0x7F;
	return (word | (word - ones * ' ') | (quote - ones) | (slash - ones) | (rubout - ones)) & highs;
}

/* Bytes of ASCII that stand in a string as they are. */
static size_t plain_length(const char *text, size_t length)
{
	size_t plain = 0;
	uint64_t word;
	for (; plain + sizeof word <= length; plain += sizeof word) {
		memcpy(&word, text + plain, sizeof word);
		if (any_special(word))
			break;
	}
	if (length >= sizeof word && plain + sizeof word > length) { /* the last eight, some of them again */
		memcpy(&word, text + length - sizeof word, sizeof word);
		if (!any_special(word))
			return length;
	}
	while (plain < length && text[plain] >= ' ' && text[plain] < 0x7F && text[plain] != '"' && text[plain] != '\\')
		plain++;
	return plain;
}

static void add_quoted(Buf *out, Text text)
{
	size_t plain = plain_length(text.data, text.length);
	if (plain == text.length) { /* most are */
		char *quoted = buf_room(out, plain + 2);
		quoted[0] = quoted[plain + 1] = '"';
		if (plain)
			memcpy(quoted + 1, text.data, plain);
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < text.length; plain = plain_length(text.data + i, text.length - i)) {
		buf_add(out, text.data + i, plain);
		i += plain;
		if (i == text.length)
			break;
		unsigned char byte = (unsigned char)text.data[i];
		size_t length = utf8_sequence(text.data + i, text.length - i);
		if (length == 0)
			buf_adds(out, "\xEF\xBF\xBD"); /* U+FFFD, the replacement character */
		else if (byte == '"' || byte == '\\')
			buf_addf(out, "\\%c", byte);
		else if (byte == '\n')
			buf_adds(out, "\\n");
		else if (byte == '\t')
			buf_adds(out, "\\t");
		else if (byte == '\r')
			buf_adds(out, "\\r");
		else if (byte < 0x20 || byte == 0x7F)
			buf_addf(out, "\\u%04x", byte);
		else
			buf_add(out, text.data + i, length);
		i += length ? length : 1;
	}
	buf_addc(out, '"');
}

/* What comes before any value: the comma, the line, the key. */
static void before_value(Json *json, const char *key)
{
	if (json->depth == 0) {
		if (key || json->done)
			die("json: a second value at the top (%s)", key ? key : "no key");
		json->done = true;
		return;
	}
	struct JsonLevel *level = &json->levels[json->depth - 1];
	if ((level->close == '}') != (key != NULL))
		die("json: %s", key ? "a key inside an array" : "a member without a key");
	if (level->filled)
		buf_adds(json->out, level->lines ? "," : ", ");
	level->filled = true;
	if (level->lines)
		add_line(json);
	if (key) {
		add_quoted(json->out, (Text){key, strlen(key)});
		buf_add(json->out, ": ", 2);
	}
}

static void open_container(Json *json, const char *key, JsonLayout layout, char open, char close)
{
	before_value(json, key);
	if (json->depth == JSON_DEPTH)
		die("json: more than %d levels", JSON_DEPTH);
	bool inside_lines = json->depth == 0 || json->levels[json->depth - 1].lines;
	buf_addc(json->out, open);
	json->levels[json->depth++] = (struct JsonLevel){.close = close, .lines = layout == JSON_MANY_LINES && inside_lines};
}

void json_open_object(Json *json, const char *key, JsonLayout layout)
{
	open_container(json, key, layout, '{', '}');
}

void json_open_array(Json *json, const char *key, JsonLayout layout)
{
	open_container(json, key, layout, '[', ']');
}

void json_close(Json *json)
{
	if (json->depth == 0)
		die("json: nothing is open");
	const struct JsonLevel *level = &json->levels[--json->depth];
	if (level->lines && level->filled)
		add_line(json);
	buf_addc(json->out, level->close);
}

void json_finish(Json *json)
{
	while (json->depth)
		json_close(json);
	if (!json->done)
		json_put_null(json, NULL);
	buf_addc(json->out, '\n');
}

void json_put_text(Json *json, const char *key, Text value)
{
	before_value(json, key);
	add_quoted(json->out, value);
}

void json_put_string(Json *json, const char *key, const char *value)
{
	if (value)
		json_put_text(json, key, (Text){value, strlen(value)});
	else
		json_put_null(json, key);
}

void json_put_number(Json *json, const char *key, int64_t value)
{
	before_value(json, key);
	buf_addf(json->out, "%" PRId64, value);
}

void json_put_bool(Json *json, const char *key, bool value)
{
	before_value(json, key);
	buf_adds(json->out, value ? "true" : "false");
}

void json_put_null(Json *json, const char *key)
{
	before_value(json, key);
	buf_adds(json->out, "null");
}

#include "audit/digest.h"

#include "base/sha256.h"

static int add_bytes(const char *bytes, size_t length, void *payload)
{
	buf_add(payload, bytes, length);
	return 0;
}

/* The caller frees it. */
static Buf canonical(const json_t *value)
{
	Buf text = {0};
	if (json_dump_callback(value, add_bytes, &text, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) != 0)
		die("a report cannot be written as JSON");
	return text;
}

const char *json_words(Arena *arena, const json_t *value)
{
	Buf text = canonical(value);
	const char *words = arena_copy(arena, text.data, text.length);
	buf_free(&text);
	return words;
}

/* 64 hexadecimal digits. */
static const char *json_digest(Arena *arena, const json_t *value)
{
	Buf text = canonical(value);
	const char *digest = sha256_hex(arena, text.data, text.length);
	buf_free(&text);
	return digest;
}

const char *json_text_digest(Arena *arena, Text text, const char *const *without)
{
	json_t *value = json_loadb(text.data, text.length, JSON_ALLOW_NUL, NULL);
	if (!value)
		die("a report is not the JSON that it should be");
	for (; *without; without++)
		json_object_del(value, *without);
	const char *digest = json_digest(arena, value);
	json_decref(value);
	return digest;
}

const char *migration_digest(Arena *arena, Text json)
{
	return json_text_digest(arena, json, (const char *const[]){"digest", "released", "author", "last_commit", NULL});
}

const char *report_digest(Arena *arena, Text json)
{
	return json_text_digest(arena, json, (const char *const[]){"digest", NULL});
}

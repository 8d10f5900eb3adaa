/* Reading a report that was signed: as JSON, or out of its page. */
#include "audit/digest.h"
#include "audit/verify.h"
#include "base/files.h"
#include "base/sha256.h"

/* The last one: what stands before it is the page, whatever that shows. */
static const char *find_last(const char *bytes, size_t length, const char *mark)
{
	const char *last = NULL;
	for (const char *at = bytes; (at = memmem(at, length - (size_t)(at - bytes), mark, strlen(mark))); at++)
		last = at;
	return last;
}

/* The JSON of a file; *page: what stands before it and has to be as it was. */
static Text find_json(const char *bytes, size_t length, Text *page)
{
	static const struct {
		const char *mark, *end;
	} kinds[] = {{AUDIT_RECORD_HTML, "</script>"}, {AUDIT_RECORD_MARKDOWN, " -->"}};
	if (length && bytes[strspn(bytes, " \t\r\n")] == '{')
		return (Text){bytes, length};
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		const char *record = find_last(bytes, length, kinds[i].mark);
		const char *start = record ? record + strlen(kinds[i].mark) : NULL;
		const char *end = start ? memmem(start, length - (size_t)(start - bytes), kinds[i].end, strlen(kinds[i].end)) : NULL;
		if (!end)
			continue;
		*page = (Text){bytes, (size_t)(record - bytes)};
		return (Text){start, (size_t)(end - start)};
	}
	return (Text){0};
}

static const char *member(Arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? arena_string(arena, text) : NULL;
}

static void read_selection(Arena *arena, const json_t *report, AuditSelection *selection)
{
	const json_t *given = json_object_get(json_object_get(report, "subject"), "selection");
	selection->since = member(arena, given, "since");
	selection->released = member(arena, given, "released");
	const json_t *versions = json_object_get(given, "migrations");
	for (size_t i = 0; i < json_array_size(versions); i++) {
		const char *version = json_string_value(json_array_get(versions, i));
		if (version)
			array_push(arena, &selection->migrations, arena_string(arena, version));
	}
}

bool signed_read(Arena *arena, const char *path, SignedReport *report, const char **error)
{
	size_t length;
	const char *bytes = file_read(arena, path, &length, error);
	if (!bytes)
		return false;
	Text page = {0}, text = find_json(bytes, length, &page);
	json_t *value = text.data ? json_loadb(text.data, text.length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL) : NULL;
	if (!json_is_array(json_object_get(value, "histories")) || json_integer_value(json_object_get(value, "version")) != 1) {
		json_decref(value);
		*error = "this is no report of ddlint audit";
		return false;
	}
	*report = (SignedReport){.path = path, .report = value};
	const char *digest = member(arena, value, "digest"), *page_digest = member(arena, value, "page_sha256");
	report->altered = !same(digest, report_digest(arena, text)) ||
			  (page.data && !same(page_digest, sha256_hex(arena, page.data, page.length)));
	read_selection(arena, value, &report->selection);
	return true;
}

void signed_free(SignedReport *report)
{
	json_decref(report->report);
}

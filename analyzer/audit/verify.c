#include "audit/verify.h"

#include <inttypes.h>

#include "audit/digest.h"
#include "report/terminal.h"

typedef struct Comparing {
	Buf *out;
	Arena arena;
	uint32_t same, changed, gone, added;
	bool partial; /* the report is about a range: what lies outside it is no news */
} Comparing;

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static void add_line(Comparing *comparing, const json_t *migration, const char *format, ...) PRINTF(3, 4);
static void add_line(Comparing *comparing, const json_t *migration, const char *format, ...)
{
	Buf *out = comparing->out;
	add_safe_string(out, text_of(migration, "version"));
	buf_addc(out, ' ');
	add_safe_string(out, text_of(migration, "name"));
	buf_adds(out, ": ");
	va_list arguments;
	va_start(arguments, format);
	add_safe_string(out, arena_vprint(&comparing->arena, format, arguments));
	va_end(arguments);
	buf_addc(out, '\n');
}

/* --- One migration, then and now ----------------------------------------------------------------------------------------------------- */

/* A value as people read it: strings bare, everything else as JSON. */
static const char *value_words(Arena *arena, const json_t *value)
{
	if (json_is_string(value))
		return arena_string(arena, json_string_value(value));
	if (!value || json_is_null(value))
		return "none";
	enum { SHORT = 160 };
	const char *words = json_words(arena, value);
	return strlen(words) <= SHORT ? words : arena_print(arena, "%.*s…", SHORT, words);
}

static bool compare_value(Comparing *comparing, const json_t *migration, const char *words, const json_t *then, const json_t *now)
{
	if (json_equal(then, now))
		return true;
	add_line(comparing, migration, "%s was %s, is %s", words, value_words(&comparing->arena, then), value_words(&comparing->arena, now));
	return false;
}

static bool has_fingerprint(const json_t *findings, const char *fingerprint)
{
	for (size_t i = 0; i < json_array_size(findings); i++)
		if (same(text_of(json_array_get(findings, i), "fingerprint"), fingerprint))
			return true;
	return false;
}

/* Findings that one side has and the other lacks. */
static bool compare_findings(Comparing *comparing, const json_t *migration, const json_t *from, const json_t *to, const char *words)
{
	bool all = true;
	for (size_t i = 0; i < json_array_size(from); i++) {
		const json_t *finding = json_array_get(from, i);
		if (has_fingerprint(to, text_of(finding, "fingerprint")))
			continue;
		all = false;
		add_line(comparing, migration, "%s: %s %s", words, text_of(finding, "severity"), text_of(finding, "rule"));
	}
	return all;
}

static bool compare_migration(Comparing *comparing, const json_t *then, const json_t *now)
{
	static const struct {
		const char *inside, *key, *words; /* inside: an object of the migration; NULL: the migration itself */
	} claims[] = {
		{NULL, "up_sha256", "the checksum of the up file"},
		{NULL, "down_sha256", "the checksum of the down file"},
		{NULL, "transaction", "a transaction around it"},
		{NULL, "risk", "the risk"},
		{NULL, "phase", "the phase"},
		{NULL, "confidence", "the confidence"},
		{NULL, "locks", "the locks"},
		{"rollback", "verdict", "the rollback"},
		{"rollback", "leftovers", "what the rollback leaves"},
		{"rollback", "loses_data", "that the rollback loses data"},
		{"rollback", "chain", "the chain of rollbacks"},
		{"repeat", "verdict", "a second run"},
		{"resume", "verdict", "a run after a failure"},
		{NULL, "metadata", "the metadata"},
		{NULL, "approvals", "the approvals"},
		{NULL, "suppressions", "what it allows"},
		{NULL, "not_checked", "what is not checked"},
	};
	if (json_equal(json_object_get(then, "digest"), json_object_get(now, "digest")))
		return true;
	bool told = false;
	for (size_t i = 0; i < LENGTH(claims); i++) {
		const json_t *old = claims[i].inside ? json_object_get(then, claims[i].inside) : then;
		const json_t *new = claims[i].inside ? json_object_get(now, claims[i].inside) : now;
		told |= !compare_value(comparing, now, claims[i].words, json_object_get(old, claims[i].key), json_object_get(new, claims[i].key));
	}
	const json_t *old = json_object_get(then, "findings"), *new = json_object_get(now, "findings");
	told |= !compare_findings(comparing, now, old, new, "no longer found");
	told |= !compare_findings(comparing, now, new, old, "newly found");
	if (!told)
		add_line(comparing, now, "its statements, or the words of its findings, are others");
	return false;
}

/* --- Which migration is which ---------------------------------------------------------------------------------------------------------- */

/* The same migration today: by version and file, then by version and name, then by content. */
static json_t *find_today(const json_t *migrations, const json_t *then)
{
	static const char *const keys[][2] = {{"version", "up_file"}, {"version", "name"}, {"up_sha256", "down_sha256"}};
	for (size_t k = 0; k < LENGTH(keys); k++)
		for (size_t i = 0; i < json_array_size(migrations); i++) {
			json_t *now = json_array_get(migrations, i);
			if (!json_object_get(now, "matched") && json_equal(json_object_get(now, keys[k][0]), json_object_get(then, keys[k][0])) &&
			    json_equal(json_object_get(now, keys[k][1]), json_object_get(then, keys[k][1])))
				return now;
		}
	return NULL;
}

static void compare_history(Comparing *comparing, const json_t *then, const json_t *now)
{
	const json_t *old = json_object_get(then, "migrations"), *new = json_object_get(now, "migrations");
	for (size_t i = 0; i < json_array_size(old); i++) {
		const json_t *migration = json_array_get(old, i);
		json_t *today = find_today(new, migration);
		if (!today) {
			comparing->gone++;
			add_line(comparing, migration, "it is gone");
			continue;
		}
		json_object_set_new(today, "matched", json_true());
		if (compare_migration(comparing, migration, today))
			comparing->same++;
		else
			comparing->changed++;
	}
	for (size_t i = 0; i < json_array_size(new) && !comparing->partial; i++) {
		const json_t *migration = json_array_get(new, i);
		if (json_object_get(migration, "matched"))
			continue;
		comparing->added++;
		add_line(comparing, migration, "the report does not have it");
	}
}

static json_t *find_history(const json_t *histories, const json_t *like)
{
	for (size_t i = 0; i < json_array_size(histories); i++)
		if (json_equal(json_object_get(json_array_get(histories, i), "history"), json_object_get(like, "history")))
			return json_array_get(histories, i);
	return NULL;
}

static void compare_histories(Comparing *comparing, const json_t *then, const json_t *now)
{
	/* A folder that was moved is the same history when there is only one. */
	if (json_array_size(then) == 1 && json_array_size(now) == 1) {
		compare_history(comparing, json_array_get(then, 0), json_array_get(now, 0));
		return;
	}
	for (size_t i = 0; i < json_array_size(then); i++)
		compare_history(comparing, json_array_get(then, i), find_history(now, json_array_get(then, i)));
	for (size_t i = 0; i < json_array_size(now) && !comparing->partial; i++)
		if (!find_history(then, json_array_get(now, i)))
			compare_history(comparing, NULL, json_array_get(now, i));
}

/* --- The whole ----------------------------------------------------------------------------------------------------------------------------- */

/* What may explain a difference, and is none by itself. */
static void add_notes(Comparing *comparing, const json_t *then, const json_t *now)
{
	static const char *const keys[][2] = {
		{"commit", "the commit"}, {"tool", "the tool"}, {"parser", "the parser"}, {"rules_sha256", "the checksum of the rules"},
		{"config_sha256", "the checksum of the configuration"}, {"packs", "the packs"},
	};
	for (size_t i = 0; i < LENGTH(keys); i++) {
		const json_t *old = json_object_get(then, keys[i][0]), *new = json_object_get(now, keys[i][0]);
		if (json_equal(old, new))
			continue;
		buf_addf(comparing->out, "note: %s was ", keys[i][1]);
		add_safe_string(comparing->out, value_words(&comparing->arena, old));
		buf_adds(comparing->out, ", is ");
		add_safe_string(comparing->out, value_words(&comparing->arena, new));
		buf_addc(comparing->out, '\n');
	}
}

bool signed_compare(Buf *out, const SignedReport *report, const AuditReport *today)
{
	Buf text = {0};
	audit_json(&text, today);
	json_t *now = json_loadb(text.data, text.length, JSON_ALLOW_NUL, NULL);
	buf_free(&text);
	Comparing comparing = {.out = out, .partial = json_is_string(json_object_get(json_object_get(report->report, "subject"), "range"))};
	if (report->altered)
		buf_adds(out, "the report was edited after it was written: it does not have its own digest\n");
	add_notes(&comparing, json_object_get(report->report, "subject"), json_object_get(now, "subject"));
	compare_histories(&comparing, json_object_get(report->report, "histories"), json_object_get(now, "histories"));
	json_decref(now);
	arena_free(&comparing.arena);
	buf_addf(out, "%" PRIu32 " as signed, %" PRIu32 " changed, %" PRIu32 " gone, %" PRIu32 " not in the report\n", comparing.same,
		 comparing.changed, comparing.gone, comparing.added);
	return report->altered || comparing.changed || comparing.gone || comparing.added;
}

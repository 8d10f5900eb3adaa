#include "discover/pattern.h"

#include <ctype.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/*
 * Patterns come from a file that anybody may send in a pull request: a match that backtracks without end must not
 * stop the checks. The limits allow far more than any name needs and end after some milliseconds.
 */
enum {
	MATCH_LIMIT = 200000,
	DEPTH_LIMIT = 5000,
	HEAP_LIMIT_KIB = 4096,
	LONGEST_PATTERN = 2000,
	DEEPEST_GROUPS = 50,
};

struct Pattern {
	const char *name;            /* a plain name; NULL: a regular expression */
	const pcre2_code *code;
	const char *prefix;          /* every match starts with it; NULL: not known */
	size_t prefix_length;
	pcre2_match_context *limits;
	bool relation;               /* subjects are relations: the bare name is tried too */
};

/* PCRE2 takes its memory from the arena, so nothing of it has to be freed; that is also why there is no JIT. */
static void *from_arena(size_t size, void *arena)
{
	return arena_alloc(arena, 1, size);
}

static void into_arena(void *memory UNUSED, void *arena UNUSED)
{
}

static const char *compile_error(Arena *arena, int code, size_t offset)
{
	PCRE2_UCHAR message[256];
	pcre2_get_error_message(code, message, sizeof message);
	return arena_print(arena, "%s at character %zu", (const char *)message, offset + 1);
}

static Pattern *compile(Arena *arena, const char *regex, size_t length, uint32_t options, const char **error)
{
	pcre2_general_context *memory = pcre2_general_context_create(from_arena, into_arena, arena);
	pcre2_compile_context *context = pcre2_compile_context_create(memory);
	pcre2_set_max_pattern_length(context, LONGEST_PATTERN);
	pcre2_set_parens_nest_limit(context, DEEPEST_GROUPS);
	/* Subjects may be bytes that are no UTF-8 (MATCH_INVALID_UTF); \C would cut code points in two. */
	options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
	int code = 0;
	PCRE2_SIZE offset = 0;
	const pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)regex, length, options, &code, &offset, context);
	if (!compiled) {
		*error = compile_error(arena, code, offset);
		return NULL;
	}
	Pattern *pattern = new(arena, Pattern);
	pattern->code = compiled;
	pattern->limits = pcre2_match_context_create(memory);
	pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(pattern->limits, HEAP_LIMIT_KIB);
	return pattern;
}

Pattern *pattern_regex(Arena *arena, const char *regex, const char **error)
{
	return compile(arena, regex, strlen(regex), 0, error);
}

/* /text/ or /text/i */
/*
 * "tmp_" of ^tmp_[0-9]+: conventions on names start like that, and most names fail them at the first letter. PCRE2 would find
 * out too, but a match costs an allocation and a look at the subject's UTF-8 first.
 */
static void find_prefix(Arena *arena, Pattern *pattern, const char *regex, size_t length)
{
	size_t count = 0;
	if (regex[0] != '^' || memchr(regex, '|', length))
		return;
	while (1 + count < length && (isalnum((unsigned char)regex[1 + count]) || regex[1 + count] == '_'))
		count++;
	bool repeated = count && 1 + count < length && strchr("?*{", regex[1 + count]); /* the last letter need not be there */
	count -= repeated;
	pattern->prefix = count ? arena_copy(arena, regex + 1, count) : NULL;
	pattern->prefix_length = count;
}

static Pattern *compile_slashed(Arena *arena, const char *text, const char **error)
{
	const char *last = strrchr(text, '/');
	if (last == text) {
		*error = "a regular expression ends with a slash: /pattern/";
		return NULL;
	}
	if (last == text + 1) {
		*error = "an empty regular expression matches everything";
		return NULL;
	}
	if (last[1] && strcmp(last, "/i") != 0) {
		*error = arena_print(arena, "\"%s\" is no flag: only i, for any case, is known", last + 1);
		return NULL;
	}
	uint32_t options = last[1] ? PCRE2_CASELESS : 0;
	size_t length = (size_t)(last - text - 1);
	Pattern *pattern = compile(arena, text + 1, length, options, error);
	if (pattern && !options)
		find_prefix(arena, pattern, text + 1, length);
	return pattern;
}

Pattern *pattern_of_text(Arena *arena, const char *text, const char **error)
{
	*error = NULL;
	if (!*text) {
		*error = "a name is empty";
		return NULL;
	}
	if (*text == '/')
		return compile_slashed(arena, text, error);
	Pattern *pattern = new(arena, Pattern);
	pattern->name = arena_string(arena, text);
	return pattern;
}

Pattern *pattern_compile(Arena *arena, const char *text, const char **error)
{
	Pattern *pattern = pattern_of_text(arena, text, error);
	if (pattern)
		pattern->relation = true;
	return pattern;
}

static bool matches_whole(const Pattern *pattern, const char *subject)
{
	if (pattern->name)
		return same(pattern->name, subject);
	if (pattern->prefix && strncmp(subject, pattern->prefix, pattern->prefix_length) != 0)
		return false;
	/*
	 * The one allocation that is PCRE2's own: a place for offsets, and for what backtracking needs, for each
	 * match.
	 */
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	if (!data)
		die("out of memory (a regular expression's match)");
	int found = pcre2_match(pattern->code, (PCRE2_SPTR)subject, strlen(subject), 0, 0, data, pattern->limits);
	pcre2_match_data_free(data);
	return found >= 0;
}

bool pattern_matches(const Pattern *pattern, const char *subject)
{
	if (matches_whole(pattern, subject))
		return true;
	const char *dot = pattern->relation ? strchr(subject, '.') : NULL;
	return dot && matches_whole(pattern, dot + 1);
}

/* --- Named groups ------------------------------------------------------------------------------------------------- */

/* PCRE2's table of names: entries of equal size, each a group's number in two bytes and its name. */
typedef struct Names {
	const char *entries;
	uint32_t count, size;
} Names;

static Names names_of(const Pattern *pattern)
{
	Names names = {0};
	PCRE2_SPTR table = NULL;
	if (!pattern->code)
		return names;
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMECOUNT, &names.count);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMEENTRYSIZE, &names.size);
	pcre2_pattern_info(pattern->code, PCRE2_INFO_NAMETABLE, &table);
	names.entries = (const char *)table;
	return names;
}

static const char *name_at(const Names *names, uint32_t place, uint32_t *group)
{
	const char *entry = names->entries + (size_t)place * names->size;
	*group = ((uint32_t)(unsigned char)entry[0] << 8) | (unsigned char)entry[1];
	return entry + 2;
}

bool pattern_find(const Pattern *pattern, const char *subject, size_t length, size_t from, Match *match)
{
	if (!pattern->code || from > length || length >= UINT32_MAX)
		return false;
	pcre2_match_data *data = pcre2_match_data_create(MOST_GROUPS, NULL);
	if (!data)
		die("out of memory (a regular expression's match)");
	int found = pcre2_match(pattern->code, (PCRE2_SPTR)subject, length, from, 0, data, pattern->limits);
	*match = (Match){.pattern = pattern};
	const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
	int told = found == 0 ? MOST_GROUPS : found; /* 0: there are more groups than places for them */
	for (int i = 0; i < MOST_GROUPS; i++) {
		bool took_part = i < told && places[2 * i] != PCRE2_UNSET;
		match->spans[i] = took_part ? (Span){(uint32_t)places[2 * i], (uint32_t)places[2 * i + 1]} : (Span){1, 0};
	}
	pcre2_match_data_free(data);
	return found >= 0;
}

bool match_group(const Match *match, const char *name, Span *span)
{
	Names names = names_of(match->pattern);
	for (uint32_t i = 0; i < names.count; i++) {
		uint32_t group;
		if (!same(name_at(&names, i, &group), name) || group >= MOST_GROUPS)
			continue;
		*span = match->spans[group];
		if (span->start <= span->end)
			return true;
	}
	return false;
}

const char *pattern_unknown_group(const Pattern *pattern, const char *const *known, size_t count)
{
	Names names = names_of(pattern);
	for (uint32_t i = 0; i < names.count; i++) {
		uint32_t group;
		const char *name = name_at(&names, i, &group);
		bool is_known = false;
		for (size_t k = 0; k < count; k++)
			is_known |= same(name, known[k]);
		if (!is_known)
			return name;
	}
	return NULL;
}

bool pattern_has_group(const Pattern *pattern, const char *name)
{
	Names names = names_of(pattern);
	for (uint32_t i = 0; i < names.count; i++) {
		uint32_t group;
		if (same(name_at(&names, i, &group), name))
			return true;
	}
	return false;
}

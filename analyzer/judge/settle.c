/*
 * From what the rules said to what is reported.
 */
#include <stdlib.h>

#include "judge/judge.h"
#include "judge/suppress.h"
#include "read/lex.h"

/* --- Equal findings of several server versions, or of one place reached twice ------------------------------------------------------ */

/* What makes two findings equal, as bytes. */
static Text key_of(Arena *arena, const Finding *finding)
{
	const struct {
		const Rule *rule;
		const Source *source;
		Span span;
		uint64_t whole_file;
	} place = {finding->rule, finding->source, finding->span, finding->whole_file};
	size_t length = strlen(finding->message);
	char *key = arena_alloc(arena, 1, sizeof place + length);
	memcpy(key, &place, sizeof place);
	memcpy(key + sizeof place, finding->message, length);
	return (Text){key, sizeof place + length};
}

static void merge(Arena *arena, const Findings *raw, int versions, Findings *merged)
{
	Map seen = {0};
	Arena scratch = {0};
	array_each (Finding *, item, &raw->list) {
		Finding *finding = *item;
		Text key = key_of(&scratch, finding);
		Finding *first = map_get(&seen, key.data, key.length);
		if (!first) {
			map_set(&scratch, &seen, key.data, key.length, finding);
			array_push(arena, &merged->list, finding);
		} else if (finding->postgres.count && first->postgres.items[first->postgres.count - 1] != finding->postgres.items[0]) {
			array_push(arena, &first->postgres, finding->postgres.items[0]);
		}
	}
	arena_free(&scratch);
	array_each (Finding *, item, &merged->list) {
		Finding *finding = *item;
		if (!finding->postgres.count || finding->postgres.count == (uint32_t)versions)
			continue;
		Buf majors = {0};
		array_each (int, major, &finding->postgres)
			buf_addf(&majors, "%s%d", majors.length ? ", " : "", *major);
		finding->message = arena_print(arena, "%s (on PostgreSQL %s)", finding->message, majors.data);
		buf_free(&majors);
	}
}

/* --- What another finding of the statement says along -------------------------------------------------------------------------------------- */

static bool can_host(const Finding *finding, const Finding *guest)
{
	if (finding->statement != guest->statement || finding->suppressed || finding->severity < SEVERITY_WARNING)
		return false;
	if (guest->rule->folded_into)
		return same(rule_id(finding->rule), guest->rule->folded_into) && finding->span.start == guest->span.start;
	return !finding->rule->folded || finding->rule->folded_into;
}

/* The gravest warning about the statement; findings of one script stand together. NULL: there is none. */
static Finding *host_of(const Findings *findings, uint32_t place)
{
	Finding *const *items = findings->list.items, *guest = items[place], *host = NULL;
	uint32_t first = place;
	while (first > 0 && items[first - 1]->script == guest->script)
		first--;
	for (uint32_t i = first; i < findings->list.count && items[i]->script == guest->script; i++)
		if (can_host(items[i], guest) && (!host || items[i]->severity > host->severity))
			host = items[i];
	return host;
}

/* A finding that becomes a sentence of another one. */
typedef struct Guest {
	Finding *finding, *host;
	bool collapsed; /* it is one of those that became one for the history */
} Guest;
typedef ARRAY(Guest) Guests;

/* Whose host can be one rule only is taken out first: what is left of them may be hosts themselves. */
static void take_out_guests(Arena *arena, Findings *findings, bool of_one_host, Guests *guests)
{
	Findings kept = {0};
	for (uint32_t i = 0; i < findings->list.count; i++) {
		Finding *finding = findings->list.items[i];
		const Rule *rule = finding->rule;
		bool asks = rule->folded && (rule->folded_into != NULL) == of_one_host && finding->statement && !finding->suppressed;
		Finding *host = asks ? host_of(findings, i) : NULL;
		if (host)
			array_push(arena, guests, (Guest){.finding = finding, .host = host});
		else
			array_push(arena, &kept.list, finding);
	}
	findings->list = kept.list;
}

static void fold(Arena *arena, const Guests *guests)
{
	array_each (const Guest, guest, guests) {
		Finding *host = guest->host;
		if (guest->collapsed)
			continue;
		/* A rule of one's own may give no reason. */
		const char *why = host->detail ? host->detail : host->rule->why, *along = guest->finding->rule->folded;
		host->detail = why ? arena_join(arena, why, " ", along) : along;
		array_push(arena, &host->along, guest->finding);
	}
}

/* --- What most of a history lacks ------------------------------------------------------------------------------------------------------ */

static uint32_t judged_migrations(const History *history)
{
	uint32_t count = 0;
	array_each (Migration *, migration, &history->migrations)
		count += (*migration)->up && (*migration)->up->target && (*migration)->up->direction == DIRECTION_UP;
	return count;
}

/* Several server versions have asked the same script. */
static uint32_t keeping(const Findings *raw, const Rule *rule, int versions)
{
	uint32_t count = 0;
	array_each (const Kept, kept, &raw->kept)
		count += kept->rule == rule;
	return count / (uint32_t)versions;
}

static bool counts_for(const Finding *finding, const Rule *rule)
{
	return finding->rule == rule && !finding->suppressed;
}

/*
 * The findings of a rule become one when more than half of those that were asked have one, whether it stands alone or is another
 * finding's guest. False: they do not, or there are only guests.
 */
static bool collapse(Arena *arena, const History *history, const Rule *rule, uint32_t keeping, const Guests *guests, Findings *findings)
{
	uint32_t having = 0;
	Finding *first = NULL;
	const Script *last = NULL;
	array_each (Finding *, finding, &findings->list) {
		if (counts_for(*finding, rule)) {
			having += !last || (*finding)->script != last; /* a script counts once */
			last = (*finding)->script;
			first = first ? first : *finding;
		}
	}
	array_each (const Guest, guest, guests)
		having += guest->finding->rule == rule; /* once a script */
	uint32_t all = rule->most_of ? having + keeping : judged_migrations(history);
	if (!first || all < 2 || having * 2 <= all)
		return false;
	Finding *own = first;
	first = new(arena, Finding);
	*first = *own;
	uint32_t kept = 0;
	array_each (Finding *, finding, &findings->list) {
		if (counts_for(*finding, rule))
			array_push(arena, &first->stands_for, *finding);
		if (!counts_for(*finding, rule) || *finding == own)
			findings->list.items[kept++] = *finding == own ? first : *finding;
	}
	findings->list.count = kept;
	first->whole_file = true;
	first->relation = first->object = first->lock = NULL;
	first->statement = NULL;
	first->migration = NULL;
	first->edits = (__typeof__(first->edits)){0};
	first->along = (__typeof__(first->along)){0};
	first->related = (__typeof__(first->related)){0};
	first->detail = first->instead = NULL;
	first->message = arena_print(arena, "%u of %u %s %s", having, all, rule->most_of ? rule->most_of : "migrations", rule->when_most);
	const Script *start = first_script(history);
	first->source = start ? start->source : first->source;
	return true;
}

/* --- Order and fingerprints --------------------------------------------------------------------------------------------------------------- */

int finding_order(const void *a, const void *b)
{
	const Finding *left = *(Finding *const *)a, *right = *(Finding *const *)b;
	if (left->place != right->place)
		return left->place < right->place ? -1 : 1;
	if (left->source != right->source) {
		int order = !left->source ? -1 : !right->source ? 1 : strcmp(left->source->path, right->source->path);
		if (order)
			return order;
	}
	if (left->whole_file != right->whole_file)
		return left->whole_file ? -1 : 1;
	if (left->span.start != right->span.start)
		return left->span.start < right->span.start ? -1 : 1;
	if (left->severity != right->severity)
		return left->severity > right->severity ? -1 : 1;
	int order = strcmp(left->rule->name, right->rule->name);
	return order ? order : strcmp(left->message, right->message);
}

static void find_place(const Map *places, Finding *finding)
{
	const char *path = finding->source ? finding->source->path : "";
	finding->place = (uint32_t)(uintptr_t)map_get(places, path, strlen(path));
}

/* Files in the order of the history, each up before its down. */
static void find_places(Arena *arena, const History *history, const Findings *findings)
{
	Map places = {0};
	uintptr_t last = 0;

	array_each (Migration *, migration, &history->migrations) {
		const Script *scripts[] = {(*migration)->up, (*migration)->down};
		for (size_t i = 0; i < LENGTH(scripts); i++) {
			const char *path = scripts[i] ? scripts[i]->source->path : NULL;
			if (path && !map_get(&places, path, strlen(path)))
				map_set(arena, &places, path, strlen(path), (void *)++last);
		}
	}
	array_each (Finding *, finding, &findings->list) {
		find_place(&places, *finding);
		array_each (Finding *, one, &(*finding)->stands_for)
			find_place(&places, *one);
	}
}

/* The clause's tokens in lower case, without blanks and comments: what stays the same when code is moved or laid out anew. */
static void add_clause(Buf *text, const Finding *finding)
{
	if (finding->whole_file || !finding->source)
		return;
	Lexer lexer = lexer_new(finding->source->bytes, finding->span.start, finding->span.end);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		Text word = token_text(&lexer, token);
		size_t start = text->length;
		buf_add(text, word.data, word.length);
		for (size_t i = start; token.kind == TOKEN_WORD && i < text->length; i++)
			if (text->data[i] >= 'A' && text->data[i] <= 'Z')
				text->data[i] = (char)(text->data[i] + ('a' - 'A'));
		buf_addc(text, ' ');
	}
}

static void write_hex(char *digits, uint64_t number)
{
	for (int i = 15; i >= 0; i--, number >>= 4)
		digits[i] = "0123456789abcdef"[number & 15];
}

static void fingerprint(Arena *arena, Map *ordinals, Buf *text, Finding *finding)
{
	text->length = 0;
	buf_addf(text, "%s\n%s\n%s\n%s\n", finding->rule->name, finding->history ? finding->history : "",
		 finding->migration ? finding->migration : "", finding->relation ? finding->relation : "");
	add_clause(text, finding);
	uint64_t *key = new(arena, uint64_t);
	uint64_t half = *key = hash_bytes(text->data, text->length, 0);
	uintptr_t ordinal = (uintptr_t)map_get(ordinals, (const char *)key, sizeof *key);
	map_set(arena, ordinals, (const char *)key, sizeof *key, (void *)(ordinal + 1));
	finding->ordinal = (uint32_t)ordinal;
	size_t length = text->length;
	buf_addf(text, "\n%u", finding->ordinal);
	write_hex(finding->fingerprint, hash_more(half, text->data + length, text->length - length));
	write_hex(finding->fingerprint + 16, hash_bytes(text->data, text->length, 0x9e3779b97f4a7c15u));
}

void settle(Arena *arena, const History *history, const RuleChoice *choice, const Findings *raw, int versions, Findings *settled)
{
	Findings findings = {0};
	merge(arena, raw, versions, &findings);
	array_each (Finding *, finding, &findings.list) {
		suppress(arena, *finding, choice->today);
		suppress_foreign(arena, history->config, *finding);
	}
	Guests guests = {0};
	take_out_guests(arena, &findings, true, &guests);
	take_out_guests(arena, &findings, false, &guests);
	array_each (RuleEntry, entry, &choice->book->entries) {
		const Rule *rule = entry->rule;
		if (!rule->when_most || !collapse(arena, history, rule, keeping(raw, rule, versions), &guests, &findings))
			continue;
		array_each (Guest, guest, &guests)
			guest->collapsed |= guest->finding->rule == rule;
	}
	fold(arena, &guests);
	array_each (Migration *, migration, &history->migrations)
		judge_directives(arena, history, *migration, choice, &findings);
	find_places(arena, history, &findings);
	if (findings.list.count)
		qsort(findings.list.items, findings.list.count, sizeof *findings.list.items, finding_order);
	Map ordinals = {0};
	Arena scratch = {0};
	Buf text = {0};
	array_each (Finding *, finding, &findings.list) {
		fingerprint(&scratch, &ordinals, &text, *finding);
		array_each (Finding *, one, &(*finding)->stands_for)
			fingerprint(&scratch, &ordinals, &text, *one);
		array_each (Finding *, one, &(*finding)->along)
			fingerprint(&scratch, &ordinals, &text, *one);
		array_push(arena, &settled->list, *finding);
	}
	buf_free(&text);
	arena_free(&scratch);
}

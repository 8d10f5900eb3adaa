#include "catalog/session.h"

#include "catalog/inside.h"

#include <stdlib.h>

/* --- Lock modes --------------------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
	const char *name, *words, *victims;
} modes[] = {
	[LOCK_NONE] = {"", "no lock", "nobody"},
	[LOCK_ACCESS_SHARE] = {"AccessShareLock", "ACCESS SHARE", "nobody but schema changes"},
	[LOCK_ROW_SHARE] = {"RowShareLock", "ROW SHARE", "nobody but schema changes"},
	[LOCK_ROW_EXCLUSIVE] = {"RowExclusiveLock", "ROW EXCLUSIVE", "index builds and schema changes"},
	[LOCK_SHARE_UPDATE_EXCLUSIVE] = {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE", "VACUUM and other schema changes"},
	[LOCK_SHARE] = {"ShareLock", "SHARE", "writes"},
	[LOCK_SHARE_ROW_EXCLUSIVE] = {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "writes"},
	[LOCK_EXCLUSIVE] = {"ExclusiveLock", "EXCLUSIVE", "writes"},
	[LOCK_ACCESS_EXCLUSIVE] = {"AccessExclusiveLock", "ACCESS EXCLUSIVE", "reads and writes"},
};
/* clang-format on */

const char *lock_mode_name(LockMode mode)
{
	return modes[mode].name;
}

const char *lock_mode_words(LockMode mode)
{
	return modes[mode].words;
}

const char *lock_mode_victims(LockMode mode)
{
	return modes[mode].victims;
}

/* --- Parameters --------------------------------------------------------------------------------------------------- */

Session *session_new(Catalog *catalog)
{
	Session *session = new (catalog->arena, Session);
	session->catalog = catalog;
	array_push(catalog->arena, &session->schemas, catalog->public_name);
	return session;
}

static uint32_t place_of(const Session *session, const char *lower_name)
{
	uint32_t place = (uint32_t)(uintptr_t)map_get(&session->places, lower_name, strlen(lower_name));
	bool there = place && place <= session->parameters.count && same(session->parameters.items[place - 1].name, lower_name);
	return there ? place : 0;
}

static Parameter *find_parameter(const Session *session, const char *name)
{
	char room[64];
	Buf lower = {.data = room, .capacity = sizeof room, .borrowed = true};
	for (const char *c = name; *c; c++)
		buf_addc(&lower, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
	uint32_t place = lower.length ? place_of(session, lower.data) : 0;
	buf_free(&lower);
	return place ? &session->parameters.items[place - 1] : NULL;
}

static const char *lower_case(Arena *arena, const char *text)
{
	char *copy = arena_string(arena, text);
	for (char *c = copy; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return copy;
}

static Parameter *make_parameter(Session *session, const char *name)
{
	Parameter *parameter = find_parameter(session, name);
	if (parameter)
		return parameter;
	Catalog *catalog = session->catalog;
	const char *word = catalog_intern(catalog, lower_case(catalog->arena, name));
	CHANGE_PUSH(catalog, &session->parameters, (Parameter){.name = word});
	map_set(catalog->arena, &session->places, word, strlen(word), (void *)(uintptr_t)session->parameters.count);
	return &session->parameters.items[session->parameters.count - 1];
}

/* The list in search_path: names folded unless quoted; "$user" has no schema here. */
static void resolve_search_path(Session *session)
{
	const Parameter *parameter = find_parameter(session, "search_path");
	const char *value = parameter && parameter->value ? parameter->value : "public";
	Catalog *catalog = session->catalog;
	Buf word = {0};
	list_clear(catalog, &session->schemas);
	for (const char *c = value;; c++) {
		if (*c == '"' || *c == '\'') {
			char quote = *c;
			for (c++; *c && *c != quote; c++)
				buf_addc(&word, *c);
			if (!*c)
				c--;
		} else if (*c && *c != ',') {
			if (*c != ' ' && *c != '\t' && *c != '\n')
				buf_addc(&word, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
		} else {
			if (word.length && !same(word.data, "$user") && !same(word.data, "pg_catalog"))
				CHANGE_PUSH(catalog, &session->schemas, catalog_intern(catalog, word.data));
			word.length = 0;
			if (!*c)
				break;
		}
	}
	buf_free(&word);
}

SearchPath session_path(const Session *session)
{
	return (SearchPath){session->schemas.items, session->schemas.count};
}

const char *session_parameter(const Session *session, const char *name)
{
	const Parameter *parameter = find_parameter(session, name);
	return parameter ? parameter->value : NULL;
}

static bool is_zero(const char *value)
{
	char *end;
	return strtod(value, &end) == 0 && end != value;
}

bool session_parameter_is_set(const Session *session, const char *name)
{
	const Parameter *parameter = find_parameter(session, name);
	return parameter && parameter->value && !is_zero(parameter->value);
}

/* Stores a parameter's new state; the list is journalled by the item. */
static void store(Session *session, Parameter *parameter, Parameter state)
{
	CHANGE(session->catalog, *parameter, state);
	if (same(parameter->name, "search_path"))
		resolve_search_path(session);
}

void session_configure(Session *session, const char *name, const char *value)
{
	Parameter *parameter = make_parameter(session, name);
	const char *text = catalog_intern(session->catalog, value);
	store(
	    session, parameter,
	    (Parameter){
		.name = parameter->name, .value = text, .session_value = text, .configured = text, .by_config = true});
}

/* The state that the parameter at `place` is about to have: remembers where to go back to. */
static void note_change(Session *session, Parameter *state, uint32_t place)
{
	if (!state->changed)
		CHANGE_PUSH(session->catalog, &session->changed, place);
	state->changed = true;
	if (session->transaction == TRANSACTION_NONE || state->changed_in == session->transaction_number + 1)
		return;
	CHANGE_PUSH(session->catalog, &session->changing, place);
	state->changed_in = session->transaction_number + 1;
	state->before = state->session_value;
}

void session_set(Session *session, const char *name, const char *value, bool local)
{
	if (local && session->transaction == TRANSACTION_NONE)
		return;
	Parameter *parameter = make_parameter(session, name);
	Parameter state = *parameter;
	note_change(session, &state, (uint32_t)(parameter - session->parameters.items));
	/* SET … TO DEFAULT is RESET. */
	state.value = value ? catalog_intern(session->catalog, value) : parameter->configured;
	state.set = value != NULL;
	state.local = local;
	state.by_config = !value && parameter->configured;
	if (!local)
		state.session_value = state.value;
	store(session, parameter, state);
}

void session_reset(Session *session, const char *name)
{
	if (name && find_parameter(session, name))
		session_set(session, name, NULL, false);
	for (uint32_t i = 0; !name && i < session->changed.count; i++)
		session_set(session, session->parameters.items[session->changed.items[i]].name, NULL, false);
}

bool session_is_utc(const Session *session)
{
	static const char *const names[] = {
	    "utc",	 "gmt",		  "etc/utc",   "etc/gmt",	"zulu",	 "etc/zulu", "uct",   "etc/uct",
	    "universal", "etc/universal", "greenwich", "etc/greenwich", "gmt0",	 "etc/gmt0", "gmt+0", "gmt-0",
	    "etc/gmt+0", "etc/gmt-0",	  "0",	       "+00",		"+00:00"};
	const char *zone = session_parameter(session, "timezone");
	for (size_t i = 0; zone && i < LENGTH(names); i++)
		if (same_nocase(zone, names[i]))
			return true;
	return false;
}

/* --- Transactions ------------------------------------------------------------------------------------------------- */

void session_begin(Session *session, TransactionState state)
{
	if (session->transaction == TRANSACTION_NONE)
		CHANGE(session->catalog, session->transaction_number, session->transaction_number + 1);
	CHANGE(session->catalog, session->transaction, state);
}

/* Temporary tables of the transaction, or with all of the session. */
static void drop_temporary(Catalog *catalog, bool all)
{
	for (uint32_t i = catalog->temporary.count; i > 0; i--) {
		if (i > catalog->temporary.count)
			continue;
		Relation *relation = catalog->temporary.items[i - 1];
		if (all || same(relation->on_commit, "drop"))
			object_remove(catalog, &relation->object);
	}
}

void session_end(Session *session, bool commit)
{
	Catalog *catalog = session->catalog;
	CHANGE(catalog, session->transaction, TRANSACTION_NONE);
	list_clear(catalog, &session->locks);
	for (uint32_t i = 0; i < session->changing.count; i++) {
		Parameter *parameter = &session->parameters.items[session->changing.items[i]];
		const char *value = commit ? parameter->session_value : parameter->before;
		if (!parameter->local && same(value, parameter->value))
			continue;
		Parameter state = *parameter;
		state.value = state.session_value = value;
		state.local = false;
		state.set = value && !same(value, parameter->configured);
		state.by_config = !state.set && value;
		store(session, parameter, state);
	}
	list_clear(catalog, &session->changing);
	if (commit && catalog->drops_on_commit) {
		drop_temporary(catalog, false);
		CHANGE(catalog, catalog->drops_on_commit, 0);
	}
}

void session_close(Session *session)
{
	if (session->transaction != TRANSACTION_NONE)
		session_end(session, false);
	drop_temporary(session->catalog, true);
	session_reset(session, NULL);
	for (uint32_t i = 0; i < session->changed.count; i++)
		CHANGE(session->catalog, session->parameters.items[session->changed.items[i]].changed, false);
	list_clear(session->catalog, &session->changed);
}

/* --- Prepared statements ------------------------------------------------------------------------------------------ */

struct PreparedName {
	const Prepared *newest;
};

static const Prepared *newer(const Prepared *a, const Prepared *b)
{
	return !b || (a && a->number > b->number) ? a : b;
}

/* Of its name, unless a newer one has it. */
static void make_newest(Session *session, const Prepared *prepared)
{
	Catalog *catalog = session->catalog;
	const char *name = prepared->name;
	if (!name) {
		CHANGE(catalog, session->all_gone, newer(prepared, session->all_gone));
		return;
	}
	struct PreparedName *known = map_get(&session->prepared_names, name, strlen(name));
	if (!known) {
		known = new (catalog->arena, struct PreparedName);
		map_set(catalog->arena, &session->prepared_names, name, strlen(name), known);
	}
	CHANGE_LASTING(catalog, known->newest, newer(prepared, known->newest));
}

void session_prepare(Session *session, const char *name, const struct Action *body)
{
	Catalog *catalog = session->catalog;
	Prepared *prepared = new (catalog->arena, Prepared);
	*prepared = (Prepared){
	    .older = session->prepared,
	    .name = catalog_intern(catalog, name),
	    .body = body,
	    .number = session->prepared ? session->prepared->number + 1 : 1,
	    .script = session->script,
	};
	CHANGE(catalog, session->prepared, prepared);
	make_newest(session, prepared);
}

void session_keep_prepared(Session *session, const Prepared *prepared)
{
	for (const Prepared *one = prepared; one && one != session->prepared; one = one->older)
		make_newest(session, one);
	CHANGE(session->catalog, session->prepared, prepared);
}

void session_next_script(Session *session)
{
	CHANGE(session->catalog, session->script, session->script + 1);
}

const Prepared *session_prepared(const Session *session, const char *name)
{
	const struct PreparedName *known = name ? map_get(&session->prepared_names, name, strlen(name)) : NULL;
	const Prepared *prepared = known ? newer(known->newest, session->all_gone) : session->all_gone;
	return prepared && (prepared->body || prepared->script == session->script) ? prepared : NULL;
}

/* --- Locks -------------------------------------------------------------------------------------------------------- */

/* The relation's place in the list, when it is in it: undoing and ending transactions shorten the list, nothing moves in it. */
static HeldLock *held_lock(const Session *session, const Relation *relation)
{
	bool there = relation->lock_place < session->locks.count && session->locks.items[relation->lock_place].relation == relation;
	return there ? &session->locks.items[relation->lock_place] : NULL;
}

void session_hold(Session *session, Relation *relation, LockMode mode, Span span)
{
	Catalog *catalog = session->catalog;
	if (session->transaction == TRANSACTION_NONE || mode == LOCK_NONE)
		return;
	HeldLock lock = {relation, mode, catalog->statement, span}, *held = held_lock(session, relation);
	if (held) {
		if (held->mode < mode)
			CHANGE(catalog, *held, lock);
		return;
	}
	CHANGE(catalog, relation->lock_place, session->locks.count);
	CHANGE_PUSH(catalog, &session->locks, lock);
}

LockMode session_holds(const Session *session, const Relation *relation)
{
	const HeldLock *held = held_lock(session, relation);
	return held ? held->mode : LOCK_NONE;
}

/*
 * The chain of downs, from the head of a history back, for tools that pair downs by group: consecutive migrations of one name.
 *
 * Where a group begins the catalog is what the chain must come to there. What each group changed is kept as lines, and so is what
 * its downs change: the difference between the two states is counted line by line, so that a group costs what it changes, however
 * large the catalog is. What a newer group's down forgot is not this one's fault: only what was not yet left over where this group
 * ends counts.
 */
#include "replay/proof.h"

/* A line of the catalog that only one of the two states has: what the chain has come to, and what it must come to. */
typedef struct Tally {
	ObjectLine line;
	int surplus;     /* how often more the chain has it */
	bool touched;    /* since the newer group ended */
} Tally;

struct Chain {
	Arena *arena;
	ARRAY(ChainLink) links;
	CatalogMark mark;  /* where the last group begins */
	Map tallies;       /* by subject and state */
	ARRAY(Tally *) touched;
	Map left_over;     /* the objects that were not as they had to be when a newer group ended, by address */
};

Chain *chain_new(Arena *arena)
{
	Chain *chain = new(arena, Chain);
	chain->arena = arena;
	return chain;
}

/* The first link of the group that the last link belongs to. */
static ChainLink *last_group(const Chain *chain)
{
	ChainLink *link = chain->links.count ? &chain->links.items[chain->links.count - 1] : NULL;
	while (link && !link->first)
		link--;
	return link;
}

/* What the last group changed is known where the next one begins. */
static void end_group(Chain *chain, Catalog *catalog)
{
	ChainLink *group = last_group(chain);
	if (!group)
		return;
	catalog_changes(chain->arena, catalog, chain->mark, &group->changes);
	catalog_keep(catalog, chain->mark);
}

void chain_add(Chain *chain, Replay *replay, const Migration *migration)
{
	ChainLink link = {.migration = migration};
	const ChainLink *last = chain->links.count ? &chain->links.items[chain->links.count - 1] : NULL;
	link.first = !last || !same(last->migration->name, migration->name);
	if (link.first) {
		end_group(chain, replay->catalog);
		chain->mark = catalog_mark(replay->catalog);
	}
	array_push(chain->arena, &chain->links, link);
}

static Tally *tally_of(Chain *chain, const ObjectLine *line)
{
	size_t length = strlen(line->subject) + 1 + strlen(line->state);
	const char *key = arena_join(chain->arena, line->subject, "\n", line->state);
	Tally *tally = map_get(&chain->tallies, key, length);
	if (!tally) {
		tally = new(chain->arena, Tally);
		tally->line = *line;
		map_set(chain->arena, &chain->tallies, key, length, tally);
	}
	return tally;
}

static void count_lines(Chain *chain, const ObjectLines *lines, int by)
{
	array_each (const ObjectLine, line, lines) {
		Tally *tally = tally_of(chain, line);
		tally->surplus += by;
		if (!tally->touched)
			array_push(chain->arena, &chain->touched, tally);
		tally->touched = true;
	}
}

static int compare_lines(const ObjectLine *a, const ObjectLine *b)
{
	int order = strcmp(a->subject, b->subject);
	return order ? order : strcmp(a->state, b->state);
}

/*
 * The first line, as people read them, of an object that is left over and was not when a newer group ended. An object counts
 * once: its lines become others when its table is renamed.
 */
static const ObjectLine *newly_left(Chain *chain)
{
	const ObjectLine *first = NULL;
	array_each (Tally *const, item, &chain->touched) {
		const ObjectLine *line = &(*item)->line;
		if ((*item)->surplus && !map_get(&chain->left_over, (const char *)&line->object, sizeof line->object) &&
		    (!first || compare_lines(line, first) < 0))
			first = line;
	}
	array_each (Tally *const, item, &chain->touched) {
		const ObjectLine *line = &(*item)->line;
		if ((*item)->surplus)
			map_set(chain->arena, &chain->left_over, (const char *)&line->object, sizeof line->object, *item);
		(*item)->touched = false;
	}
	chain->touched.count = 0;
	return first;
}

void prove_chain(Chain *chain, Replay *replay)
{
	uint32_t end = chain->links.count;
	end_group(chain, replay->catalog);
	ProofState saved = proof_start(replay);
	replay->minds_transactions = true;
	CatalogMark before = catalog_mark(replay->catalog);
	for (uint32_t i = chain->links.count; i-- > 0;) {
		ChainLink *link = &chain->links.items[i];
		if (link->migration->down)
			replay_script(replay, link->migration, link->migration->down);
		if (replay->failed_statement) {
			link->statement = replay->failed_statement;
			link->action = replay->failed_action;
			link->sqlstate = replay->sqlstate;
		}
		if (replay->failed_statement || replay->unknown)
			break;
		if (!link->first)
			continue;
		CatalogChanges undone = {0};
		catalog_changes(chain->arena, replay->catalog, before, &undone);
		catalog_keep(replay->catalog, before);
		before = catalog_mark(replay->catalog);
		count_lines(chain, &undone.was, -1);
		count_lines(chain, &undone.is, 1);
		count_lines(chain, &link->changes.was, -1);
		count_lines(chain, &link->changes.is, 1);
		const ObjectLine *left = newly_left(chain);
		link->left = left ? left->subject : NULL;
		for (; end > i; end--)
			chain->links.items[end - 1].reverses = !left;
	}
	proof_end(replay, &saved);
}

const ChainLink *chain_link(const Chain *chain, const Migration *migration)
{
	array_each (const ChainLink, link, &chain->links)
		if (link->migration == migration)
			return link;
	return NULL;
}

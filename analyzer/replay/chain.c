/*
 * The chain of downs, from the head of a history back, for tools that pair downs by group: consecutive migrations of one name.
 *
 * The catalog is written down where a group begins, and compared with what the chain has come to there. What a newer group's down
 * forgot is not this one's fault: only what was not yet left over where this group ends counts. Takes the number of groups times
 * the size of the catalog; it is asked for audits only.
 */
#include "replay/proof.h"

struct Chain {
	Arena *arena;
	ARRAY(ChainLink) links;
};

Chain *chain_new(Arena *arena)
{
	Chain *chain = new(arena, Chain);
	chain->arena = arena;
	return chain;
}

void chain_add(Chain *chain, const Replay *replay, const Migration *migration)
{
	ChainLink link = {.migration = migration};
	const ChainLink *last = chain->links.count ? &chain->links.items[chain->links.count - 1] : NULL;
	link.first = !last || !same(last->migration->name, migration->name);
	if (link.first)
		catalog_describe(chain->arena, replay->catalog, &link.before);
	array_push(chain->arena, &chain->links, link);
}

static int compare_lines(const ObjectLine *a, const ObjectLine *b)
{
	int order = strcmp(a->subject, b->subject);
	return order ? order : strcmp(a->state, b->state);
}

/* Lines that only one of two lists in order has. */
static void lines_apart(Arena *arena, const ObjectLines *a, const ObjectLines *b, ObjectLines *apart)
{
	for (uint32_t i = 0, j = 0; i < a->count || j < b->count;) {
		int order = i == a->count ? 1 : j == b->count ? -1 : compare_lines(&a->items[i], &b->items[j]);
		if (order < 0)
			array_push(arena, apart, a->items[i]);
		else if (order > 0)
			array_push(arena, apart, b->items[j]);
		i += order <= 0;
		j += order >= 0;
	}
}

/* The first line that is not among the others; both lists are in order. */
static const ObjectLine *first_new(const ObjectLines *few, const ObjectLines *many)
{
	uint32_t j = 0;
	array_each (const ObjectLine, line, few) {
		while (j < many->count && compare_lines(&many->items[j], line) < 0)
			j++;
		if (j == many->count || compare_lines(&many->items[j], line) != 0)
			return line;
	}
	return NULL;
}

void prove_chain(Chain *chain, Replay *replay)
{
	ObjectLines newer = {0}; /* what the downs of newer groups left */
	uint32_t end = chain->links.count;
	ProofState saved = proof_start(replay);
	replay->minds_transactions = true;
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
		ObjectLines now = {0}, left = {0};
		catalog_describe(chain->arena, replay->catalog, &now);
		lines_apart(chain->arena, &link->before, &now, &left);
		const ObjectLine *new_one = first_new(&left, &newer);
		link->left = new_one ? new_one->subject : NULL;
		for (; end > i; end--)
			chain->links.items[end - 1].reverses = !new_one;
		newer = left;
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

#include "replay/checkpoint.h"

enum {
	MOST_VERSIONS = 18 - 11 + 1,
	/* Undone runs may leave so many times the checkpoint's own size behind, and so many bytes. */
	GROWTH = 4, LEAST_GROWTH = 1 << 20,
};

/* Where one server version's replay stood. */
typedef struct Standing {
	Replay *replay;
	CatalogMark mark;
	uint32_t place;              /* migrations behind it; 0: not set yet */
	uint32_t statement, migration; /* the catalog's, which the journal does not take back */
	size_t size;                 /* bytes of all arenas then */
} Standing;

struct Checkpoint {
	Arena arena;           /* the replays' */
	const char *root;      /* NULL: the slot is empty */
	const History *history; /* of the run at hand */
	int low, high;
	bool used;
	/* What the replay goes by, beside the migrations. */
	bool closed;
	const Layout *layout;
	RunnerTransaction transaction;
	const char *connection;
	ARRAY(Placeholder) session;
	Standing standings[MOST_VERSIONS];
};

/* --- Is it still good? ------------------------------------------------------------------------------------------------------- */

static void note_settings(Checkpoint *checkpoint, const History *history)
{
	const Config *config = history->config;
	Arena *arena = &checkpoint->arena;
	checkpoint->closed = history->closed;
	checkpoint->layout = history->layout;
	if (!config)
		return;
	checkpoint->transaction = config->runner.transaction;
	checkpoint->connection = config->runner.connection ? arena_string(arena, config->runner.connection) : NULL;
	for (uint32_t i = 0; i < config->session.count; i++)
		array_push(arena, &checkpoint->session,
			   (Placeholder){arena_string(arena, config->session.items[i].name),
					 config->session.items[i].value ? arena_string(arena, config->session.items[i].value) : NULL});
}

static bool same_settings(const Checkpoint *checkpoint, const History *history)
{
	const Config *config = history->config;
	if (checkpoint->closed != history->closed || checkpoint->layout != history->layout)
		return false;
	if (!config)
		return checkpoint->transaction == RUNNER_UNSET && !checkpoint->connection && !checkpoint->session.count;
	if (checkpoint->transaction != config->runner.transaction || !same(checkpoint->connection, config->runner.connection) ||
	    checkpoint->session.count != config->session.count)
		return false;
	for (uint32_t i = 0; i < config->session.count; i++)
		if (!same(checkpoint->session.items[i].name, config->session.items[i].name) ||
		    !same(checkpoint->session.items[i].value, config->session.items[i].value))
			return false;
	return true;
}

static size_t size_of(const Replay *replay)
{
	return arena_size(&replay->catalog_arena) + arena_size(&replay->scratch) + arena_size(replay->arena);
}

/* Undoing gives no memory back: after many runs it is cheaper to begin again. */
static bool has_grown(const Standing *standing)
{
	return size_of(standing->replay) > (GROWTH + 1) * standing->size + LEAST_GROWTH;
}

static bool is_good(const Checkpoint *checkpoint, const History *history, uint32_t place, int low, int high)
{
	if (checkpoint->low != low || checkpoint->high != high || !same_settings(checkpoint, history))
		return false;
	for (int version = low; version <= high; version++) {
		const Standing *standing = &checkpoint->standings[version - low];
		if (!standing->replay || !standing->place || standing->place > place || has_grown(standing))
			return false;
	}
	for (uint32_t i = 0; i < checkpoint->standings[0].place; i++)
		if (history->migrations.items[i]->kept_from != i + 1)
			return false;
	return true;
}

/* --- Life -------------------------------------------------------------------------------------------------------------------- */

static void empty(Checkpoint *checkpoint)
{
	for (size_t i = 0; i < LENGTH(checkpoint->standings); i++)
		if (checkpoint->standings[i].replay)
			replay_free(checkpoint->standings[i].replay);
	arena_free(&checkpoint->arena);
	*checkpoint = (Checkpoint){0};
}

static void begin(Checkpoint *checkpoint, const History *history, int low, int high)
{
	empty(checkpoint);
	checkpoint->root = arena_string(&checkpoint->arena, history->root);
	checkpoint->low = low;
	checkpoint->high = high;
	note_settings(checkpoint, history);
}

/* Chains of rollbacks begin with the first migration. */
static bool in_chain(const History *history)
{
	array_each (Migration *const, migration, &history->migrations)
		if ((*migration)->by_group)
			return true;
	return false;
}

/* The one of that root, else an empty one. */
static Checkpoint *slot_for(Checkpoints *checkpoints, const char *root)
{
	Checkpoint *slot = NULL;
	array_each (Checkpoint *, item, &checkpoints->list) {
		if (same((*item)->root, root))
			return *item;
		if (!(*item)->root)
			slot = *item;
	}
	if (slot)
		return slot;
	slot = new(&checkpoints->arena, Checkpoint);
	array_push(&checkpoints->arena, &checkpoints->list, slot);
	return slot;
}

Checkpoint *checkpoint_of(Checkpoints *checkpoints, const History *history, uint32_t place, int low, int high)
{
	if (!place || in_chain(history))
		return NULL;
	Checkpoint *checkpoint = slot_for(checkpoints, history->root);
	if (!is_good(checkpoint, history, place, low, high))
		begin(checkpoint, history, low, high);
	checkpoint->history = history;
	checkpoint->used = true;
	return checkpoint;
}

Replay *checkpoint_start(Checkpoint *checkpoint, int version, uint32_t *done)
{
	Standing *standing = &checkpoint->standings[version - checkpoint->low];
	if (!standing->replay)
		standing->replay = replay_new(&checkpoint->arena, checkpoint->history, version);
	Replay *replay = standing->replay;
	*done = standing->place;
	if (!standing->place)
		return replay;
	catalog_undo(replay->catalog, standing->mark);
	standing->mark = catalog_mark(replay->catalog);
	replay->catalog->statement = standing->statement;
	replay->catalog->migration = standing->migration;
	replay->history = checkpoint->history;
	replay->called = (Map){0}; /* its keys are actions of the run before */
	return replay;
}

void checkpoint_set(Checkpoint *checkpoint, Replay *replay, uint32_t place)
{
	Standing *standing = &checkpoint->standings[replay->catalog->version - checkpoint->low];
	if (standing->place == place)
		return;
	if (standing->place)
		catalog_keep(replay->catalog, standing->mark);
	*standing = (Standing){
		.replay = replay,
		.mark = catalog_mark(replay->catalog),
		.place = place,
		.statement = replay->catalog->statement,
		.migration = replay->catalog->migration,
		.size = size_of(replay),
	};
}

void checkpoints_sweep(Checkpoints *checkpoints)
{
	array_each (Checkpoint *, checkpoint, &checkpoints->list) {
		if (!(*checkpoint)->used)
			empty(*checkpoint);
		(*checkpoint)->used = false;
	}
}

void checkpoints_free(Checkpoints *checkpoints)
{
	array_each (Checkpoint *, checkpoint, &checkpoints->list)
		empty(*checkpoint);
	arena_free(&checkpoints->arena);
	*checkpoints = (Checkpoints){0};
}

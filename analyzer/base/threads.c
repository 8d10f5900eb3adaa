#include "base/threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

uint32_t thread_count(int jobs, uint32_t pieces)
{
	if (pieces < 2)
		return 1;
	long threads = jobs > 0 ? jobs : sysconf(_SC_NPROCESSORS_ONLN);
	if (threads < 1)
		threads = 1;
	return threads < (long)pieces ? (uint32_t)threads : pieces;
}

/* A parser's stack is what libpg_query sizes its own depth limit by: it is fixed, so that the same input parses on every machine. */
static bool start_thread(pthread_t *thread, void *(*run)(void *payload), void *payload)
{
	enum { STACK_SIZE = 64 << 20 };
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	bool started = pthread_create(thread, &attributes, run, payload) == 0;
	pthread_attr_destroy(&attributes);
	return started;
}

void threads_run(uint32_t threads, void *(*run)(void *payload), void *payload)
{
	Arena arena = {0};
	pthread_t *list = new_array(&arena, pthread_t, threads);
	uint32_t started = 0;
	while (started < threads && start_thread(&list[started], run, payload))
		started++;
	if (!started)
		die("no thread could be started");
	for (uint32_t i = 0; i < started; i++)
		pthread_join(list[i], NULL);
	arena_free(&arena);
}

/* --- Pieces ----------------------------------------------------------------------------------------------------------------------- */

typedef struct Sharing {
	const Pieces *pieces;
	atomic_uint_fast64_t next; /* the first piece that nobody has begun */
	pthread_mutex_t mutex;     /* around the caller's arena */
	Arena *arena;
} Sharing;

static void *take_pieces(void *payload)
{
	Sharing *sharing = payload;
	const Pieces *pieces = sharing->pieces;
	Arena own = {0};
	for (uint64_t piece; (piece = atomic_fetch_add(&sharing->next, 1)) < pieces->count;)
		pieces->work(pieces->payload, (uint32_t)piece, &own);
	pthread_mutex_lock(&sharing->mutex);
	arena_adopt(sharing->arena, &own);
	pthread_mutex_unlock(&sharing->mutex);
	return NULL;
}

void pieces_run(Arena *arena, uint32_t threads, const Pieces *pieces)
{
	if (threads < 2) {
		for (uint32_t i = 0; i < pieces->count; i++)
			pieces->work(pieces->payload, i, arena);
		return;
	}
	Sharing sharing = {.pieces = pieces, .mutex = PTHREAD_MUTEX_INITIALIZER, .arena = arena};
	threads_run(threads, take_pieces, &sharing);
	pthread_mutex_destroy(&sharing.mutex);
}

#ifndef DDLINT_THREADS_H
#define DDLINT_THREADS_H
/*
 * Threads: started here and nowhere else. They are for work that gives the same whatever thread does which part of it, and when.
 */
#include "base/base.h"

/* How many threads so many pieces of work are for: `jobs`, where 0 is as many as there are processors; at least one. */
uint32_t thread_count(int jobs, uint32_t pieces);
/* Calls the function on that many threads at once, all with the stack that the parser needs; returns when all calls have. */
void threads_run(uint32_t threads, void *(*run)(void *payload), void *payload);

/* Work that falls into pieces, none of which waits for another. */
typedef struct Pieces {
	uint32_t count;
	/* Called once for each piece, on any thread. The arena is the thread's own until all is done, then the caller's. */
	void (*work)(void *payload, uint32_t piece, Arena *arena);
	void *payload;
} Pieces;

/* On this thread when it is to be one. What the work leaves in its arenas lives as long as `arena`. */
void pieces_run(Arena *arena, uint32_t threads, const Pieces *pieces);
#endif

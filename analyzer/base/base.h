#ifndef DDLINT_BASE_H
#define DDLINT_BASE_H
/*
 * What every file of ddlint may use: memory by lifetime, growing text, typed arrays, a hash map, places in text.
 *
 * Memory. An Arena is a lifetime: everything allocated from it dies with it, nothing is freed on its own. All memory comes
 * zeroed, and zero is a valid empty value of every struct of the project. Out of memory ends the process through die().
 *
 * Only base.c calls malloc and free (libraries that own memory are wrapped where they are used).
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A place in a source: bytes, end exclusive. The only kind of position right of the reader; lines exist while printing. */
typedef struct Span {
	uint32_t start;
	uint32_t end;
} Span;

/* A slice of somebody else's bytes; not NUL-ended. */
typedef struct Text {
	const char *data;
	size_t length;
} Text;

#define TEXT(literal) ((Text){(literal), sizeof(literal) - 1})
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#define UNUSED __attribute__((unused))

/* Prints "ddlint: message" on standard error and exits with 2. For failures of the machine, never for the user's input. */
_Noreturn void die(const char *format, ...) PRINTF(1, 2);

/* --- Arena ------------------------------------------------------------------------------------------------------------- */

typedef struct ArenaBlock ArenaBlock;
typedef struct ArenaLarge ArenaLarge;

typedef struct Arena {
	ArenaBlock *block; /* newest first */
	ArenaLarge *large; /* memory that may still move, newest first */
	char *next;        /* free bytes of the newest block */
	char *end;
	size_t block_size; /* of the next block; 0 means the default */
} Arena;

typedef struct ArenaMark {
	ArenaBlock *block;
	ArenaLarge *large;
	char *next;
} ArenaMark;

/* size bytes times count, zeroed, aligned for pointers and all numbers but long double. Overflow of the product dies. */
void *arena_alloc(Arena *arena, size_t size, size_t count);
/* length bytes that are not zeroed: for what is written at once. */
char *arena_room(Arena *arena, size_t length);
/* A NUL-ended copy of length bytes. */
char *arena_copy(Arena *arena, const char *text, size_t length);
char *arena_string(Arena *arena, const char *text);
/* The three as one. */
char *arena_join(Arena *arena, const char *first, const char *between, const char *last);
char *arena_print(Arena *arena, const char *format, ...) PRINTF(2, 3);
char *arena_vprint(Arena *arena, const char *format, va_list arguments);
ArenaMark arena_mark(const Arena *arena);
/* The bytes at `where` were allocated since the mark. False: they were not, or lie too many blocks back to be looked for. */
bool arena_is_since(const Arena *arena, ArenaMark mark, const void *where);
/* Drops everything allocated since the mark. */
void arena_reset(Arena *arena, ArenaMark mark);
void arena_free(Arena *arena);
/* What `from` holds lives as long as `arena` from now on; `from` is empty. */
void arena_adopt(Arena *arena, Arena *from);
size_t arena_size(const Arena *arena); /* bytes held, for --verbose and tests */

#define new(arena, type) ((type *)arena_alloc((arena), sizeof(type), 1))
#define new_array(arena, type, count) ((type *)arena_alloc((arena), sizeof(type), (count)))

/* --- Array: `ARRAY(const char *) names = {0}; array_push(arena, &names, "a");` ------------------------------------------ */

#define ARRAY(...)                  \
	struct {                    \
		__VA_ARGS__ *items; \
		uint32_t count;     \
		uint32_t capacity;  \
	}

#define array_push(arena, array, ...)                                                                                      \
	do {                                                                                                               \
		if ((array)->count == (array)->capacity)                                                                   \
			(array)->items = array_grow((arena), (array)->items, sizeof *(array)->items, &(array)->capacity); \
		(array)->items[(array)->count++] = (__VA_ARGS__);                                                          \
	} while (0)

#define array_each(type, item, array) \
	for (type *item = (array)->items; item && item < (array)->items + (array)->count; item++)

void *array_grow(Arena *arena, void *items, size_t item_size, uint32_t *capacity);

/*
 * As array_push, for what may become very long and is nobody else's: no pointer to an item is kept, nor a copy of the array. Many
 * items move as a whole when they need more room, and leave nothing behind.
 */
#define array_push_long(arena, array, ...)                                                                                      \
	do {                                                                                                                    \
		if ((array)->count == (array)->capacity)                                                                        \
			(array)->items = array_grow_long((arena), (array)->items, sizeof *(array)->items, &(array)->capacity); \
		(array)->items[(array)->count++] = (__VA_ARGS__);                                                               \
	} while (0)

void *array_grow_long(Arena *arena, void *items, size_t item_size, uint32_t *capacity);

/* --- Buf: text that grows on the heap; buf_free when done --------------------------------------------------------------- */

typedef struct Buf {
	char *data; /* NUL-ended once something was added; NULL before */
	size_t length;
	size_t capacity;
	bool borrowed; /* data is the caller's, until it is too small */
} Buf;

void buf_add(Buf *buf, const void *bytes, size_t length);
void buf_adds(Buf *buf, const char *text);
void buf_addc(Buf *buf, char byte);
/* So many bytes more, for the caller to write at once. */
char *buf_room(Buf *buf, size_t length);
void buf_addf(Buf *buf, const char *format, ...) PRINTF(2, 3);
void buf_free(Buf *buf);

/* --- Map: from bytes to pointers. Keys are not copied and must outlive the map. ------------------------------------------ */

typedef struct MapEntry {
	const char *key;
	uint32_t key_length;
	uint32_t hash;
	void *value;
} MapEntry;

typedef struct Map {
	MapEntry *entries; /* open addressing; key NULL is an empty place */
	uint32_t capacity;
	uint32_t count;
} Map;

void *map_get(const Map *map, const char *key, size_t length);
/* Sets or replaces; value NULL is a value like any other for map_get, so do not store it. */
void map_set(Arena *arena, Map *map, const char *key, size_t length, void *value);
uint64_t hash_bytes(const void *bytes, size_t length, uint64_t seed);
/* The hash of what was hashed so far with the bytes behind it. */
uint64_t hash_more(uint64_t hash, const void *bytes, size_t length);

/* --- Small helpers on text ------------------------------------------------------------------------------------------------ */

static inline bool same(const char *a, const char *b)
{
	return a == b || (a && b && *a == *b && strcmp(a, b) == 0); /* most differ in their first byte */
}
/* ASCII only, as SQL key words are. */
bool same_nocase(const char *a, const char *b);
/* Is the byte one of the set's? A NUL never is, which strchr sees otherwise. */
static inline bool byte_in(char byte, const char *set)
{
	return byte && strchr(set, byte);
}
bool starts_with(const char *text, const char *prefix);
bool ends_with(const char *text, const char *suffix);
bool text_is(Text text, const char *string);
bool text_is_nocase(Text text, const char *string);
/* Kebab-case of a C identifier: index_not_concurrent -> index-not-concurrent. */
char *kebab(Arena *arena, const char *identifier);
/* Edits to turn a into b, for "did you mean"; stops counting at limit. */
int edit_distance(const char *a, const char *b, int limit);
/* The nearest of count candidates to word, or NULL when nothing is near enough to be meant. */
const char *nearest(const char *word, const char *const *candidates, size_t count);
#endif

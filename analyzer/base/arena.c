/* Arenas, and what grows in them: arrays and maps. */
#include "base/base.h"

#include <stdlib.h>

/* Under the address sanitizer every allocation has borders that may not be touched, and so has what an arena gave up. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { BORDER = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
enum { BORDER = 0 };
#endif

/* --- Arena ---------------------------------------------------------------------------------------------------------------- */

struct ArenaBlock {
	ArenaBlock *older;
	size_t size; /* bytes behind the header */
	max_align_t data[];
};

enum {
	FIRST_BLOCK = 4096,
	LARGEST_BLOCK = 128 << 10,
	ALIGNMENT = _Alignof(void *),
	OF_STRINGS = BORDER ? ALIGNMENT : 1, /* borders begin where the sanitizer can tell them */
	LEAST_LARGE = 128 << 10,
};

/* A piece of memory by itself. Its place in the list is in a block of the arena, and stays when the memory moves. */
struct ArenaLarge {
	ArenaLarge *older;
	void *memory;
	size_t size;
};

static char *block_bytes(ArenaBlock *block)
{
	return (char *)block->data;
}

static void *checked_malloc(size_t size)
{
	void *memory = malloc(size);
	if (!memory)
		die("out of memory (%zu bytes wanted)", size);
	return memory;
}

static void arena_add_block(Arena *arena, size_t least)
{
	size_t size = arena->block_size ? arena->block_size : FIRST_BLOCK;
	if (size < least)
		size = least;
	if (size > SIZE_MAX - sizeof(ArenaBlock))
		die("out of memory (%zu bytes wanted)", size);
	ArenaBlock *block = checked_malloc(sizeof *block + size);
	block->older = arena->block;
	block->size = size;
	arena->block = block;
	arena->next = block_bytes(block);
	arena->end = arena->next + size;
	ASAN_POISON_MEMORY_REGION(arena->next, size);
	arena->block_size = size < LARGEST_BLOCK ? size * 2 : LARGEST_BLOCK;
}

/* Not zeroed: for what is written at once. Strings end anywhere; what is no string begins at a multiple of the alignment. */
static inline char *arena_take_bytes(Arena *arena, size_t bytes, size_t alignment)
{
	size_t gap = (0 - (uintptr_t)arena->next) & (alignment - 1), left = (size_t)(arena->end - arena->next);
	if (bytes > SIZE_MAX / 2)
		die("out of memory (%zu bytes wanted)", bytes);
	if (gap + bytes + BORDER >= left) {
		arena_add_block(arena, bytes + BORDER);
		gap = 0;
	}
	char *memory = arena->next + gap;
	arena->next = memory + bytes + BORDER;
	ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
	return memory;
}

static inline void *arena_take(Arena *arena, size_t size, size_t count)
{
	size_t bytes;
	if (__builtin_mul_overflow(size, count, &bytes))
		die("out of memory (%zu times %zu bytes wanted)", count, size);
	return arena_take_bytes(arena, bytes, ALIGNMENT);
}

void *arena_alloc(Arena *arena, size_t size, size_t count)
{
	return memset(arena_take(arena, size, count), 0, size * count);
}

char *arena_room(Arena *arena, size_t length)
{
	return arena_take_bytes(arena, length, 1);
}

char *arena_copy(Arena *arena, const char *text, size_t length)
{
	char *copy = arena_take_bytes(arena, length + 1, OF_STRINGS);
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_string(Arena *arena, const char *text)
{
	return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_join(Arena *arena, const char *first, const char *between, const char *last)
{
	size_t a = strlen(first), b = strlen(between), c = strlen(last);
	char *text = arena_take_bytes(arena, a + b + c + 1, OF_STRINGS);
	memcpy(text, first, a);
	memcpy(text + a, between, b);
	memcpy(text + a + b, last, c + 1);
	return text;
}

ArenaMark arena_mark(const Arena *arena)
{
	return (ArenaMark){arena->block, arena->large, arena->next};
}

bool arena_is_since(const Arena *arena, ArenaMark mark, const void *where)
{
	enum { MOST_BLOCKS = 4 };
	uintptr_t place = (uintptr_t)where;
	const ArenaBlock *block = arena->block;
	for (int i = 0; block && i < MOST_BLOCKS; i++, block = block->older) {
		if (place - (uintptr_t)block->data < block->size)
			return block != mark.block || place >= (uintptr_t)mark.next;
		if (block == mark.block)
			return false;
	}
	return false;
}

void arena_reset(Arena *arena, ArenaMark mark)
{
	for (; arena->large != mark.large; arena->large = arena->large->older)
		free(arena->large->memory);
	while (arena->block != mark.block) {
		ArenaBlock *older = arena->block->older;
		free(arena->block);
		arena->block = older;
	}
	arena->next = mark.next;
	arena->end = arena->block && mark.next ? block_bytes(arena->block) + arena->block->size : NULL;
	if (arena->end)
		ASAN_POISON_MEMORY_REGION(arena->next, (size_t)(arena->end - arena->next));
}

void arena_free(Arena *arena)
{
	arena_reset(arena, (ArenaMark){0});
	*arena = (Arena){0};
}

void arena_adopt(Arena *arena, Arena *from)
{
	if (!arena->block) {
		*arena = *from;
	} else if (from->block) { /* behind the newest, whose free bytes stay in use */
		ArenaBlock *oldest = from->block;
		while (oldest->older)
			oldest = oldest->older;
		oldest->older = arena->block->older;
		arena->block->older = from->block;
		ArenaLarge **end = arena->large ? &arena->large->older : &arena->large;
		ArenaLarge *behind = *end;
		*end = from->large;
		while (*end)
			end = &(*end)->older;
		*end = behind;
	}
	*from = (Arena){0};
}

size_t arena_size(const Arena *arena)
{
	size_t bytes = 0;
	for (const ArenaBlock *block = arena->block; block; block = block->older)
		bytes += sizeof *block + block->size;
	for (const ArenaLarge *large = arena->large; large; large = large->older)
		bytes += large->size;
	return bytes;
}

/*
 * What ends there, and is the newest in its block, becomes longer where it is. Not under the address sanitizer, which is to see who
 * keeps a pointer to items that may move.
 */
static bool arena_extend(Arena *arena, const char *end, size_t more)
{
	if (BORDER || end != arena->next || more > (size_t)(arena->end - arena->next))
		return false;
	arena->next += more;
	return true;
}

void *array_grow(Arena *arena, void *items, size_t item_size, uint32_t *capacity)
{
	uint32_t wanted = *capacity ? *capacity * 2 : item_size < 2 * sizeof(void *) ? 2 : 1; /* most lists stay as short */
	if (wanted < *capacity)
		die("out of memory (an array of more than %u items)", *capacity);
	size_t used = item_size * *capacity;
	char *grown = items;
	if (!grown || !arena_extend(arena, grown + used, item_size * (wanted - *capacity))) {
		grown = arena_take(arena, item_size, wanted);
		if (items)
			memcpy(grown, items, used);
	}
	memset(grown + used, 0, item_size * wanted - used);
	*capacity = wanted;
	return grown;
}

static ArenaLarge *find_large(const Arena *arena, const void *memory)
{
	ArenaLarge *large = arena->large;
	while (large && large->memory != memory)
		large = large->older;
	return large;
}

/* Memory of at least `size` bytes in which the first `used` of the old one stand; the old one is gone. The rest is not zeroed. */
static void *large_resize(Arena *arena, void *old, size_t used, size_t size)
{
	ArenaLarge *large = old ? find_large(arena, old) : NULL;
	void *memory = realloc(large ? old : NULL, size);
	if (!memory)
		die("out of memory (%zu bytes wanted)", size);
	if (!large) {
		if (used)
			memcpy(memory, old, used);
		large = new(arena, ArenaLarge);
		large->older = arena->large;
		arena->large = large;
	}
	large->memory = memory;
	large->size = size;
	return memory;
}

void *array_grow_long(Arena *arena, void *items, size_t item_size, uint32_t *capacity)
{
	size_t used = item_size * *capacity;
	if (used < LEAST_LARGE)
		return array_grow(arena, items, item_size, capacity);
	if (*capacity > UINT32_MAX / 2)
		die("out of memory (an array of more than %u items)", *capacity);
	*capacity += *capacity / 2;
	return large_resize(arena, items, used, item_size * *capacity);
}

/* --- Map -------------------------------------------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits: short keys, no adversary that a hash of 2^32 places would let in. */
uint64_t hash_more(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * 1099511628211u;
	return hash;
}

uint64_t hash_bytes(const void *bytes, size_t length, uint64_t seed)
{
	return hash_more(14695981039346656037u ^ seed, bytes, length);
}

/* Of a map's keys, eight bytes at a time: the same on one machine only. */
static uint32_t hash_key(const char *key, size_t length)
{
	const uint64_t odd = 0x9e3779b97f4a7c15u;
	uint64_t hash = length * odd, bytes = 0;
	if (length < sizeof bytes) {
		uint32_t first = 0, last = 0;
		if (length >= sizeof first) { /* the last four may overlap the first */
			memcpy(&first, key, sizeof first);
			memcpy(&last, key + length - sizeof last, sizeof last);
		} else if (length) {
			first = (uint32_t)(unsigned char)key[0] << 8 | (unsigned char)key[length / 2];
			last = (unsigned char)key[length - 1];
		}
		bytes = (uint64_t)first << 32 | last;
		hash = (hash ^ bytes) * odd;
		return (uint32_t)(hash >> 32 ^ hash);
	}
	/* The last eight may overlap those before. */
	for (size_t at = 0; at < length; at += sizeof bytes) {
		memcpy(&bytes, key + (at + sizeof bytes <= length ? at : length - sizeof bytes), sizeof bytes);
		hash = (hash ^ bytes) * odd;
		hash ^= hash >> 32;
	}
	return (uint32_t)(hash * odd >> 32); /* the last bytes reach the low bits, too */
}

static MapEntry *map_place(MapEntry *entries, uint32_t capacity, const char *key, size_t length, uint32_t hash)
{
	for (uint32_t i = hash & (capacity - 1);; i = (i + 1) & (capacity - 1)) {
		MapEntry *entry = &entries[i];
		if (!entry->key)
			return entry;
		if (entry->hash == hash && entry->key_length == length && memcmp(entry->key, key, length) == 0)
			return entry;
	}
}

void *map_get(const Map *map, const char *key, size_t length)
{
	if (!map->count)
		return NULL;
	return map_place(map->entries, map->capacity, key, length, hash_key(key, length))->value;
}

static MapEntry *map_entries(Arena *arena, uint32_t capacity)
{
	size_t size = sizeof(MapEntry) * capacity;
	if (size < LEAST_LARGE)
		return new_array(arena, MapEntry, capacity);
	return memset(large_resize(arena, NULL, 0, size), 0, size);
}

/* A map's alone: there is no other way to them. */
static void map_entries_gone(Arena *arena, const MapEntry *entries)
{
	ArenaLarge *large = entries ? find_large(arena, entries) : NULL;
	if (large) {
		free(large->memory);
		large->memory = NULL;
		large->size = 0;
	}
}

void map_set(Arena *arena, Map *map, const char *key, size_t length, void *value)
{
	if (map->count * 2 >= map->capacity) {
		uint32_t capacity = map->capacity ? map->capacity * 2 : 16;
		MapEntry *entries = map_entries(arena, capacity);
		for (uint32_t i = 0; i < map->capacity; i++) {
			const MapEntry *old = &map->entries[i];
			if (old->key)
				*map_place(entries, capacity, old->key, old->key_length, old->hash) = *old;
		}
		map_entries_gone(arena, map->entries);
		map->entries = entries;
		map->capacity = capacity;
	}
	uint32_t hash = hash_key(key, length);
	MapEntry *entry = map_place(map->entries, map->capacity, key, length, hash);
	map->count += !entry->key;
	*entry = (MapEntry){.key = key, .key_length = (uint32_t)length, .hash = hash, .value = value};
}

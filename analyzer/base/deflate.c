#include "base/deflate.h"

enum { WINDOW = 32768, SHORTEST = 3, LONGEST = 258, TABLE_BITS = 16, HEADER_AND_TRAILER = 18 + 2 };

/* Extra bits of the codes: half of the logarithm's steps have one more. RFC 1951, 3.2.5 */
static unsigned extra_bits(size_t value, size_t free_below)
{
	unsigned bits = 0;
	for (; value >= free_below; value >>= 1)
		bits++;
	return bits;
}

static unsigned literal_bits(unsigned char byte)
{
	return byte < 144 ? 8 : 9;
}

static unsigned match_bits(size_t length, size_t distance)
{
	unsigned length_bits = length < 115 ? 7 : 8; /* codes up to 279, and those behind */
	return length_bits + (length == LONGEST ? 0 : extra_bits(length - SHORTEST, 8)) + 5 + extra_bits(distance - 1, 4);
}

static size_t match_length(const char *a, const char *b, const char *end)
{
	size_t length = 0;
	while (length < LONGEST && b + length < end && a[length] == b[length])
		length++;
	return length;
}

size_t gzip_size_at_most(Text text)
{
	Arena arena = {0};
	uint32_t *last = new_array(&arena, uint32_t, (size_t)1 << TABLE_BITS); /* place behind it, 0: none */
	uint64_t bits = 0;
	for (size_t at = 0; at < text.length;) {
		const char *here = text.data + at, *end = text.data + text.length;
		size_t length = 0, distance = 0;
		if (at + SHORTEST < text.length) {
			uint32_t hash = (uint32_t)(hash_bytes(here, SHORTEST + 1, 0) & ((1 << TABLE_BITS) - 1));
			size_t place = last[hash];
			distance = place ? at + 1 - place : 0;
			if (distance && distance <= WINDOW)
				length = match_length(here - distance, here, end);
			last[hash] = (uint32_t)(at + 1);
		}
		bits += length >= SHORTEST ? match_bits(length, distance) : literal_bits((unsigned char)*here);
		at += length >= SHORTEST ? length : 1;
	}
	arena_free(&arena);
	return (size_t)(bits / 8) + HEADER_AND_TRAILER;
}

#include "base/sha256.h"

#include <sha2.h> /* libmd */
#include <sys/types.h>

char *sha256_hex(Arena *arena, const void *bytes, size_t length)
{
	char digits[SHA256_DIGEST_STRING_LENGTH];
	SHA256Data(bytes, length, digits);
	return arena_string(arena, digits);
}

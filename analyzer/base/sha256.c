#include "base/sha256.h"

#include <sha2.h> /* libmd */
#include <sys/types.h>

char *sha256_hex(Arena *arena, const void *bytes, size_t length)
{
	char digits[SHA256_DIGEST_STRING_LENGTH];
	SHA256Data(bytes, length, digits);
	return arena_string(arena, digits);
}

char *sha256_base64(Arena *arena, const void *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t digest[SHA256_DIGEST_LENGTH + 1] = {0}; /* 32 bytes and one of padding are 11 groups of three */
	SHA2_CTX context;
	SHA256Init(&context);
	SHA256Update(&context, bytes, length);
	SHA256Final(digest, &context);
	Buf text = {0};
	for (size_t i = 0; i < sizeof digest; i += 3) {
		uint32_t group = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | digest[i + 2];
		for (int shift = 18; shift >= 0; shift -= 6)
			buf_addc(&text, digits[group >> shift & 63]);
	}
	text.data[text.length - 1] = '=';
	char *copy = arena_copy(arena, text.data, text.length);
	buf_free(&text);
	return copy;
}

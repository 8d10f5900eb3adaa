#ifndef DDLINT_SHA256_H
#define DDLINT_SHA256_H
/* Checksums as sha256sum prints them. */
#include "base/base.h"

/* 64 hexadecimal digits. */
char *sha256_hex(Arena *arena, const void *bytes, size_t length);
/* The same in base 64, as a page's content security policy names it: https://www.w3.org/TR/CSP3/#grammardef-hash-source */
char *sha256_base64(Arena *arena, const void *bytes, size_t length);
#endif

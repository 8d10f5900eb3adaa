#ifndef DDLINT_SHA256_H
#define DDLINT_SHA256_H
/* Checksums as sha256sum prints them. */
#include "base/base.h"

/* 64 hexadecimal digits. */
char *sha256_hex(Arena *arena, const void *bytes, size_t length);
#endif

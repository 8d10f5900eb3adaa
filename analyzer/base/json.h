#ifndef DDLINT_JSON_H
#define DDLINT_JSON_H
/*
 * A streaming JSON writer. Output is well formed whatever the caller does: the writer keeps the open braces itself, json_finish
 * closes what is still open, bytes that are no UTF-8 become U+FFFD, and NULL strings become null.
 *
 *	Json json = json_new(&out);
 *	json_open_object(&json, NULL, JSON_MANY_LINES);
 *	json_put_string(&json, "rule", "table-dropped");
 *	json_open_array(&json, "lines", JSON_ONE_LINE);
 *	json_put_number(&json, NULL, 3);
 *	json_finish(&json);
 *
 * `key` names a member of an object and is NULL inside an array and at the top; a key in the wrong place is a mistake of the
 * program and ends it through die().
 */
#include "base/base.h"

/* How a container is laid out. Everything inside an inline container is inline. */
typedef enum JsonLayout {
	JSON_ONE_LINE, /* on one line */
	JSON_MANY_LINES,  /* each member or item on a line of its own, indented */
} JsonLayout;

enum { JSON_DEPTH = 32 };

typedef struct Json {
	Buf *out; /* the caller's */
	uint32_t depth;
	struct JsonLevel {
		char close;  /* '}' or ']' */
		bool filled; /* something was written in it */
		bool lines;
	} levels[JSON_DEPTH];
	bool done; /* the one value at the top was written */
} Json;

Json json_new(Buf *out);
void json_open_object(Json *json, const char *key, JsonLayout layout);
void json_open_array(Json *json, const char *key, JsonLayout layout);
/* Closes the innermost open object or array. */
void json_close(Json *json);
/* Closes everything and ends the line. */
void json_finish(Json *json);

void json_put_string(Json *json, const char *key, const char *value);
void json_put_text(Json *json, const char *key, Text value);
void json_put_number(Json *json, const char *key, int64_t value);
void json_put_bool(Json *json, const char *key, bool value);
void json_put_null(Json *json, const char *key);
#endif

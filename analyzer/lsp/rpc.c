#include "lsp/rpc.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* --- Bytes ------------------------------------------------------------------------------------------------------------------- */

enum { READ_SIZE = 1 << 16 };

static void forget_taken(Rpc *rpc)
{
	if (!rpc->taken)
		return;
	rpc->input.length -= rpc->taken;
	memmove(rpc->input.data, rpc->input.data + rpc->taken, rpc->input.length);
	rpc->taken = 0;
	if (rpc->input.capacity > 64 * READ_SIZE && rpc->input.length < READ_SIZE) { /* a large document came through */
		Buf small = {0};
		buf_add(&small, rpc->input.data, rpc->input.length);
		buf_free(&rpc->input);
		rpc->input = small;
	}
}

void rpc_wait(Rpc *rpc, int milliseconds)
{
	forget_taken(rpc);
	struct pollfd waiting = {.fd = rpc->in, .events = POLLIN};
	while (!rpc->ended && poll(&waiting, 1, milliseconds) > 0) {
		char bytes[READ_SIZE];
		ssize_t got = read(rpc->in, bytes, sizeof bytes);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0) {
			rpc->ended = true;
			return;
		}
		buf_add(&rpc->input, bytes, (size_t)got);
		milliseconds = 0; /* the rest only when it is there */
	}
}

static void rpc_write(Rpc *rpc, const Buf *body)
{
	Buf frame = {0};
	buf_addf(&frame, "Content-Length: %zu\r\n\r\n", body->length);
	buf_add(&frame, body->data, body->length);
	for (size_t done = 0; done < frame.length && !rpc->broken;) {
		ssize_t written = write(rpc->out, frame.data + done, frame.length - done);
		if (written > 0)
			done += (size_t)written;
		else if (errno != EINTR)
			rpc->broken = true;
	}
	buf_free(&frame);
}

void rpc_free(Rpc *rpc)
{
	buf_free(&rpc->input);
}

/* --- Frames ------------------------------------------------------------------------------------------------------------------ */

static const char header_name[] = "content-length:";

/* The length that the header says; -1 when it says none. */
static long long content_length(const char *header, size_t size)
{
	for (const char *line = header, *end = header + size; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = newline ? (size_t)(newline - line) : (size_t)(end - line);
		if (length > strlen(header_name)) {
			char name[sizeof header_name];
			memcpy(name, line, strlen(header_name));
			name[strlen(header_name)] = '\0';
			char *stop;
			errno = 0;
			long long number = strtoll(line + strlen(header_name), &stop, 10);
			if (same_nocase(name, header_name) && stop > line + strlen(header_name) && number >= 0 && !errno)
				return number;
		}
		line += length + 1;
	}
	return -1;
}

/* Where the next thing that looks like a header begins, behind the first byte; the end when there is none yet. */
static size_t next_header(const char *bytes, size_t length)
{
	for (size_t i = 1; i + strlen(header_name) <= length; i++)
		if ((bytes[i] == 'C' || bytes[i] == 'c') && strncasecmp(bytes + i, header_name, strlen(header_name)) == 0)
			return i;
	return length > strlen(header_name) ? length - strlen(header_name) : length;
}

/* The body of the next frame. *wait: it is not there as a whole. */
static Text take_frame(Rpc *rpc, bool *wait)
{
	enum { LONGEST_HEADER = 4096, LONGEST_BODY = 1 << 30 };
	*wait = true;
	while (rpc->input.length > rpc->taken) {
		const char *bytes = rpc->input.data + rpc->taken;
		size_t length = rpc->input.length - rpc->taken;
		const char *end = memmem(bytes, length, "\r\n\r\n", 4);
		if (!end && length < LONGEST_HEADER)
			return (Text){0};
		long long size = end ? content_length(bytes, (size_t)(end - bytes)) : -1;
		if (size < 0 || size > LONGEST_BODY) {
			rpc->taken += next_header(bytes, length);
			continue;
		}
		const char *body = end + 4;
		if ((size_t)size > length - (size_t)(body - bytes))
			return (Text){0};
		rpc->taken += (size_t)(body - bytes) + (size_t)size;
		*wait = false;
		return (Text){body, (size_t)size};
	}
	return (Text){0};
}

/* --- JSON -------------------------------------------------------------------------------------------------------------------- */

static long hex4(const char *digits)
{
	char text[5] = {0};
	memcpy(text, digits, 4);
	char *end;
	long value = strtol(text, &end, 16);
	return *end ? -1 : value;
}

/*
 * JavaScript's strings may hold half of a surrogate pair, and its JSON then has an escape that is no character. It becomes U+FFFD,
 * which is one UTF-16 unit as well: columns stay right.
 */
static void replace_lone_surrogates(char *bytes, size_t length)
{
	for (size_t i = 0; i + 6 <= length; i++) {
		if (bytes[i] != '\\')
			continue;
		long unit = bytes[i + 1] == 'u' ? hex4(bytes + i + 2) : -1;
		bool high = unit >= 0xD800 && unit <= 0xDBFF, low = unit >= 0xDC00 && unit <= 0xDFFF;
		if (high && i + 12 <= length && bytes[i + 6] == '\\' && bytes[i + 7] == 'u') {
			long second = hex4(bytes + i + 8);
			if (second >= 0xDC00 && second <= 0xDFFF) {
				i += 11;
				continue;
			}
		}
		if (high || low)
			memcpy(bytes + i + 2, "fffd", 4);
		i += unit >= 0 ? 5 : 1;
	}
}

static json_t *parse(Text body)
{
	const size_t flags = JSON_ALLOW_NUL | JSON_DECODE_ANY;
	json_error_t error;
	json_t *json = json_loadb(body.data, body.length, flags, &error);
	if (json || !memmem(body.data, body.length, "\\u", 2))
		return json;
	Buf copy = {0};
	buf_add(&copy, body.data, body.length);
	replace_lone_surrogates(copy.data, copy.length);
	json = json_loadb(copy.data, copy.length, flags, &error);
	buf_free(&copy);
	return json;
}

json_t *rpc_take(Rpc *rpc)
{
	for (;;) {
		bool wait;
		Text body = take_frame(rpc, &wait);
		if (wait)
			return NULL;
		json_t *json = parse(body);
		if (!json) {
			rpc_answer_error(rpc, NULL, RPC_PARSE_ERROR, "this is no JSON");
		} else if (!json_is_object(json)) {
			rpc_answer_error(rpc, NULL, RPC_INVALID_REQUEST, "a message is an object");
			json_decref(json);
		} else {
			return json;
		}
	}
}

json_t *json_member(const json_t *json, const char *path)
{
	char name[64];
	while (json && *path) {
		size_t length = strcspn(path, ".");
		if (length >= sizeof name)
			return NULL;
		memcpy(name, path, length);
		name[length] = '\0';
		json = json_object_get(json, name);
		path += length + (path[length] == '.');
	}
	return (json_t *)json;
}

const char *json_text(const json_t *json, const char *path)
{
	return json_string_value(json_member(json, path));
}

int64_t json_number(const json_t *json, const char *path)
{
	return json_integer_value(json_member(json, path));
}

bool json_flag(const json_t *json, const char *path)
{
	return json_is_true(json_member(json, path));
}

/* --- Messages ---------------------------------------------------------------------------------------------------------------- */

static void begin(Message *message)
{
	*message = (Message){0};
	message->json = json_new(&message->body);
	json_open_object(&message->json, NULL, JSON_ONE_LINE);
	json_put_string(&message->json, "jsonrpc", "2.0");
}

static void put_id(Json *json, const json_t *id)
{
	if (json_is_integer(id))
		json_put_number(json, "id", json_integer_value(id));
	else
		json_put_string(json, "id", json_string_value(id));
}

void rpc_begin_answer(Message *message, const json_t *id)
{
	begin(message);
	put_id(&message->json, id);
}

void rpc_begin_call(Message *message, const char *method, int64_t id)
{
	begin(message);
	if (id)
		json_put_number(&message->json, "id", id);
	json_put_string(&message->json, "method", method);
}

void rpc_end(Rpc *rpc, Message *message)
{
	json_finish(&message->json);
	rpc_write(rpc, &message->body);
	buf_free(&message->body);
}

void rpc_answer_null(Rpc *rpc, const json_t *id)
{
	Message message;
	rpc_begin_answer(&message, id);
	json_put_null(&message.json, "result");
	rpc_end(rpc, &message);
}

void rpc_answer_error(Rpc *rpc, const json_t *id, RpcError code, const char *text)
{
	Message message;
	rpc_begin_answer(&message, id);
	json_open_object(&message.json, "error", JSON_ONE_LINE);
	json_put_number(&message.json, "code", code);
	json_put_string(&message.json, "message", text);
	rpc_end(rpc, &message);
}

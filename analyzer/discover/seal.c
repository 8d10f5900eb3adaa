#include "discover/seal.h"

#include "base/files.h"
#include "base/sha256.h"
#include "read/lex.h"

/* --- What is compared
 * --------------------------------------------------------------------------------------------------------- */

Text script_statements(Arena *arena, const Script *script)
{
	Buf text = {0};
	array_each (const Span, section, &script->sections) {
		Lexer lexer = lexer_new(script->source->bytes, section->start, section->end);
		for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
			Text word = token_text(&lexer, token);
			size_t start = text.length;
			buf_add(&text, word.data, word.length);
			for (size_t i = start; token.kind == TOKEN_WORD && i < text.length; i++)
				if (text.data[i] >= 'A' && text.data[i] <= 'Z')
					text.data[i] = (char)(text.data[i] + ('a' - 'A'));
			buf_addc(&text, ' ');
		}
	}
	Text statements = {arena_copy(arena, text.data ? text.data : "", text.length), text.length};
	buf_free(&text);
	return statements;
}

static Text script_bytes(Arena *arena, const Script *script)
{
	Buf text = {0};
	array_each (const Span, section, &script->sections)
		for (uint32_t i = section->start; i < section->end; i++)
			if (!(script->source->bytes[i] == '\r' && i + 1 < section->end &&
			      script->source->bytes[i + 1] == '\n'))
				buf_addc(&text, script->source->bytes[i]);
	Text bytes = {arena_copy(arena, text.data ? text.data : "", text.length), text.length};
	buf_free(&text);
	return bytes;
}

static bool same_text(Text a, Text b)
{
	return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

ScriptChange script_change(Arena *arena, const Script *before, const Script *after)
{
	if (!before || !after)
		return before == after ? CHANGE_NONE : CHANGE_STATEMENTS;
	if (before->source == after->source)
		return CHANGE_NONE;
	if (same_text(script_bytes(arena, before), script_bytes(arena, after)))
		return CHANGE_NONE;
	return same_text(script_statements(arena, before), script_statements(arena, after)) ? CHANGE_COMMENTS
											    : CHANGE_STATEMENTS;
}

/* --- Lines
 * --------------------------------------------------------------------------------------------------------------------------
 */

bool is_sealable(const Migration *migration)
{
	return migration->up && migration->up->direction == DIRECTION_UP &&
	       (!migration->history->has_frontier || migration->released);
}

static const char *file_below(const History *history, const Script *script)
{
	const char *shown = script->source->path, *root = history->root;
	Arena arena = {0};
	const char *path = path_absolute(&arena, working_folder(&arena), shown);
	const char *below = path_below(root, path);
	/* Both end alike: the answer must not point into what is freed here. */
	const char *file = below && *below ? shown + strlen(shown) - strlen(below) : path_name(shown);
	arena_free(&arena);
	return file;
}

SealLine seal_line(Arena *arena, const Migration *migration)
{
	Text statements = script_statements(arena, migration->up), bytes = script_bytes(arena, migration->up);
	return (SealLine){
	    .version = migration->version,
	    .statements = sha256_hex(arena, statements.data, statements.length),
	    .bytes = sha256_hex(arena, bytes.data, bytes.length),
	    .file = file_below(migration->history, migration->up),
	};
}

const SealLine *seal_line_for(const Seal *seal, const History *history, const Migration *migration)
{
	const char *file = file_below(history, migration->up);
	const SealLine *by_version = NULL, *by_file = NULL;
	array_each (const SealLine, line, &seal->lines) {
		bool version = same(line->version, migration->version), here = same(line->file, file);
		if (version && here)
			return line;
		if (version && *line->version && !by_version)
			by_version = line;
		if (here && !by_file)
			by_file = line;
	}
	if (by_version || by_file)
		return by_version ? by_version : by_file;
	Arena arena = {0};
	const char *statements = seal_line(&arena, migration).statements;
	const SealLine *by_statements = NULL;
	array_each (const SealLine, line, &seal->lines)
		if (!by_statements && same(line->statements, statements))
			by_statements = line;
	arena_free(&arena);
	return by_statements;
}

/* --- The file
 * -----------------------------------------------------------------------------------------------------------------------
 */

static bool is_checksum(Text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (!strchr("0123456789abcdef", text.data[i]) || !text.data[i])
			return false;
	return text.length == 64;
}

Seal *seal_read(Arena *arena, const char *path, const char *bytes, size_t length, uint32_t *line, const char **error)
{
	Seal *seal = new (arena, Seal);
	seal->path = path;
	const char *end = bytes + length;
	*line = 0;
	for (const char *at = bytes; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
		size_t size = (size_t)(stop - at) - (stop > at && stop[-1] == '\r');
		++*line;
		if (size && *at != '#') {
			Text fields[4] = {{0}};
			uint32_t count = 0;
			for (const char *field = at; count < 4 && field <= at + size; count++) {
				const char *tab = memchr(field, '\t', (size_t)(at + size - field));
				fields[count] = (Text){field, (size_t)((tab && count < 3 ? tab : at + size) - field)};
				field += fields[count].length + 1;
			}
			if (count < 4 || !is_checksum(fields[1]) || !is_checksum(fields[2]) || !fields[3].length) {
				*error = "this is no line of a seal: a version, two checksums and a file, with tabs "
					 "between them";
				return NULL;
			}
			const char *version =
			    text_is(fields[0], "-") ? "" : arena_copy(arena, fields[0].data, fields[0].length);
			array_push(arena, &seal->lines,
				   (SealLine){
				       .version = version,
				       .statements = arena_copy(arena, fields[1].data, fields[1].length),
				       .bytes = arena_copy(arena, fields[2].data, fields[2].length),
				       .file = arena_copy(arena, fields[3].data, fields[3].length),
				       .line = *line,
				   });
		}
		at = newline ? newline + 1 : end;
	}
	return seal;
}

void seal_write(Buf *out, const Seal *seal)
{
	buf_adds(out, "# Migrations that must not change any more: version, SHA-256 of the statements, SHA-256 of the "
		      "bytes, file.\n"
		      "# Written by `ddlint seal`, verified by `ddlint seal --check` and by every `ddlint check`.\n");
	array_each (const SealLine, line, &seal->lines)
		buf_addf(out, "%s\t%s\t%s\t%s\n", *line->version ? line->version : "-", line->statements, line->bytes,
			 line->file);
}

#include "report/terminal.h"

#include <stdio.h>

#include "read/source.h"

static uint32_t decode(const char *text, size_t length)
{
	static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	uint32_t code = (unsigned char)text[0] & mask[length];
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3F);
	return code;
}

/* Characters that change how their neighbours are shown: https://www.unicode.org/reports/tr36/ */
static bool is_deceptive(uint32_t code)
{
	return (code >= 0x80 && code < 0xA0) ||     /* C1 controls */
	       code == 0x200E || code == 0x200F ||  /* direction marks */
	       (code >= 0x2028 && code <= 0x202E) || /* line ends, embeddings, overrides */
	       (code >= 0x2066 && code <= 0x2069) || /* isolates */
	       code == 0xFEFF || (code >= 0xE0000 && code < 0xE1000);
}

Glyph glyph_at(const char *text, size_t length, uint32_t column)
{
	Glyph glyph = {.bytes = 1};
	if (*text >= ' ' && *text < 0x7F) {
		glyph.text[0] = *text;
		glyph.width = 1;
		return glyph;
	}
	size_t sequence = utf8_sequence(text, length);
	if (sequence == 0) {
		glyph.width = (uint32_t)snprintf(glyph.text, sizeof glyph.text, "\\x%02x", (unsigned char)text[0]);
		return glyph;
	}
	glyph.bytes = (uint32_t)sequence;
	uint32_t code = decode(text, sequence);
	if (code == '\t') {
		glyph.width = TAB_WIDTH - column % TAB_WIDTH;
		memset(glyph.text, ' ', glyph.width);
	} else if (code < 0x20 || code == 0x7F) {
		glyph.width = (uint32_t)snprintf(glyph.text, sizeof glyph.text, "\\x%02x", code);
	} else if (is_deceptive(code)) {
		glyph.width = (uint32_t)snprintf(glyph.text, sizeof glyph.text, "\\u{%x}", code);
	} else {
		int width = utf8_width(code);
		memcpy(glyph.text, text, sequence);
		glyph.width = width > 0 ? (uint32_t)width : 0;
	}
	return glyph;
}

void add_safe(Buf *out, Text text)
{
	for (size_t i = 0; i < text.length;) {
		char byte = text.data[i];
		if (byte == '\n' || byte == '\r' || byte == '\t') {
			buf_addc(out, ' ');
			i++;
			continue;
		}
		Glyph glyph = glyph_at(text.data + i, text.length - i, 0);
		buf_adds(out, glyph.text);
		i += glyph.bytes;
	}
}

void add_safe_string(Buf *out, const char *text)
{
	add_safe(out, (Text){text, strlen(text)});
}

static uint32_t safe_width(Text text)
{
	uint32_t width = 0;
	for (size_t i = 0; i < text.length;) {
		Glyph glyph = glyph_at(text.data + i, text.length - i, 0);
		width += glyph.width;
		i += glyph.bytes;
	}
	return width;
}

void add_wrapped(Buf *out, const char *text, uint32_t indent)
{
	uint32_t column = indent;
	for (const char *at = text; *at;) {
		at += strspn(at, " \t\r\n");
		Text word = {at, strcspn(at, " \t\r\n")};
		if (!word.length)
			break;
		uint32_t width = safe_width(word);
		if (column > indent && column + 1 + width > TERMINAL_WIDTH) {
			buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_addc(out, ' ');
			column++;
		}
		add_safe(out, word);
		column += width;
		at += word.length;
	}
}

void color_begin(Buf *out, bool on, Color color)
{
	static const char *const codes[] = {
		[COLOR_NONE] = "0",       [COLOR_BOLD] = "1",    [COLOR_DIM] = "2",  [COLOR_ERROR] = "1;31",
		[COLOR_WARNING] = "1;33", [COLOR_NOTE] = "1;36", [COLOR_GOOD] = "32",
	};
	if (on)
		buf_addf(out, "\x1b[%sm", codes[color]);
}

void color_end(Buf *out, bool on)
{
	if (on)
		buf_adds(out, "\x1b[0m");
}

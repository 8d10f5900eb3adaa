#include "report/markup.h"

#include "report/terminal.h"

void add_markdown(Buf *out, const char *text, bool inside_html)
{
	Buf safe = {0};
	add_safe_string(&safe, text);
	for (size_t i = 0; i < safe.length; i++) {
		if (safe.data[i] == '<')
			buf_adds(out, "&lt;");
		else if (safe.data[i] == '&')
			buf_adds(out, "&amp;");
		else if (byte_in(safe.data[i], "@#"))
			/* Forges call people and link issues wherever these stand in text, escaped or not. */
			buf_addf(out, "%c<!-- -->", safe.data[i]);
		else if (!inside_html && byte_in(safe.data[i], "\\`*_|[]~"))
			buf_addf(out, "\\%c", safe.data[i]);
		else
			buf_addc(out, safe.data[i]);
	}
	buf_free(&safe);
}

void add_fenced(Buf *out, const char *language, Text code)
{
	size_t longest = 2, run = 0;
	for (size_t i = 0; i < code.length; i++) {
		run = code.data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	Buf fence = {0};
	for (size_t i = 0; i <= longest; i++)
		buf_addc(&fence, '`');
	buf_addf(out, "%s%s\n", fence.data, language);
	for (size_t i = 0; i < code.length;) {
		const char *line = code.data + i, *end = memchr(line, '\n', code.length - i);
		size_t length = end ? (size_t)(end - line) : code.length - i;
		add_safe(out, (Text){line, length && line[length - 1] == '\r' ? length - 1 : length});
		buf_addc(out, '\n');
		i += length + 1;
	}
	buf_addf(out, "%s\n", fence.data);
	buf_free(&fence);
}

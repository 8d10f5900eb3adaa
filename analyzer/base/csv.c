#include "base/csv.h"

static bool is_line_end(char byte)
{
	return byte == '\n' || byte == '\r';
}

static const char *take_field(Csv *csv)
{
	Buf text = {0};
	bool quoted = csv->at < csv->length && csv->bytes[csv->at] == '"';
	csv->at += quoted;
	while (csv->at < csv->length) {
		char byte = csv->bytes[csv->at];
		if (quoted && byte == '"') {
			csv->at++;
			if (csv->at >= csv->length || csv->bytes[csv->at] != '"') {
				quoted = false;
				continue;
			}
		} else if (!quoted && (byte == ',' || is_line_end(byte))) {
			break;
		}
		csv->line += byte == '\n';
		buf_addc(&text, byte);
		csv->at++;
	}
	const char *field = arena_copy(csv->arena, text.data ? text.data : "", text.length);
	buf_free(&text);
	return field;
}

/* csv->line counts on while a row is read; the row's own is set when it is whole. */
bool csv_next(Csv *csv)
{
	csv->fields.count = 0;
	for (csv->line = csv->next_line; csv->at < csv->length && is_line_end(csv->bytes[csv->at]); csv->at++)
		csv->line += csv->bytes[csv->at] == '\n';
	if (csv->at >= csv->length)
		return false;
	uint32_t line = csv->line;
	csv->start = csv->at;
	for (;;) {
		array_push(csv->arena, &csv->fields, take_field(csv));
		if (csv->at >= csv->length || csv->bytes[csv->at] != ',')
			break;
		csv->at++;
	}
	csv->end = csv->at;
	csv->next_line = csv->line;
	csv->line = line;
	return true;
}

bool csv_open(Csv *csv, Arena *arena, const char *bytes, uint32_t from, uint32_t length)
{
	*csv = (Csv){.arena = arena, .bytes = bytes, .at = from, .length = length, .next_line = 1};
	bool there = csv_next(csv);
	csv->header = csv->fields;
	csv->fields = (CsvFields){0};
	return there;
}

bool csv_has(const Csv *csv, const char *name)
{
	array_each (const char *const, column, &csv->header)
		if (same_nocase(*column, name))
			return true;
	return false;
}

const char *csv_field(const Csv *csv, const char *name)
{
	for (uint32_t i = 0; i < csv->header.count && i < csv->fields.count; i++)
		if (same_nocase(csv->header.items[i], name))
			return csv->fields.items[i];
	return "";
}

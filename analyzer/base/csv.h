#ifndef DDLINT_BASE_CSV_H
#define DDLINT_BASE_CSV_H
/* Reading CSV with a header, row by row: https://www.rfc-editor.org/rfc/rfc4180 */
#include "base/base.h"

typedef ARRAY(const char *) CsvFields;
typedef struct Csv {
	Arena *arena;
	const char *bytes;
	uint32_t at, length;
	CsvFields header, fields; /* of the first row, of the row at hand */
	uint32_t start, end;      /* of the row at hand, in bytes */
	uint32_t line, next_line; /* it begins there, from 1 */
} Csv;

/* From an offset (behind a byte order mark); false: there is no header. bytes has a NUL behind it and outlives the Csv. */
bool csv_open(Csv *csv, Arena *arena, const char *bytes, uint32_t from, uint32_t length);
bool csv_next(Csv *csv);
bool csv_has(const Csv *csv, const char *name);
/* "" for a column that is not there. Names are told apart without their case. */
const char *csv_field(const Csv *csv, const char *name);
#endif

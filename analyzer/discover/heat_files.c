/* The files of `heat`: looked through before the work begins, so that no finding silently does without their numbers. */
#include "discover/discover.h"

#include <stdlib.h>

#include "base/csv.h"
#include "base/files.h"

static void add_complaint(Discoverer *discoverer, const char *path, uint32_t line, const char *format, ...) PRINTF(4, 5);
static void add_complaint(Discoverer *discoverer, const char *path, uint32_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprint(discoverer->arena, format, arguments);
	va_end(arguments);
	array_push(discoverer->arena, &discoverer->discovery->notes, (Note){true, path, line, message});
}

static bool is_number(const char *text)
{
	char *end;
	if (!*text) /* psql prints nothing for NULL */
		return true;
	strtod(text, &end);
	return end != text && !*end;
}

/* The first thing that is wrong with a file of statistics or of the workload. */
static void check_heat_file(Discoverer *discoverer, const char *path, const char *bytes, uint32_t length, bool workload)
{
	static const char *const statistics_columns[] = {"schema", "table", "rows", "bytes", NULL};
	static const char *const workload_columns[] = {"query", "calls", NULL};
	static const char *const numbers[] = {"rows", "bytes", "seq_scan", "idx_scan", "n_tup_ins", "n_tup_upd", "n_tup_del",
					      "calls", "total_exec_time", "total_time"};
	Arena scratch = {0};
	Csv csv;
	bool good = csv_open(&csv, &scratch, bytes, starts_with(bytes, "\xEF\xBB\xBF") ? 3 : 0, length);
	for (const char *const *column = workload ? workload_columns : statistics_columns; *column && good; column++)
		good = csv_has(&csv, *column);
	if (!good)
		add_complaint(discoverer, path, 1, "expected a header with %s: \"ddlint heat --query\" prints the SQL that makes the file",
			      workload ? "query, calls and total_exec_time" : "schema, table, index, rows and bytes");
	while (good && csv_next(&csv))
		for (size_t i = 0; i < LENGTH(numbers) && good; i++)
			if (!is_number(csv_field(&csv, numbers[i]))) {
				add_complaint(discoverer, path, csv.line, "%s: expected a number, not \"%s\"", numbers[i],
					      csv_field(&csv, numbers[i]));
				good = false;
			}
	arena_free(&scratch);
}

void check_heat_files(Discoverer *discoverer)
{
	array_each (History *const, history, &discoverer->discovery->histories) {
		const Config *config = (*history)->config;
		const char *const files[] = {config ? config->heat.statistics : NULL, config ? config->heat.workload : NULL};
		for (size_t i = 0; i < LENGTH(files); i++) {
			size_t length;
			const char *error, *bytes = files[i] ? file_read(discoverer->arena, files[i], &length, &error) : NULL;
			if (bytes)
				check_heat_file(discoverer, files[i], bytes, (uint32_t)length, i == 1);
			else if (files[i])
				add_failure(discoverer, files[i], "%s", error);
		}
	}
}


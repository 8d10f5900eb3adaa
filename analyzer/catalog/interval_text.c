/*
 * Intervals in one form: '5 minutes' and '00:05:00' are the same, and PostgreSQL prints the second.
 * https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT
 */
#include "catalog/inside.h"

#include <ctype.h>
#include <stdlib.h>

enum { LONGEST_UNIT = 15, MOST = 1000000000 };

typedef struct Interval {
	long long months, days, microseconds;
} Interval;

static const struct Unit {
	const char *names; /* between blanks */
	long long months, days, microseconds;
} units[] = {
    {" us usec usecs microsecond microseconds ", 0, 0, 1},
    {" ms msec msecs millisecond milliseconds ", 0, 0, 1000},
    {" s sec secs second seconds ", 0, 0, 1000000},
    {" m min mins minute minutes ", 0, 0, 60000000LL},
    {" h hr hrs hour hours ", 0, 0, 3600000000LL},
    {" d day days ", 0, 1, 0},
    {" w week weeks ", 0, 7, 0},
    {" mon mons month months ", 1, 0, 0},
    {" y yr yrs year years ", 12, 0, 0},
};

static const struct Unit *find_unit(const char *word, size_t length)
{
	char lower[LONGEST_UNIT + 3] = " ";
	if (!length || length > LONGEST_UNIT)
		return NULL;
	for (size_t i = 0; i < length; i++)
		lower[i + 1] = (char)tolower((unsigned char)word[i]);
	lower[length + 1] = ' ';
	for (size_t i = 0; i < LENGTH(units); i++)
		if (strstr(units[i].names, lower))
			return &units[i];
	return NULL;
}

/* hh:mm or hh:mm:ss, behind its hours; whole seconds only. */
static bool read_clock(const char **at, long long hours, bool negative, Interval *interval)
{
	long long seconds = hours * 3600, unit = 60;
	for (int part = 0; part < 2 && **at == ':'; part++, unit = 1) {
		char *end;
		long value = strtol(*at + 1, &end, 10);
		if (!isdigit((unsigned char)(*at)[1]) || value > 59)
			return false;
		seconds += value * unit;
		*at = end;
	}
	interval->microseconds += (negative ? -seconds : seconds) * 1000000;
	return true;
}

/* One number with what it counts. */
static bool read_part(const char **at, Interval *interval)
{
	bool negative = **at == '-';
	*at += negative || **at == '+';
	if (!isdigit((unsigned char)**at))
		return false;
	char *end;
	long long number = strtoll(*at, &end, 10);
	if (number > MOST)
		return false;
	*at = end;
	if (**at == ':')
		return read_clock(at, number, negative, interval);
	*at += strspn(*at, " ");
	size_t length = 0;
	while (isalpha((unsigned char)(*at)[length]))
		length++;
	const struct Unit *unit = find_unit(*at, length);
	if (!unit)
		return false;
	*at += length;
	number = negative ? -number : number;
	interval->months += number * unit->months;
	interval->days += number * unit->days;
	interval->microseconds += number * unit->microseconds;
	return true;
}

static bool read_interval(const char *text, Interval *interval)
{
	const char *at = text + strspn(text, " ");
	if (!*at)
		return false;
	for (; *at; at += strspn(at, " "))
		if (!read_part(&at, interval))
			return false;
	return true;
}

const char *interval_text(Arena *arena, const Expr *expr)
{
	for (int depth = 0; depth < 2 && expr && expr->kind == EXPR_CAST && expr->type && !expr->type->modifier_count &&
			    name_is(expr->type->name, "pg_catalog", "interval");
	     depth++)
		expr = expr->arguments;
	Interval interval = {0};
	if (!expr || expr->kind != EXPR_CONSTANT || !expr->quoted || !expr->text ||
	    !read_interval(expr->text, &interval))
		return NULL;
	return arena_print(arena, "%lld months %lld days %lld us", interval.months, interval.days,
			   interval.microseconds);
}

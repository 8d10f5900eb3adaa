#include "base/date.h"

#include <ctype.h>

/* https://howardhinnant.github.io/date_algorithms.html describes the arithmetic: years begin in March. */
static long days_of(long year, long month, long day)
{
	year -= month <= 2;
	long era = year / 400, of_era = year - era * 400;
	long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static long number_at(const char *text, int digits)
{
	long number = 0;
	for (int i = 0; i < digits; i++) {
		if (!isdigit((unsigned char)text[i]))
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

static long date_from(long year, long month, long day)
{
	bool valid = year >= 1970 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
	return valid ? days_of(year, month, day) : -1;
}

long date_in(const char *text)
{
	if (!text)
		return -1;
	long year = number_at(text, 4);
	if (year >= 0 && number_at(text, 8) >= 0) {
		long compact = date_from(year, number_at(text + 4, 2), number_at(text + 6, 2));
		if (compact >= 0)
			return compact;
	}
	for (const char *dash = strchr(text, '-'); dash; dash = strchr(dash + 1, '-'))
		if (dash - text >= 4 && number_at(dash - 4, 4) >= 0 && number_at(dash + 1, 2) >= 0 && dash[3] == '-' &&
		    number_at(dash + 4, 2) >= 0)
			return date_from(number_at(dash - 4, 4), number_at(dash + 1, 2), number_at(dash + 4, 2));
	return -1;
}

const char *date_words(Arena *arena, long days)
{
	long year = 1970 + days / 366;
	while (days_of(year + 1, 1, 1) <= days)
		year++;
	long month = 1;
	while (month < 12 && days_of(year, month + 1, 1) <= days)
		month++;
	return arena_print(arena, "%04ld-%02ld-%02ld", year, month, days - days_of(year, month, 1) + 1);
}

#ifndef DDLINT_JUDGE_HEAT_H
#define DDLINT_JUDGE_HEAT_H
/*
 * Heat: how large tables are and how much they are used, from two CSV files that `ddlint heat --query` tells how to make: statistics
 * of tables and indexes, and the workload, whose queries are parsed. Read once for a history; nothing here asks a server.
 */
#include "action/action.h"
#include "discover/config.h"
#include "read/source.h"

typedef struct TableHeat {
	const char *name;          /* "public.users" */
	const char *index;         /* its index, in a row about one; NULL */
	double rows, bytes, reads, writes; /* reads: scans of either kind; of an index: its scans */
} TableHeat;

typedef struct HotQuery {
	const char *text;          /* normalised: $1 or ? for constants, no comments */
	double calls, time;        /* milliseconds in all */
	Span span;                 /* of its row in the workload */
	const Query **queries;     /* what it reads and writes; NULL-ended */
} HotQuery;

typedef struct Heat Heat;
struct Heat {
	ARRAY(TableHeat) tables;   /* indexes too */
	ARRAY(HotQuery) queries;   /* hottest first, as many as the configuration looks at */
	Source *workload;
	double all_calls, all_time;
	HeatLimits limits;
	long taken;                /* the older day of both files, as days since 1970; -1: not said */
};

/* NULL: the configuration names no file, or none that can be read. */
const Heat *heat_read(Arena *arena, const Config *config);
const TableHeat *heat_table(const Heat *heat, const char *name);
const TableHeat *heat_index(const Heat *heat, const char *name);

/* The queries that touch a relation, or one column of it (column not NULL). */
typedef struct HeatUse {
	uint32_t reads, writes;    /* queries of the hottest */
	double calls, time;
	ARRAY(const HotQuery *) queries;
} HeatUse;
HeatUse heat_use(Arena *arena, const Heat *heat, const char *schema, const char *relation, const char *column);
/* "read by 3 of the 50 hottest queries, 1.2 M calls"; NULL when none touches it. */
const char *heat_words(Arena *arena, const Heat *heat, const HeatUse *use);
/* A share of the workload's calls or of its time that somebody would notice. */
bool heat_is_hot(const Heat *heat, const HeatUse *use);
/* So small that a scan or a rewrite is over before anybody waits. */
bool heat_is_tiny(const Heat *heat, const TableHeat *table);
/* "1.2 M", "34 k", "120" */
const char *count_words(Arena *arena, double count);
/* The SQL of both files. */
extern const char heat_query[];
#endif

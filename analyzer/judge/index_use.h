#ifndef DDLINT_JUDGE_INDEX_USE_H
#define DDLINT_JUDGE_INDEX_USE_H
/* Who would miss an index: what looks rows up by it and finds no other one of its table to do so. Facts for rules about DROP INDEX. */
#include "judge/heat.h"
#include "judge/rule.h"

/*
 * The hottest query of the workload whose WHERE compares the index's first column with a value, while no other index of the table
 * begins with a column that it compares: without the index nothing narrows its search. *column is that column; *count how many such
 * queries there are. NULL: none, or nobody knows the workload or the table.
 */
const HotQuery *query_that_misses(const Context *context, const Relation *index, const char **column, uint32_t *count);
/* The foreign key of the table whose columns the index begins with, and no other one. NULL: none, or nobody knows the table. */
const Constraint *key_that_misses(const Context *context, const Relation *index);
#endif

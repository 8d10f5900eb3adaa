#ifndef DDLINT_CHANGE_H
#define DDLINT_CHANGE_H
/*
 * Liquibase's changes (createTable, addColumn …) as the SQL that Liquibase sends to PostgreSQL for them. What was compared
 * with is the output of `liquibase update-sql` and `future-rollback-sql`, version 4.28.
 *
 * https://docs.liquibase.com/change-types/home.html
 */
#include "element.h"
#include "sql_text.h"

/* Appends statements, each with its semicolon. False: the change is not understood, or is no SQL. */
bool change_sql(Buf *sql, const Element *change);
/* What takes the change back, where Liquibase knows that by itself. False: it does not. */
bool change_inverse(Buf *sql, const Element *change);
/* The change sends nothing that matters: tagDatabase, output, empty. */
bool change_is_silent(const char *name);
/* A word inside a changeSet that is no change: rollback, preConditions, comment. */
bool is_change(const char *name);

/* For those that write changes: words with {columnName} for a name, {schemaName.tableName} for one with its schema, {=remarks} for a string. */
void change_words(Buf *sql, const Element *change, const char *words);
void change_name(Buf *sql, const Element *change, const char *name);

/* change_rows.c */
bool change_insert(Buf *sql, const Element *change);
bool change_load_data(Buf *sql, const Element *change);
bool change_update(Buf *sql, const Element *change);
bool change_delete(Buf *sql, const Element *change);

/* change_column.c: for what has columns. */
void change_type(Buf *sql, const char *type, bool *is_identity);
/* The value of a column in INSERT, UPDATE and DEFAULT: value, valueNumeric … with the prefix "value" or "defaultValue"; false: none. */
bool change_value(Buf *sql, const Element *column, const char *prefix);
void change_table(Buf *sql, const Element *change, const char *schema, const char *table);
/* "a, b" from "a,b" */
void change_names(Buf *sql, const char *names);
bool change_create_table(Buf *sql, const Element *change);
bool change_add_column(Buf *sql, const Element *change);
#endif

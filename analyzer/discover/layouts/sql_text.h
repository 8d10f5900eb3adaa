#ifndef DDLINT_SQL_TEXT_H
#define DDLINT_SQL_TEXT_H
/*
 * Writing the SQL that a migration tool would send for changes that are no SQL: names and strings as PostgreSQL wants them.
 */
#include "base/base.h"

typedef enum NameStyle {
	NAME_EXACT,       /* quoted when it has an upper-case letter */
	NAME_UPPER_FOLDS, /* one that is all upper case stays as it is, and so means the lower-case one (Liquibase) */
} NameStyle;

/* Quoted where it has to be. A name with a place-holder stays as it is: its value decides. */
void put_name(Buf *sql, const char *name, NameStyle style);
/* schema.name, or the name alone when schema is NULL or "". */
void put_qualified(Buf *sql, const char *schema, const char *name, NameStyle style);
/* 'it''s' */
void put_string(Buf *sql, const char *text);
/* 12, -1.5e3 */
bool is_number(const char *text);
#endif

#ifndef DDLINT_REPLAY_WRITER_H
#define DDLINT_REPLAY_WRITER_H
/* What the files that write reversals share. */
#include "replay/replay.h"

/* The statements of one reversal on their way. */
typedef struct Writer {
	Arena *arena;
	Catalog *catalog;
	CatalogMark before;
	const Comparison *comparison;
	const History *history;
	uint32_t ordinal; /* of the migration whose down this is */
	Buf sql;
} Writer;

/* reversal.c: names, ready to paste. */
const char *name_in_sql(const Writer *writer, const Object *object);
const char *identifier_in_sql(const Writer *writer, const char *name);
void write_drop(Writer *writer, const Difference *difference);

/* reversal_make.c: the object as the catalog has it now, or as a migration made it; false: it cannot be written. */
bool write_object(Writer *writer, const Object *object);
/* The newest statement of the earlier migrations that made it; *action: what it does there. Empty: none. */
Text definition_of(const Writer *writer, const Object *object, const Action **action);

/* reversal_change.c: what is there and differs becomes what it was. */
void write_change(Writer *writer, const Difference *difference);
/* Row security and storage parameters; false: there is nothing to write. */
bool write_table_change(Writer *writer, const Relation *is, const Relation *was);
#endif

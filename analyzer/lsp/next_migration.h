#ifndef DDLINT_LSP_NEXT_MIGRATION_H
#define DDLINT_LSP_NEXT_MIGRATION_H
/*
 * Migrations that are still to be written: what their files are called, after the example of one that there is, and what their tool
 * wants around the statements.
 */
#include "discover/layout.h"

typedef struct NewMigration {
	const char *path; /* absolute, of the up */
	const char *down; /* of the down; NULL: it is a section of the same file, or there is none */
} NewMigration;

/*
 * The files of the migration that comes `ahead` (from 1) behind the history's last. `path` is the absolute one of the example's up.
 * False: its version is not in its name, or something beside the files lists them, which nobody but its tool should write.
 */
bool name_next_migration(Arena *arena, const Migration *example, const char *path, uint32_t ahead, const char *verb, NewMigration *named);

/*
 * The whole file with these statements; down NULL: it has no section for them. NULL where the tool has no way to run what `alone` asks
 * for: outside a transaction.
 */
const char *migration_file_text(Arena *arena, const Migration *example, const char *up, const char *down, bool alone);
/* Does the tool open a transaction for migrations such as the example, and has it a word against it? */
bool opens_transaction(const Migration *example);
bool has_word_against_transaction(const Migration *example);
#endif

#include "discover/layout.h"

/*
 * Tools that keep up and down in one file, cut by comment lines. They differ in the words only:
 *
 *   goose            https://pressly.github.io/goose/documentation/annotations/
 *   dbmate           https://github.com/amacneil/dbmate#creating-migrations
 *   sql-migrate      https://github.com/rubenv/sql-migrate#writing-migrations
 *   tern             https://github.com/jackc/tern#migrations
 *   node-pg-migrate  https://salsita.github.io/node-pg-migrate/migrations/
 *   rambler          https://github.com/elwinar/rambler
 *   evolutions       https://www.playframework.com/documentation/latest/Evolutions (comments may start with '#')
 */

static int detect_marked(const Layout *layout, Arena *arena, const Root *root, const char **why)
{
	const char *words = layout->sections->up ? layout->sections->up : layout->sections->down;
	uint32_t marked = count_mostly_marked(root, words);
	if (!marked)
		return 0;
	*why = arena_print(arena, "%u of %u files say `-- %s`", marked, count_sql(root), words);
	return 95;
}

static void read_marked_file(const LayoutContext *context, const File *file)
{
	const SectionWords *words = context->history->layout->sections;
	FileName name = file->parsed;
	Sections sections = cut_sections(file->source, words);
	bool marked = words->up ? sections.has_up : sections.has_down;
	if (!marked && !*name.version) {
		add_verbose_note(context, file, "left out: neither a number in its name nor a `-- %s` in it", words->up ? words->up : words->down);
		return;
	}
	Migration *migration = add_migration(context, name.version, name.name);
	migration->down_expected = true;
	Script *up = add_script(context, migration, file, DIRECTION_UP,
				sections.up_alone ? WRAPPING_NONE : WRAPPING_TRANSACTION);
	if (sections.has_up)
		add_section(migration, up, sections.up);
	if (!sections.has_down)
		return;
	Script *down = add_script(context, migration, file, DIRECTION_DOWN,
				  sections.down_alone ? WRAPPING_NONE : WRAPPING_TRANSACTION);
	add_section(migration, down, sections.down);
}

static void read_marked_files(const LayoutContext *context)
{
	for (uint32_t i = 0; i < context->root->file_count; i++)
		if (context->root->files[i].source && context->root->files[i].sql)
			read_marked_file(context, &context->root->files[i]);
}

static void read_marked(const LayoutContext *context)
{
	read_marked_files(context);
	sort_by_version(context->history);
}

/* Each statement commits by itself. */
static void read_unwrapped(const LayoutContext *context)
{
	read_marked(context);
	array_each(Migration *, item, &context->history->migrations) {
		if ((*item)->up)
			(*item)->up->wrapping = WRAPPING_NONE;
		if ((*item)->down)
			(*item)->down->wrapping = WRAPPING_NONE;
	}
}

static void read_dbmate(const LayoutContext *context)
{
	read_marked_files(context);
	sort_by_version_text(context->history);
}

/* Statements are sent one by one, but for those between the batch markers. */
static void split_by_batches(const Migration *migration, const Script *script UNUSED, SplitOptions *options)
{
	options->batch_begin = migration->history->layout->sections->batch_begin;
	options->batch_end = migration->history->layout->sections->batch_end;
}

/* lib/pq and node-postgres send a query without parameters as it is: the server gets the whole section at once. */
static void split_whole(const Migration *migration UNUSED, const Script *script UNUSED, SplitOptions *options)
{
	options->whole_is_batch = true;
}

static const SectionWords goose_words = {
	.up = "+goose Up", .down = "+goose Down", .file_option = "+goose NO TRANSACTION",
	.batch_begin = "+goose StatementBegin", .batch_end = "+goose StatementEnd",
};
const Layout layout_goose = {
	.name = "goose", .title = "goose",
	.detect = detect_marked, .read = read_marked, .split_options = split_by_batches,
	.no_transaction = "in a migration of its own that says `-- +goose NO TRANSACTION`",
	.no_transaction_line = "-- +goose NO TRANSACTION",
	.has_downs = true, .sections = &goose_words,
};

static const SectionWords sql_migrate_words = {
	.up = "+migrate Up", .down = "+migrate Down", .section_option = "notransaction",
	.batch_begin = "+migrate StatementBegin", .batch_end = "+migrate StatementEnd",
};
const Layout layout_sql_migrate = {
	.name = "sql-migrate", .title = "sql-migrate",
	.detect = detect_marked, .read = read_marked, .split_options = split_by_batches,
	.no_transaction = "in a migration of its own that begins with `-- +migrate Up notransaction`",
	.no_transaction_line = "-- +migrate Up notransaction",
	.has_downs = true, .sections = &sql_migrate_words,
};

static const SectionWords dbmate_words = {
	.up = "migrate:up", .down = "migrate:down", .section_option = "transaction:false",
};
const Layout layout_dbmate = {
	.name = "dbmate", .title = "dbmate",
	.detect = detect_marked, .read = read_dbmate, .split_options = split_whole,
	.no_transaction = "in a migration of its own that begins with `-- migrate:up transaction:false`",
	.no_transaction_line = "-- migrate:up transaction:false",
	.has_downs = true, .sections = &dbmate_words,
};

static const SectionWords tern_words = {
	.down = "create above / drop below", .file_option = "tern: disable-tx",
};
const Layout layout_tern = {
	.name = "tern", .title = "tern",
	.detect = detect_marked, .read = read_marked,
	.no_transaction = "in a migration of its own that says `---- tern: disable-tx ----`",
	.no_transaction_line = "---- tern: disable-tx ----",
	.has_downs = true, .sections = &tern_words,
};

static const SectionWords node_pg_migrate_words = {.up = "Up Migration", .down = "Down Migration"};
const Layout layout_node_pg_migrate = {
	.name = "node-pg-migrate", .title = "node-pg-migrate",
	.detect = detect_marked, .read = read_marked, .split_options = split_whole,
	.no_transaction = "in a migration of its own, written in JavaScript, that calls pgm.noTransaction()",
	.has_downs = true, .sections = &node_pg_migrate_words,
};

static const SectionWords rambler_words = {.up = "rambler up", .down = "rambler down"};
const Layout layout_rambler = {
	.name = "rambler", .title = "Rambler",
	.detect = detect_marked, .read = read_unwrapped,
	.has_downs = true, .sections = &rambler_words,
};

static const SectionWords evolutions_words = {.up = "!Ups", .down = "!Downs"};
const Layout layout_evolutions = {
	.name = "evolutions", .title = "Play evolutions",
	.detect = detect_marked, .read = read_unwrapped,
	.has_downs = true, .sections = &evolutions_words,
};

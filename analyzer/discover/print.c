#include "discover/layout.h"

static const char *wrapping_word(const Migration *migration, const Script *script)
{
	if (script->wrapping == WRAPPING_TRANSACTION)
		return "transaction";
	SplitOptions options;
	script_split_options(migration, script, &options);
	return options.whole_is_batch ? "one query" : "no transaction";
}

static void print_script(Buf *buf, const Migration *migration, const Script *script)
{
	buf_addf(buf, "\t%s (%s", script->source->path, wrapping_word(migration, script));
	for (uint32_t i = 0; i < script->sections.count; i++) {
		Span section = script->sections.items[i];
		if (section.start != script->source->body || section.end != script->source->length)
			buf_addf(buf, ", bytes %u-%u", section.start, section.end);
	}
	buf_adds(buf, ")");
}

/* What a layout wrote in the place of other bytes than SQL, each with its line. */
static void print_rewrites(Buf *buf, const Script *script)
{
	array_each(const Rewrite, rewrite, &script->rewrites) {
		buf_addf(buf, "\t%s:%u: ", direction_word(script->direction), source_position(script->source, rewrite->source.start).line);
		for (size_t i = 0; i < rewrite->sql.length; i++)
			buf_addc(buf, rewrite->sql.data[i] == '\n' ? ' ' : rewrite->sql.data[i]);
		buf_addc(buf, '\n');
	}
}

static void print_migration(Buf *buf, const Migration *migration)
{
	const Script *first = migration->up ? migration->up : migration->down;
	buf_addf(buf, "  %u\t%s\t%s\t%s", migration->ordinal, *migration->version ? migration->version : "-",
		 *migration->name ? migration->name : "-", migration->target ? direction_word(first->direction) : "replayed only");
	if (migration->up)
		print_script(buf, migration, migration->up);
	if (migration->down) {
		buf_adds(buf, migration->up ? "\tdown" : "");
		print_script(buf, migration, migration->down);
	}
	if (!migration->down && migration->down_expected)
		buf_adds(buf, "\tno down");
	buf_addc(buf, '\n');
	if (migration->up)
		print_rewrites(buf, migration->up);
	if (migration->down)
		print_rewrites(buf, migration->down);
}

void discovery_print(Buf *buf, const Discovery *discovery)
{
	for (uint32_t i = 0; i < discovery->histories.count; i++) {
		const History *history = discovery->histories.items[i];
		buf_addf(buf, "%s: %s (%s)%s%s, %u migrations\n", history->name, history->layout ? history->layout->title : "parts",
			 history->why ? history->why : "no reason", history->loose ? ", loose" : "",
			 history->closed ? ", starts from nothing" : "", history->migrations.count);
		for (uint32_t m = 0; m < history->migrations.count; m++)
			print_migration(buf, history->migrations.items[m]);
	}
}

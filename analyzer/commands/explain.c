/* `ddlint explain RULE`: everything that is known of one rule, with its bad and its good SQL. */
#include "commands/commands.h"
#include "report/link.h"
#include "report/terminal.h"

static void add_section(Buf *out, const char *title, const char *text)
{
	if (!text || !*text)
		return;
	buf_addf(out, "\n%s\n  ", title);
	add_wrapped(out, text, 2);
	buf_addc(out, '\n');
}

static void add_example(Arena *arena, Buf *out, const char *title, const char *sql)
{
	if (!sql || !*sql)
		return;
	Text text = example_text(arena, sql, true);
	buf_addf(out, "\n%s\n", title);
	for (size_t i = 0; i < text.length;) {
		const char *line = text.data + i, *end = memchr(line, '\n', text.length - i);
		size_t length = end ? (size_t)(end - line) : text.length - i;
		if (length)
			buf_addf(out, "  %.*s", (int)length, line);
		buf_addc(out, '\n');
		i += length + 1;
	}
}

static void add_options(Buf *out, const RuleEntry *entry)
{
	if (!entry->rule->options)
		return;
	buf_adds(out, "\nOptions\n");
	for (const RuleOptionInfo *option = entry->rule->options; option->name; option++)
		buf_addf(out, "  %-20s %s (default: %s)\n", option->name, option->help ? option->help : "",
			 option->fallback && *option->fallback ? option->fallback : "none");
	buf_addf(out, "\n  rules: {%s: {%s: %s}}\n", entry->id, entry->rule->options->name,
		 entry->rule->options->fallback && *entry->rule->options->fallback ? entry->rule->options->fallback : "...");
}

static void render(Arena *arena, Buf *out, const RuleEntry *entry)
{
	const Rule *rule = entry->rule;
	const char *severity = rule->severity == SEVERITY_OFF ? "off by default" : severity_word(rule->severity);
	if (entry->pack)
		severity = arena_print(arena, "%s in the pack %s", severity_word(entry->wanted), entry->pack);
	else if (entry->file)
		severity = arena_print(arena, "%s, of %s", severity_word(rule->severity), entry->file);
	buf_addf(out, "%s (%s, %s)\n", entry->id, category_word(rule->category), severity);
	if (rule->summary)
		buf_addf(out, "  %s\n", rule->summary);
	add_section(out, "Why", rule->why);
	add_section(out, "Instead", rule->instead);
	add_example(arena, out, "Bad", entry->bad);
	add_example(arena, out, "Good", entry->good);
	add_options(out, entry);
	buf_addf(out, "\nAllow it once\n  -- ddlint: allow %s -- the reason\n", entry->id);
	if (rule->manual)
		buf_addf(out, "\nManual\n  %s\n", manual_link(arena, rule->manual));
}

/* The rule of that name; ids are kebab-case, and the file's snake_case name is understood too. */
static const RuleEntry *find_rule(Arena *arena, const RuleBook *book, const char *word)
{
	const RuleEntry *entry = rule_book_find(book, kebab(arena, word));
	if (entry)
		return entry;
	Words names = {0};
	array_each (RuleEntry, one, &book->entries)
		array_push(arena, &names, one->id);
	const char *meant = nearest(word, names.items, names.count);
	if (meant)
		complain("no rule %s: did you mean %s?", word, meant);
	else
		complain("no rule %s: see ddlint rules", word);
	return NULL;
}

int explain_run(Arena *arena, const Options *options)
{
	if (!options->paths.count)
		return complain("explain needs a rule: ddlint explain RULE; ddlint rules lists them");
	const RuleBook *book = rules_here(arena, options);
	if (!book)
		return EXIT_FAILED;
	Buf out = {0};
	int code = EXIT_CLEAN;
	array_each (const char *, word, &options->paths) {
		const RuleEntry *entry = find_rule(arena, book, *word);
		if (!entry) {
			code = EXIT_FAILED;
			continue;
		}
		if (out.length)
			buf_addc(&out, '\n');
		render(arena, &out, entry);
	}
	if (write_output(options, &out) != EXIT_CLEAN)
		code = EXIT_FAILED;
	buf_free(&out);
	return code;
}

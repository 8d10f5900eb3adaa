#include "discover/config_keys.h"

#include "discover/pattern.h"

/*
 * `layout:` as a mapping describes how the project itself keeps its migrations, in the words that the layouts of tools are
 * described in: how files are called, what cuts them into up and down, what runs in a transaction.
 */

void read_layout_name(Reader *reader, const Key *key, const Node *node, void *target)
{
	OwnLayout *own = target;
	own->name = value_text(reader, key, node);
}

void read_layout_root(Reader *reader, const Key *key, const Node *node, void *target)
{
	OwnLayout *own = target;
	own->root = value_path(reader, key, node);
}

/* Paths below the root start with no slash, so slashes around the pattern can only be there for looks. */
static const char *without_slashes(Arena *arena, const char *text)
{
	size_t length = strlen(text);
	bool slashed = length > 2 && text[0] == '/' && text[length - 1] == '/';
	return slashed ? arena_copy(arena, text + 1, length - 2) : text;
}

void read_layout_files(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const groups[] = {"version", "name", "direction"};
	OwnLayout *own = target;
	const char *text = value_text(reader, key, node), *error = NULL;
	if (!text)
		return;
	own->files = pattern_regex(reader->arena, without_slashes(reader->arena, text), &error);
	if (!own->files) {
		key_error(reader, key, node->line, "\"%s\" is no pattern: %s", text, error);
		return;
	}
	const char *unknown = pattern_unknown_group(own->files, groups, LENGTH(groups));
	if (unknown)
		key_error(reader, key, node->line, "the group \"%s\" is not known; known are version, name, direction", unknown);
	else if (!pattern_has_group(own->files, "version"))
		key_error(reader, key, node->line, "no group says the version: (?<version>[0-9]+)");
}

static void add_word(Reader *reader, const Key *key, OwnLayout *own, Direction direction, const Node *node)
{
	const char *word = value_text(reader, key, node);
	if (word)
		array_push(reader->arena, &own->directions, (struct DirectionWord){word, direction});
}

static const Direction directions[] = {
	DIRECTION_UP, DIRECTION_DOWN, DIRECTION_REPEATABLE, DIRECTION_VERIFY, DIRECTION_CALLBACK, DIRECTION_BASELINE, DIRECTION_SEED,
};

void read_layout_directions(Reader *reader, const Key *key, const Node *node, void *target)
{
	OwnLayout *own = target;
	const char *names[LENGTH(directions)];
	for (size_t i = 0; i < LENGTH(directions); i++)
		names[i] = direction_word(directions[i]);
	array_each(struct NodePair, pair, &value_map(reader, key, node)->pairs) {
		const Node name = {.kind = NODE_TEXT, .text = pair->key, .line = pair->line};
		const Key known = {key->name, NULL, "up, down, repeatable, verify, callback, baseline or seed", 0};
		int place = value_word(reader, &known, &name, names, LENGTH(names));
		const Key inner = inner_key(reader, key, pair->key, "a word or a list of words");
		if (place < 0)
			continue;
		if (pair->value->kind != NODE_LIST)
			add_word(reader, &inner, own, directions[place], pair->value);
		array_each(Node *, item, &pair->value->items)
			add_word(reader, &inner, own, directions[place], *item);
	}
}

void read_layout_section(Reader *reader, const Key *key, const Node *node, void *target)
{
	OwnLayout *own = target;
	const struct {
		const char *name;
		const char **text;
	} texts[] = {
		{"up", &own->sections.up},
		{"down", &own->sections.down},
		{"no-transaction", &own->sections.no_transaction},
		{"batch-begin", &own->sections.batch_begin},
		{"batch-end", &own->sections.batch_end},
	};
	const char *text = value_text(reader, key, node);
	while (text && (*text == '-' || *text == '#' || *text == ' '))
		text++; /* the comment may be given as it stands in the file */
	if (text && !*text) {
		key_expected(reader, key, node);
		return;
	}
	for (size_t i = 0; i < LENGTH(texts); i++)
		if (ends_with(key->name, arena_print(reader->arena, ".%s", texts[i].name)))
			*texts[i].text = text;
}

void read_layout_sections(Reader *reader, const Key *key, const Node *node, void *target)
{
	OwnLayout *own = target;
	read_section(reader, key, config_section("sections"), value_map(reader, key, node), 0, own);
	if (own->sections.up && !own->sections.down)
		key_error(reader, key, node->line, "up says where a part starts; down is missing");
	if (!own->sections.batch_begin != !own->sections.batch_end)
		key_error(reader, key, node->line, "batch-begin and batch-end come together");
}

void read_layout_transaction(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"migration", "statement", "simple-query", "none"};
	static const RunnerTransaction transactions[] = {RUNNER_MIGRATION, RUNNER_STATEMENT, RUNNER_SIMPLE_QUERY, RUNNER_NONE};
	OwnLayout *own = target;
	int word = value_word(reader, key, node, words, LENGTH(words));
	if (word >= 0)
		own->transaction = transactions[word];
}

void read_layout_order(Reader *reader, const Key *key, const Node *node, void *target)
{
	static const char *const words[] = {"natural", "text"};
	OwnLayout *own = target;
	own->by_text = value_word(reader, key, node, words, LENGTH(words)) == 1;
}

void read_layout_alone(Reader *reader, const Key *key, const Node *node, void *target)
{
	OwnLayout *own = target;
	own->alone = value_text(reader, key, node);
}

const OwnLayout *read_own_layout(Reader *reader, const Key *key, const Node *map)
{
	OwnLayout *own = new(reader->arena, OwnLayout);
	uint32_t errors = reader->errors->count;
	read_section(reader, key, config_section("layout"), map, 0, own);
	static const char *const downs[] = {"down", "undo", "revert", "rollback"};
	bool silent = !own->directions.count;
	for (size_t i = 0; i < LENGTH(downs) && silent; i++)
		array_push(reader->arena, &own->directions, (struct DirectionWord){downs[i], DIRECTION_DOWN});
	if (!node_get(map, "files"))
		key_error(reader, key, map->line, "a layout of one's own says by \"files\" how migrations are called");
	if (!own->name)
		own->name = "own";
	return reader->errors->count == errors ? own : NULL;
}

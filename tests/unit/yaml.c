#include "discover/yaml.h"

#include <setjmp.h>

#include <cmocka.h>

static Arena arena;
static ConfigErrors errors;

static Node *read_bytes(const char *bytes, size_t length)
{
	errors = (ConfigErrors){0};
	return yaml_read(&arena, "f.yml", bytes, length, &errors);
}

static Node *read_string(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void nodes_know_their_lines(void **state UNUSED)
{
	const Node *root = read_string("# head\na: 1\nb:\n  - x\n  - [y,\n     z]\nc: {d: 'off', e: off}\n");
	assert_non_null(root);
	assert_int_equal(errors.count, 0);
	assert_int_equal(root->kind, NODE_MAP);
	assert_int_equal(root->pairs.count, 3);
	assert_int_equal(root->pairs.items[1].line, 3);
	const Node *b = node_get(root, "b");
	assert_int_equal(b->kind, NODE_LIST);
	assert_int_equal(b->items.items[0]->line, 4);
	assert_string_equal(b->items.items[1]->items.items[1]->text, "z");
	assert_int_equal(b->items.items[1]->items.items[1]->line, 6);
	assert_string_equal(node_get(node_get(root, "c"), "e")->text, "off");
	assert_null(node_get(root, "x"));
}

static void nothing_is_not_text(void **state UNUSED)
{
	const Node *root = read_string("a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: \"~\"\n");
	assert_int_equal(node_get(root, "a")->kind, NODE_NULL);
	assert_int_equal(node_get(root, "b")->kind, NODE_NULL);
	assert_int_equal(node_get(root, "c")->kind, NODE_NULL);
	assert_string_equal(node_get(root, "d")->text, "");
	assert_string_equal(node_get(root, "e")->text, "null");
	assert_string_equal(node_get(root, "f")->text, "~");
	assert_int_equal(read_string("")->kind, NODE_NULL);
	assert_int_equal(read_string("# only this\n")->kind, NODE_NULL);
	assert_int_equal(read_string("---\n...\n")->kind, NODE_NULL);
}

static void aliases_are_written_out(void **state UNUSED)
{
	const Node *root = read_string("a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n");
	assert_non_null(root);
	assert_int_equal(node_get(root, "b")->items.count, 2);
	assert_string_equal(node_get(root, "d")->text, "3");
}

static void duplicates_are_listed_and_the_rest_is_read(void **state UNUSED)
{
	const Node *root = read_string("a: 1\na: 2\nb: 3\na: 4\n");
	assert_non_null(root);
	assert_int_equal(errors.count, 2);
	assert_int_equal(errors.items[1].line, 4);
	assert_string_equal(errors.items[1].message, "\"a\" is given twice: first on line 1");
	assert_string_equal(node_get(root, "a")->text, "1");
	assert_string_equal(node_get(root, "b")->text, "3");
}

static void expect_error(const char *text, uint32_t line, const char *words)
{
	assert_null(read_string(text));
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.items[0].path, "f.yml");
	if (errors.items[0].line != line || !strstr(errors.items[0].message, words))
		fail_msg("\"%s\": line %u, %s", text, errors.items[0].line, errors.items[0].message);
}

static void what_cannot_be_read(void **state UNUSED)
{
	expect_error("a:\n\tb: 1\n", 2, "a tab cannot indent");
	expect_error("a: [1\nb: 2\n", 2, "not YAML");
	expect_error("a: 'x\n", 2, "not YAML");
	expect_error("a: caf\xe9\n", 1, "UTF-8");
	expect_error("a: 1\nb: \x01\n", 2, "UTF-8");
	expect_error("a: \"x\\0y\"\n", 1, "NUL");
	expect_error("a: 1\n---\nb: 1\n", 2, "second document");
	expect_error("a: !t 1\n", 1, "tag");
	expect_error("a: &x [*x]\n", 1, "alias");
	expect_error("*x : 1\n", 1, "alias");
	expect_error("[a]: 1\n", 1, "a key is a word");
	expect_error("{a: 1}: 1\n", 1, "a key is a word");
	expect_error("[[[[[[[[[[[[[[[[[[[[[[[[", 1, "levels");
}

static void bombs_are_small(void **state UNUSED)
{
	Buf bomb = {0};
	buf_adds(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 30; i++)
		buf_addf(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1, i - 1);
	assert_null(read_string(bomb.data));
	assert_int_equal(errors.count, 1);
	assert_non_null(strstr(errors.items[0].message, "aliases"));
	buf_free(&bomb);
	buf_adds(&bomb, "a:\n");
	for (int i = 0; i < 30000; i++)
		buf_adds(&bomb, " - x\n");
	assert_null(read_string(bomb.data));
	assert_non_null(strstr(errors.items[0].message, "more than"));
	buf_free(&bomb);
	assert_true(arena_size(&arena) < 16 << 20);
}

/* Every prefix of a document is read or refused, and nothing worse. */
static void prefixes(void **state UNUSED)
{
	static const char text[] = "a: &x {b: [1, \"\\u00e9\", 'z']}\nc: *x\n? d\n: |\n  text\n  more\n"
				   "e: >-\n  folded\n# end\n...\n";
	for (size_t length = 0; length < sizeof text; length++) {
		const Node *root = read_bytes(text, length);
		assert_true(root || errors.count);
	}
}

static int end(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_know_their_lines),
		cmocka_unit_test(nothing_is_not_text),
		cmocka_unit_test(aliases_are_written_out),
		cmocka_unit_test(duplicates_are_listed_and_the_rest_is_read),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(bombs_are_small),
		cmocka_unit_test(prefixes),
	};
	return cmocka_run_group_tests(tests, NULL, end);
}

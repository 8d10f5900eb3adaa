/* Words of actions, walking, and the canonical text of names, types and expressions. */
#include "action/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void words(void **state UNUSED)
{
	assert_string_equal(action_word(ACTION_ADD_COLUMN), "add-column");
	assert_int_equal(action_by_word("add-column"), ACTION_ADD_COLUMN);
	assert_int_equal(action_by_word("add_column"), ACTION_NONE);
	assert_string_equal(action_description(ACTION_DROP_TABLE), "drops a table");
	assert_string_equal(object_kind_words(OBJECT_MATERIALIZED_VIEW), "materialized view");
	assert_string_equal(constraint_kind_words(CONSTRAINT_FOREIGN_KEY), "foreign key");
	for (int kind = ACTION_NONE + 1; kind < ACTION_KIND_COUNT; kind++)
		assert_int_equal(action_by_word(action_word((ActionKind)kind)), kind);
}

static void identifiers(void **state UNUSED)
{
	static const char *const cases[][2] = {
	    {"users", "users"},	    {"Users", "\"Users\""}, {"user", "\"user\""},	{"a b", "\"a b\""},
	    {"a\"b", "\"a\"\"b\""}, {"_1", "_1"},	    {"1a", "\"1a\""},		{"select", "\"select\""},
	    {"name", "name"},	    {"a$b", "\"a$b\""},	    {"verbose", "\"verbose\""}, {"int", "\"int\""},
	    {"öl", "\"öl\""},	    {"", "\"\""},
	};
	for (size_t i = 0; i < LENGTH(cases); i++) {
		Buf buf = {0};
		quote_identifier(&buf, cases[i][0]);
		assert_string_equal(buf.data, cases[i][1]);
		buf_free(&buf);
	}
	Arena arena = {0};
	assert_string_equal(quoted_name(&arena, (Name){"My", "order"}), "\"My\".\"order\"");
	assert_string_equal(name_text(&arena, (Name){"My", "order"}), "My.order");
	assert_string_equal(name_text(&arena, (Name){NULL, "t"}), "t");
	arena_free(&arena);
}

static void types(void **state UNUSED)
{
	static const struct {
		TypeRef type;
		const char *text;
	} cases[] = {
	    {{.name = {"pg_catalog", "int4"}}, "integer"},
	    {{.name = {"pg_catalog", "varchar"}, .modifiers = {20}, .modifier_count = 1, .dimensions = 2},
	     "character varying(20)[][]"},
	    {{.name = {"pg_catalog", "timestamptz"}, .modifiers = {3}, .modifier_count = 1},
	     "timestamp(3) with time zone"},
	    {{.name = {"pg_catalog", "numeric"}, .modifiers = {10, 2}, .modifier_count = 2}, "numeric(10,2)"},
	    {{.name = {"pg_catalog", "interval"}, .modifiers = {6}, .modifier_count = 1}, "interval year to month"},
	    {{.name = {"s", "mood"}, .setof = true}, "setof s.mood"},
	    {{.name = {"t", "a"}, .percent_type = true}, "t.a%TYPE"},
	};
	Arena arena = {0};
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_string_equal(type_ref_text(&arena, &cases[i].type), cases[i].text);
	arena_free(&arena);
}

static void expressions(void **state UNUSED)
{
	Arena arena = {0};
	Expr b = {.kind = EXPR_CONSTANT, .text = "it's", .quoted = true};
	Expr a = {.kind = EXPR_COLUMN, .name = {"t", "A"}, .next = &b};
	Expr equal = {.kind = EXPR_OPERATOR, .text = "=", .arguments = &a};
	Expr not = {.kind = EXPR_NOT, .arguments = &equal};
	assert_string_equal(expr_text(&arena, &not), "not (t.\"A\" = 'it''s')");
	assert_true(expr_mentions_column(&not, "A"));
	assert_false(expr_mentions_column(&not, "a"));
	assert_false(expr_mentions_column(&a, "b")); /* what stands beside it is no part of it */
	/* Deeper than anyone reads: cut off, not followed. */
	Expr *deep = NULL;
	for (int i = 0; i < 100000; i++) {
		Expr *outer = new (&arena, Expr);
		outer->kind = EXPR_NOT;
		outer->arguments = deep;
		deep = outer;
	}
	assert_true(strlen(expr_text(&arena, deep)) < 1000);
	assert_false(expr_mentions_column(deep, "x"));
	arena_free(&arena);
}

static bool stop_at_drop(const Action *action, void *payload)
{
	++*(int *)payload;
	return action->kind != ACTION_DROP_TABLE;
}

static void walking(void **state UNUSED)
{
	Action last = {.kind = ACTION_COMMIT};
	Action drop = {.kind = ACTION_DROP_TABLE};
	Action handled = {.kind = ACTION_RAISE};
	Handler handler = {.body = &handled};
	Alternatives branches = {.handlers = {&handler, 1, 1}};
	Action try = {.kind = ACTION_TRY, .body = &drop, .branches = &branches};
	Action first = {.kind = ACTION_IF, .body = &try, .next = &last};
	assert_int_equal(action_count(&first), 5);
	int seen = 0;
	assert_false(action_walk(&first, stop_at_drop, &seen));
	assert_int_equal(seen, 3);
	assert_int_equal(action_count(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),       cmocka_unit_test(identifiers), cmocka_unit_test(types),
		cmocka_unit_test(expressions), cmocka_unit_test(walking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

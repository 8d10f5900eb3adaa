/* Folding: what a server made of expressions, and what nobody can know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "action/fold.h"
#include "base/files.h"
#include "world.h"

/* The output of SELECT (expression), folded. */
static const Expr *fold_text(World *world, const char *expression)
{
	const char *sql = arena_print(&world->arena, "SELECT (%s) FROM t", expression);
	const Script *script = world_parse(world, sql, strlen(sql));
	for (const Action *action = script->statements.items[0].actions; action; action = action->next)
		if (action->query && action->query->output_exprs.count)
			return expr_fold(&world->arena, action->query->output_exprs.items[0]);
	fail_msg("%s does not parse", expression);
	return NULL;
}

static char *next_line(char **text)
{
	char *line = *text, *end = strchr(line, '\n');
	if (!end)
		return NULL;
	*end = '\0';
	*text = end + 1;
	return line;
}

static void test_as_on_the_server(void **state UNUSED)
{
	Arena arena = {0};
	size_t length;
	const char *error;
	char *text = arena_string(&arena, file_read(&arena, "fixtures/fold/on_15.txt", &length, &error));
	int wrong = 0;
	for (char *expression; (expression = next_line(&text));) {
		const char *wanted = next_line(&text) + 1;
		World world;
		const Expr *value = fold_text(world_new(&world, false, 15), expression);
		const char *known = !value		     ? "not known"
				    : value->kind == EXPR_NULL ? "NULL"
							     : arena_join(&arena, "=", "", folded_text(&world.arena, value));
		if (!same(known, wanted)) {
			print_message("%s: want %s, got %s\n", expression, wanted, known);
			wrong++;
		}
		world_free(&world);
	}
	assert_int_equal(wrong, 0);
	arena_free(&arena);
}

static void test_unknown(void **state UNUSED)
{
	Arena arena = {0};
	size_t length;
	const char *error;
	char *text = arena_string(&arena, file_read(&arena, "fixtures/fold/unknown.txt", &length, &error));
	int wrong = 0;
	for (char *expression; (expression = next_line(&text));) {
		World world;
		const Expr *value = fold_text(world_new(&world, false, 15), expression);
		if (value) {
			print_message("%s: is said to be %s\n", expression, expr_text(&arena, value));
			wrong++;
		}
		world_free(&world);
	}
	assert_int_equal(wrong, 0);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_on_the_server),
	    cmocka_unit_test(test_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

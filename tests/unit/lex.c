#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read/lex.h"

/* The tokens of text but the blanks, as `w<SELECT> n<1>`; an exclamation mark: not ended. */
static void expect_tokens(const char *text, const char *expected)
{
	static const char letters[] = {
		[TOKEN_COMMENT] = 'c', [TOKEN_WORD] = 'w',      [TOKEN_QUOTED_WORD] = 'q', [TOKEN_STRING] = 's',
		[TOKEN_NUMBER] = 'n',  [TOKEN_PARAMETER] = 'p', [TOKEN_OPERATOR] = 'o',    [TOKEN_DOLLAR_STRING] = 'd',
		[TOKEN_OTHER] = 'x',   [TOKEN_PUNCTUATION] = '.',
	};
	Buf tokens = {0};
	Lexer lexer = lexer_new(text, 0, (uint32_t)strlen(text));
	uint32_t at = 0;
	for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
		assert_int_equal(token.span.start, at);
		assert_true(token.span.end > at);
		at = token.span.end;
		if (token.kind == TOKEN_SPACE)
			continue;
		Text inside = token_text(&lexer, token);
		buf_addf(&tokens, "%s%c%s<%.*s>", tokens.length ? " " : "", letters[token.kind], token.unended ? "!" : "",
			 (int)inside.length, inside.data);
	}
	assert_int_equal(at, strlen(text));
	assert_string_equal(tokens.data ? tokens.data : "", expected);
	buf_free(&tokens);
}

static void words_and_numbers(void **state UNUSED)
{
	expect_tokens("", "");
	expect_tokens("SELECT a1$b, _x", "w<SELECT> w<a1$b> .<,> w<_x>");
	expect_tokens("größe été", "w<größe> w<été>");
	expect_tokens("1 1.5 .5 1. 1e10 1.5E-3 1_000 0xFF_0a 0b10 0o17", "n<1> n<1.5> n<.5> n<1.> n<1e10> n<1.5E-3> n<1_000> "
									  "n<0xFF_0a> n<0b10> n<0o17>");
	expect_tokens("1..10", "n<1> o<..> n<10>");
	expect_tokens("1e 1e+ t.1", "n<1> w<e> n<1> w<e> o<+> w<t> n<.1>");
	expect_tokens("$1+$23 $ $a", "p<$1> o<+> p<$23> x<$> x<$> w<a>");
	expect_tokens("a.b.c::int[1:2]", "w<a> .<.> w<b> .<.> w<c> o<::> w<int> .<[> n<1> .<:> n<2> .<]>");
	expect_tokens("x := y => z", "w<x> o<:=> w<y> o<=>> w<z>");
	expect_tokens("\\ { } \x01", "x<\\> x<{> x<}> x<\x01>");
}

static void operators(void **state UNUSED)
{
	/* Only an operator with one of ~ ! @ # % ^ & | ` ? may end in + or -. */
	expect_tokens("a=-1", "w<a> o<=> o<-> n<1>");
	expect_tokens("a*-+-1", "w<a> o<*> o<-> o<+> o<-> n<1>");
	expect_tokens("a@-1 a->>'b'", "w<a> o<@-> n<1> w<a> o<->>> s<'b'>");
	expect_tokens("a+--b\nc", "w<a> o<+> c<--b> w<c>");
	expect_tokens("a*/*b*/c", "w<a> o<*> c</*b*/> w<c>");
	expect_tokens("a<->b <<x>> ?| #>>", "w<a> o<<->> w<b> o<<<> w<x> o<>>> o<?|> o<#>>>");
	expect_tokens("-", "o<->");
}

static void comments(void **state UNUSED)
{
	expect_tokens("-- a\nb", "c<-- a> w<b>");
	expect_tokens("-- a\r\nb--", "c<-- a> w<b> c<-->");
	expect_tokens("-- a\rb", "c<-- a> w<b>");
	expect_tokens("/* a /* b */ c */ d", "c</* a /* b */ c */> w<d>");
	expect_tokens("/* a /* b */ c", "c!</* a /* b */ c>");
	expect_tokens("/*/ a */ b", "c</*/ a */> w<b>");
	expect_tokens("/**/", "c</**/>");
	expect_tokens("/*", "c!</*>");
	expect_tokens("/**", "c!</**>");
}

static void strings(void **state UNUSED)
{
	expect_tokens("'a''b' 'c", "s<'a''b'> s!<'c>");
	expect_tokens("'a\\' b", "s<'a\\'> w<b>");
	expect_tokens("E'a\\'b' e'\\\\' c", "s<E'a\\'b'> s<e'\\\\'> w<c>");
	expect_tokens("E'a''b' E'c\\", "s<E'a''b'> s!<E'c\\>");
	expect_tokens("B'01' X'1F' N'n' U&'\\0061' u&\"x\"\"y\" U&1",
		      "s<B'01'> s<X'1F'> s<N'n'> s<U&'\\0061'> q<u&\"x\"\"y\"> w<U> o<&> n<1>");
	expect_tokens("b'1''2' x'1", "s<b'1'> s<'2'> s!<x'1>");
	expect_tokens("\"a\"\"b\" \"c", "q<\"a\"\"b\"> q!<\"c>");
	expect_tokens("re'x'", "w<re> s<'x'>");
	/* The parts of an E'' on several lines all know the backslash. */
	expect_tokens("E'a' -- c\n 'b\\'c' d", "s<E'a' -- c\n 'b\\'c'> w<d>");
	expect_tokens("E'a' 'b\\'", "s<E'a'> s<'b\\'>");
	expect_tokens("''", "s<''>");
	expect_tokens("'''", "s!<'''>");
}

static void dollar_strings(void **state UNUSED)
{
	expect_tokens("$$a;'b$$ c", "d<$$a;'b$$> w<c>");
	expect_tokens("$a$ $b$ $$ $a$ c", "d<$a$ $b$ $$ $a$> w<c>");
	expect_tokens("$größe$x$größe$", "d<$größe$x$größe$>");
	expect_tokens("$$a$b$$", "d<$$a$b$$>");
	expect_tokens("$$a", "d!<$$a>");
	expect_tokens("$a$ $A$", "d!<$a$ $A$>");
	expect_tokens("$1$ a", "p<$1> x<$> w<a>");
	expect_tokens("x$$ a", "w<x$$> w<a>");
	expect_tokens("$_1$a$_1$", "d<$_1$a$_1$>");
}

static void expect_inside(const char *text, const char *expected)
{
	Lexer lexer = lexer_new(text, 0, (uint32_t)strlen(text));
	Span inside = token_inside(&lexer, lexer_next(&lexer));
	assert_int_equal(inside.end - inside.start, strlen(expected));
	assert_memory_equal(text + inside.start, expected, strlen(expected));
}

static void insides(void **state UNUSED)
{
	expect_inside("$$a$$", "a");
	expect_inside("$tag$a$b$tag$", "a$b");
	expect_inside("$tag$a", "a");
	expect_inside("'a''b'", "a''b");
	expect_inside("U&\"x\"", "x");
	expect_inside("E'a", "a");
	expect_inside("''", "");
}

static void looking_ahead(void **state UNUSED)
{
	const char *text = "BEGIN -- x\n ATOMIC";
	Lexer lexer = lexer_new(text, 0, (uint32_t)strlen(text));
	assert_true(token_is(&lexer, lexer_next(&lexer), "begin"));
	assert_true(token_is(&lexer, lexer_peek(&lexer), "atomic"));
	assert_true(token_is(&lexer, lexer_next(&lexer), "Atomic"));
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_END);
	assert_int_equal(lexer_next(&lexer).kind, TOKEN_END);
}

/* Every prefix of something with all kinds of tokens: the spans always cover the text. */
static void every_prefix(void **state UNUSED)
{
	const char *text = "SELECT E'a\\'b', U&\"x\", $t$ $$ $t$, 0x1F, 1..2, a::b, $1 /* /* */ */ -- c\r\n, 'd''e' @-1 \\gexec";
	for (uint32_t end = 0; end <= strlen(text); end++) {
		Lexer lexer = lexer_new(text, 0, end);
		uint32_t at = 0;
		for (Token token = lexer_any(&lexer); token.kind != TOKEN_END; token = lexer_any(&lexer)) {
			assert_int_equal(token.span.start, at);
			at = token.span.end;
		}
		assert_int_equal(at, end);
	}
}

/* Where skimming stops, and where what it passed ends. */
static void expect_skim(const char *text, bool comments, uint32_t stop, uint32_t behind)
{
	Lexer lexer = lexer_new(text, 0, (uint32_t)strlen(text));
	assert_int_equal(lexer_skim(&lexer, comments), behind);
	assert_int_equal(lexer.position, stop);
}

static void skimming(void **state UNUSED)
{
	expect_skim("a ';' \";\" $$;$$ $x$;$$;$x$ ;", true, 27, 26);
	expect_skim("e'\\';' 1e'\\';' ae'\\' ;", true, 21, 20);
	expect_skim("a /* ; */ -- ;\n ;", true, 16, 1);
	expect_skim("a /* ; */ ;", false, 2, 1);
	expect_skim("a - b / c [1:2] ::x \\gset", true, 20, 19);
	expect_skim("a 'b;", true, 2, 1);
	expect_skim("a /* b;", true, 2, 1);
	expect_skim("a b  ", true, 5, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_numbers), cmocka_unit_test(operators), cmocka_unit_test(comments),
		cmocka_unit_test(strings),           cmocka_unit_test(dollar_strings), cmocka_unit_test(insides),
		cmocka_unit_test(looking_ahead),     cmocka_unit_test(every_prefix), cmocka_unit_test(skimming),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

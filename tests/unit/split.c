#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "read/lex.h"
#include "read/script.h"

static Arena arena;
static const SplitOptions plain = {0}, psql = {.psql = true};

static Script split_bytes(const char *bytes, size_t length, const SplitOptions *options)
{
	Script script = {.source = source_new(&arena, "x.sql", bytes, length)};
	array_push(&arena, &script.sections, (Span){0, (uint32_t)length});
	script_split(&arena, &script, options);
	return script;
}

static Script split(const char *text, const SplitOptions *options)
{
	return split_bytes(text, strlen(text), options);
}

static const char *parser_text(const Script *script, const Statement *statement)
{
	return arena_copy(&arena, script->text.bytes + statement->text.start, statement->text.end - statement->text.start);
}

static const char *source_words(const Script *script, Span span)
{
	return arena_copy(&arena, script->source->bytes + span.start, span.end - span.start);
}

/* Writes sql where `words` stand in the script's source. */
static void rewrite(Script *script, const char *words, const char *sql)
{
	uint32_t start = (uint32_t)(strstr(script->source->bytes, words) - script->source->bytes);
	Rewrite made = {{start, start + (uint32_t)strlen(words)}, {sql, strlen(sql)}};
	array_push(&arena, &script->rewrites, made);
}

static void section(Script *script, const char *from, const char *to)
{
	const char *start = strstr(script->source->bytes, from), *end = strstr(start, to);
	array_push(&arena, &script->sections,
		   (Span){(uint32_t)(start - script->source->bytes), (uint32_t)(end - script->source->bytes) + (uint32_t)strlen(to)});
}

/* The statements' text joined with '|'; what was set aside stands as [source]. */
static const char *joined(const Script *script)
{
	const char *all = "";
	array_each(Statement, statement, &script->statements) {
		bool aside = statement->state == STATEMENT_SET_ASIDE;
		const char *words = aside ? source_words(script, statement->span) : parser_text(script, statement);
		all = arena_print(&arena, "%s%s%s%s%s", all, *all ? "|" : "", aside ? "[" : "", words, aside ? "]" : "");
	}
	return all;
}

/* Between statements stand only blanks, comments and semicolons. True when there is a semicolon. */
static bool check_gap(const Script *script, uint32_t start, uint32_t end)
{
	bool semicolon = false;
	Lexer lexer = lexer_new(script->text.bytes, start, end);
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		assert_true(token_is_byte(&lexer, token, ';'));
		semicolon = true;
	}
	return semicolon;
}

/* What every split promises. */
static void check_promises(const Script *script)
{
	uint32_t behind = 0, text_behind = 0, aside = 0;
	bool separated = true;
	array_each(Statement, statement, &script->statements) {
		assert_true(statement->span.start >= behind && statement->span.end > statement->span.start);
		assert_true(statement->text.start >= text_behind && statement->text.end > statement->text.start);
		assert_true(statement->text.end <= script->text.length && statement->span.end <= script->source->length);
		assert_true(statement->line_end >= statement->span.end);
		bool set_aside = statement->state == STATEMENT_SET_ASIDE;
		aside += set_aside;
		separated |= check_gap(script, text_behind, set_aside ? statement->text.end : statement->text.start);
		assert_true(separated || set_aside);
		separated &= set_aside;
		behind = statement->span.end;
		text_behind = statement->text.end;
	}
	check_gap(script, text_behind, script->text.length);
	assert_int_equal(aside, script->set_aside);
	if (script->text.length)
		assert_null(memchr(script->text.bytes, '\0', script->text.length));
}

static void expect(const char *text, const SplitOptions *options, const char *expected)
{
	Script script = split(text, options);
	check_promises(&script);
	assert_string_equal(joined(&script), expected);
}

/* --- Statements --------------------------------------------------------------------------------------------------- */

static void simple(void **state UNUSED)
{
	expect("", &plain, "");
	expect(" \n;;-- nothing\n ; /* nothing */", &plain, "");
	expect("SELECT 1; SELECT 2", &plain, "SELECT 1|SELECT 2");
	expect("SELECT ';' , $$;$$, \";\" /* ; */ -- ;\n, 2 ;", &plain, "SELECT ';' , $$;$$, \";\" /* ; */ -- ;\n, 2");
	expect("SELECT 1 /* behind */;", &plain, "SELECT 1");
	expect("SELECT 1;\r\nSELECT 2;\rSELECT 3", &plain, "SELECT 1|SELECT 2|SELECT 3");
	expect("\xEF\xBB\xBFSELECT 1;", &plain, "SELECT 1");
}

static void no_copy(void **state UNUSED)
{
	const char *text = "\xEF\xBB\xBFSELECT 1;\nSELECT 2\n";
	Script script = split(text, &plain);
	assert_ptr_equal(script.text.bytes, text + 3);
	assert_int_equal(script.text.base, 3);
	assert_int_equal(script.statements.items[1].span.start, 13);
	assert_int_equal(script.statements.items[1].text.start, 10);
}

static void bodies(void **state UNUSED)
{
	expect("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; DELETE FROM u;); SELECT 2", &plain,
	       "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; DELETE FROM u;)|SELECT 2");
	expect("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT x.end AS case; END; "
	       "SELECT 2",
	       &plain,
	       "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT x.end AS case; "
	       "END|SELECT 2");
	expect("CREATE PROCEDURE p() BEGIN ATOMIC END; BEGIN; SELECT 1; END; SELECT 2", &plain,
	       "CREATE PROCEDURE p() BEGIN ATOMIC END|BEGIN|SELECT 1|END|SELECT 2");
	expect("CREATE FUNCTION f() AS 'begin; end' LANGUAGE plpgsql; SELECT 1", &plain,
	       "CREATE FUNCTION f() AS 'begin; end' LANGUAGE plpgsql|SELECT 1");
}

/* What is missing costs the statement that misses it, and no more. */
static void something_missing(void **state UNUSED)
{
	expect("CREATE TABLE a (x int;\nALTER TABLE b ADD c int;", &plain, "CREATE TABLE a (x int|ALTER TABLE b ADD c int");
	expect("SELECT 1);\nSELECT 2;", &plain, "SELECT 1)|SELECT 2");
	expect("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; DELETE FROM u;\nDROP TABLE v;", &plain,
	       "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; DELETE FROM u|DROP TABLE v");
	expect("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\nCREATE TABLE a (x int);", &plain,
	       "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1|CREATE TABLE a (x int)");
	expect("SELECT 'a;\nDROP TABLE b;\nSELECT 'c';\nDROP TABLE d;", &plain, "SELECT 'a|DROP TABLE b|SELECT 'c'|DROP TABLE d");
	expect("CREATE FUNCTION f() AS $$ begin x;\nupdate t set a = 1;\nend;\nDROP TABLE b;", &plain,
	       "CREATE FUNCTION f() AS $$ begin x;\nupdate t set a = 1;\nend|DROP TABLE b");
	expect("ALTER TABLE \"a ADD b int;\nDROP TABLE c;", &plain, "ALTER TABLE \"a ADD b int|DROP TABLE c");
	expect("SELECT 'a", &plain, "SELECT 'a");
	expect("SELECT 1; /* a", &plain, "SELECT 1|/* a");
	expect("'", &plain, "'");
	expect("$$", &plain, "$$");
	expect("\"", &plain, "\"");
	expect("/*", &plain, "/*");
}

static void nul_bytes(void **state UNUSED)
{
	static const char text[] = "SELECT\0001;\0SELECT 2";
	Script script = split_bytes(text, sizeof text - 1, &plain);
	check_promises(&script);
	assert_string_equal(joined(&script), "SELECT 1|SELECT 2");
}

static void comment_blocks(void **state UNUSED)
{
	const char *text = "-- far\n\n-- near\n/* nearer\n\n */\nSELECT 1; -- trailing\n-- own\nSELECT 2 -- inside\n, 3; -- last\n\n-- lost\n\nSELECT 4";
	Script script = split(text, &plain);
	const Statement *statements = script.statements.items;
	assert_int_equal(script.statements.count, 3);
	assert_string_equal(source_words(&script, statements[0].comments), "-- near\n/* nearer\n\n */");
	assert_string_equal(source_words(&script, statements[1].comments), "-- own");
	assert_int_equal(statements[2].comments.end, 0);
	assert_ptr_equal(text + statements[0].line_end, strstr(text, "\n-- own"));
	assert_ptr_equal(text + statements[1].line_end, strstr(text, "\n\n-- lost"));
	assert_int_equal(statements[2].line_end, strlen(text));
}

/* --- Sections and batches ----------------------------------------------------------------------------------------- */

static void sections(void **state UNUSED)
{
	const char *text = "SELECT 0;\n--up\nSELECT 1 -- no end\n--down\nDROP TABLE 'x;\n--up\nSELECT 2\n;SELECT 3\n";
	Script script = {.source = source_new(&arena, "x.sql", text, strlen(text))};
	array_push(&arena, &script.sections, (Span){15, 33});
	array_push(&arena, &script.sections, (Span){61, 1000});
	script_split(&arena, &script, &plain);
	check_promises(&script);
	assert_string_equal(joined(&script), "SELECT 1|SELECT 2|SELECT 3");
	const Statement *second = &script.statements.items[1];
	assert_string_equal(source_words(&script, second->span), "SELECT 2");
	/* One chunk for the parser: the semicolon that was missing is there, and the comment ends with its line. */
	assert_string_equal(arena_copy(&arena, script.text.bytes, second->text.end),
			    "SELECT 1;-- no end\n      \n              \n    \nSELECT 2");
}

static void batches(void **state UNUSED)
{
	const SplitOptions goose = {.batch_begin = "+goose StatementBegin", .batch_end = "+goose StatementEnd"};
	const char *text = "SELECT 1; SELECT 2;\n-- +goose StatementBegin\nSELECT 3; SELECT 4\n-- +goose StatementEnd\nSELECT 5;";
	Script script = split(text, &goose);
	check_promises(&script);
	assert_string_equal(joined(&script), "SELECT 1|SELECT 2|SELECT 3|SELECT 4|SELECT 5");
	const Statement *statements = script.statements.items;
	assert_true(statements[0].batch != statements[1].batch && statements[1].batch != statements[2].batch);
	assert_int_equal(statements[2].batch, statements[3].batch);
	assert_true(statements[4].batch != statements[3].batch);
	script = split(text, &(SplitOptions){.whole_is_batch = true});
	assert_int_equal(script.statements.items[0].batch, script.statements.items[3].batch);
}

/* --- psql --------------------------------------------------------------------------------------------------------- */

static void psql_commands(void **state UNUSED)
{
	expect("\\set x 'y\nSELECT 1; \\echo it's\n\\i other.sql\r\nSELECT 2", &psql,
	       "[\\set x 'y]|SELECT 1|[\\echo it's]|[\\i other.sql]|SELECT 2");
	expect("SELECT 'CREATE DATABASE a' \\gexec\nSELECT 1 \\g\nSELECT 2 \\gset p_\nSELECT 3", &psql,
	       "SELECT 'CREATE DATABASE a'|SELECT 1|SELECT 2|SELECT 3");
	Script script = split("SELECT 1\\; SELECT 2; SELECT 3;", &psql);
	assert_string_equal(joined(&script), "SELECT 1|SELECT 2|SELECT 3");
	assert_int_equal(script.statements.items[0].batch, script.statements.items[1].batch);
	assert_true(script.statements.items[2].batch != script.statements.items[1].batch);
	script = split("\\if :x\nSELECT 1;\n\\endif\nSELECT 'DROP ' || x FROM y \\gexec\nSELECT 2;", &psql);
	assert_string_equal(joined(&script), "[\\if :x]|SELECT 1|[\\endif]|SELECT 'DROP ' || x FROM y|SELECT 2");
	assert_true(script.statements.items[1].partial && script.statements.items[3].partial);
	assert_false(script.statements.items[4].partial);
	/* No other tool knows them: one bad statement, one line. */
	expect("\\connect x\nSELECT 1;", &plain, "\\connect x|SELECT 1");
}

static void copy_data(void **state UNUSED)
{
	expect("COPY t (a) FROM stdin;\n1\tit's; \"\n\\\\.\n\\.\nSELECT 1;", &plain,
	       "COPY t (a) FROM stdin|[1\tit's; \"\n\\\\.\n\\.]|SELECT 1");
	expect("copy t from STDIN with (format csv);\r\na\r\n\\.\r\nSELECT 1;", &psql,
	       "copy t from STDIN with (format csv)|[a\r\n\\.]|SELECT 1");
	expect("COPY t FROM stdin;\n\\.\nSELECT 1;", &psql, "COPY t FROM stdin|[\\.]|SELECT 1");
	expect("\\copy t from stdin\n1'\n\\.\n\\copy u from 'f'\nSELECT 1;", &psql, "[\\copy t from stdin\n1'\n\\.]|[\\copy u from 'f']|SELECT 1");
	expect("COPY t FROM stdin;\n1\n2\n", &psql, "COPY t FROM stdin|[1\n2\n]");
	expect("COPY t FROM stdin;\nSELECT 1;", &plain, "COPY t FROM stdin|SELECT 1");
	expect("COPY t TO stdout; COPY (SELECT 1 FROM stdin) TO stdout; SELECT 1", &psql,
	       "COPY t TO stdout|COPY (SELECT 1 FROM stdin) TO stdout|SELECT 1");
}

static void psql_variables(void **state UNUSED)
{
	expect("SELECT a[1:n], b::int, 'x:y' FROM :s.t_:x WHERE a = :'v' LIMIT :n;", &psql,
	       "SELECT a[1:n], b::int, 'x:y' FROM _s.t__x WHERE a =  'v' LIMIT _n");
	expect("ALTER ROLE r CONNECTION LIMIT :n PASSWORD :pw", &psql, "ALTER ROLE r CONNECTION LIMIT 1  PASSWORD 'x'");
	expect("GRANT a TO :OWNER; SELECT b :int", &plain, "GRANT a TO _OWNER|SELECT b :int");
	const Placeholder values[] = {{"s", "app"}, {"v", "it's"}, {"n", ""}};
	const SplitOptions options = {.placeholders = values, .placeholder_count = LENGTH(values), .psql = true};
	expect("SELECT :s, :'v', :\"s\".x, ':s', $$:s$$, :n:s;", &options, "SELECT app, 'it''s', \"app\".x, ':s', $$:s$$, app");
	expect("\\set t 'it''s ' x\nSELECT :'t', ':t';\n\\set t y\nSELECT :t, :\"t\";\n\\set u `id`\nSELECT :u", &psql,
	       "[\\set t 'it''s ' x]|SELECT 'it''s x', ':t'|[\\set t y]|SELECT y, \"y\"|[\\set u `id`]|SELECT _u");
	Script script = split("SELECT :s; SELECT :unknown", &options);
	assert_false(script.statements.items[0].partial || script.statements.items[0].templated);
	assert_true(script.statements.items[1].partial && script.statements.items[1].templated);
}

/* --- Templates ---------------------------------------------------------------------------------------------------- */

static void made_up_words(void **state UNUSED)
{
	expect("ALTER TABLE {{ index .Options \"Namespace\" }}.users ADD a int;", &plain,
	       "ALTER TABLE _index_options_namespace.users ADD a int");
	expect("ALTER TABLE \"{{ index .Options \"Namespace\" }}\".\"users\";", &plain, "ALTER TABLE \"_index_options_namespace\".\"users\"");
	expect("GRANT a TO {{.app_user}}, ${table}, $%OWNER%$, <%= x %>", &plain, "GRANT a TO _app_user, _table, _owner, _x");
	expect("SELECT a_${x}_b, 'pre ${x}', $$ ${x} $$", &plain, "SELECT a__x_b, 'pre _x', $$ _x $$");
	expect("CREATE TABLE t (a varchar(${n}), b varchar ({{ .N }}) DEFAULT ${d})", &plain,
	       "CREATE TABLE t (a varchar(1 ), b varchar (1 ) DEFAULT _d)");
	expect("COMMENT ON TABLE t IS {{ .text }}; SELECT a IS {{ .null }}", &plain, "COMMENT ON TABLE t IS 'xxx'|SELECT a IS _null");
	expect("{% if x %}SELECT 1;{% endif %} SELECT 2; {{- end }} {# note #}", &plain, "SELECT 1|SELECT 2");
	expect("<% if x %>\nSELECT 1;\n<% end %>", &plain, "SELECT 1");
}

static void alone(void **state UNUSED)
{
	expect("{{ template \"f.sql\" . }}\nSELECT 1;\n${body}", &plain, "[{{ template \"f.sql\" . }}]|SELECT 1|[${body}]");
}

static void no_templates(void **state UNUSED)
{
	static const char *const texts[] = {
		"SELECT '{{1,2},{3,4}}'::int[]",  "SELECT '{{a,b}}'",        "SELECT $${\"a\": 1}$$", "SELECT $${abc}$$",
		"SELECT a LIKE '{%' OR b LIKE '%}'", "SELECT a <% b AND b %> c", "SELECT '{\"a\": {\"b\": {}}}'",
		"SELECT a @x@ b",                 "SELECT '{{', '}}'",       "SELECT '${', '}'",     "SELECT '{{}}'",
	};
	for (size_t i = 0; i < LENGTH(texts); i++) {
		Script script = split(texts[i], &plain);
		assert_ptr_equal(script.text.bytes, texts[i]);
		assert_false(script.statements.items[0].templated);
	}
}

static void configured_values(void **state UNUSED)
{
	const Placeholder values[] = {{"schema", "app"}, {"Namespace", "auth"}, {"size", "20"}, {"none", ""}};
	const SplitOptions options = {.placeholders = values, .placeholder_count = LENGTH(values)};
	expect("SELECT ${schema}.a, {{ .schema }}.b, {{ index .Options \"Namespace\" }}.c, @schema@.d, {{ .Values.size }}, x${none}y, @other@",
	       &options, "SELECT app.a, app.b, auth.c, app.d, 20, xy, @other@");
	const char *text = "SELECT ${schema}.a; SELECT ${other}.a; -- ${other}\nSELECT 1;";
	Script script = split(text, &options);
	const Statement *statements = script.statements.items;
	assert_false(statements[0].partial || statements[0].templated);
	assert_true(statements[1].partial && statements[1].templated);
	assert_false(statements[2].partial || statements[2].templated);
	for (uint32_t i = 0; i < 3; i++)
		assert_memory_equal(text + statements[i].span.start, "SELECT ", 7);
}

static void offsets(void **state UNUSED)
{
	const char *text = "SELECT ${a_long_name}, {{b}}, c;";
	const Placeholder values[] = {{"a_long_name", "a"}, {"b", "bbbbbbbbbb"}};
	Script script = split(text, &(SplitOptions){.placeholders = values, .placeholder_count = 2});
	const char *filled = "SELECT a, bbbbbbbbbb, c";
	assert_string_equal(parser_text(&script, script.statements.items), filled);
	const ParseText *parse = &script.text;
	assert_int_equal(text_to_source(parse, 7), 7);  /* a -> the start of ${a_long_name} */
	assert_int_equal(text_to_source(parse, 8), 21); /* the comma behind it */
	assert_int_equal(text_to_source(parse, 15), 23); /* inside of bbbb -> the start of {{b}} */
	assert_int_equal(text_to_source(parse, 22), 30);
	Span b = text_span_to_source(parse, (Span){10, 20});
	assert_string_equal(source_words(&script, b), "{{b}}");
	assert_string_equal(source_words(&script, text_span_to_source(parse, (Span){12, 14})), "{{b}}");
	assert_string_equal(source_words(&script, text_span_to_source(parse, (Span){7, 8})), "${a_long_name}");
	assert_string_equal(source_words(&script, script.statements.items[0].span), "SELECT ${a_long_name}, {{b}}, c");
}

static void text_in_data(void **state UNUSED)
{
	Script script = split("INSERT INTO mails VALUES ('Dear {{ .Name }}'); SET search_path = '${schema}';", &plain);
	assert_false(script.statements.items[0].partial);
	assert_true(script.statements.items[1].partial);
}

/* --- Hostile input ------------------------------------------------------------------------------------------------ */

/* Repeats of a piece: every byte is somebody's, and what were looked at again from each of a million places would not come to an end. */
static void repeated(void **state UNUSED)
{
	static const char *const pieces[] = {
		"(", ")", "'", "''", "\"", "$$", "$a$", "$a", "/*", "/**/", "--", "--\n", "\\", "\\\n", "\\.\n", ";", ";\n", "E'", "E'\\",
		"{{", "{{a", "{{a}}", "${", "${a}", "<%", "<%=a%>", "$%", "$%a%$", "{%", ":", ":a", ":'", "@a", "[", "a", "0x", "1.",
		"COPY t FROM stdin;\n", "COPY a FROM stdin;\n1\n\\.\n", "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;", "CREATE RULE r DO (a;",
		"SELECT ';\nDROP ", ";$$", ";/*", "\n;\nCREATE E'", "ddlint:", "-- ddlint: allow ", "{{ if }}", "U&\"", "\r", "\xff", "\\set a b\n:c ", "é$é$",
	};
	enum { SIZE = 1 << 20 };
	const Placeholder values[] = {{"a", "bb"}};
	const SplitOptions options[] = {{0}, {.psql = true, .placeholders = values, .placeholder_count = 1}};
	for (size_t i = 0; i < LENGTH(pieces); i++) {
		for (size_t j = 0; j < LENGTH(options); j++) {
			Buf text = {0};
			while (text.length < SIZE)
				buf_adds(&text, pieces[i]);
			ArenaMark mark = arena_mark(&arena);
			Script script = split_bytes(text.data, text.length, &options[j]);
			check_promises(&script);
			arena_reset(&arena, mark);
			buf_free(&text);
		}
	}
}

static void one_long_line(void **state UNUSED)
{
	Buf text = {0};
	while (text.length < 10 << 20)
		buf_adds(&text, "ALTER TABLE users ADD COLUMN a varchar(20) DEFAULT 'it''s' /* x */; ");
	Script script = split_bytes(text.data, text.length, &plain);
	assert_int_equal(script.statements.count, text.length / 68);
	assert_int_equal(script.statements.items[0].line_end, text.length);
	buf_free(&text);
}

static void deep_parentheses(void **state UNUSED)
{
	Buf text = {0};
	buf_adds(&text, "SELECT ");
	for (int i = 0; i < 200000; i++)
		buf_addc(&text, '(');
	buf_addc(&text, '1');
	for (int i = 0; i < 200000; i++)
		buf_addc(&text, ')');
	buf_adds(&text, "; SELECT 2;");
	Script script = split_bytes(text.data, text.length, &plain);
	assert_int_equal(script.statements.count, 2);
	buf_free(&text);
}

/* Every prefix of a script with everything in it keeps the promises. */
static void every_prefix(void **state UNUSED)
{
	const char *text = "-- ddlint: allow a -- b\nCREATE TABLE a (x int);\r\n\\set y 'z\nCREATE FUNCTION f() BEGIN ATOMIC SELECT CASE 1 END; END;\n"
			   "COPY t FROM stdin;\n1'\n\\.\nSELECT 1 \\gexec\nALTER TABLE {{ .a }}.${b} ADD c varchar({{ .n }}); {% if x %} {{ y }}\n"
			   "DO $x$ BEGIN NULL; END $x$; INSERT INTO t VALUES (:'v', :w, E'\\'', U&\"q\"); /* a /* b */ */ <%= z %>";
	const Placeholder values[] = {{"b", "bb"}, {"w", ""}};
	const SplitOptions filled = {.psql = true, .placeholders = values, .placeholder_count = 2};
	for (size_t length = 0; length <= strlen(text); length++) {
		/* A copy of its own, so that the sanitizers see its end. */
		Buf prefix = {0};
		buf_add(&prefix, text, length);
		Script script = split_bytes(prefix.data, length, &plain);
		check_promises(&script);
		script = split_bytes(prefix.data, length, &filled);
		check_promises(&script);
		buf_free(&prefix);
	}
}

/* Pieces of everything in any order, the same ones in every run. */
static void soup(void **state UNUSED)
{
	static const char *const pieces[] = {
		"'", "''", "\"", "E'", "e'\\'", "$$", "$a$", "$1", "$", "--", "/*", "*/", "-", "::", ":", "1", " ", "\n", "\r", ";", ";\n", "(", ")",
		"[", "\\", "{{", "}}", "{{a}}", "${a}", "{% if %}", "<%", "%>", "<%=", "@a@", "COPY ", "FROM stdin", "CREATE ", "RULE ",
		"FUNCTION ", "BEGIN ", "ATOMIC ", "CASE ", "END", "\nDROP", "\\.\n", "\\gexec", "\\copy a from stdin\n", "\\;", ":a", ":'a'",
		"varchar(", "\xff", "\xEF\xBB\xBF", "-- ddlint: allow a -- b\n", "-- +B\n", "-- +E\n", "{{ end }}", "a",
	};
	const Placeholder values[] = {{"a", "x'y"}};
	uint32_t random = 1;
	for (int round = 0; round < 20000; round++) {
		Buf text = {0};
		for (int i = 0; i < 20; i++) {
			random = random * 1664525 + 1013904223;
			buf_adds(&text, pieces[(random >> 8) % LENGTH(pieces)]);
		}
		ArenaMark mark = arena_mark(&arena);
		Script script = {.source = source_new(&arena, "x.sql", text.data, text.length)};
		uint32_t middle = (random >> 8) % (uint32_t)text.length;
		array_push(&arena, &script.sections, (Span){0, middle});
		array_push(&arena, &script.sections, (Span){middle + (round & 1), (uint32_t)text.length});
		script_split(&arena, &script,
			     &(SplitOptions){.psql = round & 2, .placeholders = values, .placeholder_count = round & 4 ? 1 : 0,
					     .batch_begin = "+B", .batch_end = "+E"});
		array_each(Statement, statement, &script.statements) {
			assert_true(statement->span.end > statement->span.start && statement->text.end > statement->text.start);
			assert_true(statement == script.statements.items || statement->text.start >= statement[-1].text.end);
			assert_true(statement->text.end <= script.text.length && statement->comments.end <= statement->span.start);
		}
		arena_reset(&arena, mark);
		buf_free(&text);
	}
}

static int free_arena(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

/* --- Rewrites --------------------------------------------------------------------------------------------------- */

static Script script_of(const char *bytes)
{
	return (Script){.source = source_new(&arena, "x", bytes, strlen(bytes))};
}

static void rewritten_statements_are_where_the_source_says_them(void **state UNUSED)
{
	Script script = script_of("<a/> between <b/> <sql>SELECT 1 &lt; 2; SELECT 'x'</sql>");
	section(&script, "<a/>", "<a/>");
	section(&script, "<b/>", "<b/>");
	section(&script, "SELECT", "'x'");
	rewrite(&script, "<a/>", "CREATE TABLE a (i int); CREATE INDEX ON a (i)");
	rewrite(&script, "<b/>", "DROP TABLE b");
	rewrite(&script, "&lt;", "<");
	script_split(&arena, &script, &plain);
	assert_string_equal(joined(&script), "CREATE TABLE a (i int)|CREATE INDEX ON a (i)|DROP TABLE b|SELECT 1 < 2|SELECT 'x'");
	static const char *const places[] = {"<a/>", "<a/>", "<b/>", "SELECT 1 &lt; 2", "SELECT 'x'"};
	for (uint32_t i = 0; i < script.statements.count; i++)
		assert_string_equal(source_words(&script, script.statements.items[i].span), places[i]);
	assert_true(text_is(statement_sql(&script, &script.statements.items[1]), "CREATE INDEX ON a (i)"));
	assert_true(text_is(statement_sql(&script, &script.statements.items[4]), "SELECT 'x'"));
}

/* What stands behind a rewrite, and behind a value inside one, is still where it is. */
static void templates_are_found_in_rewrites_too(void **state UNUSED)
{
	static const Placeholder values[] = {{"schema", "application"}, {"t", "q"}};
	const SplitOptions options = {.placeholders = values, .placeholder_count = 2};
	Script script = script_of("DROP TABLE ${schema}.a; INCLUDE; DROP TABLE ${t}; SELECT 7");
	section(&script, "DROP", "7");
	rewrite(&script, "INCLUDE", "DROP TABLE ${schema}.b; DROP VIEW ${t}");
	script_split(&arena, &script, &options);
	assert_string_equal(joined(&script), "DROP TABLE application.a|DROP TABLE application.b|DROP VIEW q|DROP TABLE q|SELECT 7");
	static const char *const places[] = {"DROP TABLE ${schema}.a", "INCLUDE", "INCLUDE", "DROP TABLE ${t}", "SELECT 7"};
	for (uint32_t i = 0; i < script.statements.count; i++)
		assert_string_equal(source_words(&script, script.statements.items[i].span), places[i]);
	uint32_t seven = script.statements.items[4].text.start + (uint32_t)strlen("SELECT ");
	assert_int_equal(script.source->bytes[text_to_source(&script.text, seven)], '7');
}

/* Nonsense from a layout is left out, and whatever it is, places stay inside the source. */
static void any_rewrites_keep_places_inside(void **state UNUSED)
{
	uint32_t seed = 1;
	for (int round = 0; round < 3000; round++) {
		static const char bytes[] = "SELECT 1; ${a} 'x' ${b}; -- ${c}\nDROP TABLE {{ d }}; \"\xff\" :e;";
		Script script = script_of(bytes);
		uint32_t at = 0, length = sizeof bytes - 1;
		for (int i = 0; i < 4; i++) {
			static const char *const sqls[] = {"", ";", "${a}", "'", "${", "}", "DROP TABLE ${b}; DROP", "\n"};
			seed = seed * 1664525u + 1013904223u;
			uint32_t start = at + (seed >> 20) % 12, end = start + (seed >> 14) % 9;
			const char *sql = sqls[(seed >> 8) % LENGTH(sqls)];
			if ((seed >> 4) % 3)
				array_push(&arena, &script.rewrites, (Rewrite){{start, end}, {sql, strlen(sql)}});
			else
				array_push(&arena, &script.sections, (Span){start, end});
			at = (seed >> 5) % 7 ? end : 0;
		}
		array_push(&arena, &script.sections, (Span){0, length});
		script_split(&arena, &script, &(SplitOptions){.psql = round % 2});
		array_each(Statement, statement, &script.statements) {
			assert_true(statement->span.start <= statement->span.end);
			assert_true(statement->span.end <= length);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(simple),         cmocka_unit_test(no_copy),           cmocka_unit_test(bodies),
		cmocka_unit_test(something_missing), cmocka_unit_test(nul_bytes),      cmocka_unit_test(comment_blocks),
		cmocka_unit_test(sections),       cmocka_unit_test(batches),           cmocka_unit_test(psql_commands),
		cmocka_unit_test(copy_data),      cmocka_unit_test(psql_variables),    cmocka_unit_test(made_up_words),
		cmocka_unit_test(alone),          cmocka_unit_test(no_templates),      cmocka_unit_test(configured_values),
		cmocka_unit_test(offsets),        cmocka_unit_test(text_in_data),      cmocka_unit_test(repeated),
		cmocka_unit_test(one_long_line),  cmocka_unit_test(deep_parentheses),  cmocka_unit_test(every_prefix),
		cmocka_unit_test(soup),
		cmocka_unit_test(rewritten_statements_are_where_the_source_says_them),
		cmocka_unit_test(templates_are_found_in_rewrites_too),
		cmocka_unit_test(any_rewrites_keep_places_inside),
	};
	return cmocka_run_group_tests(tests, NULL, free_arena);
}

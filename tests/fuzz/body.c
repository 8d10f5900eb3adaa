/* Any bytes as the body of a function in PL/pgSQL, of one that is called, and of a DO block. */
#include "everything.h"

static void add_body(Buf *sql, const char *before, Text body, const char *behind)
{
	buf_adds(sql, before);
	buf_add(sql, body.data, body.length);
	buf_adds(sql, behind);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static Everything all;
	if (!all.book)
		everything_start(&all);
	Text body = {(const char *)bytes, length};
	Buf sql = {0};
	buf_adds(&sql, "CREATE TABLE t (a int, b text);\n");
	add_body(&sql, "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS void LANGUAGE plpgsql AS $fuzz$", body, "$fuzz$;\nSELECT f(1, 't');\n");
	add_body(&sql, "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $fuzz$", body,
		 "$fuzz$;\nCREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();\n");
	add_body(&sql, "DO $fuzz$", body, "$fuzz$;\n");
	put_file("1.sql", sql.data, sql.length);
	buf_free(&sql);
	everything_with(&all, "1.sql", 0, 0);
	return 0;
}

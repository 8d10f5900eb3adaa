#include "alembic.h"

/* --- Values -------------------------------------------------------------------------------------------------------------------- */

const PyValue *py_resolve(const PyNames *names, const PyValue *value)
{
	for (int hops = 0; value && value->kind == PY_NAME && !value->on && hops < 8; hops++) {
		const PyValue *known = map_get(&names->values, value->text, strlen(value->text));
		if (!known)
			break;
		value = known;
	}
	return value;
}

const char *py_last(const PyValue *value)
{
	if (!value || !value->text || (value->kind != PY_NAME && value->kind != PY_CALL))
		return "";
	const char *dot = strrchr(value->text, '.');
	return dot ? dot + 1 : value->text;
}

const PyValue *py_string(const PyNames *names, const PyValue *value)
{
	static const char *const wrappers[] = {"text", "f", "dedent", "cleandoc", "DDL", "literal_column", "quoted_name"};
	for (int depth = 0; depth < 8; depth++) {
		value = py_resolve(names, value);
		if (!value || value->kind != PY_CALL || !value->arguments.count || value->on)
			break;
		bool wraps = false;
		for (size_t i = 0; i < LENGTH(wrappers); i++)
			wraps |= same(py_last(value), wrappers[i]);
		if (!wraps)
			break;
		value = value->arguments.items[0].value;
	}
	return value && value->kind == PY_STRING ? value : NULL;
}

const char *py_text(const PyNames *names, const PyValue *value)
{
	const PyValue *string = py_string(names, value);
	return string ? string->text : NULL;
}

bool py_true(const PyValue *call, const char *keyword)
{
	return py_is(py_argument(call, UINT32_MAX, keyword), "True");
}

/* --- Types --------------------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *type;
} types[] = {
	{"Integer", "INTEGER"}, {"BigInteger", "BIGINT"}, {"SmallInteger", "SMALLINT"}, {"Text", "TEXT"}, {"UnicodeText", "TEXT"},
	{"Boolean", "BOOLEAN"}, {"Date", "DATE"}, {"LargeBinary", "BYTEA"}, {"Uuid", "UUID"}, {"Interval", "INTERVAL"},
	{"Double", "DOUBLE PRECISION"}, {"DOUBLE_PRECISION", "DOUBLE PRECISION"}, {"TSVectorType", "TSVECTOR"},
	{"UUIDType", "UUID"}, {"JSONType", "JSON"}, {"INT", "INTEGER"},
};

static bool is_upper(const char *name)
{
	for (; *name; name++)
		if (*name >= 'a' && *name <= 'z')
			return false;
	return true;
}

static const PyValue *positional(const PyValue *call, uint32_t place)
{
	return call->kind == PY_CALL ? py_argument(call, place, "\n") : NULL;
}

static void put_numbers(Buf *sql, const PyValue *call, const char *first, const char *second)
{
	const PyValue *one = call->kind == PY_CALL ? py_argument(call, 0, first) : NULL;
	const PyValue *two = call->kind == PY_CALL && second ? py_argument(call, 1, second) : NULL;
	if (!one || one->kind != PY_NUMBER)
		return;
	buf_addf(sql, "(%s", one->text);
	if (two && two->kind == PY_NUMBER)
		buf_addf(sql, ", %s", two->text);
	buf_addc(sql, ')');
}

static void put_time(Buf *sql, const char *name, const PyValue *type)
{
	const PyValue *precision = type->kind == PY_CALL ? py_argument(type, UINT32_MAX, "precision") : NULL;
	bool zone = type->kind == PY_CALL && (py_true(type, "timezone") || py_is(positional(type, 0), "True"));
	buf_adds(sql, name);
	if (precision && precision->kind == PY_NUMBER)
		buf_addf(sql, "(%s)", precision->text);
	buf_adds(sql, zone ? " WITH TIME ZONE" : " WITHOUT TIME ZONE");
}

static bool is_enum(const PyValue *type)
{
	return same_nocase(py_last(type), "Enum");
}

static void put_enum_name(Buf *sql, const PyNames *names, const PyValue *type)
{
	const char *name = type->kind == PY_CALL ? py_text(names, py_argument(type, UINT32_MAX, "name")) : NULL;
	const char *schema = type->kind == PY_CALL ? py_text(names, py_argument(type, UINT32_MAX, "schema")) : NULL;
	const PyValue *native = type->kind == PY_CALL ? py_argument(type, UINT32_MAX, "native_enum") : NULL;
	if (py_is(native, "False") || !name)
		buf_adds(sql, name || native ? "VARCHAR" : "${enum}");
	else
		put_qualified(sql, schema, name, NAME_EXACT);
}

void put_sa_type(Buf *sql, const PyNames *names, const PyValue *type)
{
	type = py_resolve(names, type);
	const char *name = py_last(type);
	if (is_enum(type)) {
		put_enum_name(sql, names, type);
		return;
	}
	if (same(name, "ARRAY")) {
		const PyValue *item = type->kind == PY_CALL ? py_argument(type, 0, "item_type") : NULL;
		put_sa_type(sql, names, item);
		buf_adds(sql, "[]");
		return;
	}
	if (same(name, "DateTime") || same(name, "TIMESTAMP") || same(name, "DATETIME")) {
		put_time(sql, "TIMESTAMP", type);
	} else if (same(name, "Time") || same(name, "TIME")) {
		put_time(sql, "TIME", type);
	} else if (same(name, "String") || same(name, "Unicode") || same(name, "VARCHAR") || same(name, "AutoString")) {
		buf_adds(sql, "VARCHAR");
		put_numbers(sql, type, "length", NULL);
	} else if (same(name, "CHAR")) {
		buf_adds(sql, "CHAR");
		put_numbers(sql, type, "length", NULL);
	} else if (same(name, "Numeric") || same(name, "NUMERIC") || same(name, "DECIMAL")) {
		buf_adds(sql, "NUMERIC");
		put_numbers(sql, type, "precision", "scale");
	} else if (same(name, "Float") || same(name, "FLOAT")) {
		buf_adds(sql, "FLOAT");
		put_numbers(sql, type, "precision", NULL);
	} else {
		for (size_t i = 0; i < LENGTH(types); i++)
			if (same(types[i].name, name)) {
				buf_adds(sql, types[i].type);
				return;
			}
		/* SQLAlchemy calls SQL's own types by their names, in upper case; anything else is the project's. */
		bool known = *name && (is_upper(name) || (type->kind == PY_CALL && is_upper(name)));
		buf_addf(sql, known ? "%s" : "${%s}", *name ? name : "type");
	}
}

bool put_enum(Buf *sql, const PyNames *names, const PyValue *type, bool drop)
{
	type = py_resolve(names, type);
	if (!type || type->kind != PY_CALL || !is_enum(type) || !py_argument(type, UINT32_MAX, "name"))
		return false;
	buf_adds(sql, drop ? "DROP TYPE " : "CREATE TYPE ");
	put_enum_name(sql, names, type);
	bool first = true;
	if (!drop)
		buf_adds(sql, " AS ENUM (");
	array_each(const struct PyArgument, argument, &type->arguments) {
		const char *label = argument->keyword ? NULL : py_text(names, argument->value);
		if (argument->keyword || drop)
			continue;
		buf_adds(sql, first ? "" : ", ");
		first = false;
		if (label)
			put_string(sql, label);
		else
			buf_adds(sql, "'${label}'");
	}
	buf_adds(sql, drop ? ";\n" : ");\n");
	return true;
}

void put_enum_types(Buf *sql, const PyNames *names, const PyValue *column)
{
	const PyValue *type = py_resolve(names, py_argument(column, 1, "type_"));
	if (!type || type->kind != PY_CALL || !is_enum(type))
		return;
	bool made = !py_is(py_argument(type, UINT32_MAX, "create_type"), "False") &&
		    !py_is(py_argument(type, UINT32_MAX, "native_enum"), "False");
	if (made)
		put_enum(sql, names, type, false);
}

/* --- Columns ------------------------------------------------------------------------------------------------------------------- */

bool is_sa_column(const PyValue *value)
{
	return value && value->kind == PY_CALL && same(py_last(value), "Column");
}

void put_sa_default(Buf *sql, const PyNames *names, const PyValue *value)
{
	const PyValue *plain = py_resolve(names, value);
	const char *text = py_text(names, value), *name = py_last(plain);
	if (plain && plain->kind == PY_STRING)
		put_string(sql, plain->text);
	else if (text)
		buf_adds(sql, text);
	else if (plain && plain->kind == PY_CALL && (same(name, "true") || same(name, "false")))
		buf_adds(sql, name);
	else if (plain && plain->kind == PY_CALL && strstr(plain->text, "func."))
		buf_addf(sql, "%s()", name);
	else if (plain && plain->kind == PY_NUMBER)
		buf_addf(sql, "'%s'", plain->text);
	else
		buf_adds(sql, "${default}");
}

void put_target(Buf *sql, const char *target)
{
	const char *dot = strrchr(target, '.');
	if (!dot) {
		put_name(sql, target, NAME_EXACT);
		return;
	}
	char table[200] = "";
	size_t length = (size_t)(dot - target);
	memcpy(table, target, length < sizeof table ? length : sizeof table - 1);
	char *inner = strrchr(table, '.');
	if (inner)
		*inner = '\0';
	put_qualified(sql, inner ? table : NULL, inner ? inner + 1 : table, NAME_EXACT);
	buf_adds(sql, " (");
	put_name(sql, dot + 1, NAME_EXACT);
	buf_addc(sql, ')');
}

void put_reference_options(Buf *sql, const PyNames *names, const PyValue *call)
{
	const char *delete = py_text(names, py_argument(call, UINT32_MAX, "ondelete"));
	const char *update = py_text(names, py_argument(call, UINT32_MAX, "onupdate"));
	const char *initially = py_text(names, py_argument(call, UINT32_MAX, "initially"));
	if (delete)
		buf_addf(sql, " ON DELETE %s", delete);
	if (update)
		buf_addf(sql, " ON UPDATE %s", update);
	if (py_true(call, "deferrable"))
		buf_adds(sql, " DEFERRABLE");
	if (initially)
		buf_addf(sql, " INITIALLY %s", initially);
	if (py_true(call, "postgresql_not_valid"))
		buf_adds(sql, " NOT VALID");
}

static void put_generated(Buf *sql, const PyNames *names, const PyValue *column)
{
	array_each(const struct PyArgument, argument, &column->arguments) {
		const char *name = argument->keyword ? "" : py_last(argument->value);
		const char *expression = same(name, "Computed") ? py_text(names, py_argument(argument->value, 0, "sqltext")) : NULL;
		if (same(name, "Computed"))
			buf_addf(sql, " GENERATED ALWAYS AS (%s) STORED", expression ? expression : "${expression}");
		else if (same(name, "Identity"))
			buf_addf(sql, " GENERATED %s AS IDENTITY", py_true(argument->value, "always") ? "ALWAYS" : "BY DEFAULT");
	}
}

void put_sa_column(Buf *sql, const PyNames *names, const PyValue *column, bool is_key, bool is_serial)
{
	const char *name = py_text(names, py_argument(column, 0, "name"));
	const PyValue *type = py_argument(column, 1, "type_"), *fallback = py_argument(column, UINT32_MAX, "server_default");
	put_name(sql, name ? name : "${column}", NAME_EXACT);
	buf_addc(sql, ' ');
	const char *type_name = py_last(py_resolve(names, type));
	if (is_serial)
		buf_adds(sql, strstr(type_name, "Big") || same(type_name, "BIGINT") ? "BIGSERIAL" : strstr(type_name, "Small") ? "SMALLSERIAL" : "SERIAL");
	else
		put_sa_type(sql, names, type);
	if (fallback && !py_is(fallback, "None")) {
		buf_adds(sql, " DEFAULT ");
		put_sa_default(sql, names, fallback);
	}
	put_generated(sql, names, column);
	const PyValue *nullable = py_argument(column, UINT32_MAX, "nullable");
	if (py_is(nullable, "False") || (is_key && !nullable))
		buf_adds(sql, " NOT NULL");
}

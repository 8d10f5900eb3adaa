#include "effect/effect.h"

/*
 * ALTER COLUMN … TYPE from the types alone.
 *
 * PostgreSQL rewrites the table unless the conversion of a value, once simplified, is the value itself: the types are
 * binary coercible, a longer limit only, a domain without constraints, or timestamp and timestamptz in a session in
 * UTC. https://www.postgresql.org/docs/current/sql-altertable.html (Notes: "Changing the type of an existing column")
 */

enum {
	USING_DEPTH = 20,
	DOMAIN_DEPTH = 16,
	MAX_TIME_PRECISION = 6,
};

/* What pg_cast says is binary coercible, between types whose values columns hold. */
static const struct {
	const char *from;
	const char *to;
} binary_coercible[] = {
    {"varchar", "text"}, {"text", "varchar"}, {"text", "bpchar"},    {"varchar", "bpchar"}, {"xml", "text"},
    {"xml", "varchar"},	 {"xml", "bpchar"},   {"cidr", "inet"},	     {"bit", "varbit"},	    {"varbit", "bit"},
    {"citext", "text"},	 {"text", "citext"},  {"citext", "varchar"}, {"varchar", "citext"}, {"citext", "bpchar"},
};

/* Types that are an object's number: any of them, oid and int4 share one representation. */
static const char *const object_numbers[] = {"oid",	     "int4",	    "regclass",	   "regproc",	"regprocedure",
					     "regoper",	     "regoperator", "regtype",	   "regconfig", "regdictionary",
					     "regnamespace", "regrole",	    "regcollation"};

static bool is_object_number(const char *name)
{
	for (size_t i = 0; i < LENGTH(object_numbers); i++)
		if (same(object_numbers[i], name))
			return true;
	return false;
}

/* pg_cast has each of them with oid and int4 both ways, but not every pair among themselves. */
static bool coercible_numbers(const char *from, const char *to)
{
	return is_object_number(from) && is_object_number(to) &&
	       (same(from, "oid") || same(from, "int4") || same(to, "oid") || same(to, "int4"));
}

static bool is_binary_coercible(const char *from, const char *to)
{
	if (same(from, to) || coercible_numbers(from, to))
		return true;
	for (size_t i = 0; i < LENGTH(binary_coercible); i++)
		if (same(binary_coercible[i].from, from) && same(binary_coercible[i].to, to))
			return true;
	return false;
}

/* Types that share an operator class share the order of an index: it stays as it is. */
static const char *operator_class(const char *name)
{
	if (same(name, "varchar"))
		return "text";
	if (same(name, "cidr"))
		return "inet";
	return is_object_number(name) && !same(name, "int4") ? "oid" : name;
}

/* Types whose limit is applied by a function of its own; without a limit nothing is called. */
static bool has_limit(const DataType *type)
{
	return type->modifier_count > 0;
}

static bool is_any(const char *name, const char *a, const char *b, const char *c, const char *d)
{
	return same(name, a) || same(name, b) || same(name, c) || same(name, d);
}

/* 0 for seconds up to 5 for years: the smallest unit that the field mask keeps. */
static int interval_smallest(const DataType *type)
{
	static const int bits[] = {12, 11, 10,
				   3,  1,  2}; /* SECOND, MINUTE, HOUR, DAY, MONTH, YEAR of utils/datetime.h */
	for (int i = 0; type->modifier_count && i < (int)LENGTH(bits); i++)
		if (type->modifiers[0] & (1 << bits[i]))
			return i;
	return 0;
}

static int32_t interval_precision(const DataType *type)
{
	return type->modifier_count > 1 ? type->modifiers[1] : MAX_TIME_PRECISION;
}

/* Free when the smallest unit stays or gets smaller and, where there are seconds, no digit of them goes. */
static bool interval_keeps_all(const DataType *from, const DataType *to)
{
	int old_smallest = interval_smallest(from);
	return interval_smallest(to) <= old_smallest &&
	       (old_smallest > 0 || interval_precision(to) >= interval_precision(from));
}

/* From a limit to another limit of the same type: is every value kept without looking at it? */
static bool limit_keeps_all(const DataType *from, const DataType *to)
{
	const char *name = to->name;
	if (!has_limit(to))
		return true;
	if (from->modifier_count == to->modifier_count &&
	    memcmp(from->modifiers, to->modifiers, sizeof to->modifiers[0] * to->modifier_count) == 0)
		return true;
	if (is_any(name, "varchar", "varbit", NULL, NULL))
		return has_limit(from) && to->modifiers[0] >= from->modifiers[0];
	if (same(name, "numeric")) {
		int32_t old_scale = from->modifier_count > 1 ? from->modifiers[1] : 0;
		int32_t new_scale = to->modifier_count > 1 ? to->modifiers[1] : 0;
		return has_limit(from) && new_scale == old_scale && to->modifiers[0] >= from->modifiers[0];
	}
	if (is_any(name, "timestamp", "timestamptz", "time", "timetz"))
		return to->modifiers[0] >= MAX_TIME_PRECISION ||
		       (has_limit(from) && to->modifiers[0] >= from->modifiers[0]);
	if (same(name, "interval"))
		return interval_keeps_all(from, to);
	return false; /* char(n), bit(n) and types of extensions: the function is called for each value */
}

static bool domain_has_constraints(const Type *domain, int depth)
{
	if (domain->not_null)
		return true;
	for (uint32_t i = 0; i < domain->constraints.count; i++)
		if (!domain->constraints.items[i]->object.dropped)
			return true;
	const Type *base = domain->base.user;
	return base && base->kind == TYPE_DOMAIN && depth < DOMAIN_DEPTH && domain_has_constraints(base, depth + 1);
}

bool type_is_constrained(const DataType *type)
{
	return type->user && type->dimensions == 0 && type->user->kind == TYPE_DOMAIN &&
	       domain_has_constraints(type->user, 0);
}

static DataType base_type(DataType type)
{
	for (int depth = 0; depth < DOMAIN_DEPTH && type.user && type.user->kind == TYPE_DOMAIN && !type.dimensions;
	     depth++)
		type = type.user->base;
	return type;
}

static bool is_known(const DataType *type)
{
	return type->name && !(type->user && type->user->kind == TYPE_ASSUMED && !same(type->name, "citext"));
}

/* Values get smaller, shorter or lose digits: some may be refused or cut. */
static bool narrows(const DataType *from, const DataType *to)
{
	static const char *const sizes[] = {"int2", "int4", "int8", "numeric"};
	static const char *const texts[] = {"varchar", "bpchar", "text", "citext", "name"};
	int from_size = -1, to_size = -1;
	bool from_text = false, to_text = false;
	for (int i = 0; i < (int)LENGTH(sizes); i++) {
		from_size = same(sizes[i], from->name) ? i : from_size;
		to_size = same(sizes[i], to->name) ? i : to_size;
	}
	if (from_size >= 0 && to_size >= 0 && from_size != to_size)
		return to_size < from_size || has_limit(to);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		from_text |= same(texts[i], from->name);
		to_text |= same(texts[i], to->name);
	}
	if (from_text && to_text)
		return has_limit(to) && (!has_limit(from) || to->modifiers[0] < from->modifiers[0]);
	if (same(from->name, to->name))
		return !limit_keeps_all(from, to);
	if (is_any(from->name, "float8", "timestamptz", "timestamp", "jsonb"))
		return is_any(to->name, "float4", "date", "time", NULL);
	return from_text || same(from->name, "json"); /* text to anything else: what does not parse is refused */
}

/* One conversion, as the planner would simplify it. `from` becomes what the result is known to be. */
static TypeChangeFacts convert(const Catalog *catalog, const Session *session, DataType *from, const DataType *to)
{
	TypeChangeFacts facts = {.change = TYPE_CHANGE_FREE};
	DataType source = base_type(*from), target = base_type(*to);
	if (!is_known(&source) || !is_known(&target)) {
		facts.change = same_type(from, to) ? TYPE_CHANGE_FREE : TYPE_CHANGE_UNKNOWN;
		*from = *to;
		return facts;
	}
	facts.narrows = source.dimensions == target.dimensions && narrows(&source, &target);
	bool same_name =
	    same(source.name, target.name) && source.user == target.user && source.dimensions == target.dimensions;
	bool keeps;
	if (same_name) {
		keeps = source.dimensions ? !has_limit(&target) || same_type(&source, &target)
					  : limit_keeps_all(&source, &target);
	} else if (source.dimensions || target.dimensions) {
		keeps = false; /* element by element */
	} else if (is_binary_coercible(source.name, target.name)) {
		keeps = !has_limit(&target);
	} else if (catalog->version >= 12 && ((same(source.name, "timestamp") && same(target.name, "timestamptz")) ||
					      (same(source.name, "timestamptz") && same(target.name, "timestamp")))) {
		keeps = session_is_utc(session) && (!has_limit(&target) || target.modifiers[0] >= MAX_TIME_PRECISION);
		facts.only_in_utc = keeps;
	} else {
		keeps = false;
	}
	facts.rebuilds_indexes = !same(operator_class(source.name), operator_class(target.name));
	if (!keeps || (type_is_constrained(to) && !same_type(from, to)))
		facts.change = TYPE_CHANGE_REWRITES;
	*from = *to;
	return facts;
}

static void add_facts(TypeChangeFacts *whole, TypeChangeFacts part)
{
	if (part.change == TYPE_CHANGE_REWRITES || whole->change == TYPE_CHANGE_FREE)
		whole->change = part.change;
	whole->rebuilds_indexes |= part.rebuilds_indexes;
	whole->only_in_utc |= part.only_in_utc;
	whole->narrows |= part.narrows;
}

bool type_is_mostly_free(const TypeRef *to)
{
	return !to->dimensions && (same(to->name.name, "text") || (same(to->name.name, "varchar") && !to->modifier_count));
}

TypeChangeFacts type_change(const Catalog *catalog, const Session *session, const DataType *from, const DataType *to,
			    const Expr *using_expr, const char *column)
{
	/* USING may be the column itself behind casts: x, x::text, x::text::varchar(10). Anything else is computed. */
	const TypeRef *casts[USING_DEPTH];
	int count = 0;
	const Expr *expr = using_expr;
	while (expr && count < USING_DEPTH && (expr->kind == EXPR_CAST || expr->kind == EXPR_COLLATE)) {
		if (expr->kind == EXPR_CAST)
			casts[count++] = expr->type;
		expr = expr->arguments;
	}
	TypeChangeFacts facts = {.change = TYPE_CHANGE_FREE};
	DataType current = *from;
	if (expr && !(expr->kind == EXPR_COLUMN && same(expr->name.name, column))) {
		facts = convert(catalog, session, &current, to);
		facts.change = TYPE_CHANGE_REWRITES;
		facts.only_in_utc = false;
		return facts;
	}
	while (count-- > 0 && casts[count]) {
		DataType step = resolve_type(session->catalog, session_path(session), casts[count]);
		add_facts(&facts, convert(catalog, session, &current, &step));
	}
	add_facts(&facts, convert(catalog, session, &current, to));
	return facts;
}

#include "effect/volatility.h"

/* Expressions and the SQL functions inlined into them are looked into no deeper than this. */
enum { VOLATILITY_DEPTH = 40 };

/* What the extensions that migrations use most declare. https://www.postgresql.org/docs/current/contrib.html */
static const struct {
	const char *name;
	Volatility volatility;
} extension_functions[] = {
    /* uuid-ossp */
    {"uuid_generate_v1", VOLATILITY_VOLATILE},
    {"uuid_generate_v1mc", VOLATILITY_VOLATILE},
    {"uuid_generate_v4", VOLATILITY_VOLATILE},
    {"uuid_generate_v3", VOLATILITY_IMMUTABLE},
    {"uuid_generate_v5", VOLATILITY_IMMUTABLE},
    {"uuid_nil", VOLATILITY_IMMUTABLE},
    {"uuid_ns_dns", VOLATILITY_IMMUTABLE},
    {"uuid_ns_url", VOLATILITY_IMMUTABLE},
    {"uuid_ns_oid", VOLATILITY_IMMUTABLE},
    {"uuid_ns_x500", VOLATILITY_IMMUTABLE},
    /* pgcrypto */
    {"gen_random_uuid", VOLATILITY_VOLATILE},
    {"gen_random_bytes", VOLATILITY_VOLATILE},
    {"gen_salt", VOLATILITY_VOLATILE},
    {"crypt", VOLATILITY_IMMUTABLE},
    {"digest", VOLATILITY_IMMUTABLE},
    {"hmac", VOLATILITY_IMMUTABLE},
    {"encrypt", VOLATILITY_IMMUTABLE},
    {"decrypt", VOLATILITY_IMMUTABLE},
    {"pgp_sym_encrypt", VOLATILITY_VOLATILE},
    {"pgp_sym_decrypt", VOLATILITY_IMMUTABLE},
    /* unaccent, pg_trgm, hstore, citext, ltree */
    {"unaccent", VOLATILITY_STABLE},
    {"similarity", VOLATILITY_IMMUTABLE},
    {"hstore", VOLATILITY_IMMUTABLE},
    {"citext", VOLATILITY_IMMUTABLE},
    {"text2ltree", VOLATILITY_IMMUTABLE},
    /* PostGIS */
    {"st_setsrid", VOLATILITY_IMMUTABLE},
    {"st_makepoint", VOLATILITY_IMMUTABLE},
    {"st_geomfromtext", VOLATILITY_IMMUTABLE},
};

static Volatility weaker(Volatility a, Volatility b)
{
	if (a == VOLATILITY_VOLATILE || b == VOLATILITY_VOLATILE)
		return VOLATILITY_VOLATILE;
	return a > b ? a : b;
}

static Volatility of_expr(const Catalog *catalog, SearchPath path, const Expr *expr, int depth);

/*
 * The planner puts the body of a simple SQL function in place of its call before it asks for volatility:
 * CREATE FUNCTION f() … LANGUAGE sql AS 'SELECT 1' is volatile by declaration and constant in effect.
 */
static const Expr *inlined_body(const Function *function)
{
	const FunctionDef *defined = function->defined;
	if (!defined || !same(function->language, "sql") || function->returns_set || function->security_definer ||
	    defined->sets_search_path || defined->body_opaque)
		return NULL;
	/* SELECT f(x) reads no rows: it is lowered to its calls, of which the first has the query. */
	const Action *body = defined->body;
	if (!body || (body->kind != ACTION_QUERY_ROWS && body->kind != ACTION_CALL) || !body->query)
		return NULL;
	for (const Action *next = body->next; next; next = next->next)
		if (next->kind != ACTION_CALL || next->query)
			return NULL;
	const Query *query = body->query;
	if (query->uses.count || query->where || query->partial || query->output_exprs.count != 1)
		return NULL;
	return query->output_exprs.items[0];
}

static Volatility of_function(const Catalog *catalog, SearchPath path, Name name, int depth)
{
	Volatility volatility;
	if ((!name.schema || same(name.schema, "pg_catalog")) && builtin_function(name.name, &volatility))
		return volatility;
	bool several = false;
	const Function *function = find_function(catalog, path, name, NULL, &several);
	if (function && !function->object.assumed) {
		if (several)
			return VOLATILITY_UNKNOWN;
		if (function->volatility == 'i')
			return VOLATILITY_IMMUTABLE;
		if (function->volatility == 's')
			return VOLATILITY_STABLE;
		const Expr *body = inlined_body(function);
		return body ? of_expr(catalog, path, body, depth + 1) : VOLATILITY_VOLATILE;
	}
	for (size_t i = 0; i < LENGTH(extension_functions); i++)
		if (same(extension_functions[i].name, name.name))
			return extension_functions[i].volatility;
	return VOLATILITY_UNKNOWN;
}

static Volatility of_expr(const Catalog *catalog, SearchPath path, const Expr *expr, int depth)
{
	if (!expr)
		return VOLATILITY_IMMUTABLE;
	if (depth > VOLATILITY_DEPTH || expr->partial)
		return VOLATILITY_UNKNOWN;
	Volatility volatility = VOLATILITY_IMMUTABLE;
	switch (expr->kind) {
	case EXPR_CALL:
		volatility = of_function(catalog, path, expr->name, depth);
		break;
	case EXPR_KEYWORD:
		volatility = VOLATILITY_STABLE;
		break;
	case EXPR_SUBQUERY:
		if (expr->query)
			for (uint32_t i = 0; i < expr->query->functions.count; i++)
				volatility = weaker(volatility,
						    of_function(catalog, path, expr->query->functions.items[i], depth));
		volatility = weaker(volatility, VOLATILITY_STABLE);
		break;
	default:
		break;
	}
	for (const Expr *argument = expr->arguments; argument; argument = argument->next)
		volatility = weaker(volatility, of_expr(catalog, path, argument, depth + 1));
	return volatility;
}

Volatility expr_volatility(const Catalog *catalog, SearchPath path, const Expr *expr)
{
	return of_expr(catalog, path, expr, 0);
}

/*
 * What a condition asks the catalog: IF NOT EXISTS (SELECT … FROM pg_constraint WHERE conname = 'x') and its many cousins.
 * A question that is not understood to the last conjunct is GUARD_UNKNOWN: a guess would be worse.
 */
#include "action/fold.h"
#include "parse/plpgsql.h"

#include <stdlib.h>

enum { GUARD_DEPTH = 20 };

typedef struct Fact {
	const char *column;
	const char *value;
} Fact;

typedef struct Question {
	Lowering *l;
	ARRAY(Fact) facts;
} Question;

static const char *fact(const Question *q, const char *column)
{
	array_each (Fact, known, &q->facts)
		if (column && same(known->column, column))
			return known->value;
	return NULL;
}

/* Casts and parentheses aside. */
static const Expr *bare(const Expr *expr)
{
	while (expr && (expr->kind == EXPR_CAST || expr->kind == EXPR_COLLATE))
		expr = expr->arguments;
	return expr;
}

static bool collect(Question *q, const Expr *where, int depth);

static bool collect_equal(Question *q, const Expr *left, const Expr *right, int depth)
{
	left = bare(left);
	right = bare(right);
	if (!left || !right)
		return false;
	if (left->kind != EXPR_COLUMN && right->kind == EXPR_COLUMN) {
		const Expr *swap = left;
		left = right;
		right = swap;
	}
	if (left->kind != EXPR_COLUMN)
		return false;
	if (right->kind == EXPR_COLUMN)
		return true;
	const char *value = folded_text(q->l->arena, right);
	if (value) {
		array_push(q->l->arena, &q->facts, (Fact){left->name.name, value});
		return true;
	}
	/* conrelid = (SELECT oid FROM pg_class WHERE relname = 'x') */
	if (right->kind == EXPR_SUBQUERY && same(right->text, "scalar"))
		return collect(q, right->query->where, depth + 1);
	return is_narrowing(left->name.name);
}

static bool collect(Question *q, const Expr *where, int depth)
{
	if (!where)
		return true;
	if (depth > GUARD_DEPTH)
		return false;
	const Expr *first = where->arguments;
	switch (where->kind) {
	case EXPR_AND:
		for (const Expr *part = first; part; part = part->next)
			if (!collect(q, part, depth + 1))
				return false;
		return true;
	case EXPR_OPERATOR:
		if (same(where->text, "=") && first && first->next)
			return collect_equal(q, first, first->next, depth);
		break;
	case EXPR_SUBQUERY:
		/* enumtypid IN (SELECT oid FROM pg_type WHERE typname = 'x') */
		if (same(where->text, "any") && bare(first) && bare(first)->kind == EXPR_COLUMN)
			return collect(q, where->query->where, depth + 1);
		return false;
	case EXPR_COLUMN:
		return is_narrowing(where->name.name);
	case EXPR_NOT:
	case EXPR_IN:
	case EXPR_IS_NOT_NULL:
		break;
	default:
		return false;
	}
	first = bare(first);
	return first && first->kind == EXPR_COLUMN && is_narrowing(first->name.name);
}

/* 'public."Users"' as regclass reads it. */
static Name regclass_name(Lowering *l, const char *text)
{
	Name name = {0};
	Lexer lexer = lexer_new(text, 0, (uint32_t)strlen(text));
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (token_is_byte(&lexer, token, '.')) {
			name.schema = name.name;
			continue;
		}
		Text word = token_text(&lexer, token);
		bool quoted = token.kind == TOKEN_QUOTED_WORD && word.length >= 2;
		char *part = arena_copy(l->arena, word.data + quoted, word.length - (quoted ? 2 : 0));
		for (char *c = part; !quoted && *c; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
		name.name = part;
	}
	return name;
}

static ObjectKind relation_kind(const char *relkind)
{
	switch (relkind ? relkind[0] : 'r') {
	case 'i':
	case 'I':
		return OBJECT_INDEX;
	case 'v':
		return OBJECT_VIEW;
	case 'm':
		return OBJECT_MATERIALIZED_VIEW;
	case 'S':
		return OBJECT_SEQUENCE;
	case 'f':
		return OBJECT_FOREIGN_TABLE;
	default:
		return OBJECT_TABLE;
	}
}

static Guard *guard_new(Lowering *l, GuardKind kind)
{
	Guard *guard = new (l->arena, Guard);
	guard->kind = kind;
	return guard;
}

static const Guard *both(Lowering *l, GuardKind kind, const Guard *left, const Guard *right)
{
	Guard *guard = guard_new(l, kind);
	guard->left = left;
	guard->right = right;
	return guard;
}

static const Guard *negated(Lowering *l, const Guard *guard)
{
	return guard->kind == GUARD_UNKNOWN ? guard : both(l, GUARD_NOT, guard, NULL);
}

static const char *asked_schema(const Question *q)
{
	static const char *const columns[] = {"nspname",	   "schemaname",      "table_schema",
					      "constraint_schema", "trigger_schema",  "event_object_schema",
					      "routine_schema",	   "sequence_schema", "domain_schema"};
	for (size_t i = 0; i < LENGTH(columns); i++) {
		const char *schema = fact(q, columns[i]);
		if (schema)
			return schema;
	}
	return NULL;
}

/* Facts beyond the name: a column's type and whether it may be NULL are questions of their own. */
static const Guard *column_questions(Question *q, const Guard *exists)
{
	const Guard *guard = exists;
	const char *type = fact(q, "data_type") ? fact(q, "data_type") : fact(q, "udt_name");
	const char *nullable = fact(q, "is_nullable");
	if (type) {
		Guard *is_type = guard_new(q->l, GUARD_COLUMN_TYPE);
		*is_type = *exists;
		is_type->kind = GUARD_COLUMN_TYPE;
		is_type->member = type;
		guard = is_type;
	}
	if (nullable) {
		Guard *may_be_null = guard_new(q->l, GUARD_COLUMN_NULLABLE);
		*may_be_null = *exists;
		may_be_null->kind = GUARD_COLUMN_NULLABLE;
		const Guard *asked = same_nocase(nullable, "yes") ? may_be_null : negated(q->l, may_be_null);
		guard = both(q->l, GUARD_AND, guard, asked);
	}
	return guard;
}

/* Every fact must be one that the guard carries or one that merely narrows. */
static bool all_facts_used(const Question *q, const CatalogTable *table)
{
	static const char *const carried[] = {"data_type", "udt_name", "is_nullable", "relname", "typname"};
	array_each (Fact, known, &q->facts) {
		bool used = same(known->column, table->name) || same(known->column, table->parent) ||
			    is_narrowing(known->column);
		/* Of a foreign key it is the table that it points at: the constraint's name has to do. */
		used |= table->kind == OBJECT_CONSTRAINT && !table->parent && same(known->column, "table_name");
		for (size_t i = 0; i < LENGTH(carried); i++)
			used |= same(known->column, carried[i]);
		if (!used)
			return false;
	}
	return true;
}

/* pg_constraint.contype = 'p', information_schema's constraint_type = 'PRIMARY KEY' */
static const char *constraint_kind_asked(const Question *q)
{
	const char *letter = fact(q, "contype");
	return letter ? letter : fact(q, "constraint_type");
}

static const Guard *catalog_guard(Question *q, const CatalogTable *table)
{
	Guard *guard = guard_new(q->l, GUARD_OBJECT_EXISTS);
	const char *name = fact(q, table->name), *schema = asked_schema(q);
	const char *kind = table->kind == OBJECT_CONSTRAINT && !name ? constraint_kind_asked(q) : NULL;
	if ((!name && !kind) || !all_facts_used(q, table))
		return guard_new(q->l, GUARD_UNKNOWN);
	guard->member = kind;
	guard->anywhere = true;
	guard->object_kind = same(table->table, "pg_class") ? relation_kind(fact(q, "relkind")) : table->kind;
	guard->name = (Name){schema, name};
	const char *parent = fact(q, table->parent);
	if (!parent && table->parent)
		parent = fact(q, "relname");
	if (table->kind == OBJECT_ENUM_LABEL) {
		const char *type = fact(q, "typname");
		const char *cast = fact(q, "enumtypid");
		guard->kind = GUARD_LABEL_EXISTS;
		guard->object_kind = OBJECT_TYPE;
		guard->name = type ? (Name){schema, type} : cast ? regclass_name(q->l, cast) : (Name){0};
		guard->member = name;
		return guard;
	}
	if (kind && !parent)
		return guard_new(q->l, GUARD_UNKNOWN);
	if (parent) {
		guard->anywhere = !ends_with(table->parent, "relid") || fact(q, "relname");
		guard->parent = ends_with(table->parent, "relid") ? regclass_name(q->l, parent) : (Name){NULL, parent};
		if (!guard->parent.schema)
			guard->parent.schema = schema;
		guard->name.schema = NULL;
	}
	if (table->kind == OBJECT_COLUMN) {
		guard->member = name;
		return column_questions(q, guard);
	}
	return guard;
}

/* Does the query find a row? With `test`, a row whose first output is that constant. */
static const Guard *rows_guard(Lowering *l, const Query *query, const Expr *test)
{
	Question q = {.l = l};
	const CatalogTable *table = asked_table(query);
	if (!table) {
		bool system = false;
		array_each (RelationUse, use, &query->uses)
			system |=
			    starts_with(use->relation.name, "pg_") || same(use->relation.schema, "information_schema");
		Guard *guard = guard_new(l, query->uses.count && !system ? GUARD_ROWS_EXIST : GUARD_UNKNOWN);
		if (guard->kind == GUARD_ROWS_EXIST)
			guard->name = query->uses.items[0].relation;
		return guard;
	}
	bool understood = collect(&q, query->where, 0);
	test = bare(test);
	if (test && understood) {
		const Expr *output = query->output_exprs.count ? bare(query->output_exprs.items[0]) : NULL;
		understood = output && output->kind == EXPR_COLUMN && test->kind == EXPR_CONSTANT;
		if (understood)
			array_push(l->arena, &q.facts, (Fact){output->name.name, test->text});
	}
	return understood ? catalog_guard(&q, table) : guard_new(l, GUARD_UNKNOWN);
}

/* --- Other questions ---------------------------------------------------------------------------------------------- */

static const Expr *scalar_output(const Expr *expr)
{
	expr = bare(expr);
	if (expr && expr->kind == EXPR_SUBQUERY && same(expr->text, "scalar") && !expr->query->uses.count &&
	    expr->query->output_exprs.count)
		return bare(expr->query->output_exprs.items[0]);
	return expr;
}

/* to_regclass('x') and its like answer NULL when there is no such thing. */
static const Guard *null_guard(Lowering *l, const Expr *asked)
{
	static const struct {
		const char *function;
		ObjectKind kind;
	} functions[] = {{"to_regclass", OBJECT_TABLE},	 {"to_regtype", OBJECT_TYPE},	 {"to_regrole", OBJECT_ROLE},
			 {"to_regproc", OBJECT_FUNCTION}, {"to_regnamespace", OBJECT_SCHEMA}};
	const Expr *expr = scalar_output(asked);
	if (expr && expr->kind == EXPR_SUBQUERY && same(expr->text, "scalar"))
		return rows_guard(l, expr->query, NULL);
	const char *name = expr && expr->kind == EXPR_CALL ? folded_text(l->arena, expr->arguments) : NULL;
	for (size_t i = 0; name && i < LENGTH(functions); i++)
		if (name_is(expr->name, "pg_catalog", functions[i].function)) {
			Guard *guard = guard_new(l, GUARD_OBJECT_EXISTS);
			guard->object_kind = functions[i].kind;
			guard->name = regclass_name(l, name);
			return guard;
		}
	return guard_new(l, GUARD_UNKNOWN);
}

static bool is_count(const Query *query)
{
	const Expr *output = query->output_exprs.count ? bare(query->output_exprs.items[0]) : NULL;
	return output && output->kind == EXPR_CALL && name_is(output->name, "pg_catalog", "count");
}

/* (SELECT count(*) …) compared with 0 or 1: does a row exist? 1 yes, 0 no, -1 another question. */
static int count_question(const char *operator, long number)
{
	if ((same(operator, ">") && number == 0) || (same(operator, ">=") && number == 1) ||
	    ((same(operator, "<>") || same(operator, "!=")) && number == 0) || (same(operator, "=") && number == 1))
		return 1;
	if ((same(operator, "=") && number == 0) || (same(operator, "<") && number == 1) ||
	    (same(operator, "<=") && number == 0))
		return 0;
	return -1;
}

/* (SELECT data_type FROM information_schema.columns WHERE …) = 'text' */
static const Guard *column_value_guard(Lowering *l, const Query *query, const char *value)
{
	const Expr *output = query->output_exprs.count ? bare(query->output_exprs.items[0]) : NULL;
	if (!output || output->kind != EXPR_COLUMN)
		return guard_new(l, GUARD_UNKNOWN);
	Expr *test = new (l->arena, Expr);
	test->kind = EXPR_CONSTANT;
	test->text = value;
	return rows_guard(l, query, test);
}

static bool is_version(const Expr *expr)
{
	const Expr *name = expr && expr->kind == EXPR_CALL ? bare(expr->arguments) : NULL;
	return name && name_is(expr->name, "pg_catalog", "current_setting") && name->kind == EXPR_CONSTANT &&
	       same_nocase(name->text, "server_version_num");
}

static const Guard *comparison_guard(Lowering *l, const Expr *expr)
{
	const Expr *left = scalar_output(expr->arguments);
	const Expr *right = expr->arguments ? bare(expr->arguments->next) : NULL;
	if (!left || !right || right->kind != EXPR_CONSTANT)
		return guard_new(l, GUARD_UNKNOWN);
	if (is_version(left) && strlen(expr->text) < sizeof ((Guard *)0)->op) {
		Guard *guard = guard_new(l, GUARD_SERVER_VERSION);
		memcpy(guard->op, expr->text, strlen(expr->text));
		guard->number = strtol(right->text, NULL, 10);
		return guard;
	}
	if (left->kind != EXPR_SUBQUERY || !same(left->text, "scalar"))
		return guard_new(l, GUARD_UNKNOWN);
	if (is_count(left->query)) {
		int exists = count_question(expr->text, strtol(right->text, NULL, 10));
		const Guard *guard = exists < 0 ? guard_new(l, GUARD_UNKNOWN) : rows_guard(l, left->query, NULL);
		return exists == 0 ? negated(l, guard) : guard;
	}
	bool equal = same(expr->text, "=");
	if (!equal && !same(expr->text, "<>") && !same(expr->text, "!="))
		return guard_new(l, GUARD_UNKNOWN);
	const Guard *guard = column_value_guard(l, left->query, right->text);
	return equal ? guard : negated(l, guard);
}

static bool is_true(const Query *query)
{
	const Expr *output = query->output_exprs.count ? query->output_exprs.items[0] : NULL;
	return output && output->kind == EXPR_CONSTANT && same(output->text, "true");
}

static const Guard *lower_condition(Lowering *l, const Expr *expr, int depth)
{
	if (!expr || depth > GUARD_DEPTH)
		return guard_new(l, GUARD_UNKNOWN);
	int truth = folded_truth(l->arena, expr);
	if (truth >= 0) {
		Guard *guard = guard_new(l, GUARD_CONSTANT);
		guard->value = truth == 1;
		return guard;
	}
	switch (expr->kind) {
	case EXPR_NOT:
		return negated(l, lower_condition(l, expr->arguments, depth + 1));
	case EXPR_AND:
	case EXPR_OR: {
		GuardKind kind = expr->kind == EXPR_AND ? GUARD_AND : GUARD_OR;
		const Guard *guard = lower_condition(l, expr->arguments, depth + 1);
		for (const Expr *part = expr->arguments ? expr->arguments->next : NULL; part; part = part->next)
			guard = both(l, kind, guard, lower_condition(l, part, depth + 1));
		return guard;
	}
	case EXPR_SUBQUERY:
		if (same(expr->text, "exists"))
			return rows_guard(l, expr->query, NULL);
		if (same(expr->text, "any"))
			return rows_guard(l, expr->query, expr->arguments);
		/* IF (SELECT true FROM pg_… WHERE …) */
		if (is_true(expr->query) && asked_table(expr->query))
			return rows_guard(l, expr->query, NULL);
		/* IF (SELECT EXISTS (…)) */
		if (expr->query->output_exprs.count && expr->query->output_exprs.items[0] && !expr->query->where)
			return lower_condition(l, expr->query->output_exprs.items[0], depth + 1);
		return guard_new(l, GUARD_UNKNOWN);
	case EXPR_IS_NULL:
		return negated(l, null_guard(l, expr->arguments));
	case EXPR_IS_NOT_NULL:
		return null_guard(l, expr->arguments);
	case EXPR_OPERATOR:
		return comparison_guard(l, expr);
	default:
		return guard_new(l, GUARD_UNKNOWN);
	}
}

const Guard *lower_guard(Lowering *l, const Expr *condition)
{
	return lower_condition(l, condition, 0);
}

/* Actions as indented text, every field that is not empty: for tests and for looking at what lowering made. */
#include "action/action.h"

enum { PRINT_DEPTH = 70 };

static void print_actions(Buf *buf, const Action *first, int depth);

static void indent(Buf *buf, int depth)
{
	for (int i = 0; i < depth; i++)
		buf_addc(buf, '\t');
}

static void word(Buf *buf, const char *label, const char *text)
{
	if (text)
		buf_addf(buf, " %s=%s", label, *text ? text : "''");
}

static void flag(Buf *buf, const char *label, bool set)
{
	if (set)
		buf_addf(buf, " %s", label);
}

static void letter(Buf *buf, const char *label, char value)
{
	if (value)
		buf_addf(buf, " %s=%c", label, value);
}

static void name(Buf *buf, const char *label, Name value)
{
	if (!value.name && !value.schema)
		return;
	buf_addf(buf, " %s=", label);
	if (value.schema)
		buf_addf(buf, "%s.", value.schema);
	buf_adds(buf, value.name ? value.name : "");
}

static void names(Buf *buf, const char *label, const Names *list)
{
	if (!list->count)
		return;
	buf_addf(buf, " %s=(", label);
	array_each (const char *, item, list)
		buf_addf(buf, "%s%s", item == list->items ? "" : ", ", *item ? *item : "NULL");
	buf_addc(buf, ')');
}

static void expression(Buf *buf, const char *label, const Expr *expr)
{
	if (!expr)
		return;
	buf_addf(buf, " %s=[", label);
	expr_print(buf, expr);
	buf_addc(buf, ']');
}

static void type(Buf *buf, const char *label, const TypeRef *ref)
{
	if (!ref || !ref->name.name)
		return;
	Arena scratch = {0};
	word(buf, label, type_ref_text(&scratch, ref));
	arena_free(&scratch);
}

static void print_column(Buf *buf, const ColumnDef *column, int depth)
{
	buf_addc(buf, '\n');
	indent(buf, depth);
	buf_adds(buf, ". column");
	word(buf, "name", column->name);
	type(buf, "type", &column->type);
	name(buf, "collation", column->collation);
	flag(buf, "serial", column->serial);
	flag(buf, "not-null", column->not_null);
	word(buf, "not-null-name", column->not_null_name);
	flag(buf, "not-null-not-valid", column->not_null_not_valid);
	expression(buf, "default", column->default_expr);
	letter(buf, "identity", column->identity);
	letter(buf, "generated", column->generated);
	expression(buf, "expression", column->generated_expr);
	word(buf, "storage", column->storage);
	word(buf, "compression", column->compression);
}

static void print_index(Buf *buf, const IndexDef *index, int depth)
{
	buf_addc(buf, '\n');
	indent(buf, depth);
	buf_adds(buf, ". index");
	word(buf, "method", index->method);
	flag(buf, "unique", index->unique);
	flag(buf, "nulls-not-distinct", index->nulls_not_distinct);
	array_each (IndexKey, key, &index->keys) {
		buf_adds(buf, " key(");
		buf_adds(buf, key->column ? key->column : "");
		if (key->expr)
			expr_print(buf, key->expr);
		name(buf, "collation", key->collation);
		name(buf, "opclass", key->opclass);
		word(buf, "with", key->operator_);
		flag(buf, "desc", key->descending);
		flag(buf, "nulls-first", key->nulls_first);
		buf_addc(buf, ')');
	}
	names(buf, "include", &index->include);
	expression(buf, "where", index->predicate);
	word(buf, "tablespace", index->tablespace);
	names(buf, "options", &index->options);
}

static void print_constraint(Buf *buf, const ConstraintDef *constraint, int depth)
{
	buf_addc(buf, '\n');
	indent(buf, depth);
	buf_addf(buf, ". %s", constraint_kind_words(constraint->kind));
	word(buf, "name", constraint->name);
	names(buf, "columns", &constraint->columns);
	expression(buf, "check", constraint->check);
	name(buf, "references", constraint->references);
	names(buf, "reference-columns", &constraint->reference_columns);
	letter(buf, "on-delete", constraint->on_delete);
	letter(buf, "on-update", constraint->on_update);
	letter(buf, "match", constraint->match);
	word(buf, "using-index", constraint->using_index);
	flag(buf, "not-valid", constraint->not_valid);
	flag(buf, "not-enforced", constraint->not_enforced);
	flag(buf, "deferrable", constraint->deferrable);
	flag(buf, "initially-deferred", constraint->initially_deferred);
	flag(buf, "no-inherit", constraint->no_inherit);
	flag(buf, "without-overlaps", constraint->without_overlaps);
	if (constraint->index)
		print_index(buf, constraint->index, depth);
}

static void print_table(Buf *buf, const TableDef *table, int depth)
{
	buf_addc(buf, '\n');
	indent(buf, depth);
	buf_adds(buf, ". table");
	letter(buf, "persistence", table->persistence);
	word(buf, "on-commit", table->on_commit);
	array_each (Name, parent, &table->inherits)
		name(buf, "inherits", *parent);
	name(buf, "partition-of", table->partition_of);
	flag(buf, "default-partition", table->default_partition);
	word(buf, "bound", table->bound);
	word(buf, "partition-strategy", table->partition_strategy);
	names(buf, "partition-keys", &table->partition_keys);
	array_each (struct TableLike, like, &table->likes) {
		name(buf, "like", like->relation);
		flag(buf, "including-defaults", like->defaults);
		flag(buf, "including-constraints", like->constraints);
		flag(buf, "including-indexes", like->indexes);
	}
	name(buf, "of", table->of_type);
	word(buf, "tablespace", table->tablespace);
	word(buf, "access-method", table->access_method);
	names(buf, "options", &table->options);
	flag(buf, "with-no-data", table->with_no_data);
}

static void print_query(Buf *buf, const Query *query, int depth)
{
	static const char *const modes[] = {
		[USE_READ] = "reads",	 [USE_LOCK_ROWS] = "locks-rows", [USE_INSERT] = "inserts",
		[USE_UPDATE] = "updates", [USE_DELETE] = "deletes",	  [USE_MERGE] = "merges"};
	buf_addc(buf, '\n');
	indent(buf, depth);
	buf_adds(buf, ". query");
	array_each (RelationUse, use, &query->uses) {
		name(buf, modes[use->mode], use->relation);
		word(buf, "as", use->alias);
		names(buf, "of", &use->columns);
		flag(buf, "all-rows", use->all_rows);
		flag(buf, "only", use->only);
	}
	array_each (Name, function, &query->functions)
		name(buf, "calls", *function);
	array_each (Name, used, &query->types)
		name(buf, "casts", *used);
	names(buf, "columns", &query->columns);
	for (uint32_t i = 0; i < query->outputs.count; i++) {
		buf_addf(buf, " out(%s", query->outputs.items[i]);
		expression(buf, "", i < query->output_exprs.count ? query->output_exprs.items[i] : NULL);
		buf_addc(buf, ')');
	}
	expression(buf, "where", query->where);
	flag(buf, "limit", query->has_limit);
	flag(buf, "partial", query->partial);
}

static void print_function(Buf *buf, const FunctionDef *function, int depth)
{
	buf_addc(buf, '\n');
	indent(buf, depth);
	buf_addf(buf, ". %s", object_kind_words(function->kind));
	array_each (FunctionArgument, argument, &function->arguments) {
		buf_addf(buf, " argument(%c", argument->mode);
		word(buf, "name", argument->name);
		type(buf, "type", &argument->type);
		expression(buf, "default", argument->default_expr);
		buf_addc(buf, ')');
	}
	flag(buf, "any-arguments", !function->arguments_given);
	type(buf, "returns", &function->returns);
	word(buf, "language", function->language);
	letter(buf, "volatility", function->volatility);
	flag(buf, "security-definer", function->security_definer);
	flag(buf, "strict", function->strict);
	flag(buf, "sets-search-path", function->sets_search_path);
	flag(buf, "body-opaque", function->body_opaque);
	array_each (const Name, row, &function->row_types)
		name(buf, "variable-of", *row);
	buf_addc(buf, '\n');
	print_actions(buf, function->body, depth + 1);
	if (buf->data[buf->length - 1] == '\n')
		buf->data[--buf->length] = '\0';
}

static void print_guard(Buf *buf, const Guard *guard, int depth)
{
	static const char *const words[] = {
		[GUARD_UNKNOWN] = "unknown",	       [GUARD_OBJECT_EXISTS] = "exists",
		[GUARD_LABEL_EXISTS] = "label-exists", [GUARD_COLUMN_TYPE] = "column-type",
		[GUARD_COLUMN_NULLABLE] = "nullable",  [GUARD_ROWS_EXIST] = "rows-exist",
		[GUARD_CONSTANT] = "constant",	       [GUARD_SERVER_VERSION] = "server-version",
		[GUARD_AND] = "and",		       [GUARD_OR] = "or",
		[GUARD_NOT] = "not"};
	if (!guard || depth > PRINT_DEPTH)
		return;
	buf_addf(buf, "(%s", words[guard->kind]);
	if (guard->object_kind)
		buf_addf(buf, " %s", object_kind_words(guard->object_kind));
	name(buf, "name", guard->name);
	name(buf, "parent", guard->parent);
	word(buf, "member", guard->member);
	if (guard->kind == GUARD_CONSTANT)
		buf_adds(buf, guard->value ? " true" : " false");
	if (guard->kind == GUARD_SERVER_VERSION)
		buf_addf(buf, " %s %ld", guard->op, guard->number);
	print_guard(buf, guard->left, depth + 1);
	print_guard(buf, guard->right, depth + 1);
	buf_addc(buf, ')');
}

static void print_flags(Buf *buf, const Action *action)
{
	flag(buf, "if-exists", action->if_exists);
	flag(buf, "relation-if-exists", action->relation_if_exists);
	flag(buf, "if-not-exists", action->if_not_exists);
	flag(buf, "or-replace", action->or_replace);
	flag(buf, "cascade", action->cascade);
	flag(buf, "concurrently", action->concurrently);
	flag(buf, "only", action->only);
	flag(buf, "in-create", action->in_create);
	flag(buf, "inline", action->inline_constraint);
	flag(buf, "in-alter", action->in_alter);
	flag(buf, "is-default", action->is_default);
	flag(buf, "finalize", action->finalize);
	flag(buf, "local", action->local);
	flag(buf, "after", action->after);
	flag(buf, "all", action->all);
	flag(buf, "restart-identity", action->restart_identity);
	flag(buf, "on-conflict", action->on_conflict);
	flag(buf, "default-values", action->default_values);
	flag(buf, "has-where", action->has_where);
	flag(buf, "copy-from", action->copy_from);
	flag(buf, "with-no-data", action->with_no_data);
	flag(buf, "partial", action->partial);
	flag(buf, "chain", action->chain);
	flag(buf, "instead", action->instead);
}

static void print_action(Buf *buf, const Action *action)
{
	buf_addf(buf, "%s %u-%u", action_word(action->kind), action->span.start, action->span.end);
	if (action->object_kind)
		buf_addf(buf, " <%s>", object_kind_words(action->object_kind));
	name(buf, "relation", action->relation);
	if (action->relation_span.end > action->relation_span.start)
		buf_addf(buf, "@%u-%u", action->relation_span.start, action->relation_span.end);
	word(buf, "object", action->object);
	if (action->object_span.end > action->object_span.start)
		buf_addf(buf, "@%u-%u", action->object_span.start, action->object_span.end);
	word(buf, "new-name", action->new_name);
	word(buf, "value", action->value);
	name(buf, "other", action->other);
	type(buf, "type", action->type);
	expression(buf, "expr", action->expr);
	names(buf, "names", &action->names);
	names(buf, "columns", &action->columns);
	names(buf, "roles", &action->roles);
	print_flags(buf, action);
	if (action->branches && action->branches->guard) {
		buf_adds(buf, " guard=");
		print_guard(buf, action->branches->guard, 0);
	}
}

static void print_parts(Buf *buf, const Action *action, int depth)
{
	if (action->column_def)
		print_column(buf, action->column_def, depth);
	if (action->constraint)
		print_constraint(buf, action->constraint, depth);
	if (action->index)
		print_index(buf, action->index, depth);
	if (action->table)
		print_table(buf, action->table, depth);
	if (action->function)
		print_function(buf, action->function, depth);
	if (action->query)
		print_query(buf, action->query, depth);
	for (uint32_t i = 0; action->attributes && i < action->attributes->count; i++)
		print_column(buf, &action->attributes->items[i], depth);
	buf_addc(buf, '\n');
	print_actions(buf, action->body, depth);
	const Alternatives none = {0}, *branches = action->branches ? action->branches : &none;
	if (branches->otherwise) {
		indent(buf, depth - 1);
		buf_adds(buf, "otherwise\n");
		print_actions(buf, branches->otherwise, depth);
	}
	array_each (Handler, handler, &branches->handlers) {
		indent(buf, depth - 1);
		buf_adds(buf, "when");
		names(buf, "conditions", &handler->conditions);
		buf_addc(buf, '\n');
		print_actions(buf, handler->body, depth);
	}
}

static void print_actions(Buf *buf, const Action *first, int depth)
{
	if (depth > PRINT_DEPTH)
		return;
	for (const Action *action = first; action; action = action->next) {
		indent(buf, depth);
		print_action(buf, action);
		print_parts(buf, action, depth + 1);
	}
}

void actions_print(Buf *buf, const Action *first)
{
	print_actions(buf, first, 0);
}

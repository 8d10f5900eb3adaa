/* CREATE TABLE and its parts: columns, constraints, partitions; tables made from queries. */
#include "parse/lower.h"

/* --- Columns ------------------------------------------------------------------------------------------------------ */

/* serial is a word of the grammar's user, not of PostgreSQL's types: the column gets an integer and a sequence. */
static bool serial_type(TypeRef *type)
{
	static const struct {
		const char *word;
		const char *type;
	} serials[] = {{"serial", "int4"},    {"serial4", "int4"},    {"bigserial", "int8"},
		       {"serial8", "int8"},   {"smallserial", "int2"}, {"serial2", "int2"}};
	if (type->name.schema || type->dimensions || type->percent_type)
		return false;
	for (size_t i = 0; i < LENGTH(serials); i++)
		if (same(type->name.name, serials[i].word)) {
			type->name = (Name){"pg_catalog", serials[i].type};
			return true;
		}
	return false;
}

static bool is_attribute(const Constraint *constraint)
{
	return constraint->contype >= CONSTR_ATTR_DEFERRABLE;
}

/* From the constraint's first token to the next thing behind the column. */
static Span inline_span(const Lowering *l, const PgColumnDef *column, const Constraint *constraint, Span clause)
{
	if (constraint->location < 0)
		return clause;
	uint32_t start = (uint32_t)constraint->location, limit = clause.end;
	foreach_ptr (Constraint, next, column->constraints) {
		if (!is_attribute(next) && next->location > constraint->location && (uint32_t)next->location < limit)
			limit = (uint32_t)next->location;
	}
	if (column->collClause && column->collClause->location > constraint->location &&
	    (uint32_t)column->collClause->location < limit)
		limit = (uint32_t)column->collClause->location;
	return trimmed(l, start, limit);
}

static void add_column_property(Lowering *l, ColumnDef *def, const PgColumnDef *column, const Constraint *constraint,
				Span clause)
{
	switch (constraint->contype) {
	case CONSTR_NOTNULL:
		def->not_null = true;
		def->not_null_name = keep(l, constraint->conname);
		def->not_null_not_valid = constraint->skip_validation;
		break;
	case CONSTR_DEFAULT:
		def->default_expr = lower_expr(l, constraint->raw_expr);
		def->default_span = source_span(l, inline_span(l, column, constraint, clause));
		break;
	case CONSTR_IDENTITY:
		def->identity = constraint->generated_when;
		break;
	case CONSTR_GENERATED:
		def->generated = constraint->generated_kind;
		def->generated_expr = lower_expr(l, constraint->raw_expr);
		break;
	default:
		break;
	}
}

ColumnDef *lower_column(Lowering *l, const PgColumnDef *column, Span clause)
{
	ColumnDef *def = new (l->arena, ColumnDef);
	def->name = keep(l, column->colname);
	def->type = type_ref(l, column->typeName);
	def->serial = serial_type(&def->type);
	def->not_null = column->is_not_null;
	def->storage = keep(l, column->storage_name);
	def->compression = keep(l, column->compression);
	if (column->collClause)
		def->collation = list_name(l, column->collClause->collname);
	foreach_ptr (Constraint, constraint, column->constraints)
		add_column_property(l, def, column, constraint, clause);
	return def;
}

/* --- Constraints -------------------------------------------------------------------------------------------------- */

static ConstraintKind constraint_kind(ConstrType type)
{
	switch (type) {
	case CONSTR_PRIMARY:
		return CONSTRAINT_PRIMARY_KEY;
	case CONSTR_UNIQUE:
		return CONSTRAINT_UNIQUE;
	case CONSTR_CHECK:
		return CONSTRAINT_CHECK;
	case CONSTR_FOREIGN:
		return CONSTRAINT_FOREIGN_KEY;
	case CONSTR_EXCLUSION:
		return CONSTRAINT_EXCLUSION;
	case CONSTR_NOTNULL:
		return CONSTRAINT_NOT_NULL;
	default:
		return CONSTRAINT_NONE;
	}
}

static IndexDef *constraint_index(Lowering *l, const Constraint *constraint, const ConstraintDef *def)
{
	IndexDef *index = new (l->arena, IndexDef);
	index->method = constraint->access_method ? keep(l, constraint->access_method)
			: def->without_overlaps	  ? "gist"
						  : "btree";
	index->unique = def->kind != CONSTRAINT_EXCLUSION;
	index->nulls_not_distinct = constraint->nulls_not_distinct;
	index->include = string_list(l, constraint->including);
	index->options = option_list(l, constraint->options);
	index->tablespace = keep(l, constraint->indexspace);
	index->predicate = lower_expr(l, constraint->where_clause);
	array_each (const char *, column, &def->columns)
		if (def->kind != CONSTRAINT_EXCLUSION)
			array_push(l->arena, &index->keys, (IndexKey){.column = *column});
	foreach_ptr (List, pair, constraint->exclusions) {
		IndexKey key = index_key(l, linitial(pair));
		key.operator_ = list_name(l, lsecond(pair)).name;
		array_push(l->arena, &index->keys, key);
	}
	return index;
}

static void constraint_columns(Lowering *l, ConstraintDef *def, const Constraint *constraint, const char *column)
{
	if (column) {
		array_push(l->arena, &def->columns, column);
		return;
	}
	def->columns = string_list(l, def->kind == CONSTRAINT_FOREIGN_KEY ? constraint->fk_attrs : constraint->keys);
	foreach_ptr (List, pair, constraint->exclusions) {
		const IndexElem *element = linitial(pair);
		if (element->name)
			array_push(l->arena, &def->columns, keep(l, element->name));
	}
}

ConstraintDef *lower_constraint(Lowering *l, const Constraint *constraint, const char *column)
{
	ConstraintDef *def = new (l->arena, ConstraintDef);
	def->kind = constraint_kind(constraint->contype);
	def->name = keep(l, constraint->conname);
	def->without_overlaps = constraint->without_overlaps || constraint->fk_with_period;
	constraint_columns(l, def, constraint, column);
	def->not_valid = constraint->skip_validation;
	def->not_enforced =
		(def->kind == CONSTRAINT_CHECK || def->kind == CONSTRAINT_FOREIGN_KEY) && !constraint->is_enforced;
	def->deferrable = constraint->deferrable;
	def->initially_deferred = constraint->initdeferred;
	def->no_inherit = constraint->is_no_inherit;
	switch (def->kind) {
	case CONSTRAINT_CHECK:
		def->check = lower_expr(l, constraint->raw_expr);
		break;
	case CONSTRAINT_FOREIGN_KEY:
		def->references = range_name(l, constraint->pktable);
		def->reference_columns = string_list(l, constraint->pk_attrs);
		def->on_delete = constraint->fk_del_action;
		def->on_update = constraint->fk_upd_action;
		def->match = constraint->fk_matchtype;
		break;
	case CONSTRAINT_PRIMARY_KEY:
	case CONSTRAINT_UNIQUE:
	case CONSTRAINT_EXCLUSION:
		def->using_index = keep(l, constraint->indexname);
		if (!def->using_index)
			def->index = constraint_index(l, constraint, def);
		break;
	default:
		break;
	}
	return def;
}

/* DEFERRABLE and its like stand behind an inline constraint as nodes of their own. */
static void apply_attribute(ConstraintDef *def, ConstrType attribute)
{
	switch (attribute) {
	case CONSTR_ATTR_DEFERRABLE:
		def->deferrable = true;
		break;
	case CONSTR_ATTR_DEFERRED:
		def->deferrable = def->initially_deferred = true;
		break;
	case CONSTR_ATTR_ENFORCED:
		def->not_enforced = false;
		break;
	case CONSTR_ATTR_NOT_ENFORCED:
		def->not_enforced = true;
		break;
	default:
		break;
	}
}

/* A constraint to be emitted when the columns are done. */
typedef struct Pending {
	ConstraintDef *def;
	Span span;
	const char *column; /* of an inline one */
	Span name;          /* of the constraint, in the source */
} Pending;
typedef ARRAY(Pending) PendingList;

static void collect_constraint(Lowering *l, PendingList *list, const Constraint *constraint, Span span,
			       const char *column)
{
	Pending pending = {.def = lower_constraint(l, constraint, column), .span = span, .column = column};
	if (constraint->conname && !column)
		pending.name = source_identifier(l, span, constraint->conname);
	array_push(l->arena, list, pending);
}

static void collect_inline(Lowering *l, PendingList *list, const PgColumnDef *column, const char *name, Span clause)
{
	ConstraintDef *last = NULL;
	foreach_ptr (Constraint, constraint, column->constraints) {
		if (is_attribute(constraint)) {
			if (last)
				apply_attribute(last, constraint->contype);
			continue;
		}
		if (constraint_kind(constraint->contype) == CONSTRAINT_NONE || constraint->contype == CONSTR_NOTNULL) {
			last = NULL;
			continue;
		}
		collect_constraint(l, list, constraint, inline_span(l, column, constraint, clause), name);
		last = list->items[list->count - 1].def;
	}
}

/* The order in which PostgreSQL makes them: checks with the table, the primary key before other indexes, foreign keys last. */
static int constraint_rank(ConstraintKind kind)
{
	switch (kind) {
	case CONSTRAINT_PRIMARY_KEY:
		return 1;
	case CONSTRAINT_UNIQUE:
	case CONSTRAINT_EXCLUSION:
		return 2;
	case CONSTRAINT_FOREIGN_KEY:
		return 3;
	default:
		return 0;
	}
}

static void emit_pending(Lowering *l, const PendingList *list, const Action *pattern)
{
	for (int rank = 0; rank <= 3; rank++)
		array_each (Pending, pending, list) {
			if (constraint_rank(pending->def->kind) != rank)
				continue;
			Action *action = emit(l, ACTION_ADD_CONSTRAINT, pending->span);
			action->object_kind = OBJECT_CONSTRAINT;
			action->relation = pattern->relation;
			action->relation_span = pattern->relation_span;
			action->in_create = pattern->in_create;
			action->in_alter = pattern->in_alter;
			action->relation_if_exists = pattern->relation_if_exists;
			action->only = pattern->only;
			action->constraint = pending->def;
			action->other = pending->def->references;
			action->inline_constraint = pending->column != NULL;
			action->object = pending->column ? pending->column : pending->def->name;
			action->object_span = pending->name;
		}
}

static Action *emit_add_column(Lowering *l, const PgColumnDef *column, Span clause, const Action *pattern,
			       ActionKind kind)
{
	Action *action = emit(l, kind, clause);
	action->object_kind = pattern->object_kind;
	action->relation = pattern->relation;
	action->relation_span = pattern->relation_span;
	action->in_create = pattern->in_create;
	action->in_alter = pattern->in_alter;
	action->relation_if_exists = pattern->relation_if_exists;
	action->if_not_exists = pattern->if_not_exists;
	action->cascade = pattern->cascade;
	action->only = pattern->only;
	action->column_def = lower_column(l, column, clause);
	action->object = action->column_def->name;
	action->object_span = source_name_at(l, column->location);
	return action;
}

void emit_column(Lowering *l, const PgColumnDef *column, Span clause, const Action *pattern, ActionKind kind)
{
	PendingList pending = {0};
	Action *action = emit_add_column(l, column, clause, pattern, kind);
	collect_inline(l, &pending, column, action->object, clause);
	emit_pending(l, &pending, pattern);
}

void emit_constraint(Lowering *l, const Constraint *constraint, Span clause, const Action *pattern)
{
	PendingList pending = {0};
	collect_constraint(l, &pending, constraint, clause, NULL);
	emit_pending(l, &pending, pattern);
}

/* --- Tables ------------------------------------------------------------------------------------------------------- */

/* `FOR VALUES FROM (1) TO (2)`; NULL for DEFAULT. The node stands at the word behind VALUES. */
const char *partition_bound(Lowering *l, const PartitionBoundSpec *bound)
{
	if (!bound || bound->is_default || bound->location < 0)
		return NULL;
	Span span = call_at(l, bound->location);
	if (bound->strategy == PARTITION_STRATEGY_RANGE) {
		Lexer lexer = lexer_new(l->piece->bytes, span.end, l->statement.end);
		Token to = lexer_next(&lexer);
		span.end = call_at(l, (int)to.span.start).end;
	}
	return arena_print(l->arena, "FOR VALUES %s", clause_text(l, span));
}

static void set_partitioning(Lowering *l, TableDef *table, const CreateStmt *create)
{
	if (create->partbound) {
		table->partition_of = range_name(l, linitial(create->inhRelations));
		table->default_partition = create->partbound->is_default;
		table->bound = partition_bound(l, create->partbound);
	} else {
		foreach_ptr (RangeVar, parent, create->inhRelations)
			array_push(l->arena, &table->inherits, range_name(l, parent));
	}
	if (!create->partspec)
		return;
	table->partition_strategy = create->partspec->strategy == PARTITION_STRATEGY_RANGE ? "range" :
				    create->partspec->strategy == PARTITION_STRATEGY_LIST  ? "list" :
											      "hash";
	foreach_ptr (PartitionElem, key, create->partspec->partParams)
		array_push(l->arena, &table->partition_keys, key->name ? keep(l, key->name) : "?");
}

static struct TableLike table_like(Lowering *l, const TableLikeClause *like)
{
	return (struct TableLike){
		.relation = range_name(l, like->relation),
		.defaults = like->options & CREATE_TABLE_LIKE_DEFAULTS,
		.constraints = like->options & CREATE_TABLE_LIKE_CONSTRAINTS,
		.indexes = like->options & CREATE_TABLE_LIKE_INDEXES,
		.identity = like->options & CREATE_TABLE_LIKE_IDENTITY,
		.generated = like->options & CREATE_TABLE_LIKE_GENERATED,
		.comments = like->options & CREATE_TABLE_LIKE_COMMENTS,
		.statistics = like->options & CREATE_TABLE_LIKE_STATISTICS,
		.storage = like->options & CREATE_TABLE_LIKE_STORAGE,
		.compression = like->options & CREATE_TABLE_LIKE_COMPRESSION,
	};
}

static const char *on_commit(OnCommitAction action)
{
	return action == ONCOMMIT_DROP ? "drop" : action == ONCOMMIT_DELETE_ROWS ? "delete rows" : NULL;
}

static TableDef *lower_table(Lowering *l, const CreateStmt *create)
{
	TableDef *table = new (l->arena, TableDef);
	table->persistence = create->relation->relpersistence;
	table->on_commit = on_commit(create->oncommit);
	table->tablespace = keep(l, create->tablespacename);
	table->access_method = keep(l, create->accessMethod);
	table->options = option_list(l, create->options);
	if (create->ofTypename)
		table->of_type = list_name(l, create->ofTypename->names);
	set_partitioning(l, table, create);
	foreach_ptr (TableLikeClause, like, create->tableElts)
		if (IsA(like, TableLikeClause))
			array_push(l->arena, &table->likes, table_like(l, like));
	return table;
}

void lower_create_table(Lowering *l, CreateStmt *create, bool foreign)
{
	Action *action = emit_object(l, foreign ? ACTION_CREATE_FOREIGN_TABLE : ACTION_CREATE_TABLE,
				     foreign ? OBJECT_FOREIGN_TABLE : OBJECT_TABLE, range_name(l, create->relation));
	action->relation_span = source_name_at(l, create->relation->location);
	action->if_not_exists = create->if_not_exists;
	action->table = lower_table(l, create);
	if (foreign) {
		action->other.name = keep(l, ((CreateForeignTableStmt *)create)->servername);
		action->names = option_list(l, ((CreateForeignTableStmt *)create)->options);
	}
	Action pattern = {.relation = action->relation,
			  .relation_span = action->relation_span,
			  .object_kind = action->object_kind,
			  .in_create = true};
	uint32_t count = (uint32_t)list_length(create->tableElts);
	uint32_t start = behind_parenthesis(l, name_at(l, create->relation->location).end);
	Span *clauses = count ? split_list(l, start, count) : NULL;
	PendingList pending = {0};
	uint32_t i = 0;
	foreach_ptr (Node, element, create->tableElts) {
		Span clause = clauses ? clauses[i] : l->statement;
		i++;
		if (IsA(element, Constraint)) {
			collect_constraint(l, &pending, (Constraint *)element, clause, NULL);
		} else if (IsA(element, ColumnDef)) {
			Action *column =
			    emit_add_column(l, (PgColumnDef *)element, clause, &pattern, ACTION_ADD_COLUMN);
			collect_inline(l, &pending, (PgColumnDef *)element, column->object, clause);
		}
	}
	emit_pending(l, &pending, &pattern);
}

void lower_table_from_select(Lowering *l, IntoClause *into, Node *query, bool materialized, bool if_not_exists)
{
	Query *reads = lower_query_columns(l, query);
	Action *action = emit_object(l, materialized ? ACTION_CREATE_MATERIALIZED_VIEW : ACTION_CREATE_TABLE_AS,
				     materialized ? OBJECT_MATERIALIZED_VIEW : OBJECT_TABLE, range_name(l, into->rel));
	TableDef *table = new (l->arena, TableDef);
	table->persistence = into->rel->relpersistence;
	table->on_commit = on_commit(into->onCommit);
	table->tablespace = keep(l, into->tableSpaceName);
	table->access_method = keep(l, into->accessMethod);
	table->options = option_list(l, into->options);
	table->with_no_data = into->skipData;
	action->table = table;
	action->with_no_data = into->skipData;
	action->names = string_list(l, into->colNames);
	action->relation_span = source_name_at(l, into->rel->location);
	action->if_not_exists = if_not_exists;
	action->query = reads;
	action->partial = reads->partial;
	if (IsA(query, ExecuteStmt))
		action->object = keep(l, ((ExecuteStmt *)query)->name);
}

void lower_create_table_as(Lowering *l, CreateTableAsStmt *create)
{
	lower_table_from_select(l, create->into, create->query, create->objtype == PG_OBJECT_MATVIEW,
				create->if_not_exists);
}

/* What changes an object's name, schema, owner, comment or label, of every kind. */
#include "parse/lower.h"

/* Objects that live on a table: their lists end with their own name. */
static bool is_part(ObjectKind kind)
{
	return kind == OBJECT_COLUMN || kind == OBJECT_ATTRIBUTE || kind == OBJECT_CONSTRAINT ||
	       kind == OBJECT_TRIGGER || kind == OBJECT_RULE || kind == OBJECT_POLICY;
}

/* Fills relation and object from a node such as COMMENT ON carries. */
static void set_object(Lowering *l, Action *action, Node *object)
{
	ObjectKind kind = action->object_kind;
	List *list = IsA(object, List) ? (List *)object : NIL;
	if (is_part(kind) && list_length(list) > 1) {
		action->object = keep(l, ((String *)llast(list))->sval);
		action->relation = list_name(l, list_truncate(list_copy(list), list_length(list) - 1));
	} else if (kind == OBJECT_DOMAIN_CONSTRAINT && list_length(list) == 2) {
		action->relation = object_name(l, linitial(list));
		action->object = object_name(l, lsecond(list)).name;
	} else if (kind == OBJECT_TRANSFORM && list_length(list) == 2) {
		action->relation = object_name(l, linitial(list));
		action->other = object_name(l, lsecond(list));
	} else if ((kind == OBJECT_OPERATOR_CLASS || kind == OBJECT_OPERATOR_FAMILY) && list_length(list) > 1) {
		action->relation = list_name(l, list_copy_tail(list, 1));
	} else {
		action->relation = object_name(l, object);
	}
	if (IsA(object, ObjectWithArgs))
		action->function = function_signature(l, (ObjectWithArgs *)object, kind);
	action->relation_span = source_identifier(l, l->statement, action->relation.name);
	action->object_span = source_identifier(l, l->statement, action->object);
}

static void set_subject(Lowering *l, Action *action, const RangeVar *relation, Node *object)
{
	if (relation) {
		action->relation = range_name(l, relation);
		action->relation_span = source_name_at(l, relation->location);
	} else if (object) {
		set_object(l, action, object);
	}
}

static ActionKind rename_kind(const RenameStmt *rename, ObjectKind kind)
{
	switch (kind) {
	case OBJECT_TABLE:
	case OBJECT_FOREIGN_TABLE:
		return ACTION_RENAME_TABLE;
	case OBJECT_INDEX:
		return ACTION_RENAME_INDEX;
	case OBJECT_COLUMN:
		return ACTION_RENAME_COLUMN;
	case OBJECT_CONSTRAINT:
		return ACTION_RENAME_CONSTRAINT;
	default:
		return rename->newname ? ACTION_RENAME_OBJECT : ACTION_OTHER;
	}
}

/* From RENAME on. */
static Span rename_clause(const Lowering *l)
{
	Lexer lexer = lexer_new(l->piece->bytes, l->statement.start, l->statement.end);
	Span clause = l->statement;
	for (Token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		if (token_is(&lexer, token, "rename"))
			clause.start = token.span.start;
	return clause;
}

static void lower_rename(Lowering *l, RenameStmt *rename)
{
	ObjectKind kind = object_kind((int)rename->renameType);
	bool part = kind == OBJECT_COLUMN || kind == OBJECT_CONSTRAINT || kind == OBJECT_ATTRIBUTE ||
		    kind == OBJECT_DOMAIN_CONSTRAINT;
	Span clause = part ? rename_clause(l) : l->statement;
	Action *action = emit(l, rename_kind(rename, kind), clause);
	action->object_kind = kind;
	action->new_name = keep(l, rename->newname);
	action->if_exists = rename->missing_ok && !part;
	action->relation_if_exists = rename->missing_ok && part;
	set_subject(l, action, rename->relation, rename->object);
	if (kind == OBJECT_ROLE || kind == OBJECT_DATABASE || kind == OBJECT_SCHEMA || kind == OBJECT_TABLESPACE) {
		if (!action->relation.name)
			action->relation.name = keep(l, rename->subname);
		action->relation_span = source_identifier(l, l->statement, action->relation.name);
	} else if (rename->subname) {
		action->object = keep(l, rename->subname);
	}
	action->object_span = source_identifier(l, clause, action->object);
	if (rename->relation)
		action->only = !rename->relation->inh;
	action->cascade = rename->behavior == DROP_CASCADE;
	/* ALTER VIEW v RENAME COLUMN, ALTER TYPE t RENAME ATTRIBUTE: of what. */
	if (kind == OBJECT_COLUMN || kind == OBJECT_ATTRIBUTE)
		action->value = object_kind_words(object_kind((int)rename->relationType));
}

static void lower_schema(Lowering *l, AlterObjectSchemaStmt *alter)
{
	Action *action = emit_object(l, ACTION_SET_SCHEMA, object_kind((int)alter->objectType), (Name){0});
	set_subject(l, action, alter->relation, alter->object);
	action->other.schema = keep(l, alter->newschema);
	action->if_exists = alter->missing_ok;
}

static void lower_owner(Lowering *l, AlterOwnerStmt *alter)
{
	Action *action = emit_object(l, ACTION_SET_OWNER, object_kind((int)alter->objectType), (Name){0});
	set_subject(l, action, alter->relation, alter->object);
	array_push(l->arena, &action->roles, role_name(l, alter->newowner));
}

static void lower_depends(Lowering *l, AlterObjectDependsStmt *alter)
{
	Action *action = emit_object(l, ACTION_ALTER_OBJECT, object_kind((int)alter->objectType), (Name){0});
	set_subject(l, action, alter->relation, alter->object);
	if (action->object_kind == OBJECT_TRIGGER)
		action->object = list_name(l, (List *)alter->object).name;
	action->value = alter->remove ? "no depends on extension" : "depends on extension";
	action->other.name = keep(l, alter->extname->sval);
}

static void lower_comment(Lowering *l, ObjectType type, Node *object, const char *text, ActionKind kind)
{
	Action *action = emit_object(l, kind, object_kind((int)type), (Name){0});
	set_subject(l, action, NULL, object);
	action->value = keep(l, text);
}

void lower_rename_or_comment(Lowering *l, Node *node)
{
	switch (nodeTag(node)) {
	case T_RenameStmt:
		lower_rename(l, (RenameStmt *)node);
		break;
	case T_AlterObjectSchemaStmt:
		lower_schema(l, (AlterObjectSchemaStmt *)node);
		break;
	case T_AlterOwnerStmt:
		lower_owner(l, (AlterOwnerStmt *)node);
		break;
	case T_AlterObjectDependsStmt:
		lower_depends(l, (AlterObjectDependsStmt *)node);
		break;
	case T_CommentStmt:
		lower_comment(l, ((CommentStmt *)node)->objtype, ((CommentStmt *)node)->object,
			      ((CommentStmt *)node)->comment, ACTION_SET_COMMENT);
		break;
	default:
		lower_comment(l, ((SecLabelStmt *)node)->objtype, ((SecLabelStmt *)node)->object,
			      ((SecLabelStmt *)node)->label, ACTION_SET_SECURITY_LABEL);
		break;
	}
}

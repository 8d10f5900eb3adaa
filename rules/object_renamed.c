/* RENAME of a view, type, attribute, routine, sequence or schema, or its move to another schema, while code uses the old name. */
#include "judge/rule.h"

/* Code names it. Indexes, constraints, triggers, policies are named by migrations only. */
static bool is_named_by_code(ObjectKind kind)
{
	switch (kind) {
	case OBJECT_VIEW:
	case OBJECT_MATERIALIZED_VIEW:
	case OBJECT_TYPE:
	case OBJECT_ATTRIBUTE:
	case OBJECT_DOMAIN:
	case OBJECT_FUNCTION:
	case OBJECT_PROCEDURE:
	case OBJECT_AGGREGATE:
	case OBJECT_ROUTINE:
	case OBJECT_SEQUENCE:
	case OBJECT_SCHEMA:
		return true;
	default:
		return false;
	}
}

static bool is_routine(ObjectKind kind)
{
	return kind == OBJECT_FUNCTION || kind == OBJECT_PROCEDURE || kind == OBJECT_AGGREGATE || kind == OBJECT_ROUTINE;
}

/* Another takes the old name over: the usual way to make an enum anew. */
static bool takes_the_name(const Context *context, const Action *candidate)
{
	const Action *rename = context->action;
	ObjectKind kind = rename->object_kind;

	switch (candidate->kind) {
	case ACTION_CREATE_VIEW:
	case ACTION_CREATE_MATERIALIZED_VIEW:
	case ACTION_CREATE_TABLE:
	case ACTION_CREATE_TABLE_AS:
		return (kind == OBJECT_VIEW || kind == OBJECT_MATERIALIZED_VIEW) && same(candidate->relation.name, rename->relation.name);
	case ACTION_CREATE_TYPE:
	case ACTION_CREATE_DOMAIN:
		return (kind == OBJECT_TYPE || kind == OBJECT_DOMAIN) && same(candidate->relation.name, rename->relation.name);
	case ACTION_CREATE_FUNCTION:
		return is_routine(kind) && same(candidate->relation.name, rename->relation.name);
	case ACTION_CREATE_SEQUENCE:
		return kind == OBJECT_SEQUENCE && same(candidate->relation.name, rename->relation.name);
	case ACTION_CREATE_SCHEMA:
		return kind == OBJECT_SCHEMA && same(candidate->relation.name, rename->relation.name);
	case ACTION_RENAME_TABLE:
	case ACTION_RENAME_OBJECT:
		return same(candidate->new_name, rename->relation.name);
	default:
		return false;
	}
}

/* Only the server names it: a function that triggers run, the sequence of a serial or identity column. Both are kept by OID. */
static bool is_named_by_server(const Object *object)
{
	if (object->kind == OBJECT_SEQUENCE)
		return ((const Relation *)object)->owned_by != NULL;
	if (object->kind != OBJECT_FUNCTION)
		return false;
	const char *returns = ((const Function *)object)->returns.name;
	return same(returns, "trigger") || same(returns, "event_trigger");
}

static const Object *renamed(const Context *context)
{
	const Action *action = context->action;
	SearchPath path = session_path(context->session);

	if (action->object_kind == OBJECT_ATTRIBUTE)
		return find_object(context->catalog, path, OBJECT_TYPE, action->relation);
	if (!is_routine(action->object_kind))
		return find_object(context->catalog, path, action->object_kind, action->relation);
	bool several = false;
	const Function *function = find_function(context->catalog, path, action->relation, action->function, &several);
	return function ? &function->object : NULL;
}

/* Relations, sequences aside, are table-renamed's. */
static bool is_left_to_tables(const Action *action)
{
	return action->kind == ACTION_SET_SCHEMA && (action->object_kind == OBJECT_VIEW || action->object_kind == OBJECT_MATERIALIZED_VIEW);
}

RULE(object_renamed,
	.severity = SEVERITY_WARNING, .category = COMPATIBILITY,
	.summary  = "renaming a view, type, function, sequence or schema breaks code",
	.why      = "From the commit on, every statement of the running release that names it fails; only what the database itself "
		    "keeps by reference (columns, triggers, defaults) goes on working.",
	.instead  = "Make the new one beside the old one, move the code over, and drop the old one in a later release; a view of the old "
		    "name can stay behind.",
	.manual   = "ddl-depend.html",
	.since    = "0.1.0",
	.on       = ON(RENAME_OBJECT, SET_SCHEMA))
{
	if (!is_named_by_code(action->object_kind) || is_left_to_tables(action))
		return;
	const Object *object = renamed(context);
	if (object ? !existed_before(context->replay, object) || is_named_by_server(object) : action->if_exists)
		return;
	if (script_has(context, takes_the_name))
		return;

	const char *from = object ? sql_name(context, object) : quoted_name(context->arena, action->relation);
	const char *kind = object_kind_words(action->object_kind);
	if (action->kind == ACTION_SET_SCHEMA) {
		Finding *move = report(context, action->span, "moving %s %s to schema %s breaks running code that looks for it where it was",
				       kind, from, sql_identifier(context, action->other.schema));
		about(move, context, object);
		instead(move, context, "-- move it in a release of its own, when all code names the schema, or has both in its search_path");
		return;
	}
	const char *to = sql_identifier(context, action->new_name);
	if (action->object_kind == OBJECT_ATTRIBUTE) {
		Finding *part = report(context, action->span, "renaming attribute %s of %s to %s breaks running code that uses the old name",
				       sql_identifier(context, action->object), from, to);
		about(part, context, object);
		instead(part, context, "-- rename %s in a release of its own, when no code that is still running reads (value).%s",
			sql_identifier(context, action->object), sql_identifier(context, action->object));
		return;
	}
	Finding *finding = report(context, action->span, "renaming %s %s to %s breaks running code that uses the old name", kind, from, to);
	about(finding, context, object);
	bool is_view = action->object_kind == OBJECT_VIEW || action->object_kind == OBJECT_MATERIALIZED_VIEW;
	if ((!object || object->assumed) && (action->object_kind == OBJECT_SEQUENCE || is_routine(action->object_kind))) {
		at_most(finding, SEVERITY_NOTE);
		detail(finding, context, "Where %s was made is not known: triggers and columns' defaults that use it go on working.",
		       from);
	}
	if (is_view) {
		const char *schema = object && !same(object->schema, "public") ? object->schema : action->relation.schema;
		const char *renamed_name = quoted_name(context->arena, (Name){.schema = schema, .name = action->new_name});
		instead(finding, context,
			"-- in one transaction: the old name stays\n"
			"ALTER %s %s RENAME TO %s;\n"
			"CREATE VIEW %s AS SELECT * FROM %s;\n"
			"-- in a later release, when no code uses it\n"
			"DROP VIEW %s;",
			action->object_kind == OBJECT_VIEW ? "VIEW" : "MATERIALIZED VIEW", from, to, from, renamed_name, from);
	} else if (is_routine(action->object_kind)) {
		instead(finding, context,
			"-- make %s beside %s, move the code over, then, in a later release, drop %s", to, from, from);
	} else {
		instead(finding, context, "-- rename %s in a release of its own, when no code that is still running names it", from);
	}
}

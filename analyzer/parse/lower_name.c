/* Names, types and options out of parse nodes. */
#include "parse/lower.h"

const char *keep(Lowering *l, const char *text)
{
	return arena_string(l->arena, text);
}

Name range_name(Lowering *l, const RangeVar *range)
{
	if (!range)
		return (Name){0};
	return (Name){keep(l, range->schemaname), keep(l, range->relname)};
}

/* [[database.]schema.]name; what is no string (a star) ends it. */
Name list_name(Lowering *l, const List *names)
{
	const char *last = NULL, *before = NULL;
	foreach_ptr (Node, part, names) {
		if (!IsA(part, String))
			break;
		before = last;
		last = ((String *)part)->sval;
	}
	return (Name){keep(l, before), keep(l, last)};
}

Name object_name(Lowering *l, Node *object)
{
	if (!object)
		return (Name){0};
	switch (nodeTag(object)) {
	case T_List: {
		/* "type, domain constraint", "cast (a AS b)" and the like hold nodes: the first one names the object. */
		List *list = (List *)object;
		Node *first = list_length(list) ? linitial(list) : NULL;
		return first && IsA(first, String) ? list_name(l, list) : object_name(l, first);
	}
	case T_String:
		return (Name){NULL, keep(l, ((String *)object)->sval)};
	case T_Integer:
		return (Name){NULL, arena_print(l->arena, "%d", ((Integer *)object)->ival)};
	case T_Float:
		return (Name){NULL, keep(l, ((Float *)object)->fval)};
	case T_TypeName:
		return list_name(l, ((TypeName *)object)->names);
	case T_ObjectWithArgs:
		return list_name(l, ((ObjectWithArgs *)object)->objname);
	case T_RangeVar:
		return range_name(l, (RangeVar *)object);
	case T_RoleSpec:
		return (Name){NULL, role_name(l, (RoleSpec *)object)};
	default:
		return (Name){0};
	}
}

Names string_list(Lowering *l, const List *strings)
{
	Names names = {0};
	foreach_ptr (Node, item, strings)
		if (item && IsA(item, String))
			array_push(l->arena, &names, keep(l, ((String *)item)->sval));
	return names;
}

const char *role_name(Lowering *l, const RoleSpec *role)
{
	if (!role)
		return NULL;
	switch (role->roletype) {
	case ROLESPEC_CSTRING:
		return keep(l, role->rolename);
	case ROLESPEC_CURRENT_ROLE:
		return "current_role";
	case ROLESPEC_CURRENT_USER:
		return "current_user";
	case ROLESPEC_SESSION_USER:
		return "session_user";
	case ROLESPEC_PUBLIC:
		return "public";
	}
	return NULL;
}

Names role_list(Lowering *l, const List *roles)
{
	Names names = {0};
	foreach_ptr (RoleSpec, role, roles)
		array_push(l->arena, &names, role_name(l, role));
	return names;
}

/* --- Types -------------------------------------------------------------------------------------------------------- */

/* Words that may follow a type's first one. */
static bool continues_type(const Lexer *lexer, Token token, bool interval)
{
	static const char *const words[] = {"precision", "varying", "with",	 "without", "time",
					    "zone",	 "array",   "character", "char"};
	static const char *const fields[] = {"year", "month", "day", "hour", "minute", "second", "to"};
	for (size_t i = 0; i < LENGTH(words); i++)
		if (token_is(lexer, token, words[i]))
			return true;
	for (size_t i = 0; interval && i < LENGTH(fields); i++)
		if (token_is(lexer, token, fields[i]))
			return true;
	return false;
}

/* The type's words: its name, what continues it, its parenthesised modifiers and array bounds. */
static Span type_span(const Lowering *l, const TypeName *type)
{
	Span name = name_at(l, type->location);
	if (name.end == name.start)
		return name;
	Lexer lexer = lexer_new(l->piece->bytes, name.start, l->statement.end);
	Token first = lexer_peek(&lexer);
	if (token_is(&lexer, first, "setof")) {
		lexer_next(&lexer);
		first = lexer_peek(&lexer);
		name.end = name_at(l, (int)first.span.start).end;
	}
	bool interval = token_is(&lexer, first, "interval");
	lexer.position = name.end;
	for (int open = 0;;) {
		Token token = lexer_next(&lexer);
		if (token.kind == TOKEN_END)
			return name;
		if (token_is_byte(&lexer, token, '(') || token_is_byte(&lexer, token, '['))
			open++;
		else if (open && (token_is_byte(&lexer, token, ')') || token_is_byte(&lexer, token, ']')))
			open--;
		else if (!open && !continues_type(&lexer, token, interval))
			return name;
		if (!open)
			name.end = token.span.end;
	}
}

TypeRef type_ref(Lowering *l, const TypeName *type)
{
	TypeRef ref = {0};
	if (!type)
		return ref;
	ref.name = list_name(l, type->names);
	ref.setof = type->setof;
	ref.percent_type = type->pct_type;
	ref.dimensions = (uint8_t)Min(list_length(type->arrayBounds), 255);
	foreach_ptr (Node, modifier, type->typmods) {
		A_Const *constant = (A_Const *)modifier;
		if (ref.modifier_count == LENGTH(ref.modifiers) || !IsA(modifier, A_Const) ||
		    !IsA(&constant->val, Integer))
			break;
		ref.modifiers[ref.modifier_count++] = constant->val.ival.ival;
	}
	if (type->location >= 0)
		ref.span = source_span(l, type_span(l, type));
	return ref;
}

/* --- Options ------------------------------------------------------------------------------------------------------ */

static const char *list_value(Lowering *l, const List *list)
{
	Buf buf = {0};
	foreach_ptr (Node, item, list) {
		if (buf.length)
			buf_adds(&buf, ", ");
		const char *text = option_value(l, item);
		buf_adds(&buf, text ? text : "");
	}
	const char *value = arena_copy(l->arena, buf.data, buf.length);
	buf_free(&buf);
	return value;
}

const char *option_value(Lowering *l, Node *value)
{
	if (!value)
		return NULL;
	switch (nodeTag(value)) {
	case T_String:
		return keep(l, ((String *)value)->sval);
	case T_Integer:
		return arena_print(l->arena, "%d", ((Integer *)value)->ival);
	case T_Float:
		return keep(l, ((Float *)value)->fval);
	case T_Boolean:
		return ((Boolean *)value)->boolval ? "true" : "false";
	case T_A_Const: {
		A_Const *constant = (A_Const *)value;
		return constant->isnull ? "null" : option_value(l, &constant->val.node);
	}
	case T_TypeCast:
		return option_value(l, ((TypeCast *)value)->arg);
	case T_List:
		return list_value(l, (List *)value);
	case T_RoleSpec:
		return role_name(l, (RoleSpec *)value);
	default: {
		Name name = object_name(l, value);
		return name.name ? name_text(l->arena, name) : NULL;
	}
	}
}

Names option_list(Lowering *l, const List *options)
{
	Names names = {0};
	foreach_ptr (DefElem, option, options) {
		const char *value = option_value(l, option->arg);
		array_push(l->arena, &names,
			   arena_print(l->arena, "%s%s%s%s%s", option->defnamespace ? option->defnamespace : "",
				       option->defnamespace ? "." : "", option->defname, value ? "=" : "",
				       value ? value : ""));
	}
	return names;
}

const DefElem *find_option(const List *options, const char *name)
{
	foreach_ptr (DefElem, option, options)
		if (same(option->defname, name))
			return option;
	return NULL;
}

/* A boolean option without a value is on, as defGetBoolean() has it. */
bool option_is_on(const List *options, const char *name)
{
	const DefElem *option = find_option(options, name);
	if (!option)
		return false;
	if (!option->arg)
		return true;
	switch (nodeTag(option->arg)) {
	case T_Integer:
		return ((Integer *)option->arg)->ival != 0;
	case T_Boolean:
		return ((Boolean *)option->arg)->boolval;
	case T_String: {
		const char *text = ((String *)option->arg)->sval;
		return same_nocase(text, "true") || same_nocase(text, "on");
	}
	default:
		return true;
	}
}

/* --- Kinds of objects --------------------------------------------------------------------------------------------- */

ObjectKind object_kind(int pg_object_type)
{
	static const ObjectKind kinds[] = {
		[PG_OBJECT_ACCESS_METHOD] = OBJECT_ACCESS_METHOD,
		[PG_OBJECT_AGGREGATE] = OBJECT_AGGREGATE,
		[PG_OBJECT_ATTRIBUTE] = OBJECT_ATTRIBUTE,
		[PG_OBJECT_CAST] = OBJECT_CAST,
		[PG_OBJECT_COLUMN] = OBJECT_COLUMN,
		[PG_OBJECT_COLLATION] = OBJECT_COLLATION,
		[PG_OBJECT_CONVERSION] = OBJECT_CONVERSION,
		[PG_OBJECT_DATABASE] = OBJECT_DATABASE,
		[PG_OBJECT_DEFAULT] = OBJECT_DEFAULT,
		[PG_OBJECT_DOMAIN] = OBJECT_DOMAIN,
		[PG_OBJECT_DOMCONSTRAINT] = OBJECT_DOMAIN_CONSTRAINT,
		[PG_OBJECT_EVENT_TRIGGER] = OBJECT_EVENT_TRIGGER,
		[PG_OBJECT_EXTENSION] = OBJECT_EXTENSION,
		[PG_OBJECT_FDW] = OBJECT_FOREIGN_DATA_WRAPPER,
		[PG_OBJECT_FOREIGN_SERVER] = OBJECT_FOREIGN_SERVER,
		[PG_OBJECT_FOREIGN_TABLE] = OBJECT_FOREIGN_TABLE,
		[PG_OBJECT_FUNCTION] = OBJECT_FUNCTION,
		[PG_OBJECT_INDEX] = OBJECT_INDEX,
		[PG_OBJECT_LANGUAGE] = OBJECT_LANGUAGE,
		[PG_OBJECT_LARGEOBJECT] = OBJECT_LARGE_OBJECT,
		[PG_OBJECT_MATVIEW] = OBJECT_MATERIALIZED_VIEW,
		[PG_OBJECT_OPCLASS] = OBJECT_OPERATOR_CLASS,
		[PG_OBJECT_OPERATOR] = OBJECT_OPERATOR,
		[PG_OBJECT_OPFAMILY] = OBJECT_OPERATOR_FAMILY,
		[PG_OBJECT_PARAMETER_ACL] = OBJECT_PARAMETER,
		[PG_OBJECT_POLICY] = OBJECT_POLICY,
		[PG_OBJECT_PROCEDURE] = OBJECT_PROCEDURE,
		[PG_OBJECT_PUBLICATION] = OBJECT_PUBLICATION,
		[PG_OBJECT_ROLE] = OBJECT_ROLE,
		[PG_OBJECT_ROUTINE] = OBJECT_ROUTINE,
		[PG_OBJECT_RULE] = OBJECT_RULE,
		[PG_OBJECT_SCHEMA] = OBJECT_SCHEMA,
		[PG_OBJECT_SEQUENCE] = OBJECT_SEQUENCE,
		[PG_OBJECT_SUBSCRIPTION] = OBJECT_SUBSCRIPTION,
		[PG_OBJECT_STATISTIC_EXT] = OBJECT_STATISTICS,
		[PG_OBJECT_TABCONSTRAINT] = OBJECT_CONSTRAINT,
		[PG_OBJECT_TABLE] = OBJECT_TABLE,
		[PG_OBJECT_TABLESPACE] = OBJECT_TABLESPACE,
		[PG_OBJECT_TRANSFORM] = OBJECT_TRANSFORM,
		[PG_OBJECT_TRIGGER] = OBJECT_TRIGGER,
		[PG_OBJECT_TSCONFIGURATION] = OBJECT_TEXT_SEARCH_CONFIGURATION,
		[PG_OBJECT_TSDICTIONARY] = OBJECT_TEXT_SEARCH_DICTIONARY,
		[PG_OBJECT_TSPARSER] = OBJECT_TEXT_SEARCH_PARSER,
		[PG_OBJECT_TSTEMPLATE] = OBJECT_TEXT_SEARCH_TEMPLATE,
		[PG_OBJECT_TYPE] = OBJECT_TYPE,
		[PG_OBJECT_USER_MAPPING] = OBJECT_USER_MAPPING,
		[PG_OBJECT_VIEW] = OBJECT_VIEW,
	};
	return pg_object_type >= 0 && pg_object_type < (int)LENGTH(kinds) ? kinds[pg_object_type] : OBJECT_NONE;
}

FunctionDef *function_signature(Lowering *l, const ObjectWithArgs *function, ObjectKind kind)
{
	FunctionDef *def = new (l->arena, FunctionDef);
	def->kind = kind;
	def->arguments_given = !function->args_unspecified;
	foreach_ptr (TypeName, type, function->objargs)
		array_push(l->arena, &def->arguments, (FunctionArgument){.type = type_ref(l, type), .mode = 'i'});
	return def;
}

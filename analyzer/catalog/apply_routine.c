/* Functions, procedures, aggregates: known by their name and the types of their input arguments. */
#include "catalog/inside.h"

static bool is_input(const FunctionArgument *argument)
{
	return argument->mode != 'o' && argument->mode != 't';
}

typedef ARRAY(DataType) DataTypes;

/* DROP … (IN a, OUT b) names outputs, too: they do not count. To ask for a function assumes no type. */
static void input_types(const Catalog *catalog, SearchPath path, const FunctionDef *def, DataTypes *types, Arena *arena)
{
	for (uint32_t i = 0; i < def->arguments.count; i++) {
		const FunctionArgument *argument = &def->arguments.items[i];
		if (!is_input(argument))
			continue;
		DataType type = known_type(catalog, path, &argument->type);
		type.modifier_count = 0; /* varchar(10) is varchar here */
		array_push(arena, types, type);
	}
}

static bool takes(const Function *function, const DataTypes *types)
{
	if (function->arguments.count != types->count)
		return false;
	for (uint32_t i = 0; i < types->count; i++) {
		const DataType *a = &function->arguments.items[i], *b = &types->items[i];
		/* A type that could not be told when the function was made may be any. */
		if (a->name && !same_type(a, b))
			return false;
	}
	return true;
}

static Function *first_in_schema(const Catalog *catalog, const char *schema, const char *name, const DataTypes *types,
				 bool *several)
{
	Function *found = NULL;
	for (Object *object = find_in_schema(catalog, CLASS_ROUTINE, schema, name); object;
	     object = object->next_same) {
		Function *function = (Function *)object;
		if (types && !takes(function, types))
			continue;
		if (found)
			*several = true;
		found = function;
	}
	return found;
}

Function *find_function(const Catalog *catalog, SearchPath path, Name name, const FunctionDef *arguments, bool *several)
{
	*several = false;
	if (!name.name)
		return NULL;
	Arena scratch = {0};
	DataTypes types = {0};
	bool given = arguments && arguments->arguments_given;
	if (given)
		input_types(catalog, path, arguments, &types, &scratch);
	const DataTypes *wanted = given ? &types : NULL;
	Function *found = NULL;
	if (name.schema) {
		found = first_in_schema(catalog, name.schema, name.name, wanted, several);
	} else {
		for (uint32_t i = 0; !found && i < (path.count ? path.count : 1); i++)
			found = first_in_schema(catalog, path.count ? path.schemas[i] : "public", name.name, wanted,
						several);
	}
	arena_free(&scratch);
	return found;
}

static const char *signature(Catalog *catalog, const char *name, const DataType *types, uint32_t count)
{
	Arena scratch = {0};
	Buf buf = {0};
	buf_addf(&buf, "%s(", name);
	for (uint32_t i = 0; i < count; i++)
		buf_addf(&buf, "%s%s", i ? ", " : "", data_type_text(&scratch, &types[i]));
	buf_addc(&buf, ')');
	const char *text = catalog_intern(catalog, buf.data);
	buf_free(&buf);
	arena_free(&scratch);
	return text;
}

/* The input that an argument is for, by its label or its place; the number of inputs when there is none. */
static uint32_t input_for(const Function *function, const Expr *argument, uint32_t place)
{
	if (!argument->label)
		return place;
	uint32_t input = 0;
	while (input < function->argument_names.count && !same(function->argument_names.items[input], argument->label))
		input++;
	return input;
}

/* By what the argument's form tells of its type, which is little: overloads mostly differ in it. */
static bool suits(const Expr *argument, const DataType *type)
{
	if (!type->name)
		return true;
	bool of_text = same(type->name, "text") || same(type->name, "varchar") || same(type->name, "name");
	bool truth = same(argument->text, "true") || same(argument->text, "false");
	switch (argument->kind) {
	case EXPR_ARRAY:
		return argument->text || type->dimensions;
	case EXPR_CAST:
		return !argument->type->dimensions == !type->dimensions;
	case EXPR_CONSTANT:
		if (type->dimensions)
			return argument->quoted && argument->text[0] == '{';
		return argument->quoted || (!of_text && truth == same(type->name, "bool"));
	default:
		return true;
	}
}

static bool takes_call(const Function *function, const Expr *call)
{
	uint32_t given = 0;
	for (const Expr *argument = call ? call->arguments : NULL; argument; argument = argument->next, given++) {
		uint32_t input = input_for(function, argument, given);
		bool there = input < function->arguments.count;
		if ((argument->label && !there) || (there && !suits(argument, &function->arguments.items[input])))
			return false;
	}
	bool variadic = false;
	for (uint32_t i = 0; function->defined && i < function->defined->arguments.count; i++)
		variadic |= function->defined->arguments.items[i].mode == 'v';
	uint32_t inputs = function->arguments.count;
	return variadic || (given <= inputs && given + function->default_count >= inputs);
}

Function *find_called(const Catalog *catalog, SearchPath path, Name name, const Expr *call, bool *several)
{
	bool overloaded = false;
	Function *first = find_function(catalog, path, name, NULL, &overloaded), *found = NULL;
	*several = false;
	if (!first || !overloaded)
		return first;
	for (Object *object = find_in_schema(catalog, CLASS_ROUTINE, first->object.schema, name.name); object;
	     object = object->next_same) {
		if (!takes_call((Function *)object, call))
			continue;
		*several |= found != NULL;
		found = found ? found : (Function *)object;
	}
	*several |= !found;
	return found ? found : first;
}

const char *routine_signature(Apply *apply, const Action *action)
{
	if (!action->function || !action->function->arguments_given)
		return action->relation.name;
	Arena scratch = {0};
	DataTypes types = {0};
	input_types(apply->catalog, apply->path, action->function, &types, &scratch);
	const char *text = signature(apply->catalog, action->relation.name, types.items, types.count);
	arena_free(&scratch);
	return text;
}

static void set_signature(Catalog *catalog, const Function *function, enum Gone gone)
{
	const char *name =
	    signature(catalog, function->object.name, function->arguments.items, function->arguments.count);
	set_gone(catalog, CLASS_ROUTINE, function->object.schema, name, gone);
}

void signature_gone(Catalog *catalog, const Function *function)
{
	set_signature(catalog, function, function->object.assumed ? GONE_DROPPED : GONE_CHECKED);
}

static void signature_made(Catalog *catalog, const Function *function)
{
	set_signature(catalog, function, GONE_UNKNOWN);
}

/* --- CREATE ------------------------------------------------------------------------------------------------------- */

/* What OUT and TABLE arguments make of the result row: "x integer, y text". One alone is no row. */
static const char *output_row(Apply *apply, const FunctionDef *def)
{
	Arena scratch = {0};
	Buf buf = {0};
	uint32_t count = 0;
	for (uint32_t i = 0; i < def->arguments.count; i++) {
		const FunctionArgument *argument = &def->arguments.items[i];
		if (argument->mode == 'i' || argument->mode == 'v')
			continue;
		DataType type = known_type(apply->catalog, apply->path, &argument->type);
		buf_addf(&buf, "%s%s %s", count++ ? ", " : "", argument->name ? argument->name : "",
			 data_type_text(&scratch, &type));
	}
	const char *row = count > 1 ? catalog_intern(apply->catalog, buf.data) : NULL;
	buf_free(&buf);
	arena_free(&scratch);
	return row;
}

static void fill_function(Apply *apply, Function *function, const FunctionDef *def)
{
	Catalog *catalog = apply->catalog;
	function->returns = resolve_type(catalog, apply->path, &def->returns);
	function->returns_set = def->returns.setof;
	function->returns_row = output_row(apply, def);
	for (uint32_t i = 0; i < def->arguments.count; i++) {
		const FunctionArgument *argument = &def->arguments.items[i];
		if (!is_input(argument))
			continue;
		DataType type = resolve_type(catalog, apply->path, &argument->type);
		type.modifier_count = 0;
		array_push(catalog->arena, &function->arguments, type);
		array_push(catalog->arena, &function->argument_names, catalog_intern(catalog, argument->name));
		function->default_count += argument->default_expr != NULL;
		depend_on_type(catalog, &function->object, &type);
	}
	depend_on_type(catalog, &function->object, &function->returns);
}

static void fill_body(Apply *apply, Function *function)
{
	const FunctionDef *def = apply->action->function;
	Catalog *catalog = apply->catalog;
	CHANGE(catalog, function->volatility, def->volatility ? def->volatility : 'v');
	CHANGE(catalog, function->language, catalog_intern(catalog, def->language));
	CHANGE(catalog, function->strict, def->strict);
	CHANGE(catalog, function->security_definer, def->security_definer);
	CHANGE(catalog, function->sets_search_path, def->sets_search_path);
	CHANGE(catalog, function->defined, def);
	CHANGE(catalog, function->body_opaque, def->body_opaque);
	CHANGE(catalog, function->object.definition, catalog_intern(catalog, def->body_hash_text));
}

/* https://www.postgresql.org/docs/current/sql-createfunction.html: OR REPLACE keeps the kind, the result type, the
 * names of the inputs. */
static const char *replace_function(Apply *apply, Function *function)
{
	const FunctionDef *def = apply->action->function;
	Catalog *catalog = apply->catalog;
	if (function->object.assumed) {
		fill_body(apply, function);
		return NULL;
	}
	if (function->object.kind != def->kind)
		return WRONG_OBJECT_TYPE;
	DataType returns = resolve_type(catalog, apply->path, &def->returns);
	if (function->returns.name && returns.name && !same_type(&function->returns, &returns))
		return INVALID_FUNCTION_DEFINITION;
	if (returns.name && function->returns_set != def->returns.setof)
		return INVALID_FUNCTION_DEFINITION;
	if (!same(function->returns_row, output_row(apply, def)))
		return INVALID_FUNCTION_DEFINITION;
	journal_touch(catalog, &function->object);
	uint32_t input = 0, defaults = 0;
	for (uint32_t i = 0; i < def->arguments.count; i++) {
		const FunctionArgument *argument = &def->arguments.items[i];
		if (!is_input(argument))
			continue;
		const char *old = function->argument_names.items[input];
		if (old && !same(old, argument->name))
			return INVALID_FUNCTION_DEFINITION;
		CHANGE(catalog, function->argument_names.items[input], catalog_intern(catalog, argument->name));
		defaults += argument->default_expr != NULL;
		input++;
	}
	if (defaults < function->default_count)
		return INVALID_FUNCTION_DEFINITION;
	CHANGE(catalog, function->default_count, defaults);
	fill_body(apply, function);
	return NULL;
}

/* Types of arguments and result that are missing for certain. */
static const char *undefined_types(Apply *apply, const FunctionDef *def)
{
	const char *sqlstate = NULL;
	for (uint32_t i = 0; i < def->arguments.count && !sqlstate; i++) {
		const TypeRef *type = &def->arguments.items[i].type;
		if (!resolve_type(apply->catalog, apply->path, type).name)
			sqlstate = undefined_type(apply->catalog, type);
	}
	if (!sqlstate && !resolve_type(apply->catalog, apply->path, &def->returns).name)
		sqlstate = undefined_type(apply->catalog, &def->returns);
	return sqlstate;
}

/* How many columns a row of the type has; 0: it is no row, or nobody knows. */
static uint32_t columns_of_row(Apply *apply, const TypeRef *ref)
{
	DataType type = resolve_type(apply->catalog, apply->path, ref);
	if (!type.name || type.dimensions)
		return 0;
	if (type.user)
		return type.user->kind == TYPE_COMPOSITE ? type.user->attributes.count : 0;
	const Relation *relation =
	    (const Relation *)find_in_schema(apply->catalog, CLASS_RELATION, type.schema, type.name);
	bool known = relation && is_table(relation) && !parts_unknown(apply->catalog, relation);
	return known ? relation->columns.count : 0;
}

/* The last SELECT of an SQL function gives the columns of its result, no more and no fewer. */
static const char *wrong_result(Apply *apply, const FunctionDef *def)
{
	const Action *last = same(def->language, "sql") ? def->body : NULL;
	while (last && last->next)
		last = last->next;
	if (!last || last->kind != ACTION_QUERY_ROWS || !last->query || last->query->partial)
		return NULL;
	const Names *outputs = &last->query->outputs;
	for (uint32_t i = 0; i < outputs->count; i++)
		if (same(outputs->items[i], "*"))
			return NULL;
	/* One column may be the row as a whole. */
	uint32_t wanted = outputs->count > 1 ? columns_of_row(apply, &def->returns) : 0;
	return wanted && wanted != outputs->count ? INVALID_FUNCTION_DEFINITION : NULL;
}

/* CREATE AGGREGATE a (sfunc = f, basetype = text, …), as before 8.2: the argument stands among the options. */
static FunctionDef *old_style_aggregate(Catalog *catalog, const Action *action)
{
	static const char word[] = "basetype=";
	if (!action->function || action->function->kind != OBJECT_AGGREGATE || action->function->arguments.count)
		return NULL;
	for (uint32_t i = 0; i < action->names.count; i++) {
		if (!starts_with(action->names.items[i], word))
			continue;
		FunctionDef *def = new (catalog->arena, FunctionDef);
		*def = *action->function;
		FunctionArgument argument = {.mode = 'i'};
		const char *type = action->names.items[i] + strlen(word);
		size_t length = strcspn(type, "[");
		argument.type.dimensions = type[length] == '[';
		argument.type.name = name_of_literal(catalog->arena, arena_copy(catalog->arena, type, length));
		array_push(catalog->arena, &def->arguments, argument);
		return def;
	}
	return NULL;
}

/* An aggregate goes with the functions that it is made of. */
static void depend_on_parts(Apply *apply, Function *aggregate)
{
	static const char *const parts[] = {
	    "sfunc=", "finalfunc=", "combinefunc=", "msfunc=", "minvfunc=", "mfinalfunc="};
	Catalog *catalog = apply->catalog;
	const Names *options = &apply->action->names;
	for (uint32_t i = 0; i < options->count; i++)
		for (size_t j = 0; j < LENGTH(parts); j++) {
			if (!starts_with(options->items[i], parts[j]))
				continue;
			bool several = false;
			Name name = name_of_literal(catalog->arena, options->items[i] + strlen(parts[j]));
			Function *part = find_function(catalog, apply->path, name, NULL, &several);
			if (part)
				depend(catalog, &aggregate->object, &part->object, DEPEND_NORMAL);
		}
}

const char *apply_create_function(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	const char *sqlstate = NULL;
	FunctionDef *with_base = old_style_aggregate(catalog, action);
	const FunctionDef *def = with_base ? with_base : action->function;
	const char *schema = creation_schema(catalog, apply->path, action->relation, &sqlstate);
	if (!schema || !def)
		return sqlstate;
	Arena scratch = {0};
	DataTypes types = {0};
	bool several = false;
	input_types(catalog, apply->path, def, &types, &scratch);
	Function *old = first_in_schema(catalog, schema, action->relation.name, &types, &several);
	arena_free(&scratch);
	if (old && action->or_replace) {
		sqlstate = wrong_result(apply, def);
		if (sqlstate)
			return sqlstate;
	}
	if (old)
		return action->or_replace ? replace_function(apply, old) : DUPLICATE_FUNCTION;
	ObjectKind kind = def->kind ? def->kind : OBJECT_FUNCTION;
	sqlstate = undefined_types(apply, def);
	if (!sqlstate)
		sqlstate = wrong_result(apply, def);
	if (sqlstate)
		return sqlstate;
	Function *function = object_new(catalog, kind, sizeof *function, schema, action->relation.name, NULL);
	fill_function(apply, function, def);
	fill_body(apply, function);
	if (kind == OBJECT_AGGREGATE)
		depend_on_parts(apply, function);
	signature_made(catalog, function);
	return NULL;
}

const char *apply_alter_function(Apply *apply)
{
	const Action *action = apply->action;
	Catalog *catalog = apply->catalog;
	bool several = false;
	Function *function = find_function(catalog, apply->path, action->relation, action->function, &several);
	if (several && !(action->function && action->function->arguments_given))
		return AMBIGUOUS_FUNCTION;
	if (!function) {
		Name name = {action->relation.schema, routine_signature(apply, action)};
		bool open = may_assume(catalog) && !known_gone(catalog, apply->path, CLASS_ROUTINE, name) &&
			    !known_gone(catalog, apply->path, CLASS_ROUTINE, action->relation);
		return open || catalog->extensions ? NULL : UNDEFINED_FUNCTION;
	}
	const FunctionDef *def = action->function;
	if (def && def->volatility)
		CHANGE(catalog, function->volatility, def->volatility);
	if (def && def->security_definer)
		CHANGE(catalog, function->security_definer, true);
	if (def && def->sets_search_path)
		CHANGE(catalog, function->sets_search_path, true);
	return NULL;
}

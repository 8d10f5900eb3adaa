/* How a rule says what it found. */
#include "judge/inside.h"

static Severity one_lower(Severity severity)
{
	return severity > SEVERITY_NOTE ? severity - 1 : severity;
}

static uint32_t index_of(const Judge *judge, const Rule *rule)
{
	uint32_t i = 0;
	while (i < judge->entry_count && judge->entries[i].rule != rule)
		i++;
	return i;
}

static Finding *finding_new(Context *context, const char *format, va_list arguments)
{
	Judge *judge = context->judge;
	uint32_t index = index_of(judge, context->rule);
	Severity severity = index < judge->entry_count ? judge->severities[index] : SEVERITY_OFF;
	if (severity == SEVERITY_OFF || (context->script && (!context->script->asked || context->script == judge->passed_over)))
		return NULL;
	judge->reported_in[index] = context->script;
	judge->reported_for[index] = context->statement;
	Arena *arena = context->arena;
	Finding *finding = new(arena, Finding);
	finding->configured = judge->history->config && severity != context->rule->severity;
	finding->rule = context->rule;
	finding->severity = severity;
	finding->history = context->history->name;
	finding->message = arena_vprint(arena, format, arguments);
	array_push(arena, &finding->postgres, context->catalog->version);
	if (context->script) {
		finding->script = (Script *)context->script;
		finding->source = context->script->source;
		finding->direction = context->script->direction;
		if (finding->direction == DIRECTION_DOWN && judged_in_downs(context->rule))
			finding->severity = one_lower(severity);
	}
	if (context->migration)
		finding->migration = arena_string(arena, context->migration->version);
	if (context->effect && (context->effect->partial || context->effect->declared)) {
		finding->partial = context->effect->partial;
		finding->declared = context->effect->declared;
		array_each (const char *, because, &context->effect->because)
			array_push(arena, &finding->because, arena_string(arena, *because));
	}
	array_push(arena, &judge->findings->list, finding);
	return finding;
}

/*
 * One hazard, one finding: ADD COLUMN … serial UNIQUE rewrites the table, and that it builds an index on it as well is part of the
 * same clause. What is inside a clause that was reported for its lock is not reported again.
 */
static bool told_already(const Context *context, Span span)
{
	const Findings *findings = context->judge->findings;
	/* A rule of YAML says what it is asked to say, and takes nobody's place. */
	if (context->rule->category != LOCKING || context->rule->pattern || !context->step || context->step->called_at)
		return false;
	for (uint32_t i = findings->list.count; i-- > 0;) {
		const Finding *earlier = findings->list.items[i];
		if (earlier->statement != context->statement)
			return false;
		if (earlier->rule->category == LOCKING && !earlier->rule->pattern && earlier->span.start <= span.start && span.end <= earlier->span.end)
			return true;
	}
	return false;
}

Finding *report(Context *context, Span span, const char *format, ...)
{
	if (told_already(context, span))
		return NULL;
	va_list arguments;
	va_start(arguments, format);
	Finding *finding = finding_new(context, format, arguments);
	va_end(arguments);
	if (!finding)
		return NULL;
	finding->statement = context->statement;
	/* What a called function does is found where it is called. */
	finding->span = context->step && context->step->called_at ? context->step->called_at->span : span;
	return finding;
}

Finding *report_whole(Context *context, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	Finding *finding = finding_new(context, format, arguments);
	va_end(arguments);
	if (!finding)
		return NULL;
	finding->whole_file = true;
	if (!finding->source) {
		finding->script = first_script(context->history);
		finding->source = finding->script ? finding->script->source : NULL;
	}
	return finding;
}

static void find_origin(Finding *finding, Context *context, const Object *object)
{
	const Action *making = object->made_in == context->migration->ordinal ? NULL : making_of(context->judge, object);
	if (!making)
		return;
	const Script *script = context->history->migrations.items[object->made_in - 1]->up;
	finding->origin = (Related){script->source, making->span,
				    arena_print(context->arena, "%s was made here", object_text(context->arena, object)), NULL};
}

/* The column that the action changes, else the relation. */
static const Object *changed_part(const Context *context, const Object *relation)
{
	static const ActionKind kinds[] = {ACTION_DROP_COLUMN, ACTION_RENAME_COLUMN, ACTION_ALTER_COLUMN_TYPE, ACTION_SET_NOT_NULL,
					   ACTION_DROP_NOT_NULL};
	const Action *action = context->action;
	for (size_t i = 0; action && relation->kind == OBJECT_TABLE && i < LENGTH(kinds); i++) {
		const Column *column = action->kind == kinds[i] ? find_column((const Relation *)relation, action->object) : NULL;
		if (column)
			return &column->object;
	}
	return relation;
}

void about(Finding *finding, Context *context, const Object *object)
{
	if (!finding || !object)
		return;
	const Object *relation = object->kind == OBJECT_COLUMN || object->kind == OBJECT_CONSTRAINT || object->kind == OBJECT_TRIGGER ||
			object->kind == OBJECT_POLICY || object->kind == OBJECT_RULE ? object->parent : object;
	finding->object = object_text(context->arena, object);
	finding->relation = relation ? object_text(context->arena, relation) : NULL;
	if (context->migration)
		find_origin(finding, context, changed_part(context, object));
	bool lockable = relation && relation->kind >= OBJECT_TABLE && relation->kind <= OBJECT_SEQUENCE;
	LockMode lock = lockable && context->effect ? lock_on(context, (const Relation *)relation) : LOCK_NONE;
	finding->lock = lock == LOCK_NONE ? NULL : lock_mode_name(lock);
	finding->hot = finding->relation && context->history->config && config_is_hot(context->history->config, finding->relation);
	bool raised = context->rule->category == LOCKING || context->rule->category == DESTRUCTIVE;
	if (lockable && context->judge->heat && (raised || context->rule->category == COMPATIBILITY))
		weigh_by_heat(finding, context, relation);
	else if (finding->hot && raised && finding->direction != DIRECTION_DOWN)
		finding->severity = SEVERITY_ERROR;
}

void keeps_rule(Context *context)
{
	Findings *findings = context->judge->findings;
	if (context->script && context->script == context->judge->passed_over)
		return;
	for (uint32_t i = findings->kept.count; i-- > 0 && findings->kept.items[i].script == context->script;)
		if (findings->kept.items[i].rule == context->rule)
			return;
	array_push(context->arena, &findings->kept, (Kept){context->rule, context->script});
}

void at_most(Finding *finding, Severity severity)
{
	if (finding && !finding->configured && !finding->hot && finding->severity > severity)
		finding->severity = severity;
}

void detail(Finding *finding, Context *context, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	finding->detail = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
}

void instead(Finding *finding, Context *context, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	for (size_t length = strlen(text); length && text[length - 1] == '\n'; length--)
		text[length - 1] = '\0';
	finding->instead = text;
}

/* The text with the line ends of the file that it goes into. */
static const char *with_line_ends(Arena *arena, const Source *source, const char *text)
{
	const char *line_end = memchr(source->bytes, '\n', source->length);
	if (!line_end || line_end == source->bytes || line_end[-1] != '\r' || !strchr(text, '\n'))
		return arena_string(arena, text);
	Buf out = {0};
	for (const char *c = text; *c; c++)
		buf_adds(&out, *c == '\n' ? "\r\n" : (char[]){*c, '\0'});
	const char *copy = arena_copy(arena, out.data, out.length);
	buf_free(&out);
	return copy;
}

void edit(Finding *finding, EditSafety safety, Context *context, Span span, const char *text)
{
	if (!finding)
		return;
	if (safety > finding->safety || !finding->edits.count)
		finding->safety = safety;
	array_push(context->arena, &finding->edits, (Edit){span, with_line_ends(context->arena, finding->source, text)});
}

void related(Finding *finding, Context *context, Source *source, Span span, const char *format, ...)
{
	if (!finding)
		return;
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprint(context->arena, format, arguments);
	va_end(arguments);
	array_push(context->arena, &finding->related, (Related){.source = source, .span = span, .message = message});
}

static void add_steps(Finding *finding, Context *context, const Script *script, const Statement *last, const char *words)
{
	enum { MOST_STEPS = 50 }; /* of each script; nobody walks through more */
	uint32_t count = 0;
	while (count < script->statements.count && &script->statements.items[count] != last)
		count++;
	for (uint32_t i = count > MOST_STEPS ? count - MOST_STEPS : 0; i < count; i++) {
		const Statement *statement = &script->statements.items[i];
		const char *message = arena_print(context->arena, "%s: %s", words, statement->tag ? statement->tag : "a statement");
		array_push(context->arena, &finding->flow, (Related){.source = script->source, .span = statement->span, .message = message});
	}
}

void proved_by(Finding *finding, Context *context, const Statement *last)
{
	if (!finding)
		return;
	add_steps(finding, context, context->migration->up, NULL, "the migration runs");
	add_steps(finding, context, context->migration->down, last, "its rollback runs");
}

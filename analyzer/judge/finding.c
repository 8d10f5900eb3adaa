#include "judge/finding.h"

static Related related_copy(Arena *arena, const Related *related)
{
	Related copy = *related;
	copy.message = arena_string(arena, related->message);
	copy.redacted = arena_string(arena, related->redacted);
	return copy;
}

static RecipeStep step_copy(Arena *arena, const RecipeStep *step)
{
	RecipeStep copy = *step;
	copy.verb = arena_string(arena, step->verb);
	copy.words = arena_string(arena, step->words);
	copy.sql = arena_string(arena, step->sql);
	copy.undo = arena_string(arena, step->undo);
	return copy;
}

static Edit edit_copy(Arena *arena, const Edit *edit)
{
	return (Edit){edit->span, arena_string(arena, edit->text)};
}

/* An array of its own, exactly as long, made of copies. */
#define COPY_LIST(list, type, ...)                                                                          \
	do {                                                                                                \
		copy->list.items = new_array(arena, type, finding->list.count);                             \
		copy->list.count = copy->list.capacity = finding->list.count;                               \
		for (uint32_t i = 0; i < finding->list.count; i++)                                          \
			copy->list.items[i] = __VA_ARGS__;                                                  \
	} while (0)

Finding *finding_copy(Arena *arena, const Finding *finding)
{
	Finding *copy = new(arena, Finding);
	*copy = *finding;
	copy->script = NULL;
	copy->statement = NULL;
	const char **texts[] = {&copy->migration, &copy->relation, &copy->lock, &copy->message, &copy->detail,
				&copy->instead, &copy->suppressed, &copy->object};
	for (size_t i = 0; i < LENGTH(texts); i++)
		*texts[i] = arena_string(arena, *texts[i]);
	COPY_LIST(steps, RecipeStep, step_copy(arena, &finding->steps.items[i]));
	COPY_LIST(because, const char *, arena_string(arena, finding->because.items[i]));
	COPY_LIST(postgres, int, finding->postgres.items[i]);
	COPY_LIST(edits, Edit, edit_copy(arena, &finding->edits.items[i]));
	COPY_LIST(related, Related, related_copy(arena, &finding->related.items[i]));
	COPY_LIST(flow, Related, related_copy(arena, &finding->flow.items[i]));
	COPY_LIST(stands_for, Finding *, finding_copy(arena, finding->stands_for.items[i]));
	COPY_LIST(along, Finding *, finding_copy(arena, finding->along.items[i]));
	copy->origin = related_copy(arena, &finding->origin);
	return copy;
}

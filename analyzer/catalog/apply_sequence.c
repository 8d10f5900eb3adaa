/* Sequences: of their own, of serial and of identity columns. */
#include "catalog/inside.h"

static Relation *make_sequence(Catalog *catalog, const char *schema, const char *name, char persistence)
{
	Relation *sequence = object_new(catalog, OBJECT_SEQUENCE, sizeof *sequence, schema, name, NULL);
	sequence->persistence = persistence;
	if (persistence == 't')
		CHANGE_PUSH(catalog, &catalog->temporary, sequence);
	return sequence;
}

static void own_sequence(Catalog *catalog, Relation *sequence, Column *column)
{
	depend_clear_kind(catalog, &sequence->object, OBJECT_COLUMN);
	if (sequence->owned_by && sequence->owned_by->sequence == sequence)
		CHANGE(catalog, sequence->owned_by->sequence, NULL);
	CHANGE(catalog, sequence->owned_by, column);
	if (!column)
		return;
	depend(catalog, &sequence->object, &column->object, DEPEND_AUTO);
	if (!column->sequence || !column->sequence->identity_sequence)
		CHANGE(catalog, column->sequence, sequence);
}

Relation *make_column_sequence(Catalog *catalog, Column *column, bool identity)
{
	const Relation *table = (const Relation *)column->object.parent;
	const char *schema = table->object.schema;
	const char *name = choose_relation_name(catalog, schema, table->object.name, column->object.name, "seq");
	Relation *sequence = make_sequence(catalog, schema, name, table->persistence);
	sequence->identity_sequence = identity;
	own_sequence(catalog, sequence, column);
	return sequence;
}

/* OWNED BY table.column; OWNED BY NONE has no table. */
static const char *apply_owner_column(Apply *apply, Relation *sequence)
{
	const Action *action = apply->action;
	if (!action->other.name) {
		if (action->value && same_nocase(action->value, "none"))
			own_sequence(apply->catalog, sequence, NULL);
		return NULL;
	}
	Relation *table = assume_relation(apply->catalog, apply->path, action->other, OBJECT_TABLE);
	if (!table)
		return UNDEFINED_TABLE;
	if (!is_table(table) && table->object.kind != OBJECT_VIEW && !table->object.assumed)
		return WRONG_OBJECT_TYPE;
	Column *column = assume_column(apply->catalog, table, action->value);
	if (!column)
		return UNDEFINED_COLUMN;
	if (!table->object.assumed && !same(table->object.schema, sequence->object.schema))
		return OBJECT_NOT_IN_STATE;
	own_sequence(apply->catalog, sequence, column);
	return NULL;
}

const char *apply_create_sequence(Apply *apply)
{
	const Action *action = apply->action;
	const char *sqlstate = NULL;
	char persistence = action->table && action->table->persistence ? action->table->persistence : 'p';
	Name name = action->relation;
	if (persistence == 't')
		name.schema = "pg_temp";
	const char *schema = creation_schema(apply->catalog, apply->path, name, &sqlstate);
	if (!schema)
		return sqlstate;
	if (!relation_name_free(apply->catalog, schema, name.name))
		return action->if_not_exists ? NULL : DUPLICATE_TABLE;
	if (!type_name_free(apply->catalog, schema, name.name))
		return DUPLICATE_OBJECT;
	return apply_owner_column(apply, make_sequence(apply->catalog, schema, name.name, persistence));
}

const char *apply_alter_sequence(Apply *apply)
{
	const Action *action = apply->action;
	Relation *sequence = find_relation(apply->catalog, apply->path, action->relation);
	if (!sequence && (action->if_exists || action->relation_if_exists))
		return NULL;
	if (!sequence)
		sequence = assume_relation(apply->catalog, apply->path, action->relation, OBJECT_SEQUENCE);
	if (!sequence)
		return UNDEFINED_TABLE;
	if (sequence->object.kind != OBJECT_SEQUENCE && !sequence->object.assumed)
		return WRONG_OBJECT_TYPE;
	return apply_owner_column(apply, sequence);
}

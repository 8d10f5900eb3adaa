/* CREATE INDEX on columns that another index begins with. */
#include "judge/rule.h"

static bool same_key(const CatalogKey *old, const IndexKey *key)
{
	bool plain = key->column && !key->opclass.name && !key->collation.name && !old->opclass && !old->collation;
	return plain && old->column && same(old->column->object.name, key->column) &&
	       old->descending == key->descending && old->nulls_first == key->nulls_first;
}

static bool begins_with(const Relation *index, const IndexDef *wanted)
{
	if (index->predicate || index->keys.count < wanted->keys.count || !same(index->method, wanted->method))
		return false;
	for (uint32_t i = 0; i < wanted->keys.count; i++)
		if (!same_key(&index->keys.items[i], &wanted->keys.items[i]))
			return false;
	return true;
}

RULE(index_redundant, .severity = SEVERITY_OFF, .category = DESIGN,
     .summary = "another index already begins with these columns",
     .why = "The other index answers the same searches; this one makes each write slower and takes room, in memory "
	    "too.",
     .instead = "Leave it out, or drop the other one when it is the wider that nobody needs.",
     .manual = "indexes-multicolumn.html", .since = "0.1.0", .unneeded = true, .on = ON(CREATE_INDEX))
{
	const Relation *table = subject(context);
	const IndexDef *index = action->index;
	if (!table || !index || index->unique || index->predicate || index->include.count ||
	    !same(index->method, "btree"))
		return;
	array_each (Relation *const, other, &table->indexes) {
		if (same((*other)->object.name, action->object) || !begins_with(*other, index))
			continue;
		Finding *finding = report(context, action->span, "index %s already begins with these columns",
					  sql_name(context, &(*other)->object));
		about(finding, context, &table->object);
		return;
	}
}

/*
 * What well-known extensions bring. Their members are never described: a type that nobody defined is assumed when an
 * installed extension is known to have it, or when an extension is installed of which nothing is known.
 */
#include "catalog/inside.h"

/* Types by extension. Extensions that bring none stand here with "". */
/* clang-format off */
static const struct {
	const char *extension;
	const char *types; /* between blanks */
} known[] = {
	{"adminpack", ""},
	{"amcheck", ""},
	{"autoinc", ""},
	{"bloom", ""},
	{"btree_gin", ""},
	{"btree_gist", ""},
	{"citext", " citext "},
	{"cube", " cube "},
	{"dblink", ""},
	{"dict_int", ""},
	{"earthdistance", " earth "},
	{"fuzzystrmatch", ""},
	{"hstore", " hstore "},
	{"intarray", " query_int "},
	{"isn", " ean13 isbn13 ismn13 issn13 isbn ismn issn upc "},
	{"ltree", " ltree lquery ltxtquery "},
	{"moddatetime", ""},
	{"pageinspect", ""},
	{"pg_buffercache", ""},
	{"pg_prewarm", ""},
	{"pg_stat_statements", ""},
	{"pg_trgm", ""},
	{"pgcrypto", ""},
	{"pgrowlocks", ""},
	{"pgstattuple", ""},
	{"plpgsql", ""},
	{"postgis",
	 " geometry geography box2d box3d geometry_dump valid_detail spheroid "},
	{"postgis_raster", " raster rastbandarg addbandarg geomval "},
	{"postgres_fdw", ""},
	{"seg", " seg "},
	{"tablefunc", ""},
	{"tcn", ""},
	{"timescaledb", ""},
	{"tsm_system_rows", ""},
	{"unaccent", ""},
	{"uuid-ossp", ""},
	{"vector", " vector halfvec sparsevec "},
};
/* clang-format on */

static bool has_type(const char *types, const char *name)
{
	size_t length = strlen(name);
	for (const char *found = strstr(types, name); found; found = strstr(found + 1, name))
		if (found > types && found[-1] == ' ' && found[length] == ' ')
			return true;
	return false;
}

static const char *types_of(const char *extension)
{
	for (size_t i = 0; i < LENGTH(known); i++)
		if (same(known[i].extension, extension))
			return known[i].types;
	return NULL;
}

static bool was_dropped(const Catalog *catalog, const char *extension)
{
	const NameSlot *slot = find_slot(catalog, name_class(OBJECT_EXTENSION), NULL, extension);
	return slot && !slot->first && slot->gone;
}

Object *extension_of_opclass(const Catalog *catalog, SearchPath path, const char *opclass)
{
	/* Those whose types are PostgreSQL's own: of others the indexed column has the need already. */
	static const struct {
		const char *opclass, *extension;
	} brought[] = {
		{"gin_trgm_ops", "pg_trgm"},	    {"gist_trgm_ops", "pg_trgm"},  {"gin__int_ops", "intarray"},
		{"gist__intbig_ops", "intarray"}, {"gist__int_ops", "intarray"},
	};
	for (size_t i = 0; opclass && i < LENGTH(brought); i++)
		if (same(brought[i].opclass, opclass))
			return find_object(catalog, path, OBJECT_EXTENSION, (Name){NULL, brought[i].extension});
	return NULL;
}

bool has_strangers(const Catalog *catalog)
{
	for (uint32_t i = 0; catalog->extensions && i < catalog->objects.count; i++) {
		const Object *object = catalog->objects.items[i];
		if (object->kind == OBJECT_EXTENSION && !object->dropped && !types_of(object->name))
			return true;
	}
	return false;
}

bool type_of_extension(const Catalog *catalog, Name name, Object **extension)
{
	*extension = NULL;
	bool stranger = false;
	for (uint32_t i = 0; catalog->extensions && i < catalog->objects.count; i++) {
		Object *object = catalog->objects.items[i];
		if (object->kind != OBJECT_EXTENSION || object->dropped)
			continue;
		const char *types = types_of(object->name);
		stranger |= !types;
		if (types && has_type(types, name.name)) {
			*extension = object;
			return true;
		}
	}
	/* Installed by somebody else, in the template database perhaps. */
	for (size_t i = 0; i < LENGTH(known); i++)
		if (has_type(known[i].types, name.name))
			return stranger || !was_dropped(catalog, known[i].extension);
	return stranger;
}

#ifndef DDLINT_DISCOVER_SETTINGS_H
#define DDLINT_DISCOVER_SETTINGS_H
/*
 * The settings files of migration tools: lines of `key = value` as in .conf, .properties and .ini files, and the part of TOML
 * that tools use for theirs. What is not understood is passed over: another tool reads these files, and complains.
 */
#include "base/base.h"

typedef struct Setting {
	const char *key;   /* with its section: "flyway.locations" */
	const char *value; /* without quotes; of a list the items, each ended by a line end */
	bool is_list;
	uint32_t line;
} Setting;
typedef ARRAY(Setting) Settings;

Settings settings_read(Arena *arena, Text text);
/* The last value given; NULL: none. */
const char *setting(const Settings *settings, const char *key);
bool setting_is(const Settings *settings, const char *key, const char *value);
/* The items of a list, or of a value with commas. */
typedef ARRAY(const char *) SettingItems;
SettingItems setting_items(Arena *arena, const Settings *settings, const char *key);
#endif

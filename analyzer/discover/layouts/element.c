#include "element.h"

Element *element_child(const Element *element, const char *name)
{
	for (uint32_t i = 0; element && i < element->children.count; i++)
		if (same(element->children.items[i]->name, name))
			return element->children.items[i];
	return NULL;
}

const char *element_value(const Element *element, const char *name)
{
	if (!element)
		return NULL;
	array_each(const struct ElementValue, value, &element->values)
		if (same(value->name, name))
			return value->value;
	const Element *child = element_child(element, name);
	return child ? child->value : NULL;
}

bool element_says(const Element *element, const char *name, const char *value)
{
	const char *text = element_value(element, name);
	return text && same_nocase(text, value);
}

const Element *element_text(const Element *element, const char *name)
{
	const Element *child = element_child(element, name);
	if (child && child->value)
		return child;
	return element && element->value ? element : NULL;
}

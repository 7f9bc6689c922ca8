/*
 * A tree of JSON as an XML 1.0 document, for formats that say the same in
 * both. Output only. A member of an object is an element; an entry of a list
 * is an element too, called as the list's name says in the singular. null
 * is an empty element. What XML cannot hold becomes U+FFFD.
 */
#ifndef WHISTLE_GATEWAYD_XML_H
#define WHISTLE_GATEWAYD_XML_H

#include <jansson.h>
#include "base/bytes.h"

/* The document with `value` in an element `root`, malloc'd; NULL without
 * memory, or for a tree with a name that cannot be an element's. */
char *xml_render(const char *root, const json_t *value);

/* Can XML 1.0 hold this UTF-8 text? Control characters but tab, line feed
 * and carriage return, and U+FFFE and U+FFFF, it cannot. */
bool xml_holds(const char *text);

/* A number as both formats say it. */
enum { XML_REAL_DIGITS = 10 };

#endif

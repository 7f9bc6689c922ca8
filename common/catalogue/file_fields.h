/* Fields that the rows of a city's YAML files have in common, for libcyaml's
 * schemas. */
#ifndef WHISTLE_CATALOGUE_FILE_FIELDS_H
#define WHISTLE_CATALOGUE_FILE_FIELDS_H

#include <cyaml/cyaml.h>

#define TEXT(key, type)                                                        \
	CYAML_FIELD_STRING_PTR(                                                \
	    #key, CYAML_FLAG_POINTER, struct type, key, 0, CYAML_UNLIMITED)
#define TEXT_OR_NULL(key, type)                                                \
	CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, \
	    struct type, key, 0, CYAML_UNLIMITED)

#endif

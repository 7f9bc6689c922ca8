/*
 * Values as JSON says them: null for what is not known. Pure.
 */
#ifndef WHISTLE_GATEWAYD_SAY_H
#define WHISTLE_GATEWAYD_SAY_H

#include <jansson.h>
#include "base/id.h"
#include "org/org.h"
#include "ticket/event.h"
#include "ticket/words.h"

json_t *say_text(const char *value);
json_t *say_word(enum word_list list, unsigned value);
json_t *say_time(int64_t time_ms);
json_t *say_id(const struct id *id);
/* `org` may be NULL. */
json_t *say_unit_name(const struct org *org, const struct unit_code *code);
json_t *say_file(const struct attachment *file);
/* Adds the members of `more`, which it takes; NULL when either is, or there
 * is no memory. */
json_t *say_joined(json_t *object, json_t *more);

#endif

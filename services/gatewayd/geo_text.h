/*
 * A ticket has one text; a description and the address of its picture are
 * kept in it so that both come back as they were sent. Pure.
 */
#ifndef WHISTLE_GATEWAYD_GEO_TEXT_H
#define WHISTLE_GATEWAYD_GEO_TEXT_H

#include "base/bytes.h"

/* Lives in `arena`. ERR_NOMEM. */
int geo_text_write(const char **text_out, struct arena *arena,
    const char *description, const char *url);
/* The description is the first *len_out bytes; *url_out is a part of `text`
 * or "". */
void geo_text_read(size_t *len_out, const char **url_out, const char *text);

/* http:// or https://, and visible ASCII after that. */
bool geo_is_url(const char *url);

#endif

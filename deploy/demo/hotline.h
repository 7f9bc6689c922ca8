/*
 * The hotline's side of the gateway: every complaint of a CSV file is sent
 * as one signed order over HTTP. An order that was taken before is taken as
 * the same ticket, so that sending all of them again changes nothing.
 */
#ifndef WHISTLE_DEMO_HOTLINE_H
#define WHISTLE_DEMO_HOTLINE_H

#include "client/client.h"

struct hotline;

struct hotline_tally {
	size_t total, taken, existed, refused;
};

/* Reads the file and HOME/keys/http/hotline.key. Says what goes wrong. */
int hotline_open(struct hotline **hotline_out, const struct home *home,
    const struct org *org, const char *csv);
/* True for the number of a complaint in the file. */
bool hotline_has(const void *hotline, const char *number);
/* Sends what is not sent yet for at most `wait_ms`. 1 while there is more,
 * 0 when all is answered. Negative: the gateway cannot be reached. */
int hotline_send(struct hotline *hotline, int wait_ms);
const struct hotline_tally *hotline_tally(const struct hotline *hotline);
void hotline_close(struct hotline **hotline);

#endif

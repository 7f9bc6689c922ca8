/*
 * The hotline's side of the gateway: every complaint of a CSV file is sent
 * as one signed order over HTTP, by a thread of its own, so that orders go on
 * coming whoever else has to wait. An order that was taken before is taken as
 * the same ticket, so that sending all of them again changes nothing.
 *
 * At once, as fast as the gateway takes them; or over a day of any length,
 * and then again as the next day's, with numbers of their own, until it is
 * evening.
 */
#ifndef WHISTLE_DEMO_HOTLINE_H
#define WHISTLE_DEMO_HOTLINE_H

#include "client/client.h"
#include "record.h"

struct hotline;

struct hotline_config {
	const struct home *home;
	const struct org *org;
	const char *complaints; /* the CSV file */
	/* HOST:PORT or a URL; NULL: what nodes.yaml says, at the host of the
	 * gateway's endpoint if that is every address of its machine. */
	const char *http;
	int64_t day_ms; /* 0: at once, and once */
	int64_t patience_ms;
	struct record *record;
};

struct hotline_tally {
	size_t taken, existed, refused;
};

/* Reads the file and HOME/keys/http/hotline.key. Says what goes wrong. */
int hotline_open(
    struct hotline **hotline_out, const struct hotline_config *config);
/* True for the number of a complaint in the file, of any day. */
bool hotline_has(const void *hotline, const char *number);
/* Begins to send; what `config` pointed to must live until hotline_close. */
int hotline_start(struct hotline *hotline);
/* 1 while there is more, 0 when all is answered. Negative: an order has had
 * no answer for longer than patience lasts. */
int hotline_state(struct hotline_tally *tally_out, struct hotline *hotline);
/* Nothing new from now on; what was sent is seen through. */
void hotline_end_day(struct hotline *hotline);
void hotline_close(struct hotline **hotline);

#endif

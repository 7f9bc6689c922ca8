/*
 * Requests to the gateway that are wrong, one way or another, and each in a
 * way that is certain: a valid order or form is damaged where no reader may
 * overlook it, and signed after that, so that it comes as far as it can.
 */
#ifndef WHISTLE_FLOW_MALFORM_H
#define WHISTLE_FLOW_MALFORM_H

#include "harness/city.h"

enum { MALFORM_KINDS = 10 };

struct malform {
	uint8_t key[32];      /* of the client `hotline` */
	char api_key[80];     /* of Open311 */
	unsigned long nonces; /* used */
};

struct malformed {
	struct buf request; /* whole, as it is sent */
	const char *what;   /* which kind */
	bool is_http;	    /* else whoever hears it may just hang up */
};

void malform_open(struct malform *malform, const struct city *city);
/* One of that kind, 0 to MALFORM_KINDS - 1. Release with buf_free. */
void malform_make(
    struct malformed *out, struct malform *malform, unsigned kind);

#endif

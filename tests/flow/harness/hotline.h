/*
 * A hotline's system, in the test: it sends orders over HTTP, signed, and is
 * called back; what comes must be signed, and in order for each ticket. It
 * can be away, unwell or forgetful.
 */
#ifndef WHISTLE_FLOW_HOTLINE_H
#define WHISTLE_FLOW_HOTLINE_H

#include <jansson.h>
#include "client/sign.h"
#include "harness/city.h"

enum hotline_mood {
	HOTLINE_WELL,
	HOTLINE_AWAY,	/* nobody listens */
	HOTLINE_UNWELL, /* 503, nothing is taken */
	HOTLINE_LOSSY,	/* takes it, and its answer is a 500 */
};

struct hotline;

/* Before the city starts: writes hotline.yaml into its home. */
void hotline_open(struct hotline **hotline_out, struct city *city);
void hotline_close(struct hotline **hotline);
void hotline_feel(struct hotline *hotline, enum hotline_mood mood);
/* From now on the callbacks of this ticket (NULL: none) are refused: 422. */
void hotline_refuse(struct hotline *hotline, const struct id *ticket);

/* One signed request to the gateway; the status, 0 without an answer. The
 * JSON of the answer, if there is one, in *json_out (may be NULL). */
long hotline_ask(json_t **json_out, struct hotline *hotline, const char *method,
    const char *target, const char *body);

/* The same with more to say; what is NULL is as hotline_ask has it. */
struct hotline_request {
	const char *method, *target;
	const char *body;	/* "" for none */
	const char *client;	/* whose key signs */
	const char *type;	/* of the body */
	const char *key;	/* Idempotency-Key */
	const char *signed_key; /* that the signature says in its place */
	const char *language;
	bool is_unsigned;
};
long hotline_send(json_t **json_out, struct hotline *hotline,
    const struct hotline_request *request);

/* From now on it rates each ticket of which it hears that it is resolved. */
void hotline_rates(struct hotline *hotline, bool rates);
/* How many it has rated, and been told so. */
unsigned hotline_rated(struct hotline *hotline);

/* What it was told: the last event of a ticket up to which all came. */
uint32_t hotline_heard(struct hotline *hotline, const struct id *ticket);
struct hotline_tally {
	unsigned taken;	     /* callbacks that were new */
	unsigned again;	     /* that had come before */
	unsigned disordered; /* that came before their turn */
	unsigned unsigned_;  /* whose signature was wrong */
};
struct hotline_tally hotline_tally(struct hotline *hotline);

#endif

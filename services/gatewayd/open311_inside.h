/*
 * What one Open311 request needs from one reply of the engine to the next.
 * For open311*.c only.
 */
#ifndef WHISTLE_GATEWAYD_OPEN311_INSIDE_H
#define WHISTLE_GATEWAYD_OPEN311_INSIDE_H

#include <jansson.h>
#include "gatewayd/geo.h"
#include "gatewayd/open311.h"

struct open311 {
	/* Takes a reply that is RESULT_DONE, or not found, of the kind that
	 * was asked. */
	void (*step)(struct exchange *exchange, const struct wire_reply *reply);
	enum ask_kind asked;
	const char *root; /* the element about the whole, in XML */
	bool is_one;	  /* one that is not there is 404 */
	bool is_counted;  /* among gateway->searches */
	/* a search */
	struct geo_filter *filter;
	struct id *ids; /* found, within the page */
	size_t id_count, next, passed;
	int64_t until_ms; /* then it has looked long enough */
	struct id before;
	json_t *array;
	/* an update */
	struct arena *kept;
	struct geo_update update;
};

/* Makes exchange->work; false when it has been refused for want of memory. */
bool open311_begin(struct exchange *exchange);
struct open311 *open311_of(struct exchange *exchange);
struct geo_city open311_city(const struct exchange *exchange);
/* Query and body; false when it has been refused. In the gateway's arena. */
bool open311_form(struct form *form_out, struct exchange *exchange);
/* Does the form hold the key of a client? Refused if not. */
bool open311_has_key(struct exchange *exchange, const struct form *form);
/* 200, or `status`. Takes `value`; NULL, for want of memory, is 500. */
void open311_say(struct exchange *exchange, unsigned status, const char *root,
    json_t *value);
void open311_refuse(
    struct exchange *exchange, int code, const struct http_problem *problem);
/* "01K….json" -> the id; false when refused. */
bool open311_id(struct id *id_out, struct exchange *exchange);
void open311_ask(struct exchange *exchange, struct wire_request *request,
    void (*step)(struct exchange *exchange, const struct wire_reply *reply));

#endif

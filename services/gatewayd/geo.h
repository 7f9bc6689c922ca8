/*
 * Open311 GeoReport v2 in terms of tickets: what its forms ask for, and how
 * a ticket looks to its clients. Pure. What is said is built as JSON; xml.h
 * says the same in XML. Only tickets that came in by Open311 are shown, none
 * of them confidential, and of their logs only what is meant for residents.
 */
#ifndef WHISTLE_GATEWAYD_GEO_H
#define WHISTLE_GATEWAYD_GEO_H

#include <jansson.h>
#include "catalogue/catalogue.h"
#include "gatewayd/form.h"
#include "gatewayd/problem.h"
#include "wire/wire.h"

enum {
	GEO_DESCRIPTION_CHARS = 4000,
	GEO_URL_BYTES = 1024,
	GEO_NAME_BYTES = 60,
	GEO_PHONE_BYTES = 40,
	GEO_EMAIL_BYTES = 254,
	GEO_IDS_MAX = 1000,
	GEO_PAGE_MAX = 1000,
	GEO_CODES_MAX = 32,
	GEO_DAYS = 90,
};

struct geo_city {
	const struct org *org;
	const struct catalogue *catalogue;
};

/* ---- what there is ---- */

/* `base`: the address of the interface, without a slash at the end. */
json_t *geo_discovery(const char *base, const struct geo_city *city);
json_t *geo_services(const struct geo_city *city, bool is_chinese);
json_t *geo_definition(const struct item *item, bool is_chinese);

/* PROBLEM_NONE, or that a jurisdiction_id is not this city's. */
enum problem_kind geo_check_jurisdiction(
    const struct geo_city *city, const struct form *form);

/* ---- a new request ---- */

/* As order_read: *command_out lives in `arena`. ERR_INVALID with what is
 * wrong in *problem_out; ERR_NOMEM. */
int geo_open(struct command *command_out, struct http_problem *problem_out,
    struct arena *arena, const struct geo_city *city, const struct form *form);

/* A place with and without co-ordinates, as one address text: "文化路2号
 * (30.391, 114.89)". ERR_TOO_LARGE. */
int geo_place_write(char *out, size_t size, const char *address,
    const char *latitude, const char *longitude);
struct geo_place {
	size_t address_len; /* of the text's beginning */
	bool has_point;
	double latitude, longitude;
};
void geo_place_read(struct geo_place *place_out, const char *text);

/* ---- an update of a request ---- */

struct geo_update {
	struct id ticket;
	const char *update_id; /* the client's own, or "" */
	const char *text;
	unsigned status; /* 0: none; GEO_OPEN, GEO_CLOSED */
};
int geo_update_read(struct geo_update *update_out,
    struct http_problem *problem_out, struct arena *arena,
    const struct form *form);

/* ---- which requests ---- */

enum { GEO_OPEN = 1, GEO_CLOSED = 2 };

struct geo_filter {
	struct id ids[GEO_IDS_MAX];
	size_t id_count;
	bool has_ids; /* these, and nothing else matters */
	char codes[GEO_CODES_MAX][ITEM_CODE_MAX];
	size_t code_count;
	unsigned status;	     /* GEO_OPEN | GEO_CLOSED; 0: both */
	int64_t start_ms, end_ms;    /* when it was opened */
	int64_t after_ms, before_ms; /* when it last changed; 0: any time */
	size_t skip, limit;
};

/* Both of these lists: `is_updates` when it is the updates that are listed,
 * for which the dates are those of the updates. ERR_INVALID. */
int geo_filter_read(struct geo_filter *filter_out,
    struct http_problem *problem_out, const struct form *form, bool is_updates,
    int64_t now_ms);
bool geo_is_public(const struct ticket *ticket);
/* A public one that the filter lets through; ids and pages are not looked
 * at. */
bool geo_wants(const struct geo_filter *filter, const struct ticket *ticket);

unsigned geo_status(enum state state);

/* ---- how they look ---- */

/* One request as it is. NULL without memory. */
json_t *geo_request(const struct wire_reply *shown, struct arena *arena,
    const struct geo_city *city, bool is_chinese);
/* Appends the ticket's updates from `start_ms` to before `end_ms` to the
 * array. ERR_NOMEM. */
int geo_updates(json_t *array, const struct wire_reply *shown,
    struct arena *arena, const struct geo_city *city, bool is_chinese,
    int64_t start_ms, int64_t end_ms);
/* Is it the engine's note on a ticket that one more call was about? */
bool geo_tells_of_another(const struct event *event);
/* What a resident is told of an event: a text of its own, or the plain words
 * of what happened; NULL when it is not for residents. */
const char *geo_told(
    const struct event *event, const struct ticket *ticket, bool is_chinese);
/* The state in plain words. */
const char *geo_state_words(enum state state, bool is_chinese);

#endif

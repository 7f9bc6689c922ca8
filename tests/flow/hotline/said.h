/*
 * What the hotline says to the gateway of the one city, and what it expects
 * to be told: shared by the parts of this test.
 */
#ifndef WHISTLE_FLOW_HOTLINE_SAID_H
#define WHISTLE_FLOW_HOTLINE_SAID_H

#include "harness/harness.h"
#include "harness/hotline_inside.h"

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"
#define TICKETS "/hotline/v1/tickets"
#define IMPORT	"/hotline/v1/import"
#define EXPORT	"/hotline/v1/export"

#define TEXT	"{\"text\":\"来电人补充\"}"
#define REASON	"{\"reason\":\"来电人说的\"}"
#define BASIS	"{\"basis\":\"来电人要求\"}"
#define RATING                                                                     \
	"{\"responded\":true,\"resolved\":true,\"satisfaction\":\"基本满意\"," \
	"\"text\":\"尚可\"}"

extern struct city city;
extern struct hotline *hotline;

/* The answer, which is yours; fails unless it has that status. */
json_t *expect(
    long status, const char *method, const char *target, const char *body);
void expect_only(
    long status, const char *method, const char *target, const char *body);

/* One about a heap of garbage, in the first grid; more fields in `more`. */
struct id open_order(const char *number, const char *more);
/* The path of an act; lives until the next one. */
const char *act_path(const char *number, const char *act);
/* The ticket as the gateway shows it, which is yours. */
json_t *told(const char *number);
void expect_state(const char *number, const char *state);
void await_state(const char *number, const char *state);
/* Its grid accepts and resolves it. */
void settle(const struct id *ticket);
/* Of a struct ticket: that callbacks have told all up to its seq. */
bool has_heard(void *ticket);

#endif

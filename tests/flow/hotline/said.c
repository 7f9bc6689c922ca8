#include "hotline/said.h"

#include <stdio.h>
#include <string.h>

struct city city;
struct hotline *hotline;

json_t *expect(
    long status, const char *method, const char *target, const char *body)
{
	json_t *answer = NULL;
	long got = hotline_ask(&answer, hotline, method, target, body);

	if (got != status)
		fail_msg("%s %s: %ld, not %ld: %s", method, target, got, status,
		    json_dumps(answer, 0));
	return answer;
}

void expect_only(
    long status, const char *method, const char *target, const char *body)
{
	json_decref(expect(status, method, target, body));
}

struct id open_order(const char *number, const char *more)
{
	char body[1024];
	json_t *answer;
	struct id id;

	snprintf(body, sizeof(body),
	    "{\"number\":\"%s\",\"item\":\"garbage\",\"division\":\"" GRID_AT
	    "\"%s}",
	    number, more);
	answer = expect(201, "POST", TICKETS, body);
	assert_int_equal(id_parse(&id, json_text_at(answer, "id")), 0);
	json_decref(answer);
	return id;
}

const char *act_path(const char *number, const char *act)
{
	static char path[256];

	snprintf(path, sizeof(path), TICKETS "/%s/%s", number, act);
	return path;
}

json_t *told(const char *number)
{
	char path[256];

	snprintf(path, sizeof(path), TICKETS "/%s", number);
	return expect(200, "GET", path, "");
}

void expect_state(const char *number, const char *state)
{
	json_t *ticket = told(number);

	assert_string_equal(json_text_at(ticket, "state"), state);
	json_decref(ticket);
}

struct awaited {
	const char *number, *state;
};

static bool is_in_state(void *context)
{
	const struct awaited *awaited = context;
	json_t *ticket = told(awaited->number);
	bool is_so = strcmp(json_text_at(ticket, "state"), awaited->state) == 0;

	json_decref(ticket);
	return is_so;
}

void await_state(const char *number, const char *state)
{
	struct awaited awaited = { number, state };

	if (!wait_until(is_in_state, &awaited, PATIENCE_MS))
		fail_msg("%s never becomes %s", number, state);
}

void settle(const struct id *ticket)
{
	struct wish wish;

	wait_held(&city, ticket, GRID_AT, STATE_OPEN);
	wish_start(&wish, VERB_ACCEPT, ticket);
	wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RESOLVE, ticket);
	wish.what->text = "已清运";
	wish.what->outcome = OUTCOME_SOLVED;
	wish.what->channel = CHANNEL_GOVERNMENT;
	wish_do(&city, GRID, &wish);
}

bool has_heard(void *context)
{
	const struct ticket *ticket = context;

	return hotline_heard(hotline, &ticket->id) >= ticket->seq;
}

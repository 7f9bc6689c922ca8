/* Conditions of a whole city, waited for. */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

struct log_wait {
	const char *path, *text;
	unsigned before;
};

static bool has_said(void *context)
{
	const struct log_wait *wait = context;

	return file_count(wait->path, wait->text) > wait->before;
}

void city_wait_log(const struct city *city, const char *node, const char *text,
    unsigned before)
{
	struct log_wait wait = { city_log(city, node), text, before };

	if (!wait_until(has_said, &wait, PATIENCE_MS))
		fail_msg("%s never logged: %s", node, text);
}

struct state_wait {
	struct city *city;
	const char *node, *state;
	struct node_status last;
};

static bool is_in_state(void *context)
{
	struct state_wait *wait = context;

	city_check_alive(wait->city);
	return node_status(&wait->last, wait->city, wait->node) &&
	       !strcmp(wait->last.state, wait->state);
}

void city_wait_state(struct city *city, const char *node, const char *state)
{
	struct state_wait wait = { city, node, state, { .tickets = 0 } };

	if (!wait_until(is_in_state, &wait, PATIENCE_MS))
		fail_msg("%s is not %s but %s", node, state, wait.last.state);
}

/* What changes while anything is going on. */
struct stillness {
	struct city *city;
	uint64_t events, outbox;
	unsigned down;
};

static bool look(struct stillness *seen, struct city *city)
{
	struct node_status status;

	*seen = (struct stillness){ .city = city };
	city_check_alive(city);
	for (size_t i = 0; i < city->daemon_count; i++) {
		if (!city->daemons[i].pid)
			continue;
		if (!node_status(&status, city, city->daemons[i].name) ||
		    strcmp(status.state, "running") != 0) {
			seen->down++;
			continue;
		}
		seen->down += status.links_down;
		seen->outbox += status.outbox;
		seen->events += status.events;
	}
	return seen->down == 0;
}

static bool is_up(void *context)
{
	struct stillness *seen = context;

	return look(seen, seen->city);
}

void city_wait_up(struct city *city)
{
	struct stillness seen = { .city = city };

	if (!wait_until(is_up, &seen, PATIENCE_MS))
		fail_msg("%u nodes or links do not come up", seen.down);
}

/* Twice in a row: a row may hop from a node not yet seen to one seen. */
static bool is_quiet(void *context)
{
	struct stillness *seen = context;
	struct stillness before = *seen;

	return look(seen, seen->city) && seen->outbox == 0 &&
	       before.outbox == 0 && before.down == 0 &&
	       before.events == seen->events;
}

void city_wait_quiet(struct city *city)
{
	struct stillness seen = { .city = city, .down = 1 };

	if (!wait_until(is_quiet, &seen, PATIENCE_MS))
		fail_msg("not quiet: %u down, %llu rows to send", seen.down,
		    (unsigned long long)seen.outbox);
}

#include "staff.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"

enum { OPEN_MAX_AT_ONCE = 64, ANSWER_MS = 1000, AGAIN_MS = 500 };

/* A node that does not answer; zeroes: it does. */
struct silence {
	int64_t since_ms, until_ms;
};

struct conversation {
	const struct operator* person;
	const struct node *node;
	struct client *client;
	uint64_t used; /* when, in asks */
};

struct staff {
	const struct home *home;
	const struct org *org;
	const struct operator** by_unit; /* by unit->first */
	bool *has_asked;		 /* by unit->first */
	const struct operator* supervisor;
	struct conversation open[OPEN_MAX_AT_ONCE];
	struct silence *silences; /* by node->index */
	int64_t patience_ms;
	struct clock clock;
	uint64_t asks;
};

static bool has_key(const struct staff *staff, const struct operator* person)
{
	char path[1200];

	home_operator_key(path, sizeof(path), staff->home, person->name);
	return access(path, R_OK) == 0;
}

/* Who does the unit's daily work; a supervisor or engineer does not. */
static bool is_staff(const struct operator* person)
{
	return person->role == ROLE_WORKER || person->role == ROLE_CLERK ||
	       person->role == ROLE_DISPATCHER || person->role == ROLE_HOTLINE;
}

static void find_people(struct staff *staff)
{
	for (size_t i = 0; i < org_operator_count(staff->org); i++) {
		const struct operator* person = org_operator_at(staff->org, i);

		if (!has_key(staff, person))
			continue;
		if (is_staff(person) && !staff->by_unit[person->unit->first])
			staff->by_unit[person->unit->first] = person;
		if (person->role == ROLE_SUPERVISOR && !person->unit->parent)
			staff->supervisor = person;
	}
}

int staff_open(struct staff **staff_out, const struct home *home,
    const struct org *org, int64_t patience_ms)
{
	size_t units = org_unit_count(org);
	struct staff *staff = calloc(1, sizeof(*staff));

	*staff_out = staff;
	if (!staff)
		return ERR_NOMEM;
	staff->home = home;
	staff->org = org;
	staff->patience_ms = patience_ms;
	staff->clock = clock_system();
	staff->by_unit = calloc(units + 1, sizeof(*staff->by_unit));
	staff->has_asked = calloc(units + 1, sizeof(*staff->has_asked));
	staff->silences =
	    calloc(org_node_count(org) + 1, sizeof(*staff->silences));
	if (!staff->by_unit || !staff->has_asked || !staff->silences) {
		staff_close(staff_out);
		return ERR_NOMEM;
	}
	find_people(staff);
	if (staff->supervisor)
		return 0;
	staff_close(staff_out);
	return ERR_NOT_FOUND;
}

/* An open conversation of the two, else the one that rested longest. */
static struct conversation *choose(
    struct staff *staff, const struct operator* person, const struct node *node)
{
	struct conversation *oldest = &staff->open[0];

	for (size_t i = 0; i < OPEN_MAX_AT_ONCE; i++) {
		struct conversation *one = &staff->open[i];

		if (one->person == person && one->node == node)
			return one;
		if (one->used < oldest->used)
			oldest = one;
	}
	return oldest;
}

static int converse(struct client **client_out, struct staff *staff,
    const struct operator* person, const struct node *node)
{
	struct conversation *one = choose(staff, person, node);
	int rc = 0;

	if (one->person != person || one->node != node || !one->client) {
		client_close(&one->client);
		*one = (struct conversation){ .person = person, .node = node };
		rc = client_open(
		    &one->client, staff->home, staff->org, person->name, node);
	}
	one->used = ++staff->asks;
	*client_out = one->client;
	return rc;
}

int staff_supervisor(struct client **client_out, const struct staff *staff,
    const struct node *node)
{
	const struct operator* person = staff->supervisor;

	return client_open(client_out, staff->home, staff->org, person->name,
	    node ? node : person->unit->node);
}

/* A node that was killed is back in a moment. */
static int note_silence(struct staff *staff, const struct node *node, int rc)
{
	struct silence *silence = &staff->silences[node->index];
	int64_t now_ms = clock_now_ms(&staff->clock);

	if (rc != ERR_TIMEOUT) {
		*silence = (struct silence){ 0 };
		return rc;
	}
	if (!silence->since_ms)
		silence->since_ms = now_ms;
	silence->until_ms = now_ms + AGAIN_MS;
	return now_ms - silence->since_ms > staff->patience_ms ? ERR_UNREACHABLE
							       : ERR_TIMEOUT;
}

int64_t staff_silent_until(const struct staff *staff, const struct unit *unit)
{
	return staff->silences[unit->node->index].until_ms;
}

int staff_ask(struct wire_reply *reply_out, struct staff *staff,
    const struct unit *unit, struct wire_request *request)
{
	const struct operator* person = staff->by_unit[unit->first];
	struct client *client;
	int rc;

	if (person)
		staff->has_asked[unit->first] = true;
	else
		person = staff->supervisor;
	rc = converse(&client, staff, person, unit->node);
	if (rc)
		return rc;
	if (request->kind == ASK_COMMAND) {
		request->command.unit = unit->code;
		request->command.operator= person->name;
		request->command.role = person->role;
	}
	rc = client_ask(reply_out, client, request, ANSWER_MS);
	return note_silence(staff, unit->node, rc);
}

const char *staff_login(const struct staff *staff, const struct unit_code *code)
{
	const struct unit *unit = org_unit(staff->org, code);
	const struct operator* person = unit ? staff->by_unit[unit->first]
					     : NULL;

	return person ? person->name : NULL;
}

size_t staff_count(const struct staff *staff)
{
	size_t count = 0;

	for (size_t i = 0; i < org_unit_count(staff->org); i++)
		count += staff->has_asked[i];
	return count;
}

void staff_close(struct staff **staff)
{
	if (!*staff)
		return;
	for (size_t i = 0; i < OPEN_MAX_AT_ONCE; i++)
		client_close(&(*staff)->open[i].client);
	free((*staff)->by_unit);
	free((*staff)->has_asked);
	free((*staff)->silences);
	free(*staff);
	*staff = NULL;
}

/* The forms of Open311: a new request, an update of one, and a search. */
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "fuzz.h"
#include "gatewayd/geo.h"
#include "gatewayd/geo_text.h"

static struct geo_city *city(void)
{
	static struct geo_city city;
	struct report report = { 0 };
	struct org *org = NULL;
	struct catalogue *catalogue = NULL;

	if (!city.org) {
		promise(org_load(&org, &report, FUZZ_CITY, 0) == 0);
		promise(
		    catalogue_load(&catalogue, &report, FUZZ_CITY, org) == 0);
		city = (struct geo_city){ org, catalogue };
	}
	return &city;
}

static void check_refused(int rc, const struct http_problem *problem)
{
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (problem->kind == PROBLEM_NONE));
}

/* What was taken is a request that a node can read. */
static void send_on(const struct command *command)
{
	static struct buf packed;
	struct wire_request request = { .kind = ASK_COMMAND,
		.command = *command };
	struct geo_place place;

	promise(command->verb == VERB_OPEN && command->what.item[0]);
	promise(strlen(command->what.address) <= ADDRESS_MAX_BYTES);
	geo_place_read(&place, command->what.address);
	promise(place.address_len <= strlen(command->what.address));
	memset(request.id.b, 7, sizeof(request.id.b));
	buf_clear(&packed);
	promise(wire_request_pack(&packed, &request) == 0);
}

static void open_request(struct arena *arena, const struct form *form)
{
	struct http_problem problem = problem_of(PROBLEM_NONE);
	struct command command;
	int rc = geo_open(&command, &problem, arena, city(), form);

	check_refused(rc, &problem);
	if (rc == 0)
		send_on(&command);
}

static void update_request(struct arena *arena, const struct form *form)
{
	struct http_problem problem = problem_of(PROBLEM_NONE);
	struct geo_update update;
	const char *url;
	size_t len;
	int rc = geo_update_read(&update, &problem, arena, form);

	check_refused(rc, &problem);
	if (rc)
		return;
	promise(update.status <= GEO_CLOSED);
	geo_text_read(&len, &url, update.text);
	promise(len <= strlen(update.text));
}

static void search(const struct form *form, bool is_updates)
{
	static struct geo_filter filter;
	struct http_problem problem = problem_of(PROBLEM_NONE);
	int rc = geo_filter_read(
	    &filter, &problem, form, is_updates, INT64_C(1790000000000));

	check_refused(rc, &problem);
	if (rc)
		return;
	promise(filter.id_count <= GEO_IDS_MAX);
	promise(filter.code_count <= GEO_CODES_MAX);
	promise(filter.limit <= GEO_PAGE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = fuzz_arena();
	struct form form = { .count = 0 };

	if (form_add(&form, arena, bytes_of(data, size)))
		return 0;
	geo_check_jurisdiction(city(), &form);
	open_request(arena, &form);
	update_request(arena, &form);
	search(&form, false);
	search(&form, true);
	return 0;
}

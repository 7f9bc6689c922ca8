/* The request line of HTTP: a method, a space, a target. */
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"
#include "gatewayd/route.h"

/* What was decoded comes back the same when it is encoded again. */
static void check_round(const struct route_match *match)
{
	char again[64 + 3 * EXTERNAL_ID_MAX] = "/hotline/v1/tickets/";
	struct route_match back;

	if (!match->value[0] ||
	    strcmp(match->path, "/hotline/v1/tickets/{number}"))
		return;
	promise(route_encode(again, sizeof(again), match->value) == 0);
	promise(route_find(&back, route_table, route_count, "GET", again) ==
		PROBLEM_NONE);
	promise(!strcmp(back.value, match->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = bytes_of(data, size);
	char *method = fuzz_line(&rest);
	char *space = strchr(method, ' ');
	struct route_match match;

	if (space) {
		*space = '\0';
		enum problem_kind kind = route_find(
		    &match, route_table, route_count, method, space + 1);
		promise((kind == PROBLEM_NONE) == (match.route != NULL));
		promise(strlen(match.value) < sizeof(match.value));
		if (!kind)
			check_round(&match);
		problem_is_chinese(space + 1);
	}
	free(method);
	return 0;
}

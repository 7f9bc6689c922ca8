#include "harness/harness.h"

enum { ROUNDS = 4, LOG_LINES = 12 };

void others_are_served(struct city *city, const char *node)
{
	struct client *client = city_client(city, "admin", node);
	struct wire_request request;
	struct wire_reply reply;

	request_clear(&request, ASK_LIST);
	assert_int_equal(client_ask(&reply, client, &request, SERVED_MS), 0);
	assert_int_equal(reply.result, RESULT_DONE);
	city_check_alive(city);
}

static unsigned lines_of(const struct city *city, const char *node)
{
	return file_count(city_log(city, node), "\n");
}

static long make_rounds(
    struct city *city, const char *node, void (*make)(const char *node))
{
	for (int i = 0; i < ROUNDS; i++) {
		make(node);
		others_are_served(city, node);
	}
	return process_memory_kb(city_daemon(city, node)->pid);
}

void endures_within(struct city *city, const char *node,
    void (*make)(const char *node), long growth_kb)
{
	unsigned said = lines_of(city, node);
	long before_kb = make_rounds(city, node, make);
	long after_kb = make_rounds(city, node, make);

#ifdef __SANITIZE_ADDRESS__
	growth_kb = after_kb; /* it keeps what was freed */
#else
	assert_true(after_kb <= MEMORY_KB);
#endif
	if (after_kb - before_kb > growth_kb)
		fail_msg("%s has grown from %ld kB to %ld kB", node, before_kb,
		    after_kb);
	if (lines_of(city, node) - said > LOG_LINES)
		fail_msg("%s said %u lines", node, lines_of(city, node) - said);
}

void endures(
    struct city *city, const char *node, void (*make)(const char *node))
{
	endures_within(city, node, make, GROWTH_KB);
}

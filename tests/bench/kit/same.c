#include "kit/same.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"

enum { ASK_MS = 60000, SAMPLE = 100 };

struct known {
	struct id id;
	uint32_t seq;
};

struct known_list {
	struct known *of;
	size_t count, cap;
};

static void add_known(struct known_list *list, const struct ticket *ticket)
{
	if (list->count == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 4096;
		list->of = realloc(list->of, list->cap * sizeof(*list->of));
		if (!list->of)
			bench_fail("no memory");
	}
	list->of[list->count++] = (struct known){ ticket->id, ticket->seq };
}

/* All tickets of a node, newest first, page by page. */
static void list_all(struct known_list *list, struct tree_node *node)
{
	struct wire_request request = { .kind = ASK_LIST };
	struct wire_reply reply;
	struct buf cursor = { 0 };

	request.list.state = request.list.item = request.list.kind = "";
	request.list.external_id = request.list.outcome = "";
	request.list.channel = "";
	request.list.limit = LIST_PAGE_MAX;
	do {
		request.id = client_id(node->client);
		request.list.cursor = bytes_of(cursor.data, cursor.len);
		if (client_ask(&reply, node->client, &request, ASK_MS) ||
		    reply.result != RESULT_DONE)
			bench_fail("a node does not list its tickets");
		for (size_t i = 0; i < reply.list.count; i++)
			add_known(list, &reply.list.tickets[i].ticket);
		buf_clear(&cursor);
		if (buf_add(
			&cursor, reply.list.cursor.data, reply.list.cursor.len))
			bench_fail("no memory");
	} while (cursor.len);
	buf_free(&cursor);
}

static int by_id(const void *one, const void *other)
{
	return memcmp(one, other, sizeof(struct id));
}

/* The last event's hash, on which all before it hang. */
static void last_hash(
    struct hash *hash_out, struct tree_node *node, const struct known *known)
{
	struct wire_request request = { .kind = ASK_SHOW };
	struct wire_reply reply;

	request.id = client_id(node->client);
	request.show.ticket = known->id;
	request.show.external_id = "";
	request.show.from = known->seq;
	if (client_ask(&reply, node->client, &request, ASK_MS) ||
	    !reply.has_body || reply.show.event_count != 1)
		bench_fail("a node does not show a ticket");
	hash_of(hash_out, reply.show.events[0]);
}

static size_t compare(const struct known_list *city, struct tree_node *root,
    struct tree_node *node)
{
	struct known_list list = { 0 };
	size_t count;

	list_all(&list, node);
	for (size_t i = 0; i < list.count; i++) {
		const struct known *same = bsearch(&list.of[i], city->of,
		    city->count, sizeof(*city->of), by_id);
		struct hash here, there;
		if (!same || same->seq != list.of[i].seq)
			bench_fail("two nodes have different logs");
		if (i % SAMPLE)
			continue;
		last_hash(&here, node, &list.of[i]);
		last_hash(&there, root, same);
		if (!hash_equal(&here, &there))
			bench_fail("two nodes have different hashes");
	}
	count = list.count;
	free(list.of);
	return count;
}

void same_everywhere(struct tree *tree, size_t tickets)
{
	struct tree_node *root = tree_node(tree, "cityd");
	struct known_list city = { 0 };
	size_t copies = 0;

	list_all(&city, root);
	qsort(city.of, city.count, sizeof(*city.of), by_id);
	if (city.count < tickets)
		bench_fail("tickets are missing at the city");
	for (size_t i = 0; i < tree->count; i++)
		copies += compare(&city, root, &tree->nodes[i]);
	printf("%-34s %10zu, with callouts; %zu on all nodes, logs equal\n",
	    "tickets at the city", city.count, copies);
	free(city.of);
}

#include "gatewayd/census.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/err.h"
#include "gatewayd/prom.h"

enum { CENSUS_BYTES = 64 * 1024 * 1024 };

struct seat {
	bool is_heard;
	uint64_t age_ms;
	struct wire_status status; /* in the census' arena */
};

struct census {
	const struct org *org;
	struct arena *arena;
	struct seat *seats; /* by node->index */
	size_t count;
};

int census_open(struct census **census_out, const struct org *org)
{
	struct census *census = calloc(1, sizeof(*census));
	int rc = census ? 0 : ERR_NOMEM;

	if (rc)
		return rc;
	census->org = org;
	census->count = org_node_count(org);
	census->seats = calloc(census->count + 1, sizeof(*census->seats));
	if (!census->seats)
		rc = ERR_NOMEM;
	if (!rc)
		rc = arena_open(&census->arena, CENSUS_BYTES);
	if (rc)
		census_close(&census);
	else
		*census_out = census;
	return rc;
}

void census_add(
    struct census *census, const struct wire_heard *heard, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct wire_status status;
		const struct node *node;

		if (wire_status_unpack(&status, census->arena, heard[i].status))
			continue;
		node = org_node(census->org, status.node);
		if (node)
			census->seats[node->index] = (struct seat){
				.is_heard = true,
				.age_ms = heard[i].age_ms,
				.status = status,
			};
	}
}

/* ---- one metric after the other, and in each all nodes ---- */

static const char *name_of(const struct census *census, size_t i)
{
	return org_node_at(census->org, i)->name;
}

static void begin(
    FILE *out, const char *metric, const struct census *census, size_t i)
{
	fprintf(out, "%s{", metric);
	prom_label(out, "node", name_of(census, i));
}

#define COUNT(member) offsetof(struct wire_status, member)

/* What a node says in one number. */
static const struct {
	const char *name, *type, *help;
	size_t at;
} numbers[] = {
	{ "whistle_tickets", "gauge", "Tickets in the store.", COUNT(tickets) },
	{ "whistle_tickets_held", "gauge",
	    "Tickets whose holder the node serves.", COUNT(held) },
	{ "whistle_outbox_rows", "gauge",
	    "Rows that neighbours have not acknowledged.", COUNT(outbox) },
	{ "whistle_commits_total", "counter",
	    "Transactions committed since the start.", COUNT(commits) },
	{ "whistle_events_total", "counter",
	    "Events written to logs since the start.", COUNT(events) },
	{ "whistle_stranded_events", "gauge",
	    "Events that a take-over has left behind: kept, not applied.",
	    COUNT(stranded) },
	{ "whistle_store_bytes", "gauge", "Bytes of the store in use.",
	    COUNT(store_bytes) },
	{ "whistle_store_limit_bytes", "gauge",
	    "Bytes that the store may grow to.", COUNT(store_limit_bytes) },
};

/* … and in one time. */
static const struct {
	const char *name, *help;
	size_t at;
} times[] = {
	{ "whistle_last_commit_timestamp_seconds",
	    "When the last transaction was committed; 0: none since the start.",
	    COUNT(last_commit_ms) },
	{ "whistle_start_timestamp_seconds", "When the node was started.",
	    COUNT(started_ms) },
};

static const void *member(const struct seat *seat, size_t at)
{
	return (const char *)&seat->status + at;
}

static void put_numbers(FILE *out, const struct census *census)
{
	for (size_t k = 0; k < sizeof(numbers) / sizeof(*numbers); k++) {
		prom_head(
		    out, numbers[k].name, numbers[k].type, numbers[k].help);
		for (size_t i = 0; i < census->count; i++) {
			const struct seat *seat = &census->seats[i];
			if (!seat->is_heard)
				continue;
			begin(out, numbers[k].name, census, i);
			fprintf(out, "} %" PRIu64 "\n",
			    *(const uint64_t *)member(seat, numbers[k].at));
		}
	}
}

static void put_time(FILE *out, int64_t time_ms)
{
	fprintf(
	    out, "} %" PRId64 ".%03d\n", time_ms / 1000, (int)(time_ms % 1000));
}

static void put_times(FILE *out, const struct census *census)
{
	for (size_t k = 0; k < sizeof(times) / sizeof(*times); k++) {
		prom_head(out, times[k].name, "gauge", times[k].help);
		for (size_t i = 0; i < census->count; i++) {
			const struct seat *seat = &census->seats[i];
			if (!seat->is_heard)
				continue;
			begin(out, times[k].name, census, i);
			put_time(
			    out, *(const int64_t *)member(seat, times[k].at));
		}
	}
}

static void put_heard(FILE *out, const struct census *census)
{
	prom_head(out, "whistle_node_stale", "gauge",
	    "1 for a node that was not heard of for 30 s: the rest of what is "
	    "said of it is old.");
	for (size_t i = 0; i < census->count; i++) {
		const struct seat *seat = &census->seats[i];
		begin(out, "whistle_node_stale", census, i);
		fprintf(out, "} %d\n",
		    !seat->is_heard || seat->age_ms > CENSUS_STALE_MS);
	}
	prom_head(out, "whistle_node_age_seconds", "gauge",
	    "How long ago the node said how it is.");
	for (size_t i = 0; i < census->count; i++) {
		const struct seat *seat = &census->seats[i];
		if (!seat->is_heard)
			continue;
		begin(out, "whistle_node_age_seconds", census, i);
		fprintf(out, "} %" PRIu64 ".%03d\n", seat->age_ms / 1000,
		    (int)(seat->age_ms % 1000));
	}
}

static void put_who(FILE *out, const struct census *census)
{
	prom_head(out, "whistle_node_info", "gauge",
	    "1; which program of which version runs the node.");
	for (size_t i = 0; i < census->count; i++) {
		const struct seat *seat = &census->seats[i];
		if (!seat->is_heard)
			continue;
		begin(out, "whistle_node_info", census, i);
		fputc(',', out);
		prom_label(out, "level", seat->status.level);
		fputc(',', out);
		prom_label(out, "version", seat->status.version);
		fputs("} 1\n", out);
	}
	prom_head(out, "whistle_node_state", "gauge",
	    "1 for the state that the node is in: running, recovering, full, "
	    "draining.");
	for (size_t i = 0; i < census->count; i++) {
		const struct seat *seat = &census->seats[i];
		if (!seat->is_heard)
			continue;
		begin(out, "whistle_node_state", census, i);
		fputc(',', out);
		prom_label(out, "state", seat->status.state);
		fputs("} 1\n", out);
	}
}

static void put_pair(FILE *out, const struct census *census, const char *name,
    const char *help, size_t accept_at, size_t resolve_at)
{
	const size_t at[] = { accept_at, resolve_at };

	prom_head(out, name, "gauge", help);
	for (size_t i = 0; i < census->count; i++) {
		const struct seat *seat = &census->seats[i];
		for (size_t k = 0; seat->is_heard && k < 2; k++) {
			begin(out, name, census, i);
			fprintf(out, ",deadline=\"%s\"} %" PRIu64 "\n",
			    k ? "resolve" : "accept",
			    *(const uint64_t *)member(seat, at[k]));
		}
	}
}

static void put_refusals(FILE *out, const struct census *census)
{
	static const char name[] = "whistle_refusals_total";

	prom_head(out, name, "counter",
	    "Wishes that the node refused since the start, by the reason.");
	for (size_t i = 0; i < census->count; i++) {
		const struct seat *seat = &census->seats[i];
		for (size_t k = 0;
		     seat->is_heard && k < seat->status.refusal_count; k++) {
			const struct wire_refusals *row =
			    &seat->status.refusals[k];
			begin(out, name, census, i);
			fputc(',', out);
			prom_label(out, "refusal", row->refusal);
			fprintf(out, "} %" PRIu64 "\n", row->count);
		}
	}
}

/* ---- links ---- */

static void put_up(FILE *out, const struct wire_link_status *link)
{
	fprintf(out, "} %d\n", link->up);
}

static void put_outbox(FILE *out, const struct wire_link_status *link)
{
	fprintf(out, "} %" PRIu64 "\n", link->outbox);
}

static void put_heard_time(FILE *out, const struct wire_link_status *link)
{
	put_time(out, link->heard_ms);
}

static void put_silent(FILE *out, const struct wire_link_status *link)
{
	fprintf(out, "} %d\n", link->silent_ms != 0);
}

static void put_held_there(FILE *out, const struct wire_link_status *link)
{
	fprintf(out, "} %" PRIu64 "\n", link->held);
}

static void put_overdue(FILE *out, const struct wire_link_status *link)
{
	fprintf(out, "} %" PRIu64 "\n", link->overdue);
}

static const struct {
	const char *name, *help;
	void (*put)(FILE *out, const struct wire_link_status *link);
} links[] = {
	{ "whistle_link_silent", "1 when it has said nothing for too long.",
	    put_silent },
	{ "whistle_link_held_tickets",
	    "Live tickets of the units on that side.", put_held_there },
	{ "whistle_link_overdue_tickets",
	    "Those whose deadline has passed, and their node has not said so.",
	    put_overdue },
	{ "whistle_link_up", "1 while the neighbour answers.", put_up },
	{ "whistle_link_outbox_rows",
	    "Rows that this neighbour has not acknowledged.", put_outbox },
	{ "whistle_link_heard_timestamp_seconds",
	    "When the neighbour was heard last; 0: not since the start.",
	    put_heard_time },
};

static void put_links(FILE *out, const struct census *census)
{
	for (size_t k = 0; k < sizeof(links) / sizeof(*links); k++) {
		prom_head(out, links[k].name, "gauge", links[k].help);
		for (size_t i = 0; i < census->count; i++) {
			const struct seat *seat = &census->seats[i];
			size_t count =
			    seat->is_heard ? seat->status.link_count : 0;
			for (size_t n = 0; n < count; n++) {
				begin(out, links[k].name, census, i);
				fputc(',', out);
				prom_label(
				    out, "peer", seat->status.links[n].peer);
				links[k].put(out, &seat->status.links[n]);
			}
		}
	}
}

void census_write(FILE *out, const struct census *census)
{
	put_heard(out, census);
	put_who(out, census);
	put_numbers(out, census);
	put_times(out, census);
	put_pair(out, census, "whistle_deadlines_due",
	    "Tickets held whose time to accept or resolve ends within a day, "
	    "to a quarter of an hour.",
	    COUNT(accept_due), COUNT(resolve_due));
	put_pair(out, census, "whistle_deadlines_late",
	    "Tickets held whose time to accept or resolve is over.",
	    COUNT(accept_late), COUNT(resolve_late));
	put_refusals(out, census);
	put_links(out, census);
}

void census_close(struct census **census)
{
	struct census *old = *census;

	if (!old)
		return;
	arena_close(&old->arena);
	free(old->seats);
	free(old);
	*census = NULL;
}

#include "gatewayd/traffic.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	int64_t ms;
	const char *seconds;
} bounds[TRAFFIC_BUCKETS] = {
	{ 1, "0.001" },
	{ 3, "0.003" },
	{ 10, "0.01" },
	{ 30, "0.03" },
	{ 100, "0.1" },
	{ 300, "0.3" },
	{ 1000, "1" },
	{ 3000, "3" },
	{ 10000, "10" },
	{ 30000, "30" },
};

static struct traffic_path *path_of(struct traffic *traffic, const char *path)
{
	size_t i = 0;

	while (i < traffic->path_count && traffic->paths[i].path != path)
		i++;
	if (i == TRAFFIC_PATHS_MAX)
		return NULL;
	if (i == traffic->path_count)
		traffic->paths[traffic->path_count++].path = path;
	return &traffic->paths[i];
}

void traffic_count(
    struct traffic *traffic, const char *path, unsigned status, int64_t took_ms)
{
	struct traffic_path *row = path_of(traffic, path);

	if (!row || status >= TRAFFIC_STATUS_MAX)
		return;
	row->by_status[status]++;
	row->count++;
	row->seconds += (double)took_ms / 1000;
	for (size_t i = 0; i < TRAFFIC_BUCKETS; i++)
		row->buckets[i] += took_ms <= bounds[i].ms;
}

static void head(
    FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put(FILE *out, const char *name, const char *type, uint64_t value,
    const char *help)
{
	head(out, name, type, help);
	fprintf(out, "%s %" PRIu64 "\n", name, value);
}

/* Label values as the format wants them. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			putc(*text, out);
	}
}

static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	put_escaped(out, value ? value : "");
	putc('"', out);
}

static void put_seconds(
    FILE *out, const char *name, int64_t time_ms, const char *help)
{
	head(out, name, "gauge", help);
	fprintf(out, "%s %" PRId64 ".%03d\n", name, time_ms / 1000,
	    (int)(time_ms % 1000));
}

static void put_info(FILE *out, const struct wire_status *status)
{
	head(out, "whistle_node_info", "gauge", "Which node this is.");
	fputs("whistle_node_info{", out);
	put_label(out, "node", status->node);
	putc(',', out);
	put_label(out, "level", status->level);
	putc(',', out);
	put_label(out, "version", status->version);
	fputs("} 1\n", out);
	head(out, "whistle_node_state", "gauge", "1 for the node's state.");
	fputs("whistle_node_state{", out);
	put_label(out, "state", status->state);
	fputs("} 1\n", out);
}

static void put_node(FILE *out, const struct wire_status *status)
{
	put_info(out, status);
	put(out, "whistle_tickets", "gauge", status->tickets,
	    "Tickets in the store.");
	put(out, "whistle_tickets_held", "gauge", status->held,
	    "Tickets whose holder this node serves.");
	put(out, "whistle_outbox_rows", "gauge", status->outbox,
	    "Rows that a neighbour has not acknowledged.");
	put(out, "whistle_commits_total", "counter", status->commits,
	    "Transactions committed since the start.");
	put(out, "whistle_events_total", "counter", status->events,
	    "Events in the logs of the store.");
	put(out, "whistle_store_bytes", "gauge", status->store_bytes,
	    "Bytes of the store in use.");
	put(out, "whistle_store_limit_bytes", "gauge",
	    status->store_limit_bytes, "Bytes that the store may grow to.");
	put_seconds(out, "whistle_last_commit_timestamp_seconds",
	    status->last_commit_ms, "When the last transaction was committed.");
	put_seconds(out, "whistle_start_timestamp_seconds", status->started_ms,
	    "When the node was started.");
}

static void put_links(FILE *out, const struct wire_status *status)
{
	const struct wire_link_status *link = status->links;

	head(out, "whistle_link_up", "gauge", "1 while the neighbour answers.");
	for (size_t i = 0; i < status->link_count; i++) {
		fputs("whistle_link_up{", out);
		put_label(out, "peer", link[i].peer);
		fprintf(out, "} %d\n", link[i].up);
	}
	head(out, "whistle_link_outbox_rows", "gauge",
	    "Rows that this neighbour has not acknowledged.");
	for (size_t i = 0; i < status->link_count; i++) {
		fputs("whistle_link_outbox_rows{", out);
		put_label(out, "peer", link[i].peer);
		fprintf(out, "} %" PRIu64 "\n", link[i].outbox);
	}
}

static void put_requests(FILE *out, const struct traffic *traffic)
{
	head(out, "whistle_http_requests_total", "counter",
	    "HTTP requests by path and status; 0 where the client left.");
	for (size_t i = 0; i < traffic->path_count; i++) {
		const struct traffic_path *row = &traffic->paths[i];

		for (unsigned s = 0; s < TRAFFIC_STATUS_MAX; s++) {
			if (row->by_status[s] == 0)
				continue;
			fputs("whistle_http_requests_total{", out);
			put_label(out, "path", row->path);
			fprintf(out, ",status=\"%u\"} %" PRIu64 "\n", s,
			    row->by_status[s]);
		}
	}
}

static void put_duration(FILE *out, const struct traffic_path *row)
{
	static const char name[] = "whistle_http_request_duration_seconds";

	for (size_t i = 0; i < TRAFFIC_BUCKETS; i++) {
		fprintf(out, "%s_bucket{", name);
		put_label(out, "path", row->path);
		fprintf(out, ",le=\"%s\"} %" PRIu64 "\n", bounds[i].seconds,
		    row->buckets[i]);
	}
	fprintf(out, "%s_bucket{", name);
	put_label(out, "path", row->path);
	fprintf(out, ",le=\"+Inf\"} %" PRIu64 "\n%s_sum{", row->count, name);
	put_label(out, "path", row->path);
	fprintf(out, "} %.3f\n%s_count{", row->seconds, name);
	put_label(out, "path", row->path);
	fprintf(out, "} %" PRIu64 "\n", row->count);
}

static void put_calls(FILE *out, const struct traffic *traffic)
{
	put(out, "whistle_callbacks_waiting", "gauge", traffic->calls_waiting,
	    "Callbacks that the hotline has not taken yet.");
	put(out, "whistle_callbacks_taken_total", "counter",
	    traffic->calls_taken, "Callbacks that the hotline took.");
	put(out, "whistle_callbacks_refused_total", "counter",
	    traffic->calls_refused, "Times that it refused one.");
	put(out, "whistle_callbacks_failed_total", "counter",
	    traffic->calls_failed, "Times that it did not answer.");
}

static void put_traffic(FILE *out, const struct traffic *traffic)
{
	put_requests(out, traffic);
	head(out, "whistle_http_request_duration_seconds", "histogram",
	    "From the first line of a request to the end of its answer.");
	for (size_t i = 0; i < traffic->path_count; i++)
		put_duration(out, &traffic->paths[i]);
	put(out, "whistle_http_connections", "gauge", traffic->connections,
	    "HTTP connections open.");
	put(out, "whistle_http_waiting", "gauge", traffic->waiting,
	    "HTTP requests that wait for the engine.");
}

void traffic_write(
    FILE *out, const struct traffic *traffic, const struct wire_status *status)
{
	put(out, "whistle_engine_up", "gauge", status != NULL,
	    "1 when the engine answered in time.");
	if (status) {
		put_node(out, status);
		put_links(out, status);
	}
	put_traffic(out, traffic);
	put_calls(out, traffic);
}

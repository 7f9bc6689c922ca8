#include "gatewayd/traffic.h"

#include <inttypes.h>
#include <string.h>
#include "gatewayd/prom.h"

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

static void put_requests(FILE *out, const struct traffic *traffic)
{
	prom_head(out, "whistle_http_requests_total", "counter",
	    "HTTP requests by path and status; 0 where the client left.");
	for (size_t i = 0; i < traffic->path_count; i++) {
		const struct traffic_path *row = &traffic->paths[i];

		for (unsigned s = 0; s < TRAFFIC_STATUS_MAX; s++) {
			if (row->by_status[s] == 0)
				continue;
			fputs("whistle_http_requests_total{", out);
			prom_label(out, "path", row->path);
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
		prom_label(out, "path", row->path);
		fprintf(out, ",le=\"%s\"} %" PRIu64 "\n", bounds[i].seconds,
		    row->buckets[i]);
	}
	fprintf(out, "%s_bucket{", name);
	prom_label(out, "path", row->path);
	fprintf(out, ",le=\"+Inf\"} %" PRIu64 "\n%s_sum{", row->count, name);
	prom_label(out, "path", row->path);
	fprintf(out, "} %.3f\n%s_count{", row->seconds, name);
	prom_label(out, "path", row->path);
	fprintf(out, "} %" PRIu64 "\n", row->count);
}

static void put_calls(FILE *out, const struct traffic *traffic)
{
	prom_number(out, "whistle_callbacks_waiting", "gauge",
	    traffic->calls_waiting,
	    "Callbacks that the hotline has not taken yet.");
	prom_number(out, "whistle_callbacks_taken_total", "counter",
	    traffic->calls_taken, "Callbacks that the hotline took.");
	prom_number(out, "whistle_callbacks_refused_total", "counter",
	    traffic->calls_refused, "Times that it refused one.");
	prom_number(out, "whistle_callbacks_failed_total", "counter",
	    traffic->calls_failed, "Times that it did not answer.");
}

static void put_traffic(FILE *out, const struct traffic *traffic)
{
	put_requests(out, traffic);
	prom_head(out, "whistle_http_request_duration_seconds", "histogram",
	    "From the first line of a request to the end of its answer.");
	for (size_t i = 0; i < traffic->path_count; i++)
		put_duration(out, &traffic->paths[i]);
	prom_number(out, "whistle_http_connections", "gauge",
	    traffic->connections, "HTTP connections open.");
	prom_number(out, "whistle_http_waiting", "gauge", traffic->waiting,
	    "HTTP requests that wait for the engine.");
}

void traffic_write(FILE *out, const struct traffic *traffic)
{
	put_traffic(out, traffic);
	put_calls(out, traffic);
}

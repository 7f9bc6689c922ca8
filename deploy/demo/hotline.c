#include "hotline.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "client/sign.h"
#include "orders.h"
#include "speak.h"

#define TARGET "/hotline/v1/tickets"

enum {
	LANES = 4,
	TRIES_MAX = 40,
	AGAIN_MS = 500,
	ANSWER_MAX = 2048,
	HEADERS = 5,
	HEADER_MAX = 128,
	TIMEOUT_MS = 15 * 1000,
};

/* One connection, with one order at a time. */
struct lane {
	CURL *curl;
	struct curl_slist *headers;
	struct order *order; /* NULL: idle */
	char answer[ANSWER_MAX + 1];
	size_t answer_len;
};

struct hotline {
	struct orders orders;
	size_t next;   /* to be sent first */
	size_t *again; /* indices to be sent again */
	size_t again_count;
	uint8_t key[SIGN_KEY_BYTES];
	char url[256];
	struct id_maker ids;
	struct clock clock;
	CURLM *multi;
	struct lane lanes[LANES];
	struct hotline_tally tally;
};

static int read_key(uint8_t key_out[SIGN_KEY_BYTES], const struct home *home)
{
	char path[sizeof(home->path) + 64];

	snprintf(path, sizeof(path), "%s/keys/http/hotline.key", home->path);
	int rc = sign_key_load(key_out, path);
	if (rc)
		fprintf(stderr, "whistle-demo: %s: %s\n", path, err_text(rc));
	return rc;
}

static const char *http_of(const struct org *org)
{
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);

		if (unit->kind == UNIT_HOTLINE)
			return unit->node->http ? unit->node->http
						: "127.0.0.1:8311";
	}
	return NULL;
}

static size_t take_answer(char *data, size_t size, size_t count, void *context)
{
	struct lane *lane = context;
	size_t len = size * count, room = ANSWER_MAX - lane->answer_len;

	if (len < room)
		room = len;
	memcpy(lane->answer + lane->answer_len, data, room);
	lane->answer_len += room;
	lane->answer[lane->answer_len] = '\0';
	return len;
}

static int open_lane(struct lane *lane, const char *url)
{
	lane->curl = curl_easy_init();
	if (!lane->curl)
		return ERR_NOMEM;
	curl_easy_setopt(lane->curl, CURLOPT_URL, url);
	curl_easy_setopt(lane->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(lane->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(lane->curl, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
	curl_easy_setopt(lane->curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(lane->curl, CURLOPT_WRITEDATA, lane);
	curl_easy_setopt(lane->curl, CURLOPT_PRIVATE, lane);
	return 0;
}

static int open_all(struct hotline *hotline, const struct home *home,
    const struct org *org, const char *csv)
{
	const char *http = http_of(org);
	int rc = http ? read_key(hotline->key, home) : ERR_NOT_FOUND;

	if (!rc)
		rc = orders_read(&hotline->orders, csv);
	if (rc)
		return rc;
	snprintf(hotline->url, sizeof(hotline->url), "http://%s" TARGET, http);
	hotline->clock = clock_system();
	hotline->ids.entropy = entropy_system();
	hotline->tally.total = hotline->orders.count;
	hotline->again =
	    calloc(hotline->orders.count + 1, sizeof(*hotline->again));
	hotline->multi = curl_multi_init();
	if (!hotline->again || !hotline->multi)
		return ERR_NOMEM;
	for (size_t i = 0; !rc && i < LANES; i++)
		rc = open_lane(&hotline->lanes[i], hotline->url);
	return rc;
}

int hotline_open(struct hotline **hotline_out, const struct home *home,
    const struct org *org, const char *csv)
{
	struct hotline *hotline = calloc(1, sizeof(*hotline));
	int rc = hotline ? open_all(hotline, home, org, csv) : ERR_NOMEM;

	if (rc)
		hotline_close(&hotline);
	*hotline_out = hotline;
	return rc;
}

bool hotline_has(const void *context, const char *number)
{
	const struct hotline *hotline = context;

	return orders_has(&hotline->orders, number);
}

/* ---- sending ---- */

static int add_header(struct lane *lane, const char *name, const char *value)
{
	char line[HEADER_MAX];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	struct curl_slist *longer = curl_slist_append(lane->headers, line);
	if (!longer)
		return ERR_NOMEM;
	lane->headers = longer;
	return 0;
}

/* A new nonce and time for each try: a signature is used once. */
static int sign(struct lane *lane, struct hotline *hotline)
{
	char nonce[ID_TEXT], signature[SIGN_TEXT], seconds[24];
	int64_t now_ms = clock_now_ms(&hotline->clock);
	struct id id;

	id_next(&id, &hotline->ids, now_ms);
	struct sign_parts parts = {
		.method = "POST",
		.target = TARGET,
		.time_s = now_ms / 1000,
		.nonce = id_format(nonce, &id),
		.body = bytes_of(lane->order->body, strlen(lane->order->body)),
	};
	int rc = sign_request(signature, hotline->key, &parts);

	snprintf(seconds, sizeof(seconds), "%lld", (long long)parts.time_s);
	curl_slist_free_all(lane->headers);
	lane->headers = NULL;
	if (!rc)
		rc = add_header(lane, "Content-Type", "application/json");
	if (!rc)
		rc = add_header(lane, "X-Whistle-Client", "hotline");
	if (!rc)
		rc = add_header(lane, "X-Whistle-Time", seconds);
	if (!rc)
		rc = add_header(lane, "X-Whistle-Nonce", nonce);
	if (!rc)
		rc = add_header(lane, "X-Whistle-Signature", signature);
	return rc;
}

static int start(
    struct hotline *hotline, struct lane *lane, struct order *order)
{
	lane->order = order;
	lane->answer_len = 0;
	lane->answer[0] = '\0';
	int rc = sign(lane, hotline);
	if (rc)
		return rc;
	curl_easy_setopt(lane->curl, CURLOPT_POSTFIELDS, order->body);
	curl_easy_setopt(
	    lane->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(order->body));
	curl_easy_setopt(lane->curl, CURLOPT_HTTPHEADER, lane->headers);
	return curl_multi_add_handle(hotline->multi, lane->curl) ? ERR_IO : 0;
}

/* First those whose second try is due, then the next in line. */
static struct order *next_order(struct hotline *hotline)
{
	int64_t now_ms = clock_now_ms(&hotline->clock);

	for (size_t i = 0; i < hotline->again_count; i++) {
		struct order *order = &hotline->orders.rows[hotline->again[i]];

		if (order->not_before_ms > now_ms)
			continue;
		hotline->again[i] = hotline->again[--hotline->again_count];
		return order;
	}
	return hotline->next < hotline->orders.count
		   ? &hotline->orders.rows[hotline->next++]
		   : NULL;
}

static int fill_lanes(struct hotline *hotline)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < LANES; i++) {
		struct lane *lane = &hotline->lanes[i];
		struct order *order = lane->order ? NULL : next_order(hotline);

		if (order)
			rc = start(hotline, lane, order);
	}
	return rc;
}

/* ---- answers ---- */

static int try_again(struct hotline *hotline, struct order *order)
{
	if (++order->tries == TRIES_MAX)
		return ERR_UNREACHABLE;
	order->not_before_ms = clock_now_ms(&hotline->clock) + AGAIN_MS;
	hotline->again[hotline->again_count++] =
	    (size_t)(order - hotline->orders.rows);
	return 0;
}

static int answered(struct hotline *hotline, struct lane *lane, CURLcode code)
{
	struct order *order = lane->order;
	long status = 0;

	curl_multi_remove_handle(hotline->multi, lane->curl);
	curl_easy_getinfo(lane->curl, CURLINFO_RESPONSE_CODE, &status);
	lane->order = NULL;
	if (code != CURLE_OK || status == 429 || status >= 500)
		return try_again(hotline, order);
	if (status == 201) {
		hotline->tally.taken++;
	} else if (status == 200) {
		hotline->tally.existed++;
	} else {
		hotline->tally.refused++;
		fprintf(stderr, "whistle-demo: %s: HTTP %ld %s\n",
		    order->number, status, lane->answer);
	}
	return 0;
}

static int take_answers(struct hotline *hotline)
{
	CURLMsg *message;
	int left, rc = 0;

	while (!rc && (message = curl_multi_info_read(hotline->multi, &left))) {
		struct lane *lane = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, &lane);
		rc = answered(hotline, lane, message->data.result);
	}
	return rc;
}

static bool is_done(const struct hotline *hotline)
{
	const struct hotline_tally *tally = &hotline->tally;

	return tally->taken + tally->existed + tally->refused == tally->total;
}

int hotline_send(struct hotline *hotline, int wait_ms)
{
	int running, rc;

	if (is_done(hotline))
		return 0;
	rc = fill_lanes(hotline);
	if (!rc && curl_multi_perform(hotline->multi, &running))
		rc = ERR_IO;
	if (!rc && running > 0)
		curl_multi_poll(hotline->multi, NULL, 0, wait_ms, NULL);
	if (!rc)
		rc = take_answers(hotline);
	return rc ? rc : !is_done(hotline);
}

const struct hotline_tally *hotline_tally(const struct hotline *hotline)
{
	return &hotline->tally;
}

void hotline_close(struct hotline **hotline)
{
	if (!*hotline)
		return;
	for (size_t i = 0; i < LANES; i++) {
		struct lane *lane = &(*hotline)->lanes[i];

		if (lane->order)
			curl_multi_remove_handle((*hotline)->multi, lane->curl);
		curl_easy_cleanup(lane->curl);
		curl_slist_free_all(lane->headers);
	}
	curl_multi_cleanup((*hotline)->multi);
	orders_free(&(*hotline)->orders);
	explicit_bzero((*hotline)->key, SIGN_KEY_BYTES);
	free((*hotline)->again);
	free(*hotline);
	*hotline = NULL;
}

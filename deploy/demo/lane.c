#include "lane.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"

enum { HEADER_MAX = 128, TIMEOUT_MS = 15 * 1000 };

static size_t take_answer(char *data, size_t size, size_t count, void *context)
{
	struct lane *lane = context;
	size_t len = size * count, room = LANE_ANSWER_MAX - lane->answer_len;

	if (len < room)
		room = len;
	memcpy(lane->answer + lane->answer_len, data, room);
	lane->answer_len += room;
	lane->answer[lane->answer_len] = '\0';
	return len;
}

int lane_open(struct lane *lane, const char *url)
{
	lane->curl = curl_easy_init();
	if (!lane->curl)
		return ERR_NOMEM;
	curl_easy_setopt(lane->curl, CURLOPT_URL, url);
	curl_easy_setopt(lane->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(lane->curl, CURLOPT_NOSIGNAL, 1L);
	/* a container that was replaced has another address */
	curl_easy_setopt(lane->curl, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(lane->curl, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
	curl_easy_setopt(lane->curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(lane->curl, CURLOPT_WRITEDATA, lane);
	curl_easy_setopt(lane->curl, CURLOPT_PRIVATE, lane);
	return 0;
}

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

static int sign(
    struct lane *lane, const uint8_t key[SIGN_KEY_BYTES], struct id_maker *ids)
{
	char nonce[ID_TEXT], signature[SIGN_TEXT], seconds[24];
	struct clock clock = clock_system();
	int64_t now_ms = clock_now_ms(&clock);
	struct id id;

	id_next(&id, ids, now_ms);
	struct sign_parts parts = {
		.method = "POST",
		.target = LANE_TARGET,
		.time_s = now_ms / 1000,
		.nonce = id_format(nonce, &id),
		.body = bytes_of(lane->body, strlen(lane->body)),
	};
	int rc = sign_request(signature, key, &parts);

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

int lane_post(struct lane *lane, CURLM *multi,
    const uint8_t key[SIGN_KEY_BYTES], struct id_maker *ids, char *body)
{
	free(lane->body);
	lane->body = body;
	lane->answer_len = 0;
	lane->answer[0] = '\0';
	int rc = body ? sign(lane, key, ids) : ERR_NOMEM;
	if (rc)
		return rc;
	curl_easy_setopt(lane->curl, CURLOPT_POSTFIELDS, lane->body);
	curl_easy_setopt(
	    lane->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(lane->body));
	curl_easy_setopt(lane->curl, CURLOPT_HTTPHEADER, lane->headers);
	return curl_multi_add_handle(multi, lane->curl) ? ERR_IO : 0;
}

long lane_end(struct lane *lane, CURLM *multi, CURLcode code)
{
	long status = 0;

	curl_multi_remove_handle(multi, lane->curl);
	curl_easy_getinfo(lane->curl, CURLINFO_RESPONSE_CODE, &status);
	free(lane->body);
	lane->body = NULL;
	return code == CURLE_OK ? status : 0;
}

int lane_ticket(struct id *ticket_out, const struct lane *lane)
{
	json_t *answer = json_loadb(lane->answer, lane->answer_len, 0, NULL);
	const char *text = json_string_value(json_object_get(answer, "id"));
	int rc = text ? id_parse(ticket_out, text) : ERR_INVALID;

	json_decref(answer);
	return rc;
}

void lane_close(struct lane *lane, CURLM *multi)
{
	if (lane->body && lane->curl)
		curl_multi_remove_handle(multi, lane->curl);
	curl_easy_cleanup(lane->curl);
	curl_slist_free_all(lane->headers);
	free(lane->body);
}

/* What the hotline sends. */
#include "harness/hotline_inside.h"

#include <stdio.h>
#include <string.h>

static size_t keep(char *data, size_t size, size_t n, void *context)
{
	return buf_add(context, data, size * n) ? 0 : size * n;
}

/* The hotline's own is there already, also for a thread that must not fail a
 * test. */
static void load_key(
    uint8_t key[SIGN_KEY_BYTES], const struct hotline *hotline, const char *who)
{
	memcpy(key, hotline->key, SIGN_KEY_BYTES);
	if (strcmp(who, "hotline") != 0)
		assert_int_equal(
		    sign_key_load(
			key, city_path(hotline->city, "keys/http/%s.key", who)),
		    0);
}

static struct curl_slist *add(
    struct curl_slist *list, const char *name, const char *value)
{
	char line[1024];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	return curl_slist_append(list, line);
}

static struct curl_slist *sign(struct curl_slist *list, struct hotline *hotline,
    const struct hotline_request *request)
{
	char nonce[32], hex[SIGN_TEXT], seconds[32];
	const char *client = request->client ? request->client : "hotline";
	uint8_t key[SIGN_KEY_BYTES];
	struct sign_parts parts = { request->method, request->target,
		moved_now_ms() / 1000, nonce,
		bytes_of(request->body, strlen(request->body)),
		request->signed_key ? request->signed_key : request->key };

	load_key(key, hotline, client);
	snprintf(nonce, sizeof(nonce), "hotline-test-%08u",
	    atomic_fetch_add(&hotline->nonces, 1));
	snprintf(seconds, sizeof(seconds), "%lld", (long long)parts.time_s);
	sign_request(hex, key, &parts);
	list = add(list, "X-Whistle-Client", client);
	list = add(list, "X-Whistle-Time", seconds);
	list = add(list, "X-Whistle-Nonce", nonce);
	return add(list, "X-Whistle-Signature", hex);
}

static struct curl_slist *headers_of(
    struct hotline *hotline, const struct hotline_request *request)
{
	struct curl_slist *list = add(NULL, "Content-Type",
	    request->type ? request->type : "application/json");

	if (request->key)
		list = add(list, "Idempotency-Key", request->key);
	if (request->language)
		list = add(list, "Accept-Language", request->language);
	return request->is_unsigned ? list : sign(list, hotline, request);
}

/* curl would rather wait for leave to send a long body. */
static void set_up(CURL *curl, const struct hotline_request *request,
    struct curl_slist *headers, struct buf *answer)
{
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 15000L);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	if (strcmp(request->method, "POST") == 0)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
}

long hotline_exchange(struct buf *answer, struct hotline *hotline, CURL *curl,
    const struct hotline_request *request)
{
	struct curl_slist *headers = headers_of(hotline, request);
	char url[HOTLINE_TARGET_BYTES + 64], *type = NULL;
	long status = 0;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s",
	    hotline->city->http_port, request->target);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	set_up(curl, request, headers, answer);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	/* whatever is answered is as the description says */
	if (status != 0)
		openapi_note(request->method, request->target, request->body,
		    status, type ? type : "",
		    bytes_of(answer->data, answer->len));
	curl_slist_free_all(headers);
	return status;
}

long hotline_send(json_t **json_out, struct hotline *hotline,
    const struct hotline_request *asked)
{
	struct hotline_request request = *asked;
	struct buf answer = { 0 };
	long status;

	request.body = asked->body ? asked->body : "";
	status = hotline_exchange(&answer, hotline, hotline->curl, &request);
	openapi_fail_if_wrong();
	if (json_out)
		*json_out =
		    json_loadb((char *)answer.data, answer.len, 0, NULL);
	buf_free(&answer);
	return status;
}

long hotline_ask(json_t **json_out, struct hotline *hotline, const char *method,
    const char *target, const char *body)
{
	struct hotline_request request = {
		.method = method, .target = target, .body = body
	};

	return hotline_send(json_out, hotline, &request);
}

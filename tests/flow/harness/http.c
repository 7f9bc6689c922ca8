#include "harness/harness.h"
#include "harness/openapi.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "client/sign.h"

enum { ANSWER_MS = 30 * 1000, NONCE_TEXT = 2 * SIGN_NONCE_MIN + 1 };

#define ORDERS_PATH "/hotline/v1/tickets"

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
	return buf_add(context, data, size * count) ? 0 : size * count;
}

static void make_nonce(char out[NONCE_TEXT])
{
	struct entropy entropy = entropy_system();
	uint8_t bytes[SIGN_NONCE_MIN];

	entropy.fill(entropy.context, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static void add_header(
    struct curl_slist **headers, const char *name, const char *value)
{
	char line[256];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	*headers = curl_slist_append(*headers, line);
	assert_non_null(*headers);
}

static void sign(struct curl_slist **headers, const struct city *city,
    const char *body, enum http_flaw flaw)
{
	char nonce[NONCE_TEXT], signature[SIGN_TEXT], time_text[32];
	struct sign_parts parts = { .method = "POST",
		.target = ORDERS_PATH,
		.time_s = moved_now_ms() / 1000,
		.nonce = nonce,
		.body = bytes_of(body, strlen(body)) };
	uint8_t key[SIGN_KEY_BYTES];

	make_nonce(nonce);
	assert_int_equal(
	    sign_key_load(key, city_path(city, "keys/http/hotline.key")), 0);
	if (flaw == HTTP_WRONG_SIGNATURE)
		key[0] ^= 1;
	assert_int_equal(sign_request(signature, key, &parts), 0);
	snprintf(time_text, sizeof(time_text), "%" PRId64, parts.time_s);
	add_header(headers, "X-Whistle-Client", "hotline");
	add_header(headers, "X-Whistle-Time", time_text);
	add_header(headers, "X-Whistle-Nonce", nonce);
	add_header(headers, "X-Whistle-Signature", signature);
}

static void perform(struct http_answer *answer, const struct city *city,
    const char *path, const char *body, struct curl_slist *headers)
{
	struct buf received = { 0 };
	CURL *curl = curl_easy_init();
	char url[256], *type = NULL;

	assert_non_null(curl);
	snprintf(
	    url, sizeof(url), "http://127.0.0.1:%d%s", city->http_port, path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &received);
	if (body) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	}
	*answer = (struct http_answer){ 0 };
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(
		    curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	if (answer->status)
		openapi_check(body ? "POST" : "GET", path, body ? body : "",
		    answer->status, type ? type : "",
		    bytes_of(received.data, received.len));
	if (received.len)
		answer->json =
		    json_loadb((char *)received.data, received.len, 0, NULL);
	buf_free(&received);
	curl_easy_cleanup(curl);
}

void http_order(struct http_answer *answer, const struct city *city,
    const char *body, enum http_flaw flaw)
{
	struct curl_slist *headers = NULL;

	add_header(&headers, "Content-Type", "application/json");
	if (flaw != HTTP_UNSIGNED)
		sign(&headers, city, body, flaw);
	perform(answer, city, ORDERS_PATH, body, headers);
	curl_slist_free_all(headers);
}

void http_get(
    struct http_answer *answer, const struct city *city, const char *path)
{
	perform(answer, city, path, NULL, NULL);
}

void http_free(struct http_answer *answer)
{
	json_decref(answer->json);
	answer->json = NULL;
}

#include "harness/harness.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/upload.h"

struct transfer {
	const struct upload *what;
	struct uploaded *out;
	FILE *file;
	size_t sent;
	struct curl_slist *headers;
};

static void hash_file(uint8_t out[SIGN_SHA256_BYTES], const char *path)
{
	crypto_hash_sha256_state state;
	uint8_t bytes[64 * 1024];
	FILE *file = path ? fopen(path, "r") : NULL;
	size_t len;

	crypto_hash_sha256_init(&state);
	assert_true(file || !path);
	while (file && (len = fread(bytes, 1, sizeof(bytes), file)) > 0)
		crypto_hash_sha256_update(&state, bytes, len);
	if (file)
		fclose(file);
	crypto_hash_sha256_final(&state, out);
}

static void add(struct transfer *transfer, const char *name, const char *value)
{
	char line[512];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	transfer->headers = curl_slist_append(transfer->headers, line);
}

/* As api.md says, by libsodium: sign.h has no body of a file. */
static void sign_hash(char out[SIGN_TEXT], const uint8_t key[SIGN_KEY_BYTES],
    const char *method, const char *target, const char *seconds,
    const char *nonce, const char *hash)
{
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	char text[1024];
	int len = snprintf(text, sizeof(text), "%s\n%s\n%s\n%s\n%s", method,
	    target, seconds, nonce, hash);

	assert_true(len > 0 && len < (int)sizeof(text));
	crypto_auth_hmacsha256(
	    mac, (const uint8_t *)text, (unsigned long long)len, key);
	sodium_bin2hex(out, SIGN_TEXT, mac, sizeof(mac));
}

static void sign(struct transfer *transfer, const struct city *city)
{
	static unsigned nonces;
	const struct upload *what = transfer->what;
	uint8_t key[SIGN_KEY_BYTES], hash[SIGN_SHA256_BYTES];
	char nonce[32], seconds[32], hash_hex[SIGN_TEXT], hex[SIGN_TEXT];

	assert_int_equal(
	    sign_key_load(key, city_path(city, "keys/http/hotline.key")), 0);
	hash_file(hash, what->path);
	hash[0] ^= what->is_other;
	sodium_bin2hex(hash_hex, sizeof(hash_hex), hash, sizeof(hash));
	snprintf(nonce, sizeof(nonce), "upload-test-%08u", nonces++);
	snprintf(seconds, sizeof(seconds), "%lld",
	    (long long)(moved_now_ms() / 1000));
	sign_hash(hex, key, what->path ? "POST" : "GET", what->target, seconds,
	    nonce, hash_hex);
	add(transfer, "X-Whistle-Client", "hotline");
	add(transfer, "X-Whistle-Time", seconds);
	add(transfer, "X-Whistle-Nonce", nonce);
	add(transfer, "X-Whistle-Signature", hex);
	if (what->path && !what->is_unannounced)
		add(transfer, "X-Whistle-Content-SHA256", hash_hex);
}

static size_t send_on(char *out, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t max = size * count, cut = transfer->what->cut_body_after;

	if (cut && transfer->sent >= cut)
		return CURL_READFUNC_ABORT;
	if (cut && max > cut - transfer->sent)
		max = cut - transfer->sent;
	max = fread(out, 1, max, transfer->file);
	transfer->sent += max;
	return max;
}

static void keep_tail(struct uploaded *out, const char *data, size_t len)
{
	size_t old = strlen(out->tail);

	if (len > UPLOAD_TAIL) {
		data += len - UPLOAD_TAIL;
		len = UPLOAD_TAIL;
	}
	if (old + len > UPLOAD_TAIL) {
		size_t drop = old + len - UPLOAD_TAIL;

		memmove(out->tail, out->tail + drop, old - drop);
		old -= drop;
	}
	memcpy(out->tail + old, data, len);
	out->tail[old + len] = '\0';
}

static size_t take(char *data, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct uploaded *out = transfer->out;
	size_t len = size * count, head = strlen(out->head);
	size_t cut = transfer->what->cut_answer_after;

	for (size_t i = 0; i < len; i++)
		out->lines += data[i] == '\n';
	memcpy(out->head + head, data,
	    len > UPLOAD_TAIL - head ? UPLOAD_TAIL - head : len);
	keep_tail(out, data, len);
	out->bytes += len;
	if (transfer->what->look)
		transfer->what->look(transfer->what->context);
	return cut && out->bytes >= cut ? 0 : len;
}

static void set_up_body(CURL *curl, struct transfer *transfer)
{
	const struct upload *what = transfer->what;

	transfer->file = fopen(what->path, "r");
	assert_non_null(transfer->file);
	add(transfer, "Content-Type", "text/csv");
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, send_on);
	curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
	if (what->is_chunked) {
		add(transfer, "Transfer-Encoding", "chunked");
		return;
	}
	assert_int_equal(fseek(transfer->file, 0, SEEK_END), 0);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)ftell(transfer->file));
	rewind(transfer->file);
}

static void once(
    struct uploaded *out, const struct city *city, const struct upload *what)
{
	struct transfer transfer = { .what = what, .out = out };
	CURL *curl = curl_easy_init();
	char url[1024];

	*out = (struct uploaded){ 0 };
	assert_non_null(curl);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", city->http_port,
	    what->target);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
	sign(&transfer, city);
	if (what->path)
		set_up_body(curl, &transfer);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer.headers);
	out->is_whole = curl_easy_perform(curl) == CURLE_OK;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_slist_free_all(transfer.headers);
	curl_easy_cleanup(curl);
	if (transfer.file)
		fclose(transfer.file);
}

/* Whom it has just hung up on the gateway may not have noticed yet. */
void upload(
    struct uploaded *out, const struct city *city, const struct upload *what)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;

	for (;;) {
		once(out, city, what);
		if (out->status != 503 || what->is_once || now_ms() > until_ms)
			return;
		breathe();
	}
}

long upload_number(const struct uploaded *uploaded, const char *name)
{
	char key[64];
	const char *line = strrchr(uploaded->tail, '{'), *at;

	snprintf(key, sizeof(key), "\"%s\":", name);
	at = line ? strstr(line, key) : NULL;
	if (!at)
		fail_msg("no %s in: %s", name, uploaded->tail);
	return strtol(at + strlen(key), NULL, 10);
}

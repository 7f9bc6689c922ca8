#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "client/sign.h"
#include "harness/malform.h"

#define TICKETS "/hotline/v1/tickets"
#define V2	"/open311/v2/"
#define JSON	"Content-Type: application/json\r\n"
#define FORM	"Content-Type: application/x-www-form-urlencoded\r\n"

static const char order[] =
    "{\"number\":\"EZ-1\",\"kind\":\"投诉\",\"title\":\"路灯不亮\","
    "\"content\":\"三天了\",\"tags\":[\"路灯\"],\"division\":\"420704001\","
    "\"urgent\":false,\"phone\":\"13900000000\","
    "\"created\":\"2026-11-21T09:30:00+08:00\"}";

#define PICK(list) (list)[noise_below(sizeof(list) / sizeof((list)[0]))]

/* ---- pieces ---- */

static void add(struct buf *out, const char *text)
{
	assert_int_equal(buf_add(out, text, strlen(text)), 0);
}

static void add_bytes(struct buf *out, const void *data, size_t len)
{
	assert_int_equal(buf_add(out, data, len), 0);
}

static void add_noise(struct buf *out, size_t len)
{
	uint8_t bytes[256];

	noise(bytes, len);
	add_bytes(out, bytes, len);
}

/* A request with a body of its right length. */
static void add_request(struct buf *out, const char *method, const char *target,
    const char *headers, struct bytes body)
{
	char length[64];

	add(out, method);
	add(out, " ");
	add(out, target);
	add(out, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
	add(out, headers);
	snprintf(
	    length, sizeof(length), "Content-Length: %zu\r\n\r\n", body.len);
	add(out, length);
	add_bytes(out, body.data, body.len);
}

static void sign(char out[640], struct malform *malform, const char *method,
    const char *target, struct bytes body)
{
	char nonce[32], hex[SIGN_TEXT];
	struct sign_parts parts = { method, target, moved_now_ms() / 1000,
		nonce, body, NULL };

	snprintf(nonce, sizeof(nonce), "malformed-%012lu", malform->nonces++);
	assert_int_equal(sign_request(hex, malform->key, &parts), 0);
	snprintf(out, 640,
	    JSON "X-Whistle-Client: hotline\r\nX-Whistle-Time: %lld\r\n"
		 "X-Whistle-Nonce: %s\r\nX-Whistle-Signature: %s\r\n",
	    (long long)parts.time_s, nonce, hex);
}

static void add_order(
    struct buf *out, struct malform *malform, struct bytes body)
{
	char headers[640];

	sign(headers, malform, "POST", TICKETS, body);
	add_request(out, "POST", TICKETS, headers, body);
}

/* ---- orders, rightly signed ---- */

static size_t a_place(const char *of)
{
	size_t at;

	do
		at = noise_below((unsigned)strlen(order));
	while (!strchr(of, order[at]));
	return at;
}

/* Something that no JSON can have there. */
static void break_json(struct buf *body)
{
	static const char *const bad[] = { "\xff", "\xc0\x80", "\xed\xa0\x80",
		"\x01", "\n\x1f", "\\u0000", "\\ud800", "\\q", "\"", "\\" };
	size_t len = strlen(order), at;

	switch (noise_below(5)) {
	case 0: /* cut short */
		add_bytes(body, order, noise_below((unsigned)len));
		return;
	case 1: /* something behind its end */
		add(body, order);
		add(body, "x");
		add_noise(body, noise_below(40));
		return;
	case 2: /* another sign where it is divided */
		at = a_place("{}:");
		add_bytes(body, order, at);
		add_bytes(body, &"#;=!"[noise_below(4)], 1);
		add(body, order + at + 1);
		return;
	case 3: /* inside of a text */
		at = (size_t)(strstr(order, "三天") - order);
		add_bytes(body, order, at);
		add(body, PICK(bad));
		add(body, order + at);
		return;
	default: /* so deep that nobody follows */
		add(body, "{\"number\":\"1\",\"title\":");
		for (unsigned i = noise_below(20000) + 3000; i > 0; i--)
			add(body, "[");
		return;
	}
}

static void make_broken_json(struct buf *out, struct malform *malform)
{
	struct buf body = { 0 };

	break_json(&body);
	add_order(out, malform, bytes_of(body.data, body.len));
	buf_free(&body);
}

/* A value that its field cannot have. */
static void make_bad_field(struct buf *out, struct malform *malform)
{
	static const struct {
		const char *field, *value;
	} bad[] = { { "title", "1" }, { "title", "-1e308" },
		{ "title", "1e999" }, { "title", "{}" }, { "title", "[[]]" },
		{ "title", "true" },
		{ "number", "99999999999999999999999999999999" },
		{ "number", "-0" }, { "number", "[]" },
		{ "number", "\"a\\u0001\"" }, { "tags", "\"x\"" },
		{ "tags", "[1]" }, { "tags", "[[\"x\"]]" }, { "tags", "{}" },
		{ "urgent", "\"yes\"" }, { "urgent", "1" },
		{ "urgency", "\"soon\"" }, { "kind", "\"x\"" },
		{ "division", "\"-1\"" }, { "division", "\"99999999999999\"" },
		{ "division", "420704001" }, { "created", "\"yesterday\"" },
		{ "created", "\"2026-13-45T99:99:99Z\"" },
		{ "created", "\"2026-11-21T09:30:00\"" }, { "created", "0" },
		{ "confidential", "\"false\"" }, { "callback", "2" },
		{ "phone", "13900000000" }, { "Title", "\"x\"" },
		{ "id", "\"x\"" }, { "__proto__", "{}" }, { "", "\"x\"" } };
	size_t i = noise_below(sizeof(bad) / sizeof(bad[0]));
	bool has_title = strcmp(bad[i].field, "title") == 0;
	bool has_number = strcmp(bad[i].field, "number") == 0;
	char body[512];

	snprintf(body, sizeof(body), "{%s%s\"%s\":%s}",
	    has_number ? "" : "\"number\":\"EZ-2\",",
	    has_title ? "" : "\"title\":\"x\",", bad[i].field, bad[i].value);
	add_order(out, malform, bytes_of(body, strlen(body)));
}

/* Too long, too many, twice, missing. */
static void make_bad_amount(struct buf *out, struct malform *malform)
{
	static const struct {
		const char *before, *fill, *after;
		unsigned times;
	} bad[] = { { "{\"number\":\"", "9", "\",\"title\":\"x\"}", 128 },
		{ "{\"number\":\"1\",\"title\":\"", "字", "\"}", 171 },
		{ "{\"number\":\"1\",\"content\":\"", "字", "\"}", 11000 },
		{ "{\"number\":\"1\",\"title\":\"x\",\"phone\":\"", "1", "\"}",
		    65 },
		{ "{\"number\":\"1\",\"title\":\"x\",\"tags\":[\"a\"", ",\"a\"",
		    "]}", 16 },
		{ "{\"number\":\"1\",\"number\":\"2\",\"title\":\"", "x", "\"}",
		    1 },
		{ "{\"title\":\"", "x", "\"}", 1 },
		{ "{\"number\":\"1\"", "", "}", 1 },
		{ "[{\"number\":\"1\",\"title\":\"", "x", "\"}]", 1 },
		{ "\"", "x", "\"", 9 }, { "", "", "", 1 },
		{ "n", "ul", "l", 1 } };
	size_t i = noise_below(sizeof(bad) / sizeof(bad[0]));
	struct buf body = { 0 };

	add(&body, bad[i].before);
	for (unsigned k = 0; k < bad[i].times; k++)
		add(&body, bad[i].fill);
	add(&body, bad[i].after);
	add_order(out, malform, bytes_of(body.data, body.len));
	buf_free(&body);
}

/* ---- signatures ---- */

/* One header is replaced, or all are; or another body than the signed. */
static void make_bad_signature(struct buf *out, struct malform *malform)
{
	static const char *const bad[] = { "X-Whistle-Time: 0",
		"X-Whistle-Time: -1", "X-Whistle-Time: 01",
		"X-Whistle-Time: 99999999999999999999", "X-Whistle-Time: 1e9",
		"X-Whistle-Nonce: short",
		"X-Whistle-Nonce: has a space in it, and more",
		"X-Whistle-Client: ../../operators/admin",
		"X-Whistle-Client: nobody",
		"X-Whistle-Client: ", "X-Whistle-Signature: 00",
		"X-Whistle-Signature: ", "X-Whistle-Signature: zz",
		"X-Other: x" };
	char headers[640], changed[1400], *line, *end;
	const char *by = PICK(bad);
	size_t name = strcspn(by, ":");

	sign(headers, malform, "POST", TICKETS, bytes_of(order, strlen(order)));
	snprintf(changed, sizeof(changed), "%s", headers);
	line = strcasestr(changed, "X-Whistle-");
	for (char *at = line; at; at = strcasestr(at + 1, "\r\nX-Whistle-"))
		if (strncmp(at + 2 * (*at == '\r'), by, name) == 0)
			line = at + 2 * (*at == '\r');
	end = strstr(line, "\r\n");
	snprintf(headers, sizeof(headers), "%s", end);
	snprintf(line, sizeof(changed) - (size_t)(line - changed), "%s%s", by,
	    headers);
	add_request(
	    out, "POST", TICKETS, changed, bytes_of(order, strlen(order)));
}

/* ---- paths, methods, headers, lengths ---- */

static void make_bad_path(struct buf *out, struct malform *malform)
{
	static const char *const paths[] = { "/%", "/..", "/../etc/passwd",
		"/hotline/v1/tickets/", "/hotline/v1/tickets/%zz", "/t/",
		"/hotline/v1/tickets/a%00b", "/hotline/v1/tickets/%ff%fe",
		"/t/0", "/t/01KAKX0000000000000000000A-00", "/console", "*",
		"/open311/v2/requests.yaml", "/open311/v2/requests/%2e%2e.json",
		"/open311/v3/services.json", "//", "/metrics/", "/healthz/x",
		"/readyz%00", "/open311/v2/requests.json?status=bogus",
		"/open311/v2/requests.json?page=-1",
		"/open311/v2/requests.json?page_size=99999999999999999999",
		"/open311/v2/requests.json?start_date=never",
		"/open311/v2/requests.json?a=%zz",
		"/open311/v2/requests.json?a=%ff" };
	char long_path[600];
	(void)malform;

	memset(long_path, 'a', sizeof(long_path));
	long_path[0] = '/';
	long_path[1 + noise_below(sizeof(long_path) - 2)] = '\0';
	long_path[sizeof(long_path) - 1] = '\0';
	add_request(out, "GET", noise_below(4) ? PICK(paths) : long_path, "",
	    bytes_of("", 0));
}

static void make_bad_method(struct buf *out, struct malform *malform)
{
	static const char *const methods[] = { "PUT", "DELETE", "PATCH", "BREW",
		"get", "OPTION", "PROPFIND", "X" };
	static const char *const paths[] = { TICKETS, "/healthz", "/metrics",
		"/readyz", V2 "requests.json", "/hotline/v1/callbacks" };
	(void)malform;

	add_request(out, PICK(methods), PICK(paths), JSON, bytes_of(order, 3));
}

static void make_bad_length(struct buf *out, struct malform *malform)
{
	static const char *const bad[] = { "Content-Length: -1",
		"Content-Length: abc", "Content-Length: 9223372036854775807",
		"Content-Length: 18446744073709551616",
		"Content-Length: 99999999999999999999999", "X: no length",
		"Transfer-Encoding: chunked",
		"Content-Length: 4\r\nTransfer-Encoding: chunked",
		"Transfer-Encoding: gzip, chunked", "Transfer-Encoding: xyz",
		"Content-Length: 1e3", "Content-Length: 0x10" };
	char headers[640];

	sign(headers, malform, "POST", TICKETS, bytes_of("", 0));
	add(out, "POST " TICKETS " HTTP/1.1\r\nHost: x\r\n"
		 "Connection: close\r\n");
	add(out, headers);
	add(out, PICK(bad));
	add(out, "\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
}

static void make_bad_headers(struct buf *out, struct malform *malform)
{
	static const char *const types[] = { "text/plain", "application/jsonx",
		"multipart/form-data", "",
		"application/x-www-form-urlencoded" };
	char headers[640], line[256];
	const char *type;

	sign(headers, malform, "POST", TICKETS, bytes_of(order, strlen(order)));
	switch (noise_below(3)) {
	case 0: /* no Host */
		add(out, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n");
		return;
	case 1: /* of another type */
		type = strstr(headers, "\r\n") + 2;
		snprintf(
		    line, sizeof(line), "Content-Type: %s\r\n", PICK(types));
		add(out, "POST " TICKETS " HTTP/1.1\r\nHost: x\r\n"
			 "Connection: close\r\n");
		add(out, line);
		add(out, type);
		snprintf(line, sizeof(line), "Content-Length: %zu\r\n\r\n",
		    strlen(order));
		add(out, line);
		add(out, order);
		return;
	default: /* without end */
		add(out, "GET /healthz HTTP/1.1\r\nHost: x\r\n");
		for (unsigned i = 0; i < 400; i++) {
			snprintf(line, sizeof(line), "X-%u: %0100u\r\n", i, i);
			add(out, line);
		}
		add(out, "\r\n");
	}
}

/* ---- Open311 ---- */

static void make_bad_form(struct buf *out, struct malform *malform)
{
	static const char *const bad[] = { "lat=91&long=0", "lat=1&long=181",
		"lat=NaN&long=0", "lat=1e999&long=1", "lat=&long=", "lat=1",
		"address_id=-1", "address_id=99999999999999999999",
		"address_string=%zz", "address_string=%ff",
		"address_string=a%00b", "address_string=x&address_string=y",
		"address_string=x&attribute[nope]=1",
		"address_string=x&attribute[urgent]=maybe",
		"address_string=x&media_url=javascript:1",
		"address_string=x&description=%01", "",
		"address_string=x&jurisdiction_id=mars",
		"address_string=x&=&=&=" };
	static const char *const keys[] = { "garbage", "nope", "%zz", "" };
	char body[512];
	const char *service = keys[noise_below(8) ? 0 : noise_below(4)];

	snprintf(body, sizeof(body), "api_key=%s&service_code=%s&%s",
	    noise_below(8) ? malform->api_key : "wrong", service, PICK(bad));
	add_request(out, "POST",
	    noise_below(2) ? V2 "requests.json" : V2 "requests.xml", FORM,
	    bytes_of(body, strlen(body)));
}

/* ---- not HTTP ---- */

static void make_no_http(struct buf *out, struct malform *malform)
{
	static const char *const starts[] = { "\x16\x03\x01\x02\x00\x01",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET\r\n\r\n",
		"GET /healthz\r\n\r\n", "\r\n\r\n\r\n", " / HTTP/1.1\r\n\r\n",
		"GET /healthz HTTP/9.9\r\nHost: x\r\n\r\n",
		"GET /healthz HTTP/1.1\r\nno colon\r\n\r\n" };
	(void)malform;

	add(out, PICK(starts));
	if (noise_below(2))
		add_noise(out, noise_below(256));
	add(out, "\r\n\r\n");
}

static const struct {
	const char *what;
	void (*make)(struct buf *out, struct malform *malform);
	bool is_http;
} kinds[MALFORM_KINDS] = {
	{ "broken JSON", make_broken_json, true },
	{ "a field", make_bad_field, true },
	{ "an amount", make_bad_amount, true },
	{ "a signature", make_bad_signature, true },
	{ "a path", make_bad_path, true },
	{ "a method", make_bad_method, true },
	{ "a length", make_bad_length, true },
	{ "headers", make_bad_headers, true },
	{ "a form", make_bad_form, true },
	{ "no HTTP", make_no_http, false },
};

void malform_make(struct malformed *out, struct malform *malform, unsigned kind)
{
	memset(out, 0, sizeof(*out));
	out->what = kinds[kind].what;
	out->is_http = kinds[kind].is_http;
	kinds[kind].make(&out->request, malform);
}

void malform_open(struct malform *malform, const struct city *city)
{
	size_t len;
	char *text;

	memset(malform, 0, sizeof(*malform));
	assert_int_equal(sign_key_load(malform->key,
			     city_path(city, "keys/http/hotline.key")),
	    0);
	text = file_read(&len, city_path(city, "keys/open311/app.key"));
	assert_non_null(text);
	snprintf(malform->api_key, sizeof(malform->api_key), "%.64s", text);
	free(text);
}

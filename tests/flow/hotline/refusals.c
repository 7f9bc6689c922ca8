/* What each operation refuses, as its description says. */
#include "hotline/tests.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/openapi.h"
#include "hotline/said.h"

/* A path that is one, of nothing that is there. */
static const char *nowhere(const char *path)
{
	static char target[256];
	const char *rest = strchr(path, '}');

	snprintf(target, sizeof(target), "%.*s%s%s", (int)strcspn(path, "{"),
	    path, rest ? "NONE" : "", rest ? rest + 1 : "");
	return target;
}

static void expect_of(long status, const struct hotline_request *request)
{
	long got = hotline_send(NULL, hotline, request);

	if (got != status)
		fail_msg("%s %s: %ld, not %ld", request->method,
		    request->target, got, status);
}

static void use_up(struct hotline_request *request)
{
	int tries = 0;

	request->client = "slow";
	while (hotline_send(NULL, hotline, request) != 429)
		assert_true(++tries < 100);
	request->client = NULL;
}

static void send_wrong_bodies(struct hotline_request *request)
{
	request->type = "text/plain";
	expect_of(415, request);
	if (strcmp(request->target, IMPORT) == 0) {
		request->type = "text/csv";
		request->body = "title\nx\n";
		expect_of(400, request);
		return;
	}
	request->type = NULL;
	request->body = "{\"nonsense\":1}";
	expect_of(400, request);
	request->body = strstr(request->target, "rating") ? RATING
			: strstr(request->target, "reopen") ||
				strstr(request->target, "withdraw")
			    ? REASON
			: strstr(request->target, "erase") ? BASIS
							   : TEXT;
	if (strchr(request->target, 'N'))
		expect_of(404, request);
}

static void refuse_all(const char *method, const char *path)
{
	bool is_callbacks = strstr(path, "callbacks") != NULL;
	struct hotline_request request = {
		.method = method, .target = nowhere(path), .body = ""
	};
	bool takes_body = strcmp(method, "POST") == 0 && !is_callbacks &&
			  !strstr(path, "attachments");

	if (strstr(path, "openapi.json")) {
		request.is_unsigned = true;
		expect_of(200, &request);
		return;
	}
	if (strcmp(path, IMPORT) == 0)
		request.type = "text/csv";
	request.is_unsigned = true;
	expect_of(401, &request);
	request.is_unsigned = false;
	request.client = is_callbacks ? "reader" : "watcher";
	expect_of(403, &request);
	use_up(&request);
	if (takes_body)
		send_wrong_bodies(&request);
	else if (strchr(path, '{'))
		expect_of(404, &request);
}

void each_operation_refuses_what_it_says(void **state)
{
	static char large[300 * 1024];

	(void)state;
	openapi_each(refuse_all);
	memset(large, ' ', sizeof(large) - 1);
	expect_only(413, "POST", TICKETS, large);
	expect_only(422, "POST", TICKETS,
	    "{\"number\":\"U-1\",\"title\":\"x\",\"item\":\"none\"}");
	expect_only(400, "GET", "/hotline/v1/callbacks?state=lost", "");
	expect_only(400, "GET", "/hotline/v1/similar?hours=0", "");
}

/* Keys and scopes are read again without a restart; a bad file changes
 * nothing. */
void scopes_are_read_again(void **state)
{
	struct hotline_request request = { .method = "GET",
		.target = TICKETS "?limit=1",
		.client = "reader" };

	(void)state;
	expect_of(200, &request);
	file_write(city_path(&city, "keys/http/reader.yaml"),
	    "scopes: [everything]\n");
	daemon_signal(&city, "gatewayd", SIGHUP);
	city_wait_log(&city, "gatewayd", "http_keys=kept", 0);
	expect_of(200, &request);
	file_write(
	    city_path(&city, "keys/http/reader.yaml"), "scopes: [callbacks]\n");
	daemon_signal(&city, "gatewayd", SIGHUP);
	city_wait_log(&city, "gatewayd", "http_keys=loaded", 0);
	expect_of(403, &request);
}

#include "harness/harness.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/browser_inside.h"

#define DRIVER	"/usr/bin/chromedriver"
#define BROWSER "/usr/bin/chromium"

const char *browser_missing(void)
{
	if (access(BROWSER, X_OK) != 0)
		return BROWSER " is not there: install chromium";
	if (access(DRIVER, X_OK) != 0)
		return DRIVER " is not there: install chromium-driver";
	return NULL;
}

/* ---- the protocol ---- */

static size_t take(char *data, size_t size, size_t count, void *context)
{
	return buf_add(context, data, size * count) ? 0 : size * count;
}

json_t *browser_tell(const struct browser *browser, const char *method,
    const char *path, json_t *body)
{
	char url[4 * WORDS], *said = body ? json_dumps(body, 0) : NULL;
	CURL *curl = curl_easy_init();
	struct buf answer = { 0 };
	json_t *value = NULL;

	assert_non_null(curl);
	snprintf(url, sizeof(url), "%s%s", browser->base, path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	if (said)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, said);
	if (method)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	if (curl_easy_perform(curl) == CURLE_OK)
		value =
		    json_loadb((const char *)answer.data, answer.len, 0, NULL);
	curl_easy_cleanup(curl);
	buf_free(&answer);
	json_decref(body);
	free(said);
	return value;
}

/* "value" of an answer that is no error; yours. */
static json_t *value_of(json_t *answer, const char *what)
{
	json_t *value = json_object_get(answer, "value");
	const char *error = json_string_value(json_object_get(value, "error"));

	if (!answer || error)
		fail_msg("%s: %s: %s", what, error ? error : "no answer",
		    error ? json_string_value(json_object_get(value, "message"))
			  : "");
	json_incref(value);
	json_decref(answer);
	return value;
}

json_t *browser_ask(struct browser *browser, const char *path, json_t *body)
{
	char full[4 * WORDS];

	snprintf(full, sizeof(full), "/session/%s%s", browser->session, path);
	return value_of(browser_tell(browser, NULL, full, body), path);
}

/* ---- open, close ---- */

static bool is_ready(void *context)
{
	json_t *answer = browser_tell(context, NULL, "/status", NULL);
	bool ready = json_is_true(
	    json_object_get(json_object_get(answer, "value"), "ready"));

	json_decref(answer);
	return ready;
}

/* A pipe to the driver: without it the browser ends, too. */
static json_t *arguments(const struct browser_wish *wish, const char *folder)
{
	return json_pack("[s, s, s, s, s, s, s, o, o, o]", "--headless=new",
	    "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
	    "--no-first-run", "--remote-debugging-pipe",
	    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
	    json_sprintf(
		"--user-data-dir=%s/browser-%d", folder, wish->no_script),
	    json_sprintf("--window-size=%d,%d", wish->width, wish->height),
	    json_sprintf("--lang=%s", wish->language));
}

static json_t *options(const struct browser_wish *wish, const char *folder)
{
	json_t *options =
	    json_pack("{s:s, s:o, s:{s:s, s:b}}", "binary", BROWSER, "args",
		arguments(wish, folder), "prefs", "intl.accept_languages",
		wish->language, "credentials_enable_service", 0);

	if (wish->no_script)
		json_object_set_new(json_object_get(options, "prefs"),
		    "profile.managed_default_content_settings.javascript",
		    json_integer(2));
	if (wish->is_phone)
		json_object_set_new(options, "mobileEmulation",
		    json_pack("{s:{s:i, s:i, s:f, s:b, s:b}}", "deviceMetrics",
			"width", wish->width, "height", wish->height,
			"pixelRatio", 2.0, "touch", 1, "mobile", 1));
	return options;
}

static void begin(struct browser *browser, const struct browser_wish *wish,
    const char *folder)
{
	json_t *value = value_of(
	    browser_tell(browser, NULL, "/session",
		json_pack("{s:{s:{s:s, s:{s:s, s:s}, s:o}}}", "capabilities",
		    "alwaysMatch", "browserName", "chrome", "goog:loggingPrefs",
		    "browser", "ALL", "performance", "ALL",
		    "goog:chromeOptions", options(wish, folder))),
	    "/session");

	snprintf(browser->session, sizeof(browser->session), "%s",
	    json_string_value(json_object_get(value, "sessionId")));
	json_decref(value);
}

void browser_open(struct browser **browser_out, const struct browser_wish *wish,
    const char *folder)
{
	struct browser *browser = calloc(1, sizeof(*browser));
	char port[32], log[CITY_PATH + 32];
	const char *const argv[] = { DRIVER, port, NULL };
	int number = free_port();

	assert_non_null(browser);
	snprintf(port, sizeof(port), "--port=%d", number);
	snprintf(log, sizeof(log), "%s/browser.log", folder);
	snprintf(browser->base, sizeof(browser->base), "http://127.0.0.1:%d",
	    number);
	browser->driver = process_start(argv, log);
	if (!wait_until(is_ready, browser, PATIENCE_MS))
		fail_msg("chromedriver does not come up: %s", log);
	begin(browser, wish, folder);
	*browser_out = browser;
}

void browser_close(struct browser **browser)
{
	char path[4 * WORDS];

	if (!*browser)
		return;
	snprintf(path, sizeof(path), "/session/%s", (*browser)->session);
	json_decref(browser_tell(*browser, "DELETE", path, NULL));
	process_kill((*browser)->driver);
	free(*browser);
	*browser = NULL;
}

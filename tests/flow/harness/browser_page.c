/* What a person does on a page, and what is seen of it. */
#include "harness/harness.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/browser_inside.h"

/* The name that WebDriver gives an element's handle. */
#define ELEMENT "element-6066-11e4-a52e-4f735466cecf"

void browser_go(struct browser *browser, const char *url)
{
	json_decref(
	    browser_ask(browser, "/url", json_pack("{s:s}", "url", url)));
}

static void look_at(struct browser *browser, const char *handle)
{
	json_decref(browser_ask(
	    browser, "/window", json_pack("{s:s}", "handle", handle)));
}

void browser_tab(struct browser *browser)
{
	json_t *tab = browser_ask(
	    browser, "/window/new", json_pack("{s:s}", "type", "tab"));

	look_at(browser, json_string_value(json_object_get(tab, "handle")));
	json_decref(tab);
}

void browser_first_tab(struct browser *browser)
{
	json_t *tabs = browser_ask(browser, "/window/handles", NULL);

	look_at(browser, json_string_value(json_array_get(tabs, 0)));
	json_decref(tabs);
}

json_t *browser_command(
    struct browser *browser, const char *command, json_t *params)
{
	return browser_ask(browser, "/goog/cdp/execute",
	    json_pack("{s:s, s:o}", "cmd", command, "params", params));
}

static json_t *find(struct browser *browser, const char *selector)
{
	return browser_ask(browser, "/elements",
	    json_pack(
		"{s:s, s:s}", "using", "css selector", "value", selector));
}

unsigned browser_count(struct browser *browser, const char *selector)
{
	json_t *found = find(browser, selector);
	unsigned count = (unsigned)json_array_size(found);

	json_decref(found);
	return count;
}

/* "/element/HANDLE/WHAT" of the first. */
static json_t *on_element(struct browser *browser, const char *selector,
    const char *what, json_t *body)
{
	json_t *found = find(browser, selector), *value;
	const char *handle = json_string_value(
	    json_object_get(json_array_get(found, 0), ELEMENT));
	char path[WORDS];

	if (!handle)
		fail_msg("the page has no %s", selector);
	snprintf(path, sizeof(path), "/element/%s/%s", handle, what);
	value = browser_ask(browser, path, body);
	json_decref(found);
	return value;
}

/* The number that the browser's own protocol has for the first. */
static json_int_t node_of(struct browser *browser, const char *selector)
{
	json_t *document =
	    browser_command(browser, "DOM.getDocument", json_object());
	json_t *found = browser_command(browser, "DOM.querySelector",
	    json_pack("{s:O, s:s}", "nodeId",
		json_object_get(json_object_get(document, "root"), "nodeId"),
		"selector", selector));
	json_int_t node = json_integer_value(json_object_get(found, "nodeId"));

	if (node == 0)
		fail_msg("the page has no %s", selector);
	json_decref(found);
	json_decref(document);
	return node;
}

static void press(struct browser *browser, const char *type, double x, double y)
{
	json_decref(browser_command(browser, "Input.dispatchMouseEvent",
	    json_pack("{s:s, s:f, s:f, s:s, s:i}", "type", type, "x", x, "y", y,
		"button", "left", "clickCount", 1)));
}

/* Where it is seen: the driver's own click needs the page's scripts. */
void browser_click(struct browser *browser, const char *selector)
{
	json_int_t node = node_of(browser, selector);
	json_t *quads, *quad;
	double x, y;

	json_decref(browser_command(browser, "DOM.scrollIntoViewIfNeeded",
	    json_pack("{s:I}", "nodeId", node)));
	quads = browser_command(
	    browser, "DOM.getContentQuads", json_pack("{s:I}", "nodeId", node));
	quad = json_array_get(json_object_get(quads, "quads"), 0);
	x = (json_number_value(json_array_get(quad, 0)) +
		json_number_value(json_array_get(quad, 4))) /
	    2;
	y = (json_number_value(json_array_get(quad, 1)) +
		json_number_value(json_array_get(quad, 5))) /
	    2;
	json_decref(quads);
	press(browser, "mousePressed", x, y);
	press(browser, "mouseReleased", x, y);
}

void browser_type(
    struct browser *browser, const char *selector, const char *text)
{
	json_decref(browser_command(browser, "DOM.focus",
	    json_pack("{s:I}", "nodeId", node_of(browser, selector))));
	json_decref(browser_command(
	    browser, "Input.insertText", json_pack("{s:s}", "text", text)));
}

static char *words_of(json_t *value)
{
	const char *words = json_string_value(value);
	char *copy = strdup(words ? words : "");

	assert_non_null(copy);
	json_decref(value);
	return copy;
}

struct saying {
	struct browser *browser;
	const char *selector, *words;
	char last[WORDS];
};

/* One that is gone between two questions says nothing yet. */
static bool is_said(void *context)
{
	struct saying *saying = context;
	json_t *found = find(saying->browser, saying->selector), *answer;
	const char *handle = json_string_value(
	    json_object_get(json_array_get(found, 0), ELEMENT));
	const char *text;
	char path[4 * WORDS];
	bool is;

	if (!handle) {
		json_decref(found);
		return false;
	}
	snprintf(path, sizeof(path), "/session/%s/element/%s/text",
	    saying->browser->session, handle);
	answer = browser_tell(saying->browser, NULL, path, NULL);
	text = json_string_value(json_object_get(answer, "value"));
	snprintf(saying->last, WORDS, "%s", text ? text : "");
	is = text && strstr(text, saying->words);
	json_decref(answer);
	json_decref(found);
	return is;
}

void browser_wait_says(
    struct browser *browser, const char *selector, const char *words)
{
	struct saying saying = { browser, selector, words, "" };

	if (!wait_until(is_said, &saying, PATIENCE_MS))
		fail_msg(
		    "%s does not say %s but: %s", selector, words, saying.last);
}

struct browser_box browser_box(struct browser *browser, const char *selector)
{
	json_t *rect = on_element(browser, selector, "rect", NULL);
	struct browser_box box = {
		json_number_value(json_object_get(rect, "x")),
		json_number_value(json_object_get(rect, "y")),
		json_number_value(json_object_get(rect, "width")),
		json_number_value(json_object_get(rect, "height")),
	};

	json_decref(rect);
	return box;
}

char *browser_style(
    struct browser *browser, const char *selector, const char *property)
{
	char what[WORDS];

	snprintf(what, sizeof(what), "css/%s", property);
	return words_of(on_element(browser, selector, what, NULL));
}

/* ---- what was seen ---- */

static void keep(const char *path, const char *text, size_t len)
{
	uint8_t *data = malloc(len);
	size_t size = 0;

	assert_non_null(data);
	assert_int_equal(sodium_base642bin(data, len, text, strlen(text), NULL,
			     &size, NULL, sodium_base64_VARIANT_ORIGINAL),
	    0);
	file_write_bytes(path, data, size);
	free(data);
}

size_t browser_picture(struct browser *browser, const char *path)
{
	json_t *value =
	    browser_command(browser, "Page.captureScreenshot", json_object());
	const char *text = json_string_value(json_object_get(value, "data"));
	size_t len = strlen(text) / 4 * 3;

	if (path)
		keep(path, text, len + 3);
	json_decref(value);
	return len;
}

static json_t *log_of(struct browser *browser, const char *type)
{
	return browser_ask(
	    browser, "/se/log", json_pack("{s:s}", "type", type));
}

unsigned browser_complaints(struct browser *browser)
{
	json_t *entries = log_of(browser, "browser"), *entry;
	unsigned count = (unsigned)json_array_size(entries);
	size_t i;

	json_array_foreach(entries, i, entry) fprintf(stderr, "console: %s\n",
	    json_string_value(json_object_get(entry, "message")));
	json_decref(entries);
	return count;
}

/* The address of a request that went out, else NULL. */
static const char *requested(json_t *entry)
{
	json_t *message = json_object_get(entry, "message");
	const char *method =
	    json_string_value(json_object_get(message, "method"));
	json_t *params = json_object_get(message, "params");

	if (!method || strcmp(method, "Network.requestWillBeSent") != 0)
		return NULL;
	return json_string_value(
	    json_object_get(json_object_get(params, "request"), "url"));
}

unsigned browser_strangers(struct browser *browser, const char *base)
{
	json_t *entries = log_of(browser, "performance"), *entry;
	unsigned count = 0;
	size_t i;

	json_array_foreach(entries, i, entry)
	{
		json_t *said = json_loads(
		    json_string_value(json_object_get(entry, "message")), 0,
		    NULL);
		const char *url = requested(said);

		if (url && strncmp(url, base, strlen(base)) != 0 &&
		    strncmp(url, "data:", 5) != 0 &&
		    strncmp(url, "chrome:", 7) != 0) {
			fprintf(stderr, "asked for %s\n", url);
			count++;
		}
		json_decref(said);
	}
	json_decref(entries);
	return count;
}

/*
 * A real browser, Debian's chromium without a window, driven as a person
 * would: by W3C WebDriver over HTTP to its chromedriver. It reaches nothing
 * but the loopback. Helpers fail the test when the page has not what they
 * look for.
 */
#ifndef WHISTLE_FLOW_BROWSER_H
#define WHISTLE_FLOW_BROWSER_H

#include <jansson.h>
#include "harness/city.h"

struct browser;

struct browser_wish {
	int width, height;
	bool is_phone;	/* touch, two dots a pixel */
	bool no_script; /* scripts off, as a setting of the browser */
	const char *language;
};

/* Why there can be no browser on this machine; NULL when there can. */
const char *browser_missing(void);
/* `folder`: for the browser's own files and the driver's log. */
void browser_open(struct browser **browser_out, const struct browser_wish *wish,
    const char *folder);
void browser_close(struct browser **browser);

void browser_go(struct browser *browser, const char *url);
/* A second page beside the first, to be looked at from now on; and back. */
void browser_tab(struct browser *browser);
void browser_first_tab(struct browser *browser);
/* By CSS selector; the first of those there are. */
unsigned browser_count(struct browser *browser, const char *selector);
void browser_click(struct browser *browser, const char *selector);
void browser_type(
    struct browser *browser, const char *selector, const char *text);
/* Waits until the element is there and has these words. */
void browser_wait_says(
    struct browser *browser, const char *selector, const char *words);
/* Left, top, width and height on the page. */
struct browser_box {
	double x, y, width, height;
};
struct browser_box browser_box(struct browser *browser, const char *selector);
/* Release with free. */
char *browser_style(
    struct browser *browser, const char *selector, const char *property);

/* A PNG of what is seen; its size in bytes. Kept at `path` unless that is
 * NULL. */
size_t browser_picture(struct browser *browser, const char *path);
/* One command of the browser's own protocol; release with json_decref. */
json_t *browser_command(
    struct browser *browser, const char *command, json_t *params);
/* How many lines its console has had, warnings and errors, and how many
 * addresses it has asked for that do not begin with `base`; shows them. */
unsigned browser_complaints(struct browser *browser);
unsigned browser_strangers(struct browser *browser, const char *base);

#endif

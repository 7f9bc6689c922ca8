/*
 * What every resident's page has: the style, the frame around it, times, and
 * text made harmless for HTML. For page*.c only.
 */
#ifndef WHISTLE_GATEWAYD_PAGE_PUT_H
#define WHISTLE_GATEWAYD_PAGE_PUT_H

#include <stdint.h>
#include <stdio.h>
#include "gatewayd/page.h"

struct page {
	FILE *out;
	bool is_chinese;
};

const char *page_say(const struct page *page, const char *zh, const char *en);
/* `words` may be a stranger's. */
void page_put(const struct page *page, const char *words);
void page_put_time(const struct page *page, int64_t time_ms);

/* `whose` may be NULL: the unit that answers for the page. */
void page_put_head(
    const struct page *page, const char *title, const char *whose);
void page_put_tail(const struct page *page);

/* Rating, reopening, remarks: whatever the state allows. What stands in
 * `typed` is said back in the form that it was typed into. */
void page_put_forms(const struct page *page, const struct ticket *ticket,
    const struct page_look *look);

#endif

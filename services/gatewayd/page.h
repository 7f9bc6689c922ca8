/*
 * The page by which a resident follows one ticket: HTML without script. It
 * says nothing of who called, what they said or where. Pure.
 */
#ifndef WHISTLE_GATEWAYD_PAGE_H
#define WHISTLE_GATEWAYD_PAGE_H

#include "gatewayd/geo.h"

enum { PAGE_REMARK_CHARS = 1000, PAGE_REMARKS_MAX = 20 };

/* What the page says above all, after something was sent. */
enum page_notice {
	PAGE_NOTHING,
	PAGE_REMARKED,
	PAGE_RATED,
	PAGE_REOPENED,
	PAGE_RATED_ALREADY,
	PAGE_NOT_NOW,
	PAGE_TOO_LONG,
	PAGE_EMPTY,
	PAGE_NOTICES,
};

const char *page_notice_word(enum page_notice notice); /* "rated" */
enum page_notice page_notice_parse(const char *word);

/* malloc'd; NULL without memory. */
char *page_ticket(const struct wire_reply *shown, struct arena *arena,
    const struct geo_city *city, enum page_notice notice, bool is_chinese);
char *page_problem(const struct http_problem *problem, bool is_chinese);

/* How often the resident has added a remark. */
unsigned page_remarks(const struct wire_reply *shown, struct arena *arena);

#endif

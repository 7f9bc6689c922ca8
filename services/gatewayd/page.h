/*
 * The page by which a resident follows one ticket: HTML without script. It
 * says nothing of who called, what they said or where; of a confidential
 * ticket only how far it is. Pure.
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
/* `len` bytes of `word`. */
enum page_notice page_notice_parse(const char *word, size_t len);

/* How one reader sees it. */
struct page_look {
	enum page_notice notice;
	bool is_chinese;
	/* What was typed into the form of that verb and could not be taken;
	 * VERB_NONE: nothing. */
	enum verb typed_for;
	const char *typed;
};

/* malloc'd; NULL without memory. */
char *page_ticket(const struct wire_reply *shown, struct arena *arena,
    const struct geo_city *city, const struct page_look *look);
char *page_problem(const struct http_problem *problem, bool is_chinese);

/* How often the resident has added a remark. */
unsigned page_remarks(const struct wire_reply *shown, struct arena *arena);

#endif

/*
 * What a resident sends with one of the page's forms. Pure.
 */
#ifndef WHISTLE_GATEWAYD_PAGE_SENT_H
#define WHISTLE_GATEWAYD_PAGE_SENT_H

#include "gatewayd/form.h"
#include "gatewayd/page.h"

struct page_sent {
	struct command command; /* its texts are this struct's */
	/* Twice what may be sent, so that it can be said back to be cut. */
	char text[2 * 4 * PAGE_REMARK_CHARS + 1];
	enum page_notice done; /* said when it has been done */
};

/* PAGE_NOTHING, or what is wrong with the form; the verb that was tried and
 * the text are there even then. */
enum page_notice page_sent_read(
    struct page_sent *sent, const struct form *form);

#endif

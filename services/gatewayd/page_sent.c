#include "gatewayd/page_sent.h"

#include <string.h>
#include "gatewayd/xml.h"

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static enum page_notice read_text(
    struct page_sent *sent, const struct form *form)
{
	const char *text = form_value(form, "text");
	size_t len =
	    xml_holds(text) ? text_cut(text, sizeof(sent->text) - 1) : 0;

	memcpy(sent->text, text, len);
	sent->text[len] = '\0';
	if (text[strspn(text, " \t\r\n")] == '\0' || !xml_holds(text))
		return PAGE_EMPTY;
	if (characters(text) > PAGE_REMARK_CHARS)
		return PAGE_TOO_LONG;
	sent->command.what.text = sent->text;
	return PAGE_NOTHING;
}

static enum page_notice read_rating(
    struct page_sent *sent, const struct form *form)
{
	struct particulars *what = &sent->command.what;
	const char *responded = form_value(form, "responded");
	const char *resolved = form_value(form, "resolved");
	unsigned satisfaction;

	if (!responded[0] || !resolved[0] ||
	    word_parse(&satisfaction, WORD_SATISFACTION,
		form_value(form, "satisfaction")))
		return PAGE_EMPTY;
	what->responded = strcmp(responded, "yes") == 0;
	what->resolved = strcmp(resolved, "yes") == 0;
	what->satisfaction = (enum satisfaction)satisfaction;
	return PAGE_NOTHING;
}

enum page_notice page_sent_read(struct page_sent *sent, const struct form *form)
{
	const char *action = form_value(form, "action");

	sent->command = (struct command){ .operator= "" };
	particulars_clear(&sent->command.what);
	sent->text[0] = '\0';
	sent->done = PAGE_NOTHING;
	if (strcmp(action, "rate") == 0) {
		sent->command.verb = VERB_RATE;
		sent->done = PAGE_RATED;
		return read_rating(sent, form);
	}
	if (strcmp(action, "reopen") == 0) {
		sent->command.verb = VERB_REOPEN;
		sent->done = PAGE_REOPENED;
		return read_text(sent, form);
	}
	if (strcmp(action, "remark") == 0) {
		sent->command.verb = VERB_NOTE;
		sent->done = PAGE_REMARKED;
		return read_text(sent, form);
	}
	return PAGE_EMPTY;
}

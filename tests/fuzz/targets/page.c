/* What a resident sends with a form of the page. */
#include <string.h>
#include "base/err.h"
#include "fuzz.h"
#include "gatewayd/page_sent.h"
#include "gatewayd/xml.h"

static void check_done(const struct page_sent *sent)
{
	promise(sent->command.verb == VERB_RATE ||
		sent->command.verb == VERB_REOPEN ||
		sent->command.verb == VERB_NOTE);
	promise(sent->done > PAGE_NOTHING && sent->done < PAGE_NOTICES);
	promise(sent->command.verb == VERB_RATE ||
		sent->command.what.text == sent->text);
	promise(xml_holds(sent->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct form form = { .count = 0 };
	struct page_sent sent;
	enum page_notice wrong;

	if (form_add(&form, fuzz_arena(), bytes_of(data, size)))
		return 0;
	wrong = page_sent_read(&sent, &form);
	promise(wrong < PAGE_NOTICES);
	promise(strlen(sent.text) < sizeof(sent.text));
	if (wrong == PAGE_NOTHING)
		check_done(&sent);
	return 0;
}

/* What a resident can do: rate once, open again, add a remark. */
#include "gatewayd/page_put.h"

/* The same form sent twice is one wish: it says what it was shown. */
static void put_form(
    const struct page *page, const struct ticket *ticket, const char *action)
{
	fprintf(page->out,
	    "<form method=\"post\"><input type=\"hidden\" name=\"action\" "
	    "value=\"%s\"><input type=\"hidden\" name=\"seq\" value=\"%u\">",
	    action, ticket->seq);
}

static void put_choice(const struct page *page, const char *name,
    const char *value, const char *words)
{
	fprintf(page->out,
	    "<label><input type=\"radio\" name=\"%s\" value=\"%s\" "
	    "required>%s</label>",
	    name, value, words);
}

static void put_question(
    const struct page *page, const char *question, const char *kind)
{
	fprintf(page->out,
	    "<fieldset><legend>%s</legend><div class=\"choices%s\">", question,
	    kind);
}

static void end_question(const struct page *page)
{
	fputs("</div></fieldset>", page->out);
}

static void put_yes_no(
    const struct page *page, const char *name, const char *question)
{
	put_question(page, question, "");
	put_choice(page, name, "yes", page_say(page, "是", "Yes"));
	put_choice(page, name, "no", page_say(page, "否", "No"));
	end_question(page);
}

static const char *satisfaction_words(
    const struct page *page, enum satisfaction satisfaction)
{
	switch (satisfaction) {
	case SATISFACTION_SATISFIED:
		return page_say(page, "满意", "Satisfied");
	case SATISFACTION_MOSTLY:
		return page_say(page, "基本满意", "Mostly satisfied");
	case SATISFACTION_DISSATISFIED:
		return page_say(page, "不满意", "Dissatisfied");
	default:
		return page_say(page, "未评价", "Not rated");
	}
}

static void put_satisfaction(const struct page *page)
{
	put_question(page,
	    page_say(page, "满意：您对办理满意吗？", "Are you satisfied?"),
	    " rows");
	for (unsigned i = SATISFACTION_SATISFIED;
	     i <= SATISFACTION_DISSATISFIED; i++)
		put_choice(page, "satisfaction",
		    word_name(WORD_SATISFACTION, i),
		    satisfaction_words(page, (enum satisfaction)i));
	end_question(page);
}

static void put_rating(const struct page *page, const struct ticket *ticket)
{
	fprintf(page->out, "<section><h2>%s</h2><p class=\"small\">%s</p>",
	    page_say(page, "请您评价", "Please rate"),
	    page_say(page, "一事一评：只能评价一次，提交后不能修改。",
		"One request, one rating: it cannot be changed afterwards."));
	put_form(page, ticket, "rate");
	put_yes_no(page, "responded",
	    page_say(page, "响应：有人及时联系您吗？",
		"Did somebody respond in time?"));
	put_yes_no(page, "resolved",
	    page_say(page, "办结：问题解决了吗？", "Is it solved?"));
	put_satisfaction(page);
	fprintf(page->out, "<button>%s</button></form></section>",
	    page_say(page, "提交评价", "Send the rating"));
}

struct words_form {
	const char *action, *title, *hint, *button;
	enum verb verb;
	bool is_second;
};

/* Closed until it is wanted, or until what was typed must be mended. */
static void put_words(const struct page *page, const struct ticket *ticket,
    const struct page_look *look, const struct words_form *form)
{
	bool is_typed = look->typed_for == form->verb;

	fprintf(page->out,
	    "<details%s><summary>%s</summary><p class=\"small\" "
	    "id=\"%s-hint\">%s</p>",
	    is_typed ? " open" : "", form->title, form->action, form->hint);
	put_form(page, ticket, form->action);
	fprintf(page->out,
	    "<label for=\"%s-text\" class=\"hide\">%s</label><textarea "
	    "id=\"%s-text\" name=\"text\" required maxlength=\"%d\" "
	    "aria-describedby=\"%s-hint\"%s>",
	    form->action, form->title, form->action, PAGE_REMARK_CHARS,
	    form->action, is_typed ? " aria-invalid=\"true\"" : "");
	/* A browser drops a line feed that comes first. */
	fputc('\n', page->out);
	if (is_typed && look->typed)
		page_put(page, look->typed);
	fprintf(page->out, "</textarea><button%s>%s</button></form></details>",
	    form->is_second ? " class=\"second\"" : "", form->button);
}

static void put_reopen(const struct page *page, const struct ticket *ticket,
    const struct page_look *look)
{
	const struct words_form form = {
		.action = "reopen",
		.verb = VERB_REOPEN,
		.title = page_say(page, "问题没有解决？", "Not solved?"),
		.hint = page_say(page,
		    "请说明哪里没有解决（不超过 1000 字），我们将重新办理。",
		    "Tell us what is not solved (1,000 characters at most), "
		    "and it will be opened again."),
		.button = page_say(page, "说明原因，重新办理", "Open it again"),
		.is_second = true,
	};

	put_words(page, ticket, look, &form);
}

static void put_remark(const struct page *page, const struct ticket *ticket,
    const struct page_look *look)
{
	const struct words_form form = {
		.action = "remark",
		.verb = VERB_NOTE,
		.title = page_say(page, "补充说明", "Add a remark"),
		.hint = page_say(page,
		    "补充的内容会转给承办单位（不超过 1000 字）。",
		    "Whoever works on it will read it (1,000 characters at "
		    "most)."),
		.button = page_say(page, "提交说明", "Send"),
	};

	put_words(page, ticket, look, &form);
}

static void put_verdict(
    const struct page *page, const char *what, const char *verdict)
{
	fprintf(page->out, "<dt>%s</dt><dd>%s</dd>", what, verdict);
}

static void put_rated(const struct page *page, const struct rating *rating)
{
	const char *yes = page_say(page, "是", "Yes");
	const char *no = page_say(page, "否", "No");

	if (!rating->is_given)
		return;
	fprintf(page->out, "<section><h2>%s</h2><dl>",
	    page_say(page, "评价", "Rating"));
	put_verdict(page, page_say(page, "及时响应", "Responded in time"),
	    rating->responded ? yes : no);
	put_verdict(page, page_say(page, "问题解决", "Solved"),
	    rating->resolved ? yes : no);
	put_verdict(page, page_say(page, "满意程度", "Satisfied"),
	    satisfaction_words(page, (enum satisfaction)rating->satisfaction));
	fputs("</dl></section>", page->out);
}

void page_put_forms(const struct page *page, const struct ticket *ticket,
    const struct page_look *look)
{
	enum state state = (enum state)ticket->state;

	if (state == STATE_RESOLVED) {
		put_rating(page, ticket);
		put_reopen(page, ticket, look);
	}
	if (law_next(state, VERB_NOTE))
		put_remark(page, ticket, look);
	if (state == STATE_CLOSED)
		put_rated(page, &ticket->rating);
}

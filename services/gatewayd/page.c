#include "gatewayd/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char style[] =
    "body{margin:0;background:#f3f5f7;color:#1c2733;font:17px/1.6 "
    "system-ui,'Noto Sans CJK SC',sans-serif}"
    "main{max-width:34em;margin:0 auto;padding:16px}"
    "h1{font-size:1.25em;margin:8px 0 16px}"
    "section{background:#fff;border-radius:12px;padding:16px;margin:0 0 16px}"
    "h2{font-size:1.05em;margin:0 0 8px}"
    ".state{font-size:1.5em;font-weight:700;margin:0;color:#0b5394}"
    ".notice{background:#e6f4ea;border-left:6px solid #1e7e34}"
    "ol{list-style:none;margin:0;padding:0}"
    "li{border-left:3px solid #9fb8d1;padding:0 0 12px 14px;white-space:"
    "pre-line;overflow-wrap:anywhere}"
    "time,.small{color:#4a5a6a;font-size:.88em;display:block}"
    "fieldset{border:0;margin:0 0 12px;padding:0}"
    "legend{padding:0;font-weight:600}"
    "fieldset label{display:block;padding:9px 0}"
    "input[type=radio],input[type=checkbox]{width:22px;height:22px;"
    "vertical-align:-4px;margin:0 10px 0 0}"
    "textarea{box-sizing:border-box;width:100%;min-height:6em;font:inherit;"
    "padding:10px;border:1px solid #7b8a99;border-radius:8px}"
    "button{width:100%;min-height:48px;margin-top:10px;border:0;"
    "border-radius:8px;background:#0b5394;color:#fff;font:inherit;"
    "font-weight:600}button.second{background:#8a3b12}";

struct page {
	FILE *out;
	bool is_chinese;
};

static const char *say(const struct page *page, const char *zh, const char *en)
{
	return page->is_chinese ? zh : en;
}

static void put(const struct page *page, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", page->out);
			break;
		case '<':
			fputs("&lt;", page->out);
			break;
		case '>':
			fputs("&gt;", page->out);
			break;
		case '"':
			fputs("&quot;", page->out);
			break;
		case '\'':
			fputs("&#39;", page->out);
			break;
		default:
			fputc(*text, page->out);
		}
	}
}

static void put_head(const struct page *page)
{
	const char *title = say(page, "我的诉求", "My request");

	fprintf(page->out,
	    "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
	    "<title>%s</title><style>%s</style></head><body><main><h1>%s</h1>",
	    say(page, "zh-CN", "en"), title, style, title);
}

static void put_tail(const struct page *page)
{
	fprintf(page->out, "<p class=\"small\">%s</p></main></body></html>\n",
	    say(page, "请勿把本页链接转发给他人。",
		"Do not pass the address of this page on."));
}

static void put_time(const struct page *page, int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	char text[64] = "";
	struct tm local;

	if (localtime_r(&seconds, &local))
		strftime(text, sizeof(text),
		    say(page, "%Y年%-m月%-d日 %H:%M", "%-d %b %Y, %H:%M"),
		    &local);
	fprintf(page->out, "<time>%s</time>", text);
}

/* ---- notices ---- */

static const struct {
	const char *word, *zh, *en;
} notices[PAGE_NOTICES] = {
	[PAGE_NOTHING] = { "", "", "" },
	[PAGE_REMARKED] = { "remarked", "已收到您的补充说明。",
	    "Your remark was received." },
	[PAGE_RATED] = { "rated", "感谢您的评价。", "Thank you for rating." },
	[PAGE_REOPENED] = { "reopened", "已重新交办，请留意进展。",
	    "It was opened again." },
	[PAGE_RATED_ALREADY] = { "already",
	    "您已经评价过了，每件诉求只评价一次。谢谢！",
	    "You have rated already; each request is rated once. Thank you!" },
	[PAGE_NOT_NOW] = { "later", "当前状态下不能进行该操作。",
	    "That cannot be done as things stand now." },
	[PAGE_TOO_LONG] = { "long", "内容过长，请不超过 1000 字。",
	    "That is too long: 1,000 characters at most." },
	[PAGE_EMPTY] = { "empty", "请填写内容或选择评价后再提交。",
	    "Please fill in the form first." },
};

const char *page_notice_word(enum page_notice notice)
{
	return notices[notice].word;
}

enum page_notice page_notice_parse(const char *word)
{
	for (int i = PAGE_NOTICES - 1; i > 0; i--)
		if (strcmp(notices[i].word, word) == 0)
			return (enum page_notice)i;
	return PAGE_NOTHING;
}

static void put_notice(const struct page *page, enum page_notice notice)
{
	if (notice != PAGE_NOTHING)
		fprintf(page->out,
		    "<section class=\"notice\" role=\"status\">%s</section>",
		    say(page, notices[notice].zh, notices[notice].en));
}

/* ---- how it stands ---- */

static void put_state(const struct page *page, const struct ticket *ticket,
    const struct geo_city *city)
{
	const struct item *item = catalogue_item(city->catalogue, ticket->item);
	enum state state = (enum state)ticket->state;

	fprintf(page->out, "<section><p class=\"state\">%s</p>",
	    geo_state_words(state, page->is_chinese));
	if (item) {
		fprintf(page->out, "<p>%s", say(page, "事项：", "About: "));
		put(page, page->is_chinese ? item->zh : item->en);
		fputs("</p>", page->out);
	}
	if (ticket->resolve_by_ms && geo_status(state) == GEO_OPEN) {
		fprintf(page->out, "<p>%s",
		    say(page, "预计办结时间", "Expected to be settled by"));
		put_time(page, ticket->resolve_by_ms);
		fputs("</p>", page->out);
	}
	fputs("</section>", page->out);
}

/* What residents wrote themselves is not said back: others may look. */
static const char *step_of(const struct page *page, const struct event *event,
    const struct ticket *ticket)
{
	const char *words = geo_told(event, ticket, page->is_chinese);

	switch (event->verb) {
	case VERB_NOTE:
		return words ? say(page, "您补充了说明", "You added a remark")
			     : NULL;
	case VERB_REOPEN:
		return say(page, "已重新办理", "Opened again");
	case VERB_RATE:
		return say(page, "已评价结案", "Rated and closed");
	default:
		return words;
	}
}

static void put_steps(const struct page *page, const struct wire_reply *shown,
    struct arena *arena)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	struct event event;

	fprintf(page->out, "<section><h2>%s</h2><ol>",
	    say(page, "办理进度", "Progress"));
	for (size_t i = 0; i < shown->show.event_count; i++) {
		const char *words;

		if (wire_event_unpack(
			&event, NULL, arena, shown->show.events[i]))
			continue;
		words = step_of(page, &event, ticket);
		if (!words)
			continue;
		fputs("<li>", page->out);
		put_time(page, event.time_ms);
		put(page, words);
		fputs("</li>", page->out);
	}
	fputs("</ol></section>", page->out);
}

unsigned page_remarks(const struct wire_reply *shown, struct arena *arena)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	struct event event;
	unsigned count = 0;

	for (size_t i = 0; i < shown->show.event_count; i++)
		if (!wire_event_unpack(
			&event, NULL, arena, shown->show.events[i]))
			count += event.verb == VERB_NOTE &&
				 geo_told(&event, ticket, true) != NULL;
	return count;
}

/* ---- what can be done ---- */

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

static void put_yes_no(
    const struct page *page, const char *name, const char *question)
{
	fprintf(page->out, "<fieldset><legend>%s</legend>", question);
	put_choice(page, name, "yes", say(page, "是", "Yes"));
	put_choice(page, name, "no", say(page, "否", "No"));
	fputs("</fieldset>", page->out);
}

static void put_rating(const struct page *page, const struct ticket *ticket)
{
	fprintf(page->out, "<section><h2>%s</h2>",
	    say(page, "请您评价（一事一评）", "Please rate (once)"));
	put_form(page, ticket, "rate");
	put_yes_no(page, "responded",
	    say(page, "有人及时联系您吗？", "Did somebody respond in time?"));
	put_yes_no(
	    page, "resolved", say(page, "问题解决了吗？", "Is it solved?"));
	fprintf(page->out, "<fieldset><legend>%s</legend>",
	    say(page, "您满意吗？", "Are you satisfied?"));
	put_choice(
	    page, "satisfaction", "satisfied", say(page, "满意", "Satisfied"));
	put_choice(page, "satisfaction", "mostly-satisfied",
	    say(page, "基本满意", "Mostly satisfied"));
	put_choice(page, "satisfaction", "dissatisfied",
	    say(page, "不满意", "Dissatisfied"));
	fprintf(page->out, "</fieldset><button>%s</button></form></section>",
	    say(page, "提交评价", "Send the rating"));
}

static void put_words(const struct page *page, const struct ticket *ticket,
    const char *action, const char *title, const char *button, bool is_second)
{
	fprintf(page->out, "<section><h2 id=\"%s\">%s</h2>", action, title);
	put_form(page, ticket, action);
	fprintf(page->out,
	    "<textarea name=\"text\" required maxlength=\"%d\" "
	    "aria-labelledby=\"%s\"></textarea><button%s>%s</button></form>"
	    "</section>",
	    PAGE_REMARK_CHARS, action, is_second ? " class=\"second\"" : "",
	    button);
}

static void put_rated(const struct page *page, const struct rating *rating)
{
	static const char *const zh[] = { "", "满意", "基本满意", "不满意",
		"未评价" };
	static const char *const en[] = { "", "Satisfied", "Mostly satisfied",
		"Dissatisfied", "Not rated" };

	if (!rating->is_given || rating->satisfaction >= SATISFACTION_COUNT)
		return;
	fprintf(page->out, "<section><h2>%s</h2><p>%s</p></section>",
	    say(page, "评价", "Rating"),
	    (page->is_chinese ? zh : en)[rating->satisfaction]);
}

static void put_forms(const struct page *page, const struct ticket *ticket)
{
	enum state state = (enum state)ticket->state;

	if (state == STATE_RESOLVED) {
		put_rating(page, ticket);
		put_words(page, ticket, "reopen",
		    say(page, "问题没有解决？", "Not solved?"),
		    say(page, "说明原因，重新办理", "Open it again"), true);
	}
	if (law_next(state, VERB_NOTE))
		put_words(page, ticket, "remark",
		    say(page, "补充说明", "Add a remark"),
		    say(page, "提交说明", "Send"), false);
	if (state == STATE_CLOSED)
		put_rated(page, &ticket->rating);
}

static char *finish(FILE *out, char **text)
{
	if (fclose(out) == 0)
		return *text;
	free(*text);
	return NULL;
}

char *page_ticket(const struct wire_reply *shown, struct arena *arena,
    const struct geo_city *city, enum page_notice notice, bool is_chinese)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	char *text = NULL;
	size_t size;
	struct page page = { open_memstream(&text, &size), is_chinese };

	if (!page.out)
		return NULL;
	put_head(&page);
	put_notice(&page, notice);
	put_state(&page, ticket, city);
	put_steps(&page, shown, arena);
	put_forms(&page, ticket);
	put_tail(&page);
	return finish(page.out, &text);
}

char *page_problem(const struct http_problem *problem, bool is_chinese)
{
	char *text = NULL, *words = problem_detail(problem, is_chinese);
	size_t size;
	struct page page = { open_memstream(&text, &size), is_chinese };

	if (!page.out || !words) {
		free(words);
		if (page.out)
			fclose(page.out);
		free(text);
		return NULL;
	}
	put_head(&page);
	fputs("<section role=\"alert\">", page.out);
	put(&page, problem->kind == PROBLEM_NO_SUCH_PATH
		       ? say(&page, "链接无效，请核对短信中的地址。",
			     "This address is not right; please compare it.")
		       : words);
	fputs("</section>", page.out);
	put_tail(&page);
	free(words);
	return finish(page.out, &text);
}

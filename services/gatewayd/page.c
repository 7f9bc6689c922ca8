#include "gatewayd/page_put.h"

#include <stdlib.h>
#include <string.h>

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

enum page_notice page_notice_parse(const char *word, size_t len)
{
	for (int i = PAGE_NOTICES - 1; i > 0; i--)
		if (strlen(notices[i].word) == len &&
		    memcmp(notices[i].word, word, len) == 0)
			return (enum page_notice)i;
	return PAGE_NOTHING;
}

static bool is_mistake(enum page_notice notice)
{
	return notice == PAGE_NOT_NOW || notice == PAGE_TOO_LONG ||
	       notice == PAGE_EMPTY;
}

static void put_notice(const struct page *page, enum page_notice notice)
{
	if (notice != PAGE_NOTHING)
		fprintf(page->out,
		    "<section class=\"%s\" role=\"%s\">%s</section>",
		    is_mistake(notice) ? "alert" : "notice",
		    is_mistake(notice) ? "alert" : "status",
		    page_say(page, notices[notice].zh, notices[notice].en));
}

/* ---- how it stands ---- */

/* How far along the four stages; -1 where they do not fit. */
static int stage_of(enum state state)
{
	switch (state) {
	case STATE_OPEN:
		return 0;
	case STATE_ACCEPTED:
	case STATE_WAITING:
	case STATE_SUSPENDED:
		return 1;
	case STATE_RESOLVED:
		return 2;
	case STATE_CLOSED:
		return 3;
	default:
		return -1;
	}
}

static void put_way(const struct page *page, enum state state)
{
	static const char *const zh[] = { "登记", "办理", "办结", "评价" };
	static const char *const en[] = { "Received", "Work", "Done", "Rated" };
	int now = stage_of(state);

	if (now < 0)
		return;
	fprintf(page->out, "<ol class=\"way\" aria-label=\"%s\">",
	    page_say(page, "办理阶段", "Stages"));
	for (int i = 0; i < 4; i++)
		fprintf(page->out, "<li%s>%s%s</li>",
		    i < now    ? " class=\"done\""
		    : i == now ? " class=\"now\" aria-current=\"step\""
			       : "",
		    (page->is_chinese ? zh : en)[i],
		    i < now ? page_say(page,
				  "<span class=\"hide\">（已完成）</span>",
				  "<span class=\"hide\"> (done)</span>")
			    : "");
	fputs("</ol>", page->out);
}

static void put_fact_time(
    const struct page *page, const char *what, int64_t time_ms)
{
	if (!time_ms)
		return;
	fprintf(page->out, "<dt>%s</dt><dd>", what);
	page_put_time(page, time_ms);
	fputs("</dd>", page->out);
}

static bool is_secret(const struct ticket *ticket)
{
	return ticket->flags & TICKET_CONFIDENTIAL;
}

static void put_facts(const struct page *page, const struct ticket *ticket,
    const struct geo_city *city)
{
	const struct item *item = catalogue_item(city->catalogue, ticket->item);
	bool is_open = geo_status((enum state)ticket->state) == GEO_OPEN;

	fputs("<dl>", page->out);
	if (item && !is_secret(ticket)) {
		fprintf(page->out, "<dt>%s</dt><dd>",
		    page_say(page, "事项", "About"));
		page_put(page,
		    page->is_chinese || !item->en[0] ? item->zh : item->en);
		fputs("</dd>", page->out);
	}
	put_fact_time(
	    page, page_say(page, "登记时间", "Received"), ticket->opened_ms);
	if (is_open)
		put_fact_time(page,
		    page_say(page, "预计办结时间", "Expected to be settled by"),
		    ticket->resolve_by_ms);
	put_fact_time(
	    page, page_say(page, "结案时间", "Closed"), ticket->closed_ms);
	fputs("</dl>", page->out);
	if (is_open && ticket->flags & TICKET_LATE_RESOLVE)
		fprintf(page->out, "<p class=\"late\">%s</p>",
		    page_say(page, "已超过预计时间，上级单位正在督促办理。",
			"It is late; the level above presses for it."));
}

/* As geo_state_words, but to the one who is to rate. */
static const char *state_words(enum state state, bool is_chinese)
{
	if (state != STATE_RESOLVED)
		return geo_state_words(state, is_chinese);
	return is_chinese ? "已办结，请您评价" : "Reported done: please rate";
}

static void put_state(const struct page *page, const struct ticket *ticket,
    const struct geo_city *city)
{
	enum state state = (enum state)ticket->state;

	fprintf(page->out, "<section><p class=\"state\">%s</p>",
	    state_words(state, page->is_chinese));
	put_way(page, state);
	put_facts(page, ticket, city);
	if (is_secret(ticket))
		fprintf(page->out, "<p class=\"small\">%s</p>",
		    page_say(page,
			"这是保密件，本页只显示进度，不显示内容和答复。",
			"This request is confidential: only its progress is "
			"shown here."));
	fputs("</section>", page->out);
}

/* ---- the steps so far ---- */

/*
 * What is public, in plain words. What residents wrote themselves is not
 * said back, as others may look; an answer has a place of its own.
 */
static const char *step_of(const struct page *page, const struct event *event,
    const struct ticket *ticket)
{
	const char *told = geo_told(event, ticket, page->is_chinese);

	switch (event->verb) {
	case VERB_NOTE:
		if (geo_tells_of_another(event))
			return told;
		return told ? page_say(
				  page, "您补充了说明", "You added a remark")
			    : NULL;
	case VERB_RESOLVE:
		return page_say(page, "已办结", "Reported done");
	case VERB_REOPEN:
		return page_say(page, "已重新办理", "Opened again");
	case VERB_RATE:
		return page_say(page, "已评价结案", "Rated and closed");
	case VERB_EXTEND:
		return page_say(page, "办理时限已延长", "More time was given");
	case VERB_SUSPEND:
		return page_say(
		    page, "需较长时间，列入计划推进", "Planned for later");
	case VERB_RESUME:
		return page_say(page, "恢复办理", "Work goes on");
	case VERB_EXCLUDE:
		return page_say(page, "不属受理范围", "Out of scope");
	case VERB_ERASE_CONTACT:
		return page_say(page, "您的联系方式已删除",
		    "Your contact details were erased");
	case VERB_MERGE:
		return page_say(page, "已与同一诉求合并办理",
		    "Handled with an earlier request");
	default:
		return told;
	}
}

static bool next_event(struct event *event_out, size_t *at,
    const struct wire_reply *shown, struct arena *arena)
{
	while (*at < shown->show.event_count)
		if (!wire_event_unpack(
			event_out, NULL, arena, shown->show.events[(*at)++]))
			return true;
	return false;
}

/* What happened twice in a row is said once: a ticket that is passed on and
 * on says so with its first time. */
static void put_steps(const struct page *page, const struct wire_reply *shown,
    struct arena *arena)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	const char *last = "";
	struct event event;
	size_t at = 0;

	fprintf(page->out, "<section><h2>%s</h2><ol class=\"steps\">",
	    page_say(page, "办理进度", "Progress"));
	while (next_event(&event, &at, shown, arena)) {
		const char *words = step_of(page, &event, ticket);

		if (!words ||
		    (strcmp(words, last) == 0 && event.verb != VERB_NOTE))
			continue;
		last = words;
		fputs("<li>", page->out);
		page_put_time(page, event.time_ms);
		page_put(page, words);
		fputs("</li>", page->out);
	}
	fputs("</ol></section>", page->out);
}

/* What the unit that resolved it last told the resident. */
static void put_answer(const struct page *page, const struct wire_reply *shown,
    struct arena *arena)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	const char *answer = "";
	struct event event;
	size_t at = 0;

	while (next_event(&event, &at, shown, arena)) {
		if (event.verb == VERB_RESOLVE)
			answer = event.what.text;
		if (event.verb == VERB_REOPEN)
			answer = "";
	}
	if (!answer[0] || is_secret(ticket))
		return;
	fprintf(page->out, "<section class=\"answer\"><h2>%s</h2><p>",
	    page_say(page, "办理答复", "The answer"));
	page_put(page, answer);
	fputs("</p></section>", page->out);
}

unsigned page_remarks(const struct wire_reply *shown, struct arena *arena)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	struct event event;
	unsigned count = 0;
	size_t at = 0;

	while (next_event(&event, &at, shown, arena))
		count += event.verb == VERB_NOTE &&
			 !geo_tells_of_another(&event) &&
			 geo_told(&event, ticket, true) != NULL;
	return count;
}

/* ---- whole pages ---- */

static char *finish(FILE *out, char **text)
{
	if (fclose(out) == 0)
		return *text;
	free(*text);
	return NULL;
}

char *page_ticket(const struct wire_reply *shown, struct arena *arena,
    const struct geo_city *city, const struct page_look *look)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	const struct unit *origin = org_unit(city->org, &ticket->origin);
	char *text = NULL;
	size_t size;
	struct page page = { open_memstream(&text, &size), look->is_chinese };

	if (!page.out)
		return NULL;
	page_put_head(&page,
	    state_words((enum state)ticket->state, look->is_chinese),
	    origin ? origin->name : NULL);
	put_notice(&page, look->notice);
	put_state(&page, ticket, city);
	put_answer(&page, shown, arena);
	if (ticket->state == STATE_RESOLVED || look->typed_for)
		page_put_forms(&page, ticket, look);
	put_steps(&page, shown, arena);
	if (ticket->state != STATE_RESOLVED && !look->typed_for)
		page_put_forms(&page, ticket, look);
	page_put_tail(&page);
	return finish(page.out, &text);
}

/* A resident has no number to send again and no log to look into. */
static const char *problem_words(
    const struct page *page, enum problem_kind kind)
{
	switch (kind) {
	case PROBLEM_NO_SUCH_PATH:
		return page_say(page, "链接无效，请核对短信中的地址。",
		    "This address is not right; please compare it with the "
		    "message that you were sent.");
	case PROBLEM_TOO_FAST:
		return page_say(page, "打开得太频繁了，请一分钟后再试。",
		    "Too many requests; please try again in a minute.");
	case PROBLEM_FORBIDDEN:
		return page_say(page, "请从本页面提交。",
		    "Please send the form from the page itself.");
	default:
		break;
	}
	if (problem_status(kind) >= 500)
		return page_say(page,
		    "系统暂时繁忙，请稍后再打开本页，看刚才提交的内容是否"
		    "已收到。",
		    "The system is busy. Please open this page again in a "
		    "while and see whether what you sent was received.");
	return page_say(page, "没有看懂提交的内容，请返回上一页重试。",
	    "That could not be read; please go back and try again.");
}

char *page_problem(const struct http_problem *problem, bool is_chinese)
{
	char *text = NULL;
	size_t size;
	struct page page = { open_memstream(&text, &size), is_chinese };

	if (!page.out)
		return NULL;
	page_put_head(&page, "", NULL);
	fprintf(page.out,
	    "<section class=\"alert\" role=\"alert\">%s</section>",
	    problem_words(&page, problem->kind));
	page_put_tail(&page);
	return finish(page.out, &text);
}

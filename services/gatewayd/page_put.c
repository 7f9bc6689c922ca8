#include "gatewayd/page_put.h"

#include <time.h>
#include "base/clock.h"

/* Sizes in em follow whatever size of letters the reader has chosen. */
static const char style[] =
    ":root{color-scheme:light dark;--bg:#f2f5f8;--card:#fff;--ink:#17212b;"
    "--soft:#4d5c6b;--line:#d3dce5;--main:#0b5394;--on:#fff;--tint:#e8f1fa;"
    "--good:#e6f4ea;--edge:#1e7e34;--warn:#8a3b12;--field:#768594}"
    "@media(prefers-color-scheme:dark){:root{--bg:#0f151b;--card:#18212a;"
    "--ink:#e8eef4;--soft:#a7b5c3;--line:#2e3c49;--main:#8ec3f5;--on:#0b2036;"
    "--tint:#1b2d40;--good:#16301f;--edge:#5fc98a;--warn:#f0a37c;"
    "--field:#8494a4}}";
static const char style_frame[] =
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--bg);color:var(--ink);font:1.0625em/1.6 "
    "system-ui,-apple-system,'PingFang SC','Microsoft YaHei',"
    "'Noto Sans CJK SC',sans-serif;-webkit-text-size-adjust:100%}"
    "header,main,footer{max-width:36em;margin:0 auto;padding:0 1em}"
    "header{display:flex;justify-content:space-between;gap:1em;"
    "align-items:center;min-height:3.5em;color:var(--soft)}"
    "header p{margin:0}a{color:var(--main)}"
    "header a{padding:.7em 0;white-space:nowrap}"
    "main>section,details{background:var(--card);border:1px solid "
    "var(--line);border-radius:.9em;padding:1.1em;margin:0 0 1em}"
    "h1,h2,.state,p{margin:0 0 .5em}h1{font-size:1em;font-weight:600;"
    "color:var(--soft)}h2,summary{font-size:1.1em;font-weight:700}"
    ".state{font-size:1.6em;line-height:1.3;font-weight:700;"
    "color:var(--main)}"
    ".notice,.alert{border-left:.4em solid var(--edge)!important;"
    "background:var(--good)!important;font-weight:600}"
    ".alert{border-color:var(--warn)!important;background:var(--card)"
    "!important}.late{color:var(--warn);font-weight:600}"
    "dl{margin:1em 0 0;display:grid;grid-template-columns:fit-content(45%) 1fr;"
    "gap:.35em 1em}dt,time,.small,footer{color:var(--soft)}dd{margin:0}"
    "time,.small{font-size:.9em}dd time{font-size:1em;color:inherit}"
    "footer{padding-bottom:2em}";
static const char style_steps[] =
    ".way{display:flex;list-style:none;margin:1em 0 0;padding:0;gap:.4em}"
    ".way li{flex:1;text-align:center;font-size:.9em;color:var(--soft);"
    "padding-top:.5em;border-top:.35em solid var(--line)}"
    ".way .done{border-color:var(--main)}"
    ".way .now{border-color:var(--main);color:var(--main);font-weight:700}"
    ".steps{list-style:none;margin:.8em 0 0;padding:0 0 0 .45em}"
    ".steps li{position:relative;border-left:2px solid var(--line);"
    "padding:0 0 1em 1.2em;white-space:pre-line;overflow-wrap:anywhere}"
    ".steps li:last-child{border-color:transparent;padding-bottom:0}"
    ".steps li::before{content:'';position:absolute;left:-.42em;top:.45em;"
    "width:.7em;height:.7em;border-radius:50%;background:var(--line)}"
    ".steps li:last-child::before{background:var(--main)}"
    ".steps time{display:block}"
    ".answer{background:var(--tint)!important;overflow-wrap:anywhere}"
    ".answer p{white-space:pre-line;margin:0}"
    ".hide{position:absolute;width:1px;height:1px;overflow:hidden;"
    "clip-path:inset(50%);white-space:nowrap}";
static const char style_forms[] =
    "fieldset{border:0;margin:0 0 1em;padding:0}"
    "legend{padding:0 0 .4em;font-weight:600}"
    ".choices{display:flex;flex-wrap:wrap;gap:.5em}"
    ".choices label{flex:1 1 6.5em;display:flex;align-items:center;"
    "gap:.6em;min-height:3em;padding:.4em .8em;border:1px solid "
    "var(--field);border-radius:.6em}"
    ".rows label{flex-basis:100%}"
    ".choices label:has(:checked){border-color:var(--main);"
    "background:var(--tint);box-shadow:inset 0 0 0 1px var(--main)}"
    "input[type=radio]{width:1.3em;height:1.3em;margin:0;flex:none;"
    "accent-color:var(--main)}"
    "textarea{display:block;width:100%;min-height:7em;font:inherit;"
    "color:inherit;background:var(--bg);padding:.6em;margin:.4em 0 0;"
    "border:1px solid var(--field);border-radius:.6em}"
    "button{width:100%;min-height:3em;margin:.8em 0 0;border:0;"
    "border-radius:.6em;background:var(--main);color:var(--on);"
    "font:inherit;font-weight:700;cursor:pointer}"
    "button.second{background:transparent;color:var(--warn);"
    "border:2px solid var(--warn)}"
    "summary{cursor:pointer;padding:.3em 0}"
    ":focus-visible{outline:3px solid var(--main);outline-offset:2px}";

const char *page_say(const struct page *page, const char *zh, const char *en)
{
	return page->is_chinese ? zh : en;
}

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void page_put(const struct page *page, const char *words)
{
	for (; *words; words++) {
		const char *escape = escape_of(*words);

		if (escape)
			fputs(escape, page->out);
		else
			fputc(*words, page->out);
	}
}

void page_put_time(const struct page *page, int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	char text[64] = "", precise[TIME_TEXT];
	struct tm local;

	if (localtime_r(&seconds, &local))
		strftime(text, sizeof(text),
		    page_say(page, "%Y年%-m月%-d日 %H:%M", "%-d %b %Y, %H:%M"),
		    &local);
	fprintf(page->out, "<time datetime=\"%s\">%s</time>",
	    time_format(precise, time_ms), text);
}

/* The other language is one touch away, and says its own name. */
static void put_top(const struct page *page, const char *whose)
{
	fputs("<header><p lang=\"zh-CN\">", page->out);
	page_put(page, whose ? whose : "");
	fprintf(page->out, "</p><a href=\"?lang=%s\" lang=\"%s\">%s</a>",
	    page_say(page, "en", "zh"), page_say(page, "en", "zh-CN"),
	    page_say(page, "English", "中文"));
	fputs("</header>", page->out);
}

void page_put_head(
    const struct page *page, const char *title, const char *whose)
{
	const char *mine = page_say(page, "我的诉求", "My request");

	fprintf(page->out,
	    "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
	    "<meta name=\"color-scheme\" content=\"light dark\">"
	    "<link rel=\"icon\" href=\"data:,\"><title>%s%s%s</title><style>",
	    page_say(page, "zh-CN", "en"), title, *title ? " · " : "", mine);
	fputs(style, page->out);
	fputs(style_frame, page->out);
	fputs(style_steps, page->out);
	fputs(style_forms, page->out);
	fputs("</style></head><body>", page->out);
	put_top(page, whose);
	fprintf(page->out, "<main><h1>%s</h1>", mine);
}

void page_put_tail(const struct page *page)
{
	fprintf(page->out,
	    "</main><footer><p class=\"small\">%s</p></footer></body></html>\n",
	    page_say(page, "本页链接只属于您，请勿转发给他人。",
		"This address is yours alone: please do not pass it on."));
}

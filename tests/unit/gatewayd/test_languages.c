/*
 * Whatever the gateway says to people it says in Chinese and in English:
 * every page, problem, state and step is made in both and looked at.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "gatewayd/page.h"

#define DIR SOURCE_DIR "/deploy/cities/ezhou"

static struct org *org;
static struct catalogue *catalogue;
static struct geo_city city;
static struct arena *arena;

static int open_city(void **state)
{
	struct report report = { 0 };

	(void)state;
	assert_int_equal(org_load(&org, &report, DIR, 0), 0);
	assert_int_equal(catalogue_load(&catalogue, &report, DIR, org), 0);
	city = (struct geo_city){ org, catalogue };
	return arena_open(&arena, 1024 * 1024);
}

static int close_city(void **state)
{
	(void)state;
	arena_close(&arena);
	catalogue_close(&catalogue);
	org_close(&org);
	return 0;
}

/* CJK ideographs and the marks that go with them. */
static bool is_han(const char *c)
{
	uint8_t first = (uint8_t)c[0];

	return first >= 0xe3 && first <= 0xe9;
}

static bool has_han(const char *text)
{
	for (; *text; text++)
		if (is_han(text))
			return true;
	return false;
}

static bool has_latin(const char *text)
{
	for (; *text; text++)
		if ((*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z'))
			return true;
	return false;
}

/* Without what stands between `from` and `to`, both gone, too. */
static void cut(char *text, const char *from, const char *to)
{
	char *start, *end;

	while ((start = strstr(text, from)) != NULL) {
		end = strstr(start + strlen(from), to);
		assert_non_null(end);
		end += strlen(to);
		memmove(start, end, strlen(end) + 1);
	}
}

/* What a reader sees, but for what names its own language. */
static void check_page(char *html, bool is_chinese)
{
	assert_non_null(html);
	cut(html, "<style>", "</style>");
	cut(html, "<header>", "</header>");
	cut(html, "<", ">");
	if (is_chinese ? has_latin(html) : has_han(html))
		fail_msg("%s: %s", is_chinese ? "zh" : "en", html);
	free(html);
}

static void check_words(const char *en, const char *zh)
{
	if (!en || !zh || !*en || !*zh || has_han(en) || !has_han(zh))
		fail_msg(
		    "“%s” and “%s”", en ? en : "(none)", zh ? zh : "(none)");
}

/* ---- tests ---- */

/* One step of every verb, by the resident where that is who can. */
static size_t all_steps(struct buf packed[VERB_COUNT], struct bytes *events)
{
	size_t count = 0;

	for (unsigned verb = 1; verb < VERB_COUNT; verb++) {
		struct event event = { .seq = 1,
			.term = 1,
			.verb = (enum verb)verb,
			.time_ms = 1795000000000,
			.operator= "gateway" };

		event.ticket.b[0] = 1;
		particulars_clear(&event.what);
		event.what.text = "";
		strcpy(event.unit.s, "4207-12345");
		if (wire_event_pack(&packed[count], &event))
			continue;
		events[count] = bytes_of(packed[count].data, packed[count].len);
		count++;
	}
	return count;
}

static void make_page(enum state state, const struct page_look *look,
    unsigned flags, const struct bytes *events, size_t count)
{
	struct wire_ticket_row row = { .title = "", .external_id = "" };
	struct wire_reply shown = { .kind = ASK_SHOW };

	row.ticket.state = (uint8_t)state;
	row.ticket.flags = (uint8_t)flags;
	row.ticket.opened_ms = row.ticket.resolve_by_ms = row.ticket.closed_ms =
	    1795000000000;
	row.ticket.rating = (struct rating){ .is_given = true,
		.satisfaction = SATISFACTION_MOSTLY };
	snprintf(row.ticket.item, sizeof(row.ticket.item), "garbage");
	strcpy(row.ticket.origin.s, "4207-12345");
	shown.show.row = &row;
	shown.show.events = events;
	shown.show.event_count = count;
	arena_reset(arena);
	check_page(page_ticket(&shown, arena, &city, look), look->is_chinese);
}

static void every_page_is_in_both(void **state)
{
	struct buf packed[VERB_COUNT] = { 0 };
	struct bytes events[VERB_COUNT];
	size_t count = all_steps(packed, events);

	(void)state;
	for (unsigned is_zh = 0; is_zh < 2; is_zh++)
		for (unsigned s = 1; s < STATE_COUNT; s++)
			for (unsigned n = 0; n < PAGE_NOTICES; n++) {
				struct page_look look = {
					.notice = (enum page_notice)n,
					.is_chinese = is_zh
				};

				make_page(
				    (enum state)s, &look, 0xff, events, count);
				make_page(
				    (enum state)s, &look, 0, events, count);
			}
	for (size_t i = 0; i < VERB_COUNT; i++)
		buf_free(&packed[i]);
}

static void every_step_is_in_both(void **state)
{
	const struct ticket ticket = { 0 };

	(void)state;
	for (unsigned verb = 1; verb < VERB_COUNT; verb++) {
		struct event event = {
			.verb = (enum verb)verb, .operator= "somebody" };
		const char *en, *zh;

		particulars_clear(&event.what);
		event.what.text = "";
		en = geo_told(&event, &ticket, false);
		zh = geo_told(&event, &ticket, true);
		if (en || zh)
			check_words(en, zh);
	}
	struct event another = { .verb = VERB_NOTE,
		.operator= "autopilot",
		.what.text = "merged: 01KAKX0000000000000000000A" };
	assert_true(geo_tells_of_another(&another));
	check_words(geo_told(&another, &ticket, false),
	    geo_told(&another, &ticket, true));
	another.what.text = "merged: two";
	assert_false(geo_tells_of_another(&another));
	assert_null(geo_told(&another, &ticket, false));
	for (unsigned s = 1; s < STATE_COUNT; s++)
		check_words(geo_state_words((enum state)s, false),
		    geo_state_words((enum state)s, true));
}

static void check_problem(const struct http_problem *problem)
{
	char *en = problem_detail(problem, false);
	char *zh = problem_detail(problem, true);

	check_words(en, zh);
	free(en);
	free(zh);
	check_page(page_problem(problem, false), false);
	check_page(page_problem(problem, true), true);
}

static void every_problem_is_in_both(void **state)
{
	(void)state;
	for (unsigned kind = 1; kind < PROBLEM_COUNT; kind++) {
		struct http_problem problem =
		    problem_of((enum problem_kind)kind);

		check_problem(&problem);
	}
	for (unsigned fault = 0; fault < FIELD_FAULT_COUNT; fault++) {
		struct http_problem problem =
		    problem_field("lat", (enum field_fault)fault);

		check_problem(&problem);
	}
	for (unsigned refusal = 1; refusal < REFUSAL_COUNT; refusal++) {
		struct http_problem problem =
		    problem_refusal(refusal_name((enum refusal)refusal), "");

		check_problem(&problem);
	}
}

/* Keywords are there in both languages at once, so that either finds it. */
static void check_services(bool is_chinese)
{
	json_t *services = geo_services(&city, is_chinese), *service;
	size_t i;

	json_array_foreach(services, i, service)
	{
		static const char *const names[] = { "service_name",
			"description", "group" };

		for (size_t n = 0; n < 3; n++) {
			const char *text = json_string_value(
			    json_object_get(service, names[n]));

			if (has_han(text) != is_chinese)
				fail_msg("%s: %s", names[n], text);
		}
	}
	json_decref(services);
}

static void every_service_is_in_both(void **state)
{
	(void)state;
	check_services(true);
	check_services(false);
	for (size_t i = 0; i < catalogue_item_count(catalogue); i++) {
		const struct item *item = catalogue_item_at(catalogue, i);
		json_t *en = geo_definition(item, false);
		json_t *zh = geo_definition(item, true);
		char *en_text = json_dumps(en, 0), *zh_text = json_dumps(zh, 0);

		check_words(en_text, zh_text);
		free(en_text);
		free(zh_text);
		json_decref(en);
		json_decref(zh);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_is_in_both),
		cmocka_unit_test(every_step_is_in_both),
		cmocka_unit_test(every_problem_is_in_both),
		cmocka_unit_test(every_service_is_in_both),
	};

	return cmocka_run_group_tests(tests, open_city, close_city);
}

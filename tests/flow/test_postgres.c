/*
 * What the city knows, as tables in a real PostgreSQL: equal to what the
 * city says, ticket by ticket and event by event, whoever was killed on the
 * way; nothing of a caller in it. Skipped where there is no PostgreSQL.
 */
#include "harness/harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/postgres.h"

#define COMPLAINTS SOURCE_DIR "/deploy/cities/ezhou/complaints.csv"
#define GRID	   "grid-420704001002001"
#define READER	   "analyst"

enum { SKIPPED = 77, ROUNDS = 4, BURST = 25 };

static struct city city;
static struct postgres postgres;

static int open_both(void **state)
{
	struct imported imported;

	(void)state;
	postgres_open(&postgres);
	city_open(&city);
	sheet_import(&imported, &city, COMPLAINTS, NULL);
	assert_int_equal(imported.refused, 0);
	imported_free(&imported);
	city_wait_quiet(&city);
	return 0;
}

static int close_both(void **state)
{
	(void)state;
	city_close(&city);
	postgres_close(&postgres);
	return 0;
}

/* Settled and rated at the grid; every third is left open. */
static void live(unsigned count, const char *prefix)
{
	for (unsigned i = 0; i < count; i++) {
		char title[64];
		struct wish wish;
		snprintf(title, sizeof(title), "%s楼道堆物%u", prefix, i);
		wish_start(&wish, VERB_OPEN, NULL);
		wish.what->title = title;
		struct id id = wish_do(&city, GRID, &wish);
		if (i % 3 == 0)
			continue;
		wish_start(&wish, VERB_RESOLVE, &id);
		wish.what->outcome = OUTCOME_SOLVED;
		wish.what->channel = CHANNEL_SELF_GOVERNMENT;
		wish.what->text = "清走了";
		wish_do(&city, GRID, &wish);
		wish_start(&wish, VERB_RATE, &id);
		wish.what->responded = wish.what->resolved = true;
		wish.what->satisfaction =
		    i % 2 ? SATISFACTION_SATISFIED : SATISFACTION_MOSTLY;
		wish_do(&city, GRID, &wish);
	}
}

static void export_once(void)
{
	cli_exits(0, &city, READER, "export", postgres.where, NULL);
}

/* ---- is it the same? ---- */

struct compared {
	const struct view *views;
	size_t count, next;
};

static void same_ticket(void *context, char **columns)
{
	struct compared *compared = context;
	char id[ID_TEXT], hash[HASH_TEXT];

	assert_true(compared->next < compared->count);
	const struct view *view = &compared->views[compared->next++];
	assert_string_equal(columns[0], id_format(id, &view->id));
	assert_int_equal(atoi(columns[1]), view->seq);
	assert_string_equal(columns[2], word_name(WORD_STATE, view->state));
	assert_string_equal(columns[3], view->holder.s);
	assert_string_equal(columns[4], hash_format(hash, &view->last));
}

/* All tickets, and each one's whole log: what hangs on its last hash, without
 * a gap. */
static void has_the_citys_tickets(void)
{
	size_t count;
	struct id *ids = tickets_all(&count, &city, "cityd");
	struct view *views = calloc(count, sizeof(*views));
	struct compared compared = { views, count, 0 };

	assert_non_null(views);
	views_read(views, &city, "cityd", ids, count, NULL, NULL);
	postgres_each(&postgres,
	    "SELECT t.id, t.seq, t.state, t.holder, encode(e.hash, 'hex') "
	    "FROM tickets t JOIN events e ON e.ticket = t.id AND e.seq = "
	    "t.seq ORDER BY t.id COLLATE \"C\"",
	    same_ticket, &compared);
	assert_int_equal(compared.next, count);
	assert_int_equal(postgres_number(&postgres,
			     "SELECT count(*) - (SELECT sum(seq) FROM "
			     "tickets) FROM events"),
	    0);
	free(views);
	free(ids);
}

static void same_score(void *context, char **columns)
{
	json_t *lines = context, *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		if (strcmp(json_text_at(line, "unit"), columns[0]) != 0)
			continue;
		assert_int_equal(
		    atoll(columns[1]), json_number_at(line, "counts.received"));
		assert_int_equal(
		    atoll(columns[2]), json_number_at(line, "counts.rated"));
		for (unsigned k = 0; k < 3; k++) {
			static const char *const rates[] = { "response.rate",
				"completion.rate", "satisfaction.rate" };
			json_t *rate = json_at(line, rates[k]);
			if (json_is_null(rate))
				assert_string_equal(columns[3 + k], "");
			else
				assert_int_equal(atoi(columns[3 + k]),
				    (int)(json_real_value(rate) * 1000 + 0.5));
		}
		return;
	}
	fail_msg("whistle score does not have %s", columns[0]);
}

static void has_the_citys_scores(void)
{
	char month[16], query[512];
	snprintf(month, sizeof(month), "%s",
	    postgres_text(&postgres,
		"SELECT to_char(max(month), 'YYYY-MM') FROM scores"));
	json_t *lines =
	    cli_json(&city, READER, "score", "show", "--period", month, NULL);

	snprintf(query, sizeof(query),
	    "SELECT unit, received, s.rated, trunc(response * 1000), "
	    "trunc(completion * 1000), trunc(satisfaction * 1000) FROM "
	    "score_board b JOIN scores s USING (unit, month, received) "
	    "WHERE month = '%s-01'",
	    month);
	postgres_each(&postgres, query, same_score, lines);
	snprintf(query, sizeof(query),
	    "SELECT count(*) FROM scores WHERE month = '%s-01'", month);
	assert_int_equal(
	    postgres_number(&postgres, query), json_array_size(lines));
	json_decref(lines);
}

/* ---- the tests ---- */

static void has_what_the_city_has(void **state)
{
	(void)state;
	live(BURST, "甲");
	city_wait_quiet(&city);
	export_once();
	has_the_citys_tickets();
	has_the_citys_scores();
	assert_true(postgres_number(&postgres,
			"SELECT count(*) FROM callouts WHERE department_name "
			"IS NOT NULL AND called_at IS NOT NULL") > 0);
	assert_true(postgres_number(&postgres,
			"SELECT count(*) FROM ticket_list WHERE street IS NOT "
			"NULL AND item_zh IS NOT NULL") > 0);
}

static void brings_nothing_twice(void **state)
{
	(void)state;
	json_t *said = cli_json(&city, READER, "export", postgres.where, NULL);

	assert_int_equal(json_number_at(said, "events"), 0);
	assert_int_equal(json_number_at(said, "tickets"), 0);
	json_decref(said);
}

static void every_column_is_described_in_both_languages(void **state)
{
	(void)state;
	assert_string_equal(
	    postgres_text(&postgres,
		"SELECT coalesce(string_agg(c.relname || '.' || a.attname, "
		"' '), '') FROM pg_class c JOIN pg_attribute a ON a.attrelid "
		"= c.oid WHERE c.relnamespace = 'whistle'::regnamespace AND "
		"c.relkind = 'r' AND a.attnum > 0 AND coalesce("
		"col_description(c.oid, a.attnum), '') !~ '[一-龥].* ?/ "
		"[A-Z]'"),
	    "");
	assert_int_equal(postgres_number(&postgres,
			     "SELECT count(*) FROM pg_class c WHERE "
			     "relnamespace = 'whistle'::regnamespace AND "
			     "relkind IN ('r', 'v') AND obj_description(oid, "
			     "'pg_class') IS NULL"),
	    0);
}

static void says_nothing_of_people(void **state)
{
	static const char order[] =
	    "{\"number\":\"P-1\",\"title\":\"保密的事\",\"item\":\"garbage\","
	    "\"caller\":\"张三丰\",\"phone\":\"13900001111\","
	    "\"content\":\"我是张三丰\"}";
	struct http_answer answer;

	(void)state;
	http_order(&answer, &city, order, HTTP_GOOD);
	assert_int_equal(answer.status, 201);
	http_free(&answer);
	city_wait_quiet(&city);
	export_once();
	assert_int_equal(
	    postgres_number(&postgres,
		"SELECT (SELECT count(*) FROM tickets t WHERE t::text ~ "
		"'张三丰|13900001111|保密的事|楼道堆物') + (SELECT count(*) "
		"FROM events e WHERE e::text ~ '张三丰|13900001111|保密的事|"
		"清走了|" GRID "')"),
	    0);
	assert_int_equal(postgres_number(&postgres,
			     "SELECT count(*) FROM tickets WHERE number = "
			     "'P-1'"),
	    1);
}

static void a_reader_changes_nothing(void **state)
{
	size_t count;
	char id[ID_TEXT];
	struct id *ids = tickets_all(&count, &city, "cityd");

	(void)state;
	id_format(id, &ids[0]);
	free(ids);
	cli_exits(1, &city, READER, "ticket", "note", id, "一句话", NULL);
	cli_exits(
	    1, &city, READER, "ticket", "open", "--title", "一件事", NULL);
	cli_exits(1, &city, READER, "node", "reload", "cityd", NULL);
}

static bool has_all(void *context)
{
	const int64_t *events = context;

	return postgres_number(&postgres, "SELECT count(*) FROM events") ==
	       *events;
}

static int64_t events_of_city(void)
{
	struct node_status status;

	assert_true(node_status(&status, &city, "cityd"));
	return (int64_t)status.events;
}

static pid_t start_following(void)
{
	const char *argv[] = { BIN_DIR "/whistle", "--home", city.home.path,
		"--as", READER, "export", postgres.where, "--follow",
		"--scores", "1", NULL };

	return process_start(argv, city_path(&city, "log/export.log"));
}

static void kills_on_the_way_lose_and_double_nothing(void **state)
{
	pid_t follower = start_following();
	char prefix[16];

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		snprintf(prefix, sizeof(prefix), "第%u轮", round);
		live(BURST, prefix);
		if (round % 2) {
			postgres_kill(&postgres);
			live(2, "没有数据库");
			postgres_start(&postgres);
		} else {
			assert_true(process_kill(follower));
			live(2, "没有导出");
			follower = start_following();
		}
	}
	city_wait_quiet(&city);
	int64_t events = events_of_city();
	if (!wait_until(has_all, &events, PATIENCE_MS))
		fail_msg("%lld events of %lld",
		    (long long)postgres_number(
			&postgres, "SELECT count(*) FROM events"),
		    (long long)events);
	kill(follower, SIGTERM);
	assert_int_equal(process_wait(follower, PATIENCE_MS), 0);
	export_once();
	has_the_citys_tickets();
	has_the_citys_scores();
}

static void follows_a_node_into_a_new_store(void **state)
{
	(void)state;
	/* what no store has any more */
	postgres_do(&postgres,
	    "INSERT INTO tickets SELECT (jsonb_populate_record(t, "
	    "'{\"id\": \"00000000000000000000000000\"}')).* FROM tickets t "
	    "LIMIT 1");
	assert_int_equal(daemon_stop(&city, "cityd"), 0);
	folder_remove(city_path(&city, "data/cityd"));
	daemon_start(&city, "cityd", NULL);
	city_wait_up(&city);
	live(3, "新的");
	city_wait_quiet(&city);
	export_once();
	assert_int_equal(
	    postgres_number(&postgres, "SELECT generation FROM progress"), 2);
	has_the_citys_tickets();
	has_the_citys_scores();
}

static void tells_of_words_only_when_asked(void **state)
{
	(void)state;
	cli_exits(0, &city, READER, "export", postgres.where, "--schema",
	    "words", "--texts", NULL);
	assert_true(postgres_number(&postgres,
			"SELECT count(*) FROM words.tickets WHERE title ~ "
			"'楼道堆物'") > 0);
	assert_true(postgres_number(&postgres,
			"SELECT count(*) FROM words.events WHERE text = "
			"'清走了'") > 0);
	assert_int_equal(postgres_number(&postgres,
			     "SELECT count(*) FROM words.tickets t WHERE "
			     "t::text ~ '13900001111'"),
	    0);
}

static void refuses_what_would_spoil_the_tables(void **state)
{
	(void)state;
	cli_exits(1, &city, "admin", "--node", "districtd", "export",
	    postgres.where, NULL);
	cli_exits(2, &city, READER, "export", "host=nowhere password=x", NULL);
	cli_exits(3, &city, READER, "export", "host=/nowhere", NULL);
	postgres_do(&postgres, "UPDATE about SET schema_version = 99");
	cli_exits(1, &city, READER, "export", postgres.where, NULL);
	postgres_do(&postgres, "UPDATE about SET schema_version = 1");
	export_once();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_what_the_city_has),
		cmocka_unit_test(brings_nothing_twice),
		cmocka_unit_test(every_column_is_described_in_both_languages),
		cmocka_unit_test(says_nothing_of_people),
		cmocka_unit_test(a_reader_changes_nothing),
		cmocka_unit_test(kills_on_the_way_lose_and_double_nothing),
		cmocka_unit_test(follows_a_node_into_a_new_store),
		cmocka_unit_test(tells_of_words_only_when_asked),
		cmocka_unit_test(refuses_what_would_spoil_the_tables),
	};
	if (postgres_missing()) {
		printf("skipped: %s\n", postgres_missing());
		return SKIPPED;
	}
	return flow_end(cmocka_run_group_tests(tests, open_both, close_both));
}

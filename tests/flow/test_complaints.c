/*
 * Complaints as they really come. WHISTLE_REAL_COMPLAINTS names a folder
 * with a message board's exports, labelled.csv and hot_issues.csv; they are
 * read where they are and never kept. Without it, stand-ins of the same size
 * and shape are made from the sample city's complaints.
 */
#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>
#include "base/csv.h"
#include "catalogue/catalogue.h"

#define MAPS SOURCE_DIR "/tests/flow/data/"

enum { LABELLED_ROWS = 495, HOT_ROWS = 1442, FILES = 2 };
/* Columns of an export that are used here, as its heading names them. */
enum { AT_NUMBER, AT_USER, AT_TITLE, AT_TIME, AT_TEXT };

static const struct {
	const char *name;
	size_t rows;
} exports[FILES] = { { "labelled.csv", LABELLED_ROWS },
	{ "hot_issues.csv", HOT_ROWS } };

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

/* ---- the exports, or what stands in for them ---- */

static void put_heading(FILE *file, const char *more)
{
	if (more)
		sheet_row(file, "留言编号", "留言用户", "留言主题", "留言时间",
		    "留言详情", more, NULL);
	else
		sheet_row(file, "留言编号", "留言用户", "留言主题", "留言时间",
		    "留言详情", NULL);
}

static void next_row(struct csv_record *record, struct csv *csv)
{
	assert_int_equal(csv_next(record, csv), 1);
	assert_null(record->problem);
}

/* Rows of the sample complaints, again and again under new numbers. */
static void make_stand_in(const char *path, const char *name, size_t rows)
{
	FILE *file = fopen(path, "w");
	struct csv_record record;
	struct csv *csv = NULL;
	char number[64];

	assert_non_null(file);
	put_heading(file, NULL);
	for (size_t i = 0; i < rows;) {
		if (!csv)
			assert_int_equal(
			    csv_open(&csv, SOURCE_DIR "/deploy/cities/ezhou/"
						      "complaints.csv"),
			    0);
		if (csv_next(&record, csv) != 1) {
			csv_close(&csv);
			continue;
		}
		if (record.line == 1)
			continue;
		snprintf(number, sizeof(number), "%s-%zu", name, ++i);
		sheet_row(file, number, "某人", record.fields[3],
		    "2020-01-06 12:09:38", record.fields[4], NULL);
	}
	csv_close(&csv);
	assert_int_equal(fclose(file), 0);
}

static void export_path(char path_out[CITY_PATH], size_t which)
{
	const char *folder = getenv("WHISTLE_REAL_COMPLAINTS");

	if (folder && folder[0]) {
		snprintf(path_out, CITY_PATH, "%.150s/%s", folder,
		    exports[which].name);
		return;
	}
	snprintf(
	    path_out, CITY_PATH, "%.200s/%s", city.dir, exports[which].name);
	if (!file_exists(path_out))
		make_stand_in(
		    path_out, exports[which].name, exports[which].rows);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* How many rows, and how many different numbers they have: people do send
 * the same thing twice. */
static size_t count_rows(size_t *numbers_out, const char *path)
{
	char **numbers = calloc(HOT_ROWS + 1, sizeof(*numbers));
	struct csv_record record;
	struct csv *csv = NULL;
	size_t rows = 0;

	assert_non_null(numbers);
	assert_int_equal(csv_open(&csv, path), 0);
	next_row(&record, csv);
	while (csv_next(&record, csv) == 1) {
		assert_true(rows < HOT_ROWS);
		numbers[rows++] = strdup(record.fields[AT_NUMBER]);
	}
	csv_close(&csv);
	qsort(numbers, rows, sizeof(*numbers), by_text);
	*numbers_out = rows > 0;
	for (size_t i = 1; i < rows; i++)
		*numbers_out += strcmp(numbers[i - 1], numbers[i]) != 0;
	for (size_t i = 0; i < rows; i++)
		free(numbers[i]);
	free(numbers);
	return rows;
}

/* ---- the first run: as they are ---- */

static size_t appeals_at_the_gateway(void)
{
	size_t count;

	free(tickets_all(&count, &city, "gatewayd"));
	return count;
}

static void every_complaint_comes_in_once(void **state)
{
	struct imported imported;
	char path[CITY_PATH];
	size_t all = 0;
	(void)state;

	for (size_t i = 0; i < FILES; i++) {
		size_t numbers;
		export_path(path, i);
		assert_int_equal(count_rows(&numbers, path), exports[i].rows);
		sheet_import(&imported, &city, path, MAPS "message-board.yaml");
		assert_int_equal(imported.refused, 0);
		assert_int_equal(imported.added, numbers);
		assert_int_equal(imported.existing, exports[i].rows - numbers);
		imported_free(&imported);
		all += numbers;
	}
	city_wait_quiet(&city);
	assert_int_equal(appeals_at_the_gateway(), all);
}

static void a_second_import_adds_none(void **state)
{
	size_t before = appeals_at_the_gateway();
	struct imported imported;
	char path[CITY_PATH];
	(void)state;

	for (size_t i = 0; i < FILES; i++) {
		export_path(path, i);
		sheet_import(&imported, &city, path, MAPS "message-board.yaml");
		assert_int_equal(imported.added, 0);
		assert_int_equal(imported.existing, exports[i].rows);
		imported_free(&imported);
	}
	city_wait_quiet(&city);
	assert_int_equal(appeals_at_the_gateway(), before);
}

struct tally {
	size_t dispatched, suggested, lost;
};

static bool is_dispatched(const struct ticket *ticket)
{
	return ticket->state == STATE_WAITING ||
	       (strcmp(ticket->holder.s, "4207") != 0 &&
		   !code_equal(&ticket->holder, &ticket->origin));
}

static void tally_one(
    void *context, const struct ticket *ticket, const struct wire_reply *reply)
{
	struct tally *tally = context;

	if (is_dispatched(ticket))
		tally->dispatched++;
	else if (reply->show.suggestion.reason[0])
		tally->suggested++;
	else
		tally->lost++;
}

/* All that came in by the gateway, as cityd sees it. */
static void visit_all(view_visit *visit, void *context)
{
	size_t count;
	struct id *ids = tickets_all(&count, &city, "gatewayd");
	struct view *views = calloc(count + 1, sizeof(*views));

	assert_non_null(views);
	views_read(views, &city, "cityd", ids, count, visit, context);
	for (size_t i = 0; i < count; i++)
		assert_true(views[i].seq > 0);
	free(views);
	free(ids);
}

static void each_is_dispatched_or_left_with_a_suggestion(void **state)
{
	struct tally tally = { 0 };
	(void)state;

	visit_all(tally_one, &tally);
	print_message("%zu dispatched, %zu left to a person\n",
	    tally.dispatched, tally.suggested);
	assert_int_equal(tally.lost, 0);
	assert_true(tally.dispatched > 0);
}

static void all_logs_are_equal(void **state)
{
	(void)state;
	assert_true(logs_check_all(&city) >= 1900);
}

/* ---- the second run: each with the address of a real community ---- */

static struct catalogue *catalogue;
static const struct unit *communities[ORG_UNITS_MAX / 1000];
static size_t community_count;

static void find_communities(void)
{
	community_count = 0;
	for (size_t i = 0; i < org_unit_count(city.org); i++) {
		const struct unit *unit = org_unit_at(city.org, i);
		if (unit->kind == UNIT_AREA && unit->depth == 3)
			communities[community_count++] = unit;
	}
	assert_true(community_count > 300);
}

static const struct unit *community_of(size_t row)
{
	return communities[row % community_count];
}

/* In full, or as people write it. */
static void write_address(char out[CITY_PATH], size_t row)
{
	const struct unit *community = community_of(row);

	snprintf(out, CITY_PATH, "%s%s%s%zu号",
	    row % 2 ? community->parent->parent->name : "",
	    community->parent->name, community->name, row % 90 + 1);
}

static size_t add_addresses(const char *to, const char *from, size_t row)
{
	char address[CITY_PATH], number[CITY_PATH];
	FILE *file = fopen(to, "w");
	struct csv_record record;
	struct csv *csv = NULL;

	assert_non_null(file);
	assert_int_equal(csv_open(&csv, from), 0);
	next_row(&record, csv);
	put_heading(file, "地址");
	for (; csv_next(&record, csv) == 1; row++) {
		write_address(address, row);
		snprintf(number, sizeof(number), "%zu/%s", row,
		    record.fields[AT_NUMBER]);
		sheet_row(file, number, "某人", record.fields[AT_TITLE],
		    record.fields[AT_TIME], record.fields[AT_TEXT], address,
		    NULL);
	}
	csv_close(&csv);
	assert_int_equal(fclose(file), 0);
	return row;
}

static bool covers(const struct unit *above, const struct unit *below)
{
	if (above->kind != UNIT_AREA)
		above = above->parent;
	return unit_is_within(below, above) || unit_is_within(above, below);
}

/* Nobody knows what it is about: a person sees where it is. */
static void check_suggestion(
    const struct unit *community, const struct wire_reply *reply)
{
	const struct unit *place =
	    org_unit(city.org, &reply->show.suggestion.place);

	if (!place || !unit_is_within(place, community))
		fail_msg("%s: suggested place is %s, not %s",
		    reply->show.row->external_id,
		    reply->show.suggestion.place.s, community->code.s);
}

/* With the competent level, as deep as the place is known. */
static void check_holder(const struct unit *community,
    const struct ticket *ticket, const char *number)
{
	const struct unit *holder = org_unit(city.org, &ticket->holder);
	const struct unit *place = org_unit(city.org, &ticket->place);
	const struct item *item = catalogue_item(catalogue, ticket->item);
	const struct unit *area =
	    holder->kind == UNIT_AREA ? holder : holder->parent;

	if (!place || !unit_is_within(place, community))
		fail_msg("%s: its place is %s, not %s", number, ticket->place.s,
		    community->code.s);
	if (!covers(holder, community))
		fail_msg("%s: it is with %s, which has nothing to do with %s",
		    number, holder->code.s, community->code.s);
	assert_non_null(item);
	assert_int_equal(area->depth,
	    item->competent < place->depth ? item->competent : place->depth);
}

static void check_arrival(
    void *context, const struct ticket *ticket, const struct wire_reply *reply)
{
	const char *number = reply->show.row->external_id;
	const struct unit *community = community_of(strtoul(number, NULL, 10));

	if (ticket->item[0])
		check_holder(community, ticket, number);
	else
		check_suggestion(community, reply);
	tally_one(context, ticket, reply);
}

static void each_arrives_where_its_address_says(void **state)
{
	struct report report = { 0 };
	struct tally tally = { 0 };
	struct imported imported;
	char path[CITY_PATH];
	size_t row = 0;
	(void)state;

	city_close(&city);
	city_open(&city);
	find_communities();
	assert_int_equal(
	    catalogue_load(&catalogue, &report, city.home.path, city.org), 0);
	for (size_t i = 0; i < FILES; i++) {
		const char *with = city_path(&city, "with-address.csv");
		export_path(path, i);
		row = add_addresses(with, path, row);
		sheet_import(
		    &imported, &city, with, MAPS "message-board-address.yaml");
		assert_int_equal(imported.refused, 0);
		assert_int_equal(imported.added, exports[i].rows);
		imported_free(&imported);
	}
	city_wait_quiet(&city);
	assert_int_equal(appeals_at_the_gateway(), LABELLED_ROWS + HOT_ROWS);
	visit_all(check_arrival, &tally);
	print_message("%zu dispatched, %zu left to a person\n",
	    tally.dispatched, tally.suggested);
	assert_int_equal(tally.lost, 0);
	catalogue_close(&catalogue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_complaint_comes_in_once),
		cmocka_unit_test(a_second_import_adds_none),
		cmocka_unit_test(each_is_dispatched_or_left_with_a_suggestion),
		cmocka_unit_test(all_logs_are_equal),
		cmocka_unit_test(each_arrives_where_its_address_says),
	};

	return flow_end(
	    cmocka_run_group_tests_name("complaints", tests, open_city, NULL));
}

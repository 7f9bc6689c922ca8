/* Files: attachments, orders that come in one, tickets that go out in one. */
#include "hotline/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/openapi.h"
#include "hotline/said.h"

void an_order_names_a_file_that_was_sent_before(void **state)
{
	struct ticket ticket = { .seq = 1 };
	char body[512], path[128];
	json_t *answer =
	    expect(201, "POST", "/hotline/v1/attachments", "电话录音的文字稿");

	(void)state;
	snprintf(path, sizeof(path), "/hotline/v1/attachments/%s",
	    json_text_at(answer, "hash"));
	snprintf(body, sizeof(body),
	    "{\"number\":\"FILE-1\",\"title\":\"路灯不亮\","
	    "\"attachments\":[{\"hash\":\"%s\",\"name\":\"文字稿.txt\"}]}",
	    json_text_at(answer, "hash"));
	json_decref(answer);
	answer = expect(201, "POST", TICKETS, body);
	assert_int_equal(id_parse(&ticket.id, json_text_at(answer, "id")), 0);
	json_decref(answer);
	answer = expect(200, "GET", TICKETS "/FILE-1", "");
	assert_string_equal(
	    json_text_at(answer, "attachments[0].name"), "文字稿.txt");
	assert_string_equal(
	    json_text_at(answer, "attachments[0].type"), "text/plain");
	json_decref(answer);
	expect_only(200, "GET", path, "");
	expect_only(415, "POST", "/hotline/v1/attachments", "<html>");
	path[strlen(path) - 1] ^= 1;
	expect_only(404, "GET", path, "");
	body[strlen(body) - 3] = ';';
	expect_only(400, "POST", TICKETS, body);
	assert_true(wait_until(has_heard, &ticket, PATIENCE_MS));
}

/* ---- many in one ---- */

/* Text of whatever kind; the next page's address is not in it. */
static char *raw(long status, const char *method, const char *target,
    const char *type, const char *body)
{
	struct hotline_request request = { .method = method,
		.target = target,
		.type = type,
		.body = body ? body : "" };
	struct buf answer = { 0 };

	assert_int_equal(
	    hotline_exchange(&answer, hotline, hotline->curl, &request),
	    status);
	openapi_fail_if_wrong();
	assert_int_equal(buf_add(&answer, "", 1), 0);
	return (char *)answer.data;
}

void takes_a_file_of_orders(void **state)
{
	static const char file[] =
	    "\xef\xbb\xbfnumber,title,content,place,urgency,more\n"
	    "ROW-1,路灯不亮,\"第一行\n第二行\"," GRID_AT ",是,x\n"
	    "ROW-2,\"没有收尾\n"
	    "ROW-3,地方不对,内容,999,否,x\n"
	    "ROW-4,说不清,内容,,也许,x\n"
	    ",没有号,内容,,,x\n";
	char *said = raw(200, "POST", IMPORT, "text/csv; charset=utf-8", file);

	(void)state;
	assert_non_null(
	    strstr(said, "{\"line\":2,\"number\":\"ROW-1\",\"id\":"));
	assert_non_null(strstr(
	    said, "{\"line\":4,\"number\":\"\",\"problem\":\"bad-record\""));
	assert_non_null(strstr(said, "\"field\":\"division\""));
	assert_non_null(strstr(said, "\"field\":\"urgent\""));
	assert_non_null(strstr(said, "\"field\":\"number\""));
	assert_non_null(strstr(said, "{\"complete\":true,\"new\":1,"
				     "\"existing\":0,\"refused\":4}\n"));
	free(said);
	said = raw(200, "POST", IMPORT, "text/csv", file);
	assert_non_null(strstr(said, "\"new\":0,\"existing\":1"));
	free(said);
	said = raw(200, "POST", IMPORT "?rows=refused", "text/csv", file);
	assert_null(strstr(said, "ROW-1"));
	assert_non_null(strstr(said, "\"number\":\"ROW-4\""));
	free(said);
	free(raw(400, "POST", IMPORT "?rows=some", "text/csv", file));
	free(raw(400, "POST", IMPORT, "text/csv", "title\nx\n"));
	free(raw(415, "POST", IMPORT, "application/json", "{}"));
}

void gives_its_tickets_as_a_file(void **state)
{
	static const char query[] =
	    EXPORT "?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
		   "&limit=500&encoding=utf-8&bom=true&safe=true";
	char *file, *again;

	(void)state;
	city_wait_quiet(&city);
	file = raw(200, "GET", query, NULL, NULL);
	assert_memory_equal(file, "\xef\xbb\xbfnumber,kind,item,title", 25);
	assert_non_null(strstr(file, "\r\nROW-1,"));
	assert_non_null(strstr(file, "\"第一行\n第二行\""));
	assert_null(strstr(file, "13900000000"));
	again = raw(200, "POST", IMPORT, "text/csv", file);
	assert_non_null(strstr(again, "{\"complete\":true,\"new\":0,"));
	free(again);
	free(file);
	file = raw(200, "GET", EXPORT "?before=00000000000000000000000001",
	    NULL, NULL);
	assert_string_equal(file, "");
	free(file);
	file = raw(200, "GET", EXPORT "?all=true", NULL, NULL);
	assert_memory_equal(file, "number,kind,item,title", 22);
	assert_non_null(strstr(file, "\r\nROW-1,"));
	free(file);
	free(raw(400, "GET", EXPORT "?encoding=latin1", NULL, NULL));
}

void signs_for_files_too(void **state)
{
	struct hotline_request request = {
		.method = "GET", .target = EXPORT, .is_unsigned = true
	};

	(void)state;
	assert_int_equal(hotline_send(NULL, hotline, &request), 401);
	request.method = "POST";
	request.target = IMPORT;
	request.type = "text/csv";
	assert_int_equal(hotline_send(NULL, hotline, &request), 401);
}

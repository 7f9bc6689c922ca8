#include "gatewayd/answer.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "gatewayd/say.h"

static const char plain_json[] = "application/json";
static const char problem_json[] = "application/problem+json";

void answer_set(
    struct answer *answer, unsigned status, const char *type, char *body)
{
	answer->status = body ? status : 500;
	answer->type = type;
	answer->body = body;
	answer->len = body ? strlen(body) : 0;
}

void answer_problem(
    struct answer *answer, const struct http_problem *problem, bool is_chinese)
{
	answer_set(answer, problem_status(problem->kind), problem_json,
	    problem_render(problem, is_chinese));
	answer->retry_after_s = problem->retry_after_s;
}

/* "field", or "field: what is wrong with it" */
static struct http_problem invalid(const char *detail)
{
	size_t len = strspn(detail, "abcdefghijklmnopqrstuvwxyz_");
	char field[PROBLEM_FIELD_MAX];

	if (len == 0 || len >= sizeof(field) ||
	    (detail[len] != '\0' && detail[len] != ':'))
		return problem_of(PROBLEM_BAD_REQUEST);
	memcpy(field, detail, len);
	field[len] = '\0';
	return problem_refusal("bad_field", field);
}

/* An order that is here and not yet above, or is decided elsewhere. */
static struct http_problem pending(const char *detail)
{
	struct http_problem problem = problem_of(PROBLEM_NO_ANSWER);

	if (strcmp(detail, "not_mirrored") == 0) {
		problem = problem_of(PROBLEM_NOT_MIRRORED);
		problem.retry_after_s = 2;
	}
	return problem;
}

struct http_problem answer_problem_of(const struct wire_reply *reply)
{
	switch (reply->result) {
	case RESULT_REFUSED:
		return problem_refusal(reply->refusal, reply->detail);
	case RESULT_NOT_FOUND:
		return problem_of(PROBLEM_NO_SUCH_TICKET);
	case RESULT_INVALID:
		return invalid(reply->detail);
	case RESULT_PENDING:
		return pending(reply->detail);
	default:
		return problem_of(PROBLEM_FAILED);
	}
}

void answer_json(struct answer *answer, unsigned status, json_t *object)
{
	char *body = object ? json_dumps(object, JSON_COMPACT) : NULL;

	json_decref(object);
	answer_set(answer, status, plain_json, body);
}

void answer_opened(struct answer *answer, const char *number, const char *link,
    const struct wire_reply *reply)
{
	bool existed = reply->command.existed;

	answer_json(answer, existed ? 200 : 201,
	    json_pack("{s:o, s:s, s:o, s:o, s:b, s:s}", "id",
		say_id(&reply->command.ticket), "number", number, "state",
		say_word(WORD_STATE, reply->command.state), "holder",
		say_text(reply->command.holder.s), "existed", (int)existed,
		"link", link));
	answer_locate(answer, number);
}

void answer_locate(struct answer *answer, const char *number)
{
	strcpy(answer->location, TICKETS_PATH "/");
	if (route_encode(answer->location, sizeof(answer->location), number) !=
	    0)
		answer->location[0] = '\0';
}

void answer_filed(struct answer *answer, const struct hash *hash, uint64_t size,
    enum file_type type)
{
	char said[HASH_TEXT];

	answer_json(answer, 201,
	    json_pack("{s:s, s:I, s:o}", "hash", hash_format(said, hash),
		"size", (json_int_t)size, "type",
		say_word(WORD_FILE_TYPE, type)));
	snprintf(
	    answer->location, sizeof(answer->location), FILES_PATH "/%s", said);
}

void answer_file(struct answer *answer, const struct hash *hash, uint64_t size,
    enum file_type type, int file)
{
	static const char *const endings[FILE_TYPE_COUNT] = {
		[FILE_JPEG] = "jpg",
		[FILE_PNG] = "png",
		[FILE_GIF] = "gif",
		[FILE_WEBP] = "webp",
		[FILE_HEIC] = "heic",
		[FILE_PDF] = "pdf",
		[FILE_TEXT] = "txt",
		[FILE_MP4] = "mp4",
		[FILE_MOV] = "mov",
		[FILE_M4A] = "m4a",
		[FILE_MP3] = "mp3",
		[FILE_WAV] = "wav",
		[FILE_AMR] = "amr",
	};
	bool is_known = type > FILE_NONE && type < FILE_TYPE_COUNT;
	char said[HASH_TEXT];

	answer->status = 200;
	answer->type = type == FILE_TEXT ? "text/plain; charset=utf-8"
		       : is_known	 ? word_name(WORD_FILE_TYPE, type)
					 : "application/octet-stream";
	answer->is_file = true;
	answer->file = file;
	answer->len = (size_t)size;
	snprintf(answer->disposition, sizeof(answer->disposition),
	    "attachment; filename=\"%.12s.%s\"", hash_format(said, hash),
	    is_known ? endings[type] : "bin");
}

void answer_free(struct answer *answer)
{
	if (answer->is_file)
		close(answer->file);
	free(answer->body);
	*answer = (struct answer){ 0 };
}

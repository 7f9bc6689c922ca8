/*
 * What is said when a request cannot be done (RFC 9457): one row a problem,
 * its words in both languages. Whoever asks picks the language with each
 * request, which gettext cannot do for a thread without a locale installed
 * for each, so the words are a table here. Nothing that a person wrote is
 * said back but the name of a field.
 */
#ifndef WHISTLE_GATEWAYD_PROBLEM_H
#define WHISTLE_GATEWAYD_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#define PROBLEMS(X)                                                            \
	X(NONE, 200, "none")                                                   \
	X(BAD_JSON, 400, "bad-json")                                           \
	X(BAD_FIELD, 400, "bad-field")                                         \
	X(BAD_REQUEST, 400, "bad-request")                                     \
	X(BAD_FORM, 400, "bad-form")                                           \
	X(BAD_RECORD, 400, "bad-record")                                       \
	X(NO_LOCATION, 400, "no-location")                                     \
	X(TOO_WIDE, 400, "too-wide")                                           \
	X(TOO_MUCH, 400, "too-much")                                           \
	X(UNSIGNED, 401, "unsigned")                                           \
	X(STALE, 401, "stale-time")                                            \
	X(WRONG_SIGNATURE, 401, "wrong-signature")                             \
	X(NONCE_USED, 401, "nonce-used")                                       \
	X(FORBIDDEN, 403, "forbidden")                                         \
	X(NO_API_KEY, 403, "no-api-key")                                       \
	X(NOT_NOW, 403, "not-now")                                             \
	X(NO_SCOPE, 403, "no-scope")                                           \
	X(NO_SUCH_PATH, 404, "no-such-path")                                   \
	X(NO_SUCH_TICKET, 404, "no-such-ticket")                               \
	X(NO_SUCH_CALLBACK, 404, "no-such-callback")                           \
	X(NO_SUCH_FILE, 404, "no-such-file")                                   \
	X(NO_SUCH_SERVICE, 404, "no-such-service")                             \
	X(NO_SUCH_JURISDICTION, 404, "no-such-jurisdiction")                   \
	X(WRONG_METHOD, 405, "wrong-method")                                   \
	X(TOO_SLOW, 408, "too-slow")                                           \
	X(NO_HASH, 411, "no-hash")                                             \
	X(NO_LENGTH, 411, "no-length")                                         \
	X(NOT_LAWFUL, 409, "not-lawful")                                       \
	X(CURSOR_GONE, 410, "cursor-gone")                                     \
	X(TOO_LARGE, 413, "too-large")                                         \
	X(IMPORT_TOO_LARGE, 413, "import-too-large")                           \
	X(FILE_TOO_LARGE, 413, "file-too-large")                               \
	X(FILE_TYPE, 415, "file-type")                                         \
	X(NOT_JSON, 415, "not-json")                                           \
	X(NOT_FORM, 415, "not-form")                                           \
	X(NOT_CSV, 415, "not-csv")                                             \
	X(REFUSED, 422, "refused")                                             \
	X(TOO_FAST, 429, "too-fast")                                           \
	X(FAILED, 500, "failed")                                               \
	X(NOT_HERE, 503, "not-here-yet")                                       \
	X(BUSY, 503, "busy")                                                   \
	X(STORE_FULL, 503, "store-full")                                       \
	X(NOT_MIRRORED, 503, "not-mirrored")                                   \
	X(RECOVERING, 503, "recovering")                                       \
	X(STOPPING, 503, "stopping")                                           \
	X(NOT_WELL, 503, "not-well")                                           \
	X(NO_ANSWER, 504, "no-answer")

#define X(name, status, slug) PROBLEM_##name,
enum problem_kind { PROBLEMS(X) PROBLEM_COUNT };
#undef X

/* What is wrong with a field of an order. */
#define FIELD_FAULTS(X)                                                        \
	X(NONE, "is not right", "有误")                                        \
	X(MISSING, "is missing", "缺失")                                       \
	X(UNKNOWN, "is not a field that is known here", "不是此处可用的字段")  \
	X(NOT_TEXT, "must be a string", "必须是字符串")                        \
	X(NOT_FLAG, "must be true or false", "必须是 true 或 false")           \
	X(NOT_LIST, "must be a list of strings", "必须是字符串数组")           \
	X(TOO_LONG, "is too long", "过长")                                     \
	X(TOO_MANY, "has too many entries", "条目过多")                        \
	X(CONTROL, "holds a control character", "含有控制字符")                \
	X(NOT_LISTED, "is none of the values that it may have",                \
	    "不在允许的取值之内")                                              \
	X(NOT_FILES,                                                           \
	    "is a list of files that were sent before, each with hash and "    \
	    "name, and no hash twice",                                         \
	    "须为已上传附件的数组，每项含 hash 和 name，且 hash 不重复")       \
	X(NOT_CODE, "is not a division's code", "不是行政区划代码")            \
	X(NOT_TIME, "is not an RFC 3339 time with its zone",                   \
	    "不是带时区的 RFC 3339 时间")                                      \
	X(CONTRADICTS, "contradicts another field", "与另一字段矛盾")          \
	X(NOT_NUMBER, "is not a decimal number in its range",                  \
	    "不是取值范围内的十进制数")                                        \
	X(NOT_POINT, "must be {\"longitude\": …, \"latitude\": …} in degrees", \
	    "必须是以度为单位的 {\"longitude\": …, \"latitude\": …}")          \
	X(SEPARATOR, "holds an ideographic comma, which stands between tags",  \
	    "含有用来分隔标签的顿号")                                          \
	X(NO_ORDER, "is the number of no order here",                          \
	    "不是本热线已有的工单号")                                          \
	X(NOT_KEY, "must be 1 to 64 characters of visible ASCII",              \
	    "必须是 1 到 64 个可见 ASCII 字符")                                \
	X(NOT_URL, "is not an http or https address", "不是 http 或 https 地址")

#define X(name, en, zh) FIELD_##name,
enum field_fault { FIELD_FAULTS(X) FIELD_FAULT_COUNT };
#undef X

enum { PROBLEM_FIELD_MAX = 64, PROBLEM_REFUSAL_MAX = 32 };

struct http_problem {
	enum problem_kind kind;
	/* "" when no field is at fault; cut to fit. */
	char field[PROBLEM_FIELD_MAX];
	enum field_fault fault;
	/* The law's word, or "". */
	char refusal[PROBLEM_REFUSAL_MAX];
	unsigned retry_after_s; /* 0: nothing is said of it */
};

struct http_problem problem_of(enum problem_kind kind);
struct http_problem problem_field(const char *field, enum field_fault fault);
/* The law said no: which of the above that is, over HTTP. `refusal` is its
 * word; `detail` names a field, a unit or a limit, and may be "". */
struct http_problem problem_refusal(const char *refusal, const char *detail);

/* The same of an act on a ticket that is there. */
struct http_problem problem_of_act(const char *refusal, const char *detail);

unsigned problem_status(enum problem_kind kind);
const char *problem_slug(enum problem_kind kind);

/* True when an Accept-Language (NULL: none) wants Chinese first. */
bool problem_is_chinese(const char *accept_language);
/* … or English first: for what residents read, which is Chinese else. */
bool problem_is_english(const char *accept_language);
/* The sentence for a person; malloc'd, NULL without memory. */
char *problem_detail(const struct http_problem *problem, bool is_chinese);
/* A body of application/problem+json, to be freed; NULL without memory. */
char *problem_render(const struct http_problem *problem, bool is_chinese);

#endif

#include "say.h"

#include <stdarg.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "refusals.h"
#include "story.h"

void say_error(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fputs("whistle: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	va_end(list);
}

static enum cli_exit exit_of(int err)
{
	switch (err) {
	case ERR_NOT_FOUND:
		return CLI_NOT_FOUND;
	case ERR_TIMEOUT:
	case ERR_UNREACHABLE:
		return CLI_UNREACHABLE;
	default:
		return CLI_FAILED;
	}
}

enum cli_exit say_failure(int err, const char *subject)
{
	say_error(_("%s: %s."), subject, lang_text(err_text(err)));
	return exit_of(err);
}

/* A take-over is ordered, and nobody has answered yet. */
static void say_silence(
    const char *moment, const char *subject, const char *colon)
{
	char until[STORY_TIME_TEXT];
	say_error(_("%s%sThe take-over is ordered; the node of the unit that "
		    "holds the ticket has not answered yet. Look at the "
		    "ticket again later. If that node is still silent on "
		    "%s, you may go on without it: “whistle ticket take-over "
		    "%s --fence --reason TEXT”."),
	    subject, colon, story_moment(until, moment),
	    *subject ? subject : "ID");
}

enum cli_exit say_result(
    struct cli *cli, const struct wire_reply *reply, const char *subject)
{
	char text[REFUSAL_TEXT];
	const char *colon = *subject ? ": " : "";
	switch (reply->result) {
	case RESULT_REFUSED:
		refusals_explain(text, cli, reply->refusal, reply->detail);
		say_error("%s%s%s", subject, colon, text);
		return CLI_REFUSED;
	case RESULT_PENDING:
		if (!strcmp(reply->detail, "not_mirrored")) {
			say_error(
			    _("%s%sThe ticket is taken down here, but the node "
			      "above does not have it yet, so it does not "
			      "count. Say it again with the same number, or "
			      "look for it later before you open another."),
			    subject, colon);
			return CLI_UNREACHABLE;
		}
		if (*reply->detail) {
			say_silence(reply->detail, subject, colon);
			return CLI_UNREACHABLE;
		}
		say_error(_("%s%sThe request is on its way to the unit that "
			    "holds the ticket, whose node has not answered "
			    "yet. Look at the ticket again later."),
		    subject, colon);
		return CLI_UNREACHABLE;
	case RESULT_NOT_FOUND:
		say_error(_("%s%sThis node knows no such ticket. Check the "
			    "number, or ask a node above with --node."),
		    subject, colon);
		return CLI_NOT_FOUND;
	case RESULT_INVALID:
		say_error(_("%s%sThe node did not understand the request "
			    "(%s). Are both of the same version?"),
		    subject, colon, reply->detail);
		return CLI_FAILED;
	default:
		say_error(_("%s%sThe node could not do it (%s). Its log says "
			    "why."),
		    subject, colon, reply->detail);
		return CLI_FAILED;
	}
}

/* Length of the character at `text`, and whether it may be printed. The
 * wire has checked that it is UTF-8. */
static size_t character(bool *is_safe_out, const unsigned char *text)
{
	*is_safe_out = text[0] >= 0x20 && text[0] != 0x7f;
	if (text[0] < 0xc0)
		return 1;
	if (text[0] < 0xe0) {
		/* U+0080 to U+009F are controls, too. */
		*is_safe_out = !(text[0] == 0xc2 && text[1] < 0xa0);
		return 2;
	}
	if (text[0] < 0xf0) {
		/* U+200E–F, U+202A–E and U+2066–9 turn the direction. */
		unsigned point = (text[0] & 15U) << 12 | (text[1] & 63U) << 6 |
				 (text[2] & 63U);
		*is_safe_out = !((point >= 0x200e && point <= 0x200f) ||
				 (point >= 0x2028 && point <= 0x202e) ||
				 (point >= 0x2066 && point <= 0x2069));
		return 3;
	}
	return 4;
}

static void print_safely(FILE *out, const char *text, const char *newline)
{
	const unsigned char *at = (const unsigned char *)text;
	const unsigned char *end = at + strlen(text);
	while (at < end) {
		bool is_safe;
		size_t len = character(&is_safe, at);
		if (len > (size_t)(end - at))
			break;
		if (*at == '\n')
			fputs(newline, out);
		else if (*at == '\t')
			fputc(' ', out);
		else if (*at == '\r')
			;
		else if (is_safe)
			fwrite(at, 1, len, out);
		else
			fputc('?', out);
		at += len;
	}
}

void say_text(FILE *out, const char *text, const char *indent)
{
	char newline[32];
	snprintf(newline, sizeof(newline), "\n%s", indent);
	fputs(indent, out);
	print_safely(out, text, newline);
	fputc('\n', out);
}

void say_line(FILE *out, const char *text)
{
	print_safely(out, text, " ");
}

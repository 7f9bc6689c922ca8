#include "client/records.h"

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"

struct records {
	struct records_style style;
	iconv_t converter; /* when gb18030 */
	struct buf line;   /* in UTF-8 */
	bool is_marked;
};

/* What a ticket says of itself over its log. */
struct told {
	struct event opening;
	const char *reply;
};

int records_open(
    struct records **records_out, const struct records_style *style)
{
	struct records *records = calloc(1, sizeof(*records));

	if (!records)
		return ERR_NOMEM;
	records->style = *style;
	if (style->gb18030) {
		records->converter = iconv_open("GB18030", "UTF-8");
		if (records->converter == (iconv_t)-1) {
			free(records);
			return errno == EINVAL ? ERR_NOT_FOUND : ERR_NOMEM;
		}
	}
	*records_out = records;
	return 0;
}

void records_close(struct records **records)
{
	if (!*records)
		return;
	if ((*records)->style.gb18030)
		iconv_close((*records)->converter);
	buf_free(&(*records)->line);
	free(*records);
	*records = NULL;
}

/* ---- fields ---- */

static int put(struct records *records, const char *text, size_t len)
{
	return buf_add(&records->line, text, len);
}

/* A spreadsheet takes these for the start of a formula. */
static bool is_formula(const char *text)
{
	return *text && strchr("=+-@\t\r", *text) != NULL;
}

/* Blanks at either end would be lost where they are not in quotes. */
static bool needs_quotes(const char *text)
{
	size_t len = strlen(text);

	return strpbrk(text, ",\"\r\n") ||
	       (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));
}

static int put_quoted(struct records *records, const char *text)
{
	int rc = put(records, "\"", 1);

	while (!rc && *text) {
		size_t len = strcspn(text, "\"");

		rc = put(records, text, len);
		text += len;
		if (!rc && *text) {
			rc = put(records, "\"\"", 2);
			text++;
		}
	}
	return rc ? rc : put(records, "\"", 1);
}

static int put_field(struct records *records, const char *text)
{
	int rc = records->line.len > 0 ? put(records, ",", 1) : 0;
	bool quotes = needs_quotes(text);

	if (!rc && records->style.defuse && is_formula(text)) {
		struct buf safe = { 0 };

		rc = buf_add(&safe, "'", 1);
		if (!rc)
			rc = buf_add(&safe, text, strlen(text) + 1);
		if (!rc)
			rc = put_quoted(records, (const char *)safe.data);
		buf_free(&safe);
		return rc;
	}
	if (rc)
		return rc;
	return quotes ? put_quoted(records, text)
		      : put(records, text, strlen(text));
}

/* ---- what stands in the columns ---- */

struct row {
	const struct wire_ticket_row *shown;
	const struct ticket *ticket;
	const struct told *told;
	char kind[64], created[TIME_TEXT];
	const char *content;
	char text[TIME_TEXT + ID_TEXT]; /* of the column under way */
};

static const char *moment(struct row *row, int64_t time_ms)
{
	char said[TIME_TEXT];

	snprintf(row->text, sizeof(row->text), "%s",
	    time_ms ? time_format(said, time_ms) : "");
	return row->text;
}

static const char *number_of(struct row *row)
{
	if (row->shown->external_id[0])
		return row->shown->external_id;
	return id_format(row->text, &row->ticket->id);
}

static const char *counted(struct row *row, unsigned count)
{
	snprintf(row->text, sizeof(row->text), "%u", count);
	return row->text;
}

static const char *word(enum word_list list, unsigned value)
{
	return value ? word_name(list, value) : "";
}

static const char *yes(bool is)
{
	return is ? "yes" : "no";
}

static const char *rated(const struct row *row, bool is)
{
	return row->ticket->rating.is_given ? yes(is) : "";
}

/* One list makes the heading and the records. */
#define COLUMNS(X)                                                             \
	X(number, number_of(row))                                              \
	X(kind, row->kind)                                                     \
	X(item, row->ticket->item)                                             \
	X(title, row->shown->title)                                            \
	X(content, row->content)                                               \
	X(address, row->told->opening.what.address)                            \
	X(place, row->ticket->place.s)                                         \
	X(urgency, yes(row->ticket->flags &TICKET_URGENT))                     \
	X(created, row->created)                                               \
	X(confidential, yes(row->told->opening.what.confidential))             \
	X(callback, yes(row->told->opening.what.callback))                     \
	X(id, id_format(row->text, &row->ticket->id))                          \
	X(source, word(WORD_SOURCE, row->ticket->source))                      \
	X(state, word(WORD_STATE, row->ticket->state))                         \
	X(origin, row->ticket->origin.s)                                       \
	X(holder, row->ticket->holder.s)                                       \
	X(colour, word(WORD_COLOUR, row->ticket->colour))                      \
	X(opened, moment(row, row->ticket->opened_ms))                         \
	X(updated, moment(row, row->ticket->updated_ms))                       \
	X(accepted, moment(row, row->ticket->accepted_ms))                     \
	X(resolved, moment(row, row->ticket->resolved_ms))                     \
	X(closed, moment(row, row->ticket->closed_ms))                         \
	X(accept_by, moment(row, row->ticket->accept_by_ms))                   \
	X(resolve_by, moment(row, row->ticket->resolve_by_ms))                 \
	X(late_accept, yes(row->ticket->flags &TICKET_LATE_ACCEPT))            \
	X(late_resolve, yes(row->ticket->flags &TICKET_LATE_RESOLVE))          \
	X(outcome, word(WORD_OUTCOME, row->ticket->outcome))                   \
	X(channel, word(WORD_CHANNEL, row->ticket->channel))                   \
	X(reply, row->told->reply)                                             \
	X(reopens, counted(row, row->ticket->reopens))                         \
	X(rated_responded, rated(row, row->ticket->rating.responded))          \
	X(rated_resolved, rated(row, row->ticket->rating.resolved))            \
	X(satisfaction,                                                        \
	    row->ticket->rating.is_given                                       \
		? word(WORD_SATISFACTION, row->ticket->rating.satisfaction)    \
		: "")

/* ---- bytes of the file ---- */

/* What GB18030 cannot say does not exist: it has all of Unicode. */
static int convert(struct buf *out, struct records *records)
{
	char *from = (char *)records->line.data, piece[4096];
	size_t left = records->line.len;
	int rc = 0;

	iconv(records->converter, NULL, NULL, NULL, NULL);
	while (!rc && left > 0) {
		char *to = piece;
		size_t room = sizeof(piece);

		if (iconv(records->converter, &from, &left, &to, &room) ==
			(size_t)-1 &&
		    errno != E2BIG)
			return ERR_INVALID;
		rc = buf_add(out, piece, sizeof(piece) - room);
	}
	return rc;
}

static int end_line(struct buf *out, struct records *records)
{
	int rc = put(records, "\r\n", 2);

	if (!rc)
		rc = records->style.gb18030
			 ? convert(out, records)
			 : buf_add(out, records->line.data, records->line.len);
	buf_clear(&records->line);
	return rc;
}

int records_heading(struct buf *out, struct records *records)
{
	static const char *const names[] = {
#define X(name, value) #name,
		COLUMNS(X)
#undef X
	};
	int rc = 0;

	buf_clear(&records->line);
	if (records->style.mark && !records->style.gb18030)
		rc = buf_add(out, "\xef\xbb\xbf", 3);
	for (size_t i = 0; !rc && i < sizeof(names) / sizeof(names[0]); i++)
		rc = put_field(records, names[i]);
	return rc ? rc : end_line(out, records);
}

/* ---- a ticket ---- */

static int read_log(
    struct told *told, const struct wire_reply *shown, struct arena *arena)
{
	struct event event;

	particulars_clear(&told->opening.what);
	told->reply = "";
	for (size_t i = 0; i < shown->show.event_count; i++) {
		int rc = wire_event_unpack(
		    &event, NULL, arena, shown->show.events[i]);

		if (rc)
			return rc;
		if (event.verb == VERB_OPEN)
			told->opening = event;
		if (event.verb == VERB_RESOLVE)
			told->reply = event.what.text;
	}
	return 0;
}

/* A first line with this label into `out`; where the text goes on. */
static const char *take_line(
    char *out, size_t size, const char *text, const char *label)
{
	size_t len = strlen(label), line = strcspn(text, "\n");

	out[0] = '\0';
	if (strncmp(text, label, len) != 0 || text[line] != '\n' ||
	    line == len || line - len >= size)
		return text;
	memcpy(out, text + len, line - len);
	out[line - len] = '\0';
	return text + line + 1;
}

static int put_row(struct records *records, struct row *row)
{
	int rc = 0;

#define X(name, value)                                                         \
	if (!rc)                                                               \
		rc = put_field(records, value);
	COLUMNS(X)
#undef X
	return rc;
}

int records_ticket(struct buf *out, struct records *records,
    const struct wire_reply *shown, struct arena *arena)
{
	struct told told = { .reply = "" };
	struct row row = { .shown = shown->show.row,
		.ticket = &shown->show.row->ticket,
		.told = &told };
	int rc = read_log(&told, shown, arena);

	if (rc)
		return rc;
	row.content = take_line(
	    row.kind, sizeof(row.kind), told.opening.what.text, "诉求类型：");
	row.content = take_line(
	    row.created, sizeof(row.created), row.content, "登记时间：");
	buf_clear(&records->line);
	rc = put_row(records, &row);
	return rc ? rc : end_line(out, records);
}

void records_id_at(struct id *id_out, int64_t time_ms)
{
	memset(id_out, 0, sizeof(*id_out));
	for (int i = 0; i < 6; i++)
		id_out->b[i] = (uint8_t)(time_ms >> (40 - 8 * i));
}

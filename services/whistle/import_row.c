#include "import_row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/err.h"
#include "lang.h"
#include "unit_name.h"

/* A title made from the content ends here. */
enum { TITLE_FROM_CONTENT_BYTES = 90, SHOWN_BYTES = 60 };

struct reading {
	struct cli *cli;
	const struct import_map *map;
	const struct csv_record *record;
	struct arena *arena;
	char *why;
};

static bool complain(const struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool complain(const struct reading *reading, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vsnprintf(reading->why, IMPORT_WHY_TEXT, format, list);
	va_end(list);
	return false;
}

/* As much of a text as a message shows of it. */
static int shown(const char *text)
{
	return (int)text_cut(text, SHOWN_BYTES);
}

/* The field's text without the space around it; "" when it has none. */
static const char *text_of(
    const struct reading *reading, enum import_field field)
{
	int at = reading->map->at[field];
	const char *text = reading->map->constants[field];
	if (at >= 0 && (size_t)at < reading->record->count)
		text = reading->record->fields[at];
	if (!text)
		return "";
	text += strspn(text, " \t\r\n");
	size_t len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]))
		len--;
	const char *copy = arena_text(reading->arena, text, len);
	return copy ? copy : "";
}

static bool copy_bounded(const char **out, const struct reading *reading,
    enum import_field field, const char *name, size_t max_bytes)
{
	*out = text_of(reading, field);
	if (strlen(*out) <= max_bytes)
		return true;
	return complain(
	    reading, _("%s is longer than %zu bytes"), name, max_bytes);
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* yes and no, in the ways that hotlines write them. */
static bool read_flag(bool *flag_out, const struct reading *reading,
    enum import_field field, const char *name)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "是",
		"urgent", "emergency", "紧急", "特急", "加急", "保密", "需要",
		"需回访", NULL };
	static const char *const no[] = { "", "0", "no", "n", "false", "否",
		"normal", "一般", "普通", "常规", "不紧急", "公开", "不保密",
		"不需要", "无需回访", NULL };
	const char *text = text_of(reading, field);
	*flag_out = is_one_of(text, yes);
	if (*flag_out || is_one_of(text, no))
		return true;
	return complain(reading, _("%s is neither yes nor no: “%.*s”"), name,
	    shown(text), text);
}

static bool read_number(struct particulars *what, const struct reading *reading)
{
	if (!copy_bounded(&what->external_id, reading, IMPORT_NUMBER,
		_("the number"), EXTERNAL_ID_MAX - 1))
		return false;
	return *what->external_id ? true
				  : complain(reading, _("it has no number"));
}

static bool read_item(struct particulars *what, const struct reading *reading)
{
	const char *text = text_of(reading, IMPORT_ITEM);
	const struct catalogue *catalogue = reading->cli->catalogue;
	if (!*text)
		return true;
	const struct item *item = catalogue_item(catalogue, text);
	for (size_t i = 0; !item && i < catalogue_item_count(catalogue); i++)
		if (strcmp(catalogue_item_at(catalogue, i)->zh, text) == 0)
			item = catalogue_item_at(catalogue, i);
	if (!item)
		return complain(reading, _("the catalogue has no item “%.*s”"),
		    shown(text), text);
	what->item = item->code;
	return true;
}

static bool read_place(struct particulars *what, const struct reading *reading)
{
	const char *text = text_of(reading, IMPORT_PLACE);
	size_t count;
	if (!*text)
		return true;
	const struct unit *unit = unit_meant(&count, reading->cli->org, text);
	if (!unit && count > 1)
		return complain(reading,
		    _("several units are called “%.*s”; give the code"),
		    shown(text), text);
	if (!unit)
		return complain(
		    reading, _("there is no unit “%.*s”"), shown(text), text);
	what->place = unit->code;
	return true;
}

/* A record may have only the content: its first line, cut, is the title. */
static bool read_title(struct particulars *what, const struct reading *reading,
    const char *content)
{
	if (!copy_bounded(&what->title, reading, IMPORT_TITLE, _("the title"),
		TITLE_MAX_BYTES))
		return false;
	if (*what->title)
		return true;
	size_t len = strcspn(content, "\r\n");
	if (len > TITLE_FROM_CONTENT_BYTES)
		len = text_cut(content, TITLE_FROM_CONTENT_BYTES);
	const char *title = arena_text(reading->arena, content, len);
	what->title = title ? title : "";
	return *what->title
		   ? true
		   : complain(reading, _("it has neither title nor content"));
}

/* What the hotline says beside the content stands before it, in its own
 * words, so that nobody has to look into the file again. */
static bool read_text(struct particulars *what, const struct reading *reading,
    const char *content)
{
	const char *kind = text_of(reading, IMPORT_KIND);
	const char *created = text_of(reading, IMPORT_CREATED);
	size_t size = strlen(content) + strlen(kind) + strlen(created) + 128;
	char *text = arena_alloc(reading->arena, size);
	if (!text)
		return complain(reading,
		    _("the content is longer than %d "
		      "bytes"),
		    TEXT_MAX_BYTES);
	snprintf(text, size, "%s%s%s%s%s%s%s", *kind ? "诉求类型：" : "", kind,
	    *kind ? "\n" : "", *created ? "登记时间：" : "", created,
	    *created ? "\n" : "", content);
	what->text = text;
	if (strlen(text) <= TEXT_MAX_BYTES)
		return true;
	return complain(
	    reading, _("the content is longer than %d bytes"), TEXT_MAX_BYTES);
}

static bool read_contact(
    struct bytes *contact_out, const struct reading *reading)
{
	struct wire_contact contact = { text_of(reading, IMPORT_CALLER),
		text_of(reading, IMPORT_PHONE) };
	struct buf packed = { 0 };
	*contact_out = (struct bytes){ 0 };
	if (!*contact.name && !*contact.phone)
		return true;
	int err = wire_contact_pack(&packed, &contact);
	bool is_good = err == 0 && packed.len <= CONTACT_MAX_BYTES;
	uint8_t *copy =
	    is_good ? arena_alloc(reading->arena, packed.len) : NULL;
	if (copy) {
		memcpy(copy, packed.data, packed.len);
		*contact_out = bytes_of(copy, packed.len);
	}
	if (packed.data)
		explicit_bzero(packed.data, packed.len);
	buf_free(&packed);
	return copy ? true
		    : complain(reading,
			  _("caller and phone are longer than %d bytes"),
			  CONTACT_MAX_BYTES);
}

static bool read_flags(struct particulars *what, const struct reading *reading)
{
	return read_flag(
		   &what->urgent, reading, IMPORT_URGENCY, _("urgency")) &&
	       read_flag(&what->confidential, reading, IMPORT_CONFIDENTIAL,
		   _("confidential")) &&
	       read_flag(
		   &what->callback, reading, IMPORT_CALLBACK, _("callback"));
}

static bool check_record(const struct reading *reading)
{
	size_t needed = 0;
	if (reading->record->problem)
		return complain(
		    reading, "%s", lang_text(reading->record->problem));
	for (unsigned i = 0; i < IMPORT_FIELD_COUNT; i++)
		if (reading->map->at[i] >= (int)needed)
			needed = (size_t)reading->map->at[i] + 1;
	if (reading->record->count >= needed)
		return true;
	return complain(reading, _("it has %zu columns, and %zu are needed"),
	    reading->record->count, needed);
}

/* By the law, and what only shows here: control characters, say. */
static bool check_law(
    const struct particulars *what, const struct reading *reading)
{
	const char *field;
	const char *problem;
	if (particulars_check(&field, &problem, what, VERB_OPEN, true) == 0)
		return true;
	return complain(reading, "%s: %s", field, lang_text(problem));
}

bool import_row_read(struct command *command_out, char why_out[IMPORT_WHY_TEXT],
    struct cli *cli, const struct import_map *map,
    const struct csv_record *record, struct arena *arena)
{
	struct reading reading = { cli, map, record, arena, why_out };
	struct particulars *what = &command_out->what;
	memset(command_out, 0, sizeof(*command_out));
	particulars_clear(what);
	if (!check_record(&reading))
		return false;
	const char *content = text_of(&reading, IMPORT_CONTENT);
	what->kind = KIND_APPEAL;
	what->source = SOURCE_HOTLINE;
	if (!read_number(what, &reading) ||
	    !read_title(what, &reading, content) ||
	    !read_text(what, &reading, content) || !read_item(what, &reading) ||
	    !read_place(what, &reading) ||
	    !copy_bounded(&what->address, &reading, IMPORT_ADDRESS,
		_("the address"), ADDRESS_MAX_BYTES) ||
	    !read_flags(what, &reading) ||
	    !read_contact(&command_out->contact, &reading) ||
	    !check_law(what, &reading))
		return false;
	command_out->verb = VERB_OPEN;
	command_out->unit = cli->operator->unit->code;
	command_out->operator= cli->operator->name;
	command_out->role = cli->operator->role;
	return true;
}

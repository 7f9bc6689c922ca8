/* A form of a new request, or of an update, into what the engine knows. */
#include "gatewayd/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/err.h"
#include "gatewayd/geo_text.h"
#include "gatewayd/xml.h"

static int refuse(
    struct http_problem *problem_out, const char *field, enum field_fault fault)
{
	*problem_out = problem_field(field, fault);
	return ERR_INVALID;
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((uint8_t)*text & 0xc0) != 0x80;
	return count;
}

static const struct text_rule {
	const char *name;
	size_t bytes; /* at most; 0: GEO_DESCRIPTION_CHARS characters */
	bool is_line;
} text_rules[] = {
	{ "description", 0, false },
	{ "address_string", ADDRESS_MAX_BYTES - 64, false },
	{ "first_name", GEO_NAME_BYTES, true },
	{ "last_name", GEO_NAME_BYTES, true },
	{ "phone", GEO_PHONE_BYTES, true },
	{ "email", GEO_EMAIL_BYTES, true },
	{ "media_url", GEO_URL_BYTES, true },
	{ "device_id", GEO_EMAIL_BYTES, true },
	{ "account_id", GEO_EMAIL_BYTES, true },
	{ "update_id", GEO_EMAIL_BYTES, true },
};

static enum field_fault text_fault(
    const struct text_rule *rule, const char *text)
{
	size_t len = strlen(text);

	if (rule->bytes ? len > rule->bytes
			: characters(text) > GEO_DESCRIPTION_CHARS)
		return FIELD_TOO_LONG;
	if (!xml_holds(text) || (rule->is_line && strpbrk(text, "\t\r\n\x7f")))
		return FIELD_CONTROL;
	return FIELD_NONE;
}

static int check_texts(
    struct http_problem *problem_out, const struct form *form)
{
	const char *url = form_value(form, "media_url");

	for (size_t i = 0; i < sizeof(text_rules) / sizeof(text_rules[0]);
	     i++) {
		const struct text_rule *rule = &text_rules[i];
		enum field_fault fault =
		    text_fault(rule, form_value(form, rule->name));

		if (fault)
			return refuse(problem_out, rule->name, fault);
	}
	return url[0] && !geo_is_url(url)
		   ? refuse(problem_out, "media_url", FIELD_NOT_URL)
		   : 0;
}

/* "-114.8912": digits and one point, no exponent. */
static bool is_degrees(const char *text, double limit)
{
	size_t sign = text[0] == '-', whole, part = 0;

	whole = strspn(text + sign, "0123456789");
	if (text[sign + whole] == '.')
		part = 1 + strspn(text + sign + whole + 1, "0123456789");
	return whole > 0 && whole <= 3 && part != 1 && part <= 16 &&
	       text[sign + whole + part] == '\0' &&
	       strtod(text + sign, NULL) <= limit;
}

static int read_point(struct http_problem *problem_out, const char *latitude,
    const char *longitude)
{
	if (!latitude[0] && !longitude[0])
		return 0;
	if (!latitude[0] || !is_degrees(latitude, 90))
		return refuse(problem_out, "lat",
		    latitude[0] ? FIELD_NOT_NUMBER : FIELD_MISSING);
	if (!longitude[0] || !is_degrees(longitude, 180))
		return refuse(problem_out, "long",
		    longitude[0] ? FIELD_NOT_NUMBER : FIELD_MISSING);
	return 0;
}

static int read_unit(struct unit_code *place_out,
    struct http_problem *problem_out, const struct geo_city *city,
    const char *code)
{
	struct unit_code place;

	if (!code[0])
		return 0;
	if (code_set(&place, code) || !org_unit(city->org, &place))
		return refuse(problem_out, "address_id", FIELD_NOT_CODE);
	*place_out = place;
	return 0;
}

static int read_place(struct particulars *what,
    struct http_problem *problem_out, struct arena *arena,
    const struct geo_city *city, const struct form *form)
{
	const char *latitude = form_value(form, "lat");
	const char *longitude = form_value(form, "long");
	const char *address = form_value(form, "address_string");
	const char *unit = form_value(form, "address_id");
	char text[ADDRESS_MAX_BYTES + 1];
	int rc = read_point(problem_out, latitude, longitude);

	if (!rc)
		rc = read_unit(&what->place, problem_out, city, unit);
	if (!rc && !latitude[0] && !address[0] && !unit[0]) {
		*problem_out = problem_of(PROBLEM_NO_LOCATION);
		rc = ERR_INVALID;
	}
	if (rc)
		return rc;
	if (geo_place_write(text, sizeof(text), address, latitude, longitude))
		return refuse(problem_out, "address_string", FIELD_TOO_LONG);
	what->address = arena_text(arena, text, strlen(text));
	return what->address ? 0 : ERR_NOMEM;
}

static int read_flag(bool *flag_out, struct http_problem *problem_out,
    const char *name, const char *value)
{
	*flag_out = strcmp(value, "true") == 0;
	if (*flag_out || strcmp(value, "false") == 0 || !value[0])
		return 0;
	return refuse(problem_out, name, FIELD_NOT_FLAG);
}

/* attribute[code], and attribute[code][] as lists have it. */
static int read_attributes(struct particulars *what,
    struct http_problem *problem_out, const struct form *form)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < form->count; i++) {
		const struct form_pair *pair = &form->pairs[i];

		if (strncmp(pair->name, "attribute[", 10) != 0)
			continue;
		if (strcmp(pair->name, "attribute[urgent]") == 0)
			rc = read_flag(&what->urgent, problem_out, pair->name,
			    pair->value);
		else if (strcmp(pair->name, "attribute[callback]") == 0)
			rc = read_flag(&what->callback, problem_out, pair->name,
			    pair->value);
		else if (strcmp(pair->name, "attribute[promise]") != 0)
			rc = refuse(problem_out, pair->name, FIELD_NOT_LISTED);
	}
	return rc;
}

/* "first last", and "phone email". */
static int join(
    const char **out, struct arena *arena, const char *one, const char *other)
{
	char text[GEO_NAME_BYTES + GEO_PHONE_BYTES + GEO_EMAIL_BYTES];

	snprintf(text, sizeof(text), "%s%s%s", one,
	    one[0] && other[0] ? " " : "", other);
	*out = arena_text(arena, text, strlen(text));
	return *out ? 0 : ERR_NOMEM;
}

static int read_contact(
    struct bytes *contact_out, struct arena *arena, const struct form *form)
{
	struct wire_contact contact;
	struct buf packed = { 0 };
	uint8_t *copy = NULL;
	int rc = join(&contact.name, arena, form_value(form, "first_name"),
	    form_value(form, "last_name"));

	if (!rc)
		rc = join(&contact.phone, arena, form_value(form, "phone"),
		    form_value(form, "email"));
	if (rc || (!contact.name[0] && !contact.phone[0]))
		return rc;
	rc = wire_contact_pack(&packed, &contact);
	if (!rc)
		copy = arena_alloc(arena, packed.len);
	if (!rc && !copy)
		rc = ERR_NOMEM;
	if (!rc) {
		memcpy(copy, packed.data, packed.len);
		*contact_out = bytes_of(copy, packed.len);
	}
	buf_free(&packed);
	return rc;
}

static int read_service(const struct item **item_out,
    struct http_problem *problem_out, const struct geo_city *city,
    const struct form *form)
{
	const char *code = form_value(form, "service_code");

	if (!code[0])
		return refuse(problem_out, "service_code", FIELD_MISSING);
	*item_out = catalogue_item(city->catalogue, code);
	if (*item_out)
		return 0;
	*problem_out = problem_of(PROBLEM_NO_SUCH_SERVICE);
	return ERR_INVALID;
}

int geo_open(struct command *command_out, struct http_problem *problem_out,
    struct arena *arena, const struct geo_city *city, const struct form *form)
{
	struct command command = { .verb = VERB_OPEN, .operator= "" };
	struct particulars *what = &command.what;
	const struct item *item = NULL;
	int rc = read_service(&item, problem_out, city, form);

	particulars_clear(what);
	if (!rc)
		rc = check_texts(problem_out, form);
	if (!rc)
		rc = read_place(what, problem_out, arena, city, form);
	if (!rc)
		rc = read_attributes(what, problem_out, form);
	if (!rc)
		rc = geo_text_write(&what->text, arena,
		    form_value(form, "description"),
		    form_value(form, "media_url"));
	if (!rc)
		rc = read_contact(&command.contact, arena, form);
	if (rc)
		return rc;
	what->kind = KIND_APPEAL;
	what->source = SOURCE_RESIDENT;
	what->item = item->code;
	what->title = item->zh;
	*command_out = command;
	return 0;
}

/* ---- updates ---- */

/* The status words of the specification and of its common extension. */
static int read_status(
    unsigned *status_out, struct http_problem *problem_out, const char *word)
{
	static const struct {
		const char *word;
		unsigned status;
	} words[] = { { "", 0 }, { "open", GEO_OPEN }, { "closed", GEO_CLOSED },
		{ "fixed", GEO_CLOSED }, { "investigating", GEO_OPEN },
		{ "in_progress", GEO_OPEN }, { "action_scheduled", GEO_OPEN },
		{ "no_further_action", GEO_CLOSED } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(words[i].word, word) == 0) {
			*status_out = words[i].status;
			return 0;
		}
	return refuse(problem_out, "status", FIELD_NOT_LISTED);
}

int geo_update_read(struct geo_update *update_out,
    struct http_problem *problem_out, struct arena *arena,
    const struct form *form)
{
	const char *number = form_value(form, "service_request_id");
	struct geo_update update = { .update_id =
					 form_value(form, "update_id") };
	int rc = check_texts(problem_out, form);

	if (!rc && !number[0])
		return refuse(problem_out, "service_request_id", FIELD_MISSING);
	if (!rc && id_parse(&update.ticket, number)) {
		*problem_out = problem_of(PROBLEM_NO_SUCH_TICKET);
		return ERR_INVALID;
	}
	if (!rc)
		rc = read_status(
		    &update.status, problem_out, form_value(form, "status"));
	if (!rc)
		rc = geo_text_write(&update.text, arena,
		    form_value(form, "description"),
		    form_value(form, "media_url"));
	if (!rc && !update.text[0] && update.status != GEO_CLOSED)
		return refuse(problem_out, "description", FIELD_MISSING);
	if (!rc)
		*update_out = update;
	return rc;
}

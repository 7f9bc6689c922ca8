/*
 * A caller's details, as far as a person's role is for them; for those who
 * need not call: 张**, 138****4207.
 */
#include "engine/inside.h"

#include <string.h>

enum { PHONE_LEAST = 8, PHONE_HEAD = 3, PHONE_TAIL = 4 };

/* The first character, and that there is more. */
static const char *mask_name(struct turn *turn, const char *name)
{
	static const char more[] = "**";
	size_t len = name[0] ? 1 : 0;

	while (((uint8_t)name[len] & 0xc0) == 0x80)
		len++;
	char *text = turn_alloc(turn, len + sizeof(more));
	if (!text)
		return NULL;
	memcpy(text, name, len);
	memcpy(text + len, name[0] ? more : "", name[0] ? sizeof(more) : 1);
	return text;
}

static bool is_ascii(const char *text)
{
	while (*text && (uint8_t)*text < 0x80)
		text++;
	return !*text;
}

/* What is too short for that, or no number, is not told at all. */
static const char *mask_phone(struct turn *turn, const char *phone)
{
	size_t len = strlen(phone);
	bool has_ends = len >= PHONE_LEAST && is_ascii(phone);
	char *text = turn_alloc(turn, len + 1);

	if (!text)
		return NULL;
	memset(text, '*', len);
	text[len] = '\0';
	if (has_ends && len >= PHONE_HEAD + 2 * PHONE_TAIL)
		memcpy(text, phone, PHONE_HEAD);
	if (has_ends)
		memcpy(text + len - PHONE_TAIL, phone + len - PHONE_TAIL,
		    PHONE_TAIL);
	return text;
}

static int mask(struct wire_contact *contact, struct turn *turn)
{
	contact->name = mask_name(turn, contact->name);
	contact->phone = mask_phone(turn, contact->phone);
	return contact->name && contact->phone ? 0 : ERR_NOMEM;
}

int contact_show(struct wire_reply *reply, struct turn *turn,
    const struct actor *actor, const struct ticket *ticket)
{
	enum contact_view view = role_sees_contact(
	    actor->role, relation_of(turn->engine, ticket, actor->unit));
	struct bytes contact;

	if (view == CONTACT_NOT)
		return 0;
	int rc = contact_open(&contact, turn, ticket);
	if (!rc)
		rc = wire_contact_unpack(
		    &reply->show.contact, turn->engine->arena, contact);
	if (!rc && view == CONTACT_MASKED) {
		reply->show.is_contact_masked = true;
		rc = mask(&reply->show.contact, turn);
	}
	reply->show.has_contact = !rc;
	return rc == ERR_NOT_FOUND || rc == ERR_INVALID ? 0 : rc;
}

#include "wire/wire.h"

#include "base/err.h"
#include "base/limits.h"
#include "link.pb-c.h"
#include "wire/field.h"
#include "wire/message.h"

int wire_contact_pack(struct buf *out, const struct wire_contact *contact)
{
	Whistle__Contact message = WHISTLE__CONTACT__INIT;

	message.name = field_text(contact->name);
	message.phone = field_text(contact->phone);
	return message_pack(out, CONTACT_MAX_BYTES, &message);
}

int wire_contact_unpack(
    struct wire_contact *contact_out, struct arena *arena, struct bytes bytes)
{
	Whistle__Contact *message;
	int rc = message_unpack(&message, arena, &whistle__contact__descriptor,
	    CONTACT_MAX_BYTES, GROWTH, bytes);

	if (rc)
		return rc;
	contact_out->name = message->name;
	contact_out->phone = message->phone;
	return 0;
}

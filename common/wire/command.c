#include "wire/command.h"

#include "base/err.h"
#include "wire/field.h"
#include "wire/later.h"
#include "wire/wire.h"

static const char *asker_problem(
    const struct command *command, enum command_way way)
{
	const char *name = command->operator? command->operator: "";

	if ((unsigned)command->role >= ROLE_COUNT)
		return "role: not in the list";
	if (way == COMMAND_ASKED)
		return name[0] && !operator_name_is_valid(name, false)
			   ? "operator: not a name"
			   : NULL;
	if (code_is_empty(&command->unit))
		return "unit: is missing";
	/* the engine's own have a name that no person can have */
	if (!operator_name_is_valid(name, command->role == ROLE_NONE))
		return "operator: not a name";
	return NULL;
}

static const char *command_problem(
    const struct command *command, enum command_way way)
{
	bool is_open = command->verb == VERB_OPEN;

	if (id_is_zero(&command->id))
		return "id: is missing";
	if (command->verb <= VERB_NONE || command->verb >= VERB_COUNT)
		return "verb: not in the list";
	if (is_open && way == COMMAND_ORDERED)
		return "verb: open is done by the node that is asked";
	if (is_open != id_is_zero(&command->ticket))
		return "ticket: with every verb but open";
	if (command->contact.len > 0 && !is_open)
		return "contact: with open only";
	if (command->contact.len > CONTACT_MAX_BYTES)
		return "contact: too long";
	if (command->fence &&
	    (command->verb != VERB_TAKE_OVER || way == COMMAND_ORDERED))
		return "fence: with take-over only, and never ordered";
	return asker_problem(command, way);
}

int command_fill(struct command_message *message, const struct command *command,
    enum command_way way)
{
	Whistle__Command *to = &message->command;

	if (command_problem(command, way))
		return ERR_INVALID;
	whistle__command__init(to);
	to->id = field_id(&command->id);
	to->ticket = field_id(&command->ticket);
	to->verb = (Whistle__Verb)command->verb;
	to->unit = field_text(command->unit.s);
	to->operator_ = field_text(command->operator);
	to->role = command->role;
	to->contact = field_bytes(command->contact);
	to->fence = command->fence;
	to->what = &message->particulars.what;
	return particulars_fill(
	    &message->particulars, &command->what, command->verb);
}

uint32_t wire_command_version(const struct command *command)
{
	struct command_message message;

	if (!wire_later[0].message)
		return 1;
	return command_fill(&message, command, COMMAND_ASKED)
		   ? 1
		   : later_version(&message.command.base);
}

static const char *fields_read(
    struct command *command, const Whistle__Command *message)
{
	if (!field_read_id(&command->id, message->id))
		return "id: not an id";
	if (!field_read_id(&command->ticket, message->ticket))
		return "ticket: not an id";
	if (!field_read_code(&command->unit, message->unit))
		return "unit: not a unit's code";
	command->verb = (enum verb)message->verb;
	command->operator= message->operator_;
	command->role = (enum role)message->role;
	command->fence = message->fence != 0;
	command->contact =
	    bytes_of(message->contact.data, message->contact.len);
	return NULL;
}

int command_read(struct command *command_out, const char **problem_out,
    struct arena *arena, const Whistle__Command *message, enum command_way way)
{
	struct command command;
	struct wire_contact contact;
	int rc;

	*problem_out = fields_read(&command, message);
	if (!*problem_out)
		*problem_out = command_problem(&command, way);
	if (*problem_out)
		return ERR_INVALID;
	*problem_out = "contact: not a contact's bytes";
	rc = wire_contact_unpack(&contact, arena, command.contact);
	if (rc)
		return rc;
	rc = particulars_read(&command.what, problem_out, arena, message->what,
	    command.verb, true);
	if (!rc)
		*command_out = command;
	return rc;
}

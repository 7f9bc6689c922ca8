/*
 * What was added to the contract after its first version: one table, which
 * version.c has beside the versions themselves. What is not in it is of
 * version 1. Private to wire/, and to tests that build later programs.
 */
#ifndef WHISTLE_WIRE_LATER_H
#define WHISTLE_WIRE_LATER_H

#include <protobuf-c/protobuf-c.h>

struct wire_later {
	const ProtobufCMessageDescriptor *message; /* NULL ends the table */
	uint32_t field;
	uint32_t from; /* of a number or a word: these values and above; 1: any
			  that is said. Nothing to other fields. */
	uint32_t version;
};

extern const struct wire_later wire_later[];

/* The version that the message as it is filled belongs to. */
uint32_t later_version(const ProtobufCMessage *message);

#endif

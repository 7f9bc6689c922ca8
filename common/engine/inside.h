/*
 * What the engine's files share and nobody else sees: the state of a node and
 * of its turn, and a section for each file that others call.
 */
#ifndef WHISTLE_ENGINE_INSIDE_H
#define WHISTLE_ENGINE_INSIDE_H

#include "engine/inside_state.h"
#include "engine/inside_asked.h"
#include "engine/inside_links.h"
#include "engine/inside_tickets.h"

#endif

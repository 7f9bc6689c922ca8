/*
 * The gateway's HTTP side, as the daemon's main runs it: a thread beside
 * the engine.
 */
#ifndef WHISTLE_GATEWAYD_SERVER_H
#define WHISTLE_GATEWAYD_SERVER_H

#include "engine/daemon.h"

extern const struct daemon_side http_side;

#endif

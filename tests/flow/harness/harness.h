/*
 * What every flow test stands on: a city in a folder of its own, its
 * daemons, people who ask them, the command line, HTTP. Helpers fail the
 * test themselves when what they are asked for cannot be had.
 */
#ifndef WHISTLE_FLOW_HARNESS_H
#define WHISTLE_FLOW_HARNESS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/err.h"
#include "harness/process.h"
#include "harness/files.h"
#include "harness/moved.h"
#include "harness/city.h"
#include "harness/disk.h"
#include "harness/ask.h"
#include "harness/logs.h"
#include "harness/cli.h"
#include "harness/http.h"
#include "harness/sheet.h"
#include "harness/peer.h"
#include "harness/rogue.h"
#include "harness/endure.h"

#endif

/*
 * The city's time of day, which a test moves. Every daemon and command that
 * is started after moved_start goes by it, all at once; the time runs on from
 * wherever it was moved to. Times that never jump (how long to wait for an
 * answer) are not moved.
 *
 * Civil times are China's: "2026-11-20 09:00" is in UTC+8.
 */
#ifndef WHISTLE_FLOW_MOVED_H
#define WHISTLE_FLOW_MOVED_H

#include <stdint.h>

/* For the rest of the program; before the city starts. */
void moved_start(const char *civil);
/* Also back. */
void moved_to(const char *civil);
void moved_by(int64_t ms);

/* What the daemons think it is; the machine's time without moved_start. */
int64_t moved_now_ms(void);
/* Of "2026-11-20 09:00"; fails the test when it is none. */
int64_t civil_ms(const char *civil);
enum { CIVIL_TEXT = 24 };
char *civil_format(char text_out[CIVIL_TEXT], int64_t time_ms);

#endif

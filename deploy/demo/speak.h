/*
 * What the demonstration says to whoever watches it: each text in both
 * languages, side by side.
 */
#ifndef WHISTLE_DEMO_SPEAK_H
#define WHISTLE_DEMO_SPEAK_H

#include <stdbool.h>

/* "zh" or "en"; NULL takes it from the environment. False for others. */
bool speak_set(const char *language);
bool speak_is_chinese(void);
/* The one of the two that is wanted. */
const char *speak(const char *english, const char *chinese);

#endif

/*
 * Texts for people, by gettext: the source says them in English, po/ in
 * Chinese. Needs no locale but C.UTF-8, which every Debian has.
 */
#ifndef WHISTLE_CLI_LANG_H
#define WHISTLE_CLI_LANG_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) gettext(text)
/* To be translated later, where it is shown. */
#define N_(text) text
/* The same with a context, for words that mean several things. */
#define NC_(context, text) context "\004" text
#define C_(context, text)  lang_word(NC_(context, text))

/*
 * "zh" or "en"; NULL or "" takes it from the environment (LANGUAGE, LC_ALL,
 * LC_MESSAGES, LANG: Chinese when the first that is set says zh). False,
 * and English, for any other word.
 */
bool lang_set(const char *option);
bool lang_is_chinese(void);

/* gettext for a function pointer; "" stays "". */
const char *lang_text(const char *text);
/* A text made by NC_; the English without its context if there is none. */
const char *lang_word(const char *key);

#endif

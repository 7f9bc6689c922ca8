/*
 * What a file that an event names may be: a name that is safe to write into
 * any folder, and one of a few types, found in the content and never in the
 * name. Whatever a browser would run (HTML, SVG, scripts) is none of them.
 */
#ifndef WHISTLE_TICKET_ATTACHMENT_H
#define WHISTLE_TICKET_ATTACHMENT_H

#include "base/bytes.h"
#include "ticket/words.h"

/* What of a file's beginning says what it is. */
enum { FILE_HEAD_BYTES = 16 };

/*
 * UTF-8 of 1 to FILE_NAME_MAX - 1 bytes, without control characters, without
 * marks that turn the direction of writing (they hide an ending), without a
 * separator of folders of any system, and not beginning with a dot.
 */
bool attachment_name_is_valid(const char *name);

/*
 * By the first FILE_HEAD_BYTES, or all if there are fewer. FILE_TEXT for what
 * is nothing else and may be text: whether it is, attachment_is_text says of
 * the whole. FILE_NONE: not to be taken.
 */
enum file_type attachment_sniff(struct bytes head);

/* Plain text: UTF-8, no control characters but tabs and ends of lines and
 * pages, and no beginning by which a program would take it for markup or a
 * script. */
bool attachment_is_text(struct bytes all);

#endif

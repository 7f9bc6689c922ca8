#include "gatewayd/geo_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

/* The last line of a text that has a picture; with nothing behind it where
 * the description's own last line looks like one. */
static const char mark[] = "\n媒体：";

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool geo_is_url(const char *url)
{
	if (!begins(url, "https://") && !begins(url, "http://"))
		return false;
	if (strchr(url, ':')[3] == '\0')
		return false;
	for (; *url; url++)
		if ((unsigned char)*url <= ' ' || (unsigned char)*url > '~')
			return false;
	return true;
}

static const char *last_mark(const char *text)
{
	const char *last = NULL;

	while ((text = strstr(text, mark)) != NULL)
		last = text++;
	return last;
}

void geo_text_read(size_t *len_out, const char **url_out, const char *text)
{
	const char *last = last_mark(text);
	const char *url = last ? last + strlen(mark) : "";

	*len_out = strlen(text);
	*url_out = "";
	if (!last || (url[0] && !geo_is_url(url)))
		return;
	*len_out = (size_t)(last - text);
	*url_out = url;
}

int geo_text_write(const char **text_out, struct arena *arena,
    const char *description, const char *url)
{
	const char *unused;
	size_t len, all = strlen(description);
	char *text;

	geo_text_read(&len, &unused, description);
	if (!url[0] && len == all) {
		*text_out = arena_text(arena, description, all);
		return *text_out ? 0 : ERR_NOMEM;
	}
	len = all + strlen(mark) + strlen(url);
	text = arena_alloc(arena, len + 1);
	if (!text)
		return ERR_NOMEM;
	snprintf(text, len + 1, "%s%s%s", description, mark, url);
	*text_out = text;
	return 0;
}

/* Times as people read them. */
#include "story.h"

#include <time.h>
#include "base/err.h"
#include "lang.h"

char *story_time(char text_out[STORY_TIME_TEXT], int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;
	if (time_ms == 0 || !localtime_r(&seconds, &tm) ||
	    strftime(text_out, STORY_TIME_TEXT, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(text_out, STORY_TIME_TEXT, "-");
	return text_out;
}

char *story_moment(char text_out[STORY_TIME_TEXT], const char *said)
{
	int64_t time_ms;
	if (time_parse(&time_ms, said) == 0)
		return story_time(text_out, time_ms);
	snprintf(text_out, STORY_TIME_TEXT, "%s", said);
	return text_out;
}

char *story_left(char text_out[STORY_LEFT_TEXT], bool *is_late_out,
    int64_t due_ms, int64_t now_ms)
{
	bool is_late = due_ms != 0 && due_ms < now_ms;
	int64_t minutes = (is_late ? now_ms - due_ms : due_ms - now_ms) / 60000;
	char length[STORY_LEFT_TEXT / 2];
	if (is_late_out)
		*is_late_out = is_late;
	if (minutes < 60)
		snprintf(length, sizeof(length), _("%dm"), (int)minutes);
	else if (minutes < 48 * 60)
		snprintf(length, sizeof(length), _("%dh%02dm"),
		    (int)(minutes / 60), (int)(minutes % 60));
	else
		snprintf(length, sizeof(length), _("%dd%02dh"),
		    (int)(minutes / 1440), (int)(minutes / 60 % 24));
	if (due_ms == 0)
		snprintf(text_out, STORY_LEFT_TEXT, "-");
	else
		snprintf(text_out, STORY_LEFT_TEXT,
		    is_late ? _("late %s") : "%s", length);
	return text_out;
}

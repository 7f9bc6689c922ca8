#include "speak.h"

#include <stdlib.h>
#include <string.h>

static bool is_chinese;

static const char *environment_language(void)
{
	static const char *const names[] = { "LANGUAGE", "LC_ALL",
		"LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "";
}

bool speak_set(const char *language)
{
	const char *wanted = language ? language : environment_language();

	is_chinese = strncmp(wanted, "zh", 2) == 0;
	return !language || strcmp(language, "zh") == 0 ||
	       strcmp(language, "en") == 0;
}

bool speak_is_chinese(void)
{
	return is_chinese;
}

const char *speak(const char *english, const char *chinese)
{
	return is_chinese ? chinese : english;
}

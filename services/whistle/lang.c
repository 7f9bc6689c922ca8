#include "lang.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/report.h"

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

/* The build tree's translations when we run from there, else the installed
 * ones: wherever the file really is. */
static const char *locale_folder(void)
{
	static char folder[PATH_MAX];
	char probe[PATH_MAX + 64];
	ssize_t len = readlink("/proc/self/exe", folder, sizeof(folder) - 32);
	if (len <= 0)
		return WHISTLE_LOCALE_DIR;
	folder[len] = '\0';
	char *slash = strrchr(folder, '/');
	if (!slash)
		return WHISTLE_LOCALE_DIR;
	strcpy(slash, "/../share/locale");
	snprintf(
	    probe, sizeof(probe), "%s/zh_CN/LC_MESSAGES/whistle.mo", folder);
	return access(probe, R_OK) == 0 ? folder : WHISTLE_LOCALE_DIR;
}

static bool choose(const char *option)
{
	bool is_known = true;
	const char *language = option;
	if (!option || !*option)
		language = environment_language();
	else
		is_known =
		    strcmp(option, "zh") == 0 || strcmp(option, "en") == 0;
	is_chinese = is_known && language[0] == 'z' && language[1] == 'h';
	return is_known;
}

bool lang_set(const char *option)
{
	bool is_known = choose(option);
	/* Never the environment's locale: it may not be installed or not be
	 * UTF-8, and numbers must not change with it. With C.UTF-8, glibc
	 * takes the language of messages from LANGUAGE alone. */
	if (!setlocale(LC_ALL, "C.UTF-8"))
		setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	setenv("LANGUAGE", is_chinese ? "zh_CN" : "en", 1);
	bindtextdomain("whistle", locale_folder());
	bind_textdomain_codeset("whistle", "UTF-8");
	textdomain("whistle");
	report_language = lang_text;
	return is_known;
}

bool lang_is_chinese(void)
{
	return is_chinese;
}

const char *lang_text(const char *text)
{
	return *text ? gettext(text) : "";
}

const char *lang_word(const char *key)
{
	const char *text = gettext(key);
	if (text != key)
		return text;
	const char *separator = strchr(key, '\004');
	return separator ? separator + 1 : key;
}

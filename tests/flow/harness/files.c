#include "harness/harness.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPEN_FOLDERS_MAX = 16 };

char *file_read(size_t *len_out, const char *path)
{
	FILE *file = fopen(path, "r");
	char *text;
	long len;

	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	len = ftell(file);
	rewind(file);
	text = len < 0 ? NULL : malloc((size_t)len + 1);
	assert_non_null(text);
	*len_out = fread(text, 1, (size_t)len, file);
	text[*len_out] = '\0';
	fclose(file);
	return text;
}

void file_write_bytes(const char *path, const void *data, size_t len)
{
	FILE *file = fopen(path, "w");

	if (!file)
		fail_msg("%s cannot be written", path);
	assert_int_equal(fwrite(data, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

void file_write(const char *path, const char *text)
{
	file_write_bytes(path, text, strlen(text));
}

void file_copy(const char *to, const char *from)
{
	size_t len;
	char *text = file_read(&len, from);

	if (!text)
		fail_msg("%s cannot be read", from);
	file_write_bytes(to, text, len);
	free(text);
}

void file_edit(const char *path, const char *old, const char *new)
{
	struct buf edited = { 0 };
	size_t len;
	char *text = file_read(&len, path);
	char *at = text, *next;

	assert_non_null(text);
	if (!strstr(text, old))
		fail_msg("%s does not say: %s", path, old);
	while ((next = strstr(at, old)) != NULL) {
		buf_add(&edited, at, (size_t)(next - at));
		buf_add(&edited, new, strlen(new));
		at = next + strlen(old);
	}
	buf_add(&edited, at, strlen(at));
	file_write_bytes(path, edited.data, edited.len);
	buf_free(&edited);
	free(text);
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

unsigned file_count(const char *path, const char *text)
{
	unsigned count = 0;
	size_t len;
	char *whole = file_read(&len, path);

	if (!whole)
		return 0;
	for (char *at = whole; (at = strstr(at, text)) != NULL;
	     at += strlen(text))
		count++;
	free(whole);
	return count;
}

long file_line_of(const char *path, const char *text)
{
	size_t len;
	char *whole = file_read(&len, path);
	char *at = whole ? strstr(whole, text) : NULL;
	long line = 1;

	if (!at)
		fail_msg("%s does not say: %s", path, text);
	for (const char *c = whole; c < at; c++)
		line += *c == '\n';
	free(whole);
	return line;
}

static int remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

void folder_remove(const char *path)
{
	nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}

unsigned folder_count(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	unsigned count = 0;

	while (folder && (entry = readdir(folder)) != NULL)
		count += strcmp(entry->d_name, ".") != 0 &&
			 strcmp(entry->d_name, "..") != 0;
	if (folder)
		closedir(folder);
	return count;
}

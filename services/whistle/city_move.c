#include "city_move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "city_keys.h"
#include "lang.h"
#include "nodes_text.h"
#include "say.h"
#include "session.h"

enum { PATH_TEXT = 1200 };

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

/* ---- a folder in which it is tried ---- */

struct trial {
	char dir[PATH_TEXT], file[PATH_TEXT + 32];
};

static const char *const linked[] = { "units.csv", "operators.csv" };

static enum cli_exit trial_open(struct trial *trial, const char *dir)
{
	char from[PATH_TEXT], at[PATH_TEXT + 32];
	char *whole = realpath(dir, NULL);
	if (!whole)
		return say_errno(dir);
	snprintf(trial->dir, sizeof(trial->dir), "%.1000s/.move-XXXXXX", whole);
	bool is_made = mkdtemp(trial->dir) != NULL;
	for (size_t i = 0; is_made && i < 2; i++) {
		snprintf(from, sizeof(from), "%.1000s/%s", whole, linked[i]);
		snprintf(at, sizeof(at), "%s/%s", trial->dir, linked[i]);
		is_made = symlink(from, at) == 0;
	}
	snprintf(trial->file, sizeof(trial->file), "%s/nodes.yaml", trial->dir);
	free(whole);
	return is_made ? CLI_DONE : say_errno(trial->dir);
}

static void trial_close(const struct trial *trial)
{
	char at[PATH_TEXT + 32];
	unlink(trial->file);
	for (size_t i = 0; i < 2; i++) {
		snprintf(at, sizeof(at), "%s/%s", trial->dir, linked[i]);
		unlink(at);
	}
	rmdir(trial->dir);
}

static enum cli_exit trial_write(
    const struct trial *trial, const struct nodes_text *text)
{
	int fd = open(
	    trial->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, text->mode);
	if (fd < 0)
		return say_errno(trial->file);
	bool is_good = write(fd, text->buf.data, text->buf.len) ==
			   (ssize_t)text->buf.len &&
		       fchmod(fd, text->mode) == 0 && fsync(fd) == 0;
	if (close(fd) != 0)
		is_good = false;
	return is_good ? CLI_DONE : say_errno(trial->file);
}

/* What is wrong with it is said of the file that it was to be. */
static enum cli_exit trial_check(
    const struct trial *trial, const char *dir, const char *path)
{
	struct report report = { 0 };
	struct org *org = NULL;
	enum cli_exit exit = CLI_DONE;
	int err = org_load(&org, &report, trial->dir,
	    city_keys_is_made(dir) ? ORG_NEEDS_KEYS : 0);
	for (size_t i = 0; i < report.count; i++)
		snprintf(report.problems[i].file,
		    sizeof(report.problems[i].file), "%.255s", path);
	if (err == ERR_INVALID) {
		report_print(&report, stderr);
		say_error(_("%s was not changed."), path);
		exit = CLI_REFUSED;
	} else if (err < 0) {
		exit = session_problems(&report, err, dir);
	}
	report_free(&report);
	org_close(&org);
	return exit;
}

static enum cli_exit put(
    const char *dir, const char *path, const struct nodes_text *text)
{
	struct trial trial;
	enum cli_exit exit = trial_open(&trial, dir);
	if (exit == CLI_DONE)
		exit = trial_write(&trial, text);
	if (exit == CLI_DONE)
		exit = trial_check(&trial, dir, path);
	if (exit == CLI_DONE && rename(trial.file, path) != 0)
		exit = say_errno(path);
	trial_close(&trial);
	return exit;
}

enum cli_exit city_move(const char *dir, const struct node *node,
    const char *endpoint, const char *http)
{
	char path[PATH_TEXT];
	struct nodes_text text = { .mode = 0644 };
	snprintf(path, sizeof(path), "%.1000s/nodes.yaml", dir);
	int err = nodes_text_read(&text, path);
	if (!err)
		err = nodes_text_set(&text, node->name, "endpoint", endpoint);
	if (!err && http)
		err = nodes_text_set(&text, node->name, "http", http);
	enum cli_exit exit =
	    err ? say_failure(err, path) : put(dir, path, &text);
	buf_free(&text.buf);
	return exit;
}

enum cli_exit city_speak(const char *dir, unsigned version)
{
	char path[PATH_TEXT];
	struct nodes_text text = { .mode = 0644 };
	snprintf(path, sizeof(path), "%.1000s/nodes.yaml", dir);
	int err = nodes_text_read(&text, path);
	if (!err)
		err = nodes_text_speaks(&text, version);
	enum cli_exit exit =
	    err ? say_failure(err, path) : put(dir, path, &text);
	buf_free(&text.buf);
	return exit;
}

#include "city_make.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/id.h"
#include "city_files.h"
#include "city_keys.h"
#include "lang.h"
#include "say.h"
#include "session.h"

enum { PATH_TEXT = 1200, PORT_MAX = 65535 };

static const char mark_name[] = ".being-made";

static bool is_empty(const char *dir)
{
	DIR *folder = opendir(dir);
	struct dirent *entry;
	bool empty = true;
	if (!folder)
		return false;
	while (empty && (entry = readdir(folder)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return empty;
}

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be made: %s."), path, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit put_mark(const char *mark)
{
	int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return say_errno(mark);
	close(fd);
	return CLI_DONE;
}

/* Ours to fill: new, empty, or begun by us before. */
static enum cli_exit claim(const char *dir, const char *mark)
{
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return say_errno(dir);
	if (access(mark, F_OK) == 0)
		return CLI_DONE;
	if (is_empty(dir))
		return put_mark(mark);
	if (city_keys_is_made(dir))
		say_error(_("%s is a city already; nothing was changed."), dir);
	else
		say_error(_("%s is not empty and no city: choose another "
			    "folder."),
		    dir);
	return CLI_REFUSED;
}

static enum cli_exit make_folder(const char *dir, const char *name)
{
	char path[PATH_TEXT];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return CLI_DONE;
	return say_errno(path);
}

/*
 * A folder for each store, marked: the first store made in it is the city's
 * first, so that its daemon does not wait for neighbours to give back what
 * was lost. A folder that is made again later has no mark.
 */
static enum cli_exit make_stores(const char *dir, const struct org *org)
{
	char name[PATH_TEXT], mark[PATH_TEXT];
	enum cli_exit exit = CLI_DONE;
	for (size_t i = 0; exit == CLI_DONE && i < org_node_count(org); i++) {
		snprintf(
		    name, sizeof(name), "data/%s", org_node_at(org, i)->name);
		exit = make_folder(dir, name);
		snprintf(
		    mark, sizeof(mark), "%.500s/%.300s/founding", dir, name);
		if (exit == CLI_DONE)
			exit = put_mark(mark);
	}
	return exit;
}

/* "hex\n" to a new file of ours alone; what is there already is left. */
static int write_secret(const char *path, const uint8_t *key, size_t len)
{
	char temporary[PATH_TEXT + 8];
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	unlink(temporary);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	bool is_good = true;
	for (size_t i = 0; is_good && i < len; i++)
		is_good = dprintf(fd, "%02x", key[i]) == 2;
	is_good = is_good && dprintf(fd, "\n") == 1 && fsync(fd) == 0;
	if (close(fd) != 0)
		is_good = false;
	/* The file appears whole, or an interrupted one would pass as made. */
	is_good = is_good && (link(temporary, path) == 0 || errno == EEXIST);
	int error = errno;
	unlink(temporary);
	errno = error;
	return is_good ? 0 : -1;
}

/* The hotline's system signs its requests with the first; clients of Open311
 * say the second; the third makes the addresses of the residents' pages. */
static enum cli_exit make_http_key(const char *dir, const char *name)
{
	struct entropy entropy = entropy_system();
	char path[PATH_TEXT];
	uint8_t key[32];
	snprintf(path, sizeof(path), "%s/keys/%s.key", dir, name);
	if (access(path, F_OK) == 0)
		return CLI_DONE;
	entropy.fill(entropy.context, key, sizeof(key));
	int failed = write_secret(path, key, sizeof(key));
	explicit_bzero(key, sizeof(key));
	return failed ? say_errno(path) : CLI_DONE;
}

static enum cli_exit write_files(const struct cli *cli, const char *dir,
    const char *from, const struct city_keys *keys, int port)
{
	enum cli_exit exit = city_files_copy(dir, from, "units.csv");
	if (exit == CLI_DONE)
		exit = city_files_copy(dir, from, "catalogue.yaml");
	if (exit == CLI_DONE)
		exit = city_files_copy_if(dir, from, "calendar.yaml");
	if (exit == CLI_DONE)
		exit = city_files_nodes(dir, from, cli->org, keys, port);
	if (exit == CLI_DONE)
		exit = city_files_operators(dir, cli->org, keys);
	if (exit == CLI_DONE)
		exit = make_folder(dir, "data");
	if (exit == CLI_DONE)
		exit = make_stores(dir, cli->org);
	if (exit == CLI_DONE)
		exit = make_folder(dir, "log");
	if (exit == CLI_DONE)
		exit = make_folder(dir, "keys/http");
	if (exit == CLI_DONE)
		exit = make_http_key(dir, "http/hotline");
	if (exit == CLI_DONE)
		exit = make_folder(dir, "keys/open311");
	if (exit == CLI_DONE)
		exit = make_http_key(dir, "open311/app");
	if (exit == CLI_DONE)
		exit = make_http_key(dir, "pages");
	return exit;
}

/* What was made must load as it is. */
static enum cli_exit prove(const char *dir)
{
	struct report report = { 0 };
	struct org *org = NULL;
	enum cli_exit exit = CLI_DONE;
	int err = org_load(&org, &report, dir, ORG_NEEDS_KEYS);
	if (err < 0)
		exit = session_problems(&report, err, dir);
	report_free(&report);
	org_close(&org);
	return exit;
}

static enum cli_exit check_ports(const struct org *org, int port)
{
	size_t last = org_node_count(org) - 1;
	if (port <= 0 || city_files_port(org, last, false, port) <= PORT_MAX)
		return CLI_DONE;
	say_error(_("With %zu nodes, --port must be lower than %d."),
	    org_node_count(org), port);
	return CLI_USAGE;
}

enum cli_exit city_make(
    struct cli *cli, const char *dir, const char *from, int port)
{
	char mark[PATH_TEXT];
	struct city_keys keys = { 0 };
	snprintf(mark, sizeof(mark), "%s/%s", dir, mark_name);
	enum cli_exit exit = check_ports(cli->org, port);
	if (exit == CLI_DONE)
		exit = claim(dir, mark);
	if (exit == CLI_DONE)
		exit = city_keys_make(&keys, cli->org, dir);
	if (exit == CLI_DONE)
		exit = write_files(cli, dir, from, &keys, port);
	city_keys_free(&keys);
	if (exit == CLI_DONE)
		exit = prove(dir);
	if (exit == CLI_DONE && unlink(mark) < 0)
		exit = say_errno(mark);
	return exit;
}

/* A city's hotline.yaml: where callbacks go, and signed as whom. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "fuzz.h"
#include "gatewayd/call_config.h"

static char keys[128], http[160], key[192];

static void remove_key(void)
{
	unlink(key);
	rmdir(http);
	rmdir(keys);
}

/* The key of the client `hotline`. */
static void make_key(const char *home)
{
	int fd;

	snprintf(keys, sizeof(keys), "%s/keys", home);
	snprintf(http, sizeof(http), "%s/http", keys);
	snprintf(key, sizeof(key), "%s/hotline.key", http);
	promise(mkdir(keys, 0700) == 0 && mkdir(http, 0700) == 0);
	fd = open(key, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	promise(fd >= 0 && dprintf(fd, "%064d\n", 7) > 0 && close(fd) == 0);
	atexit(remove_key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *home = fuzz_city("hotline.yaml");
	struct call_config config = { .is_on = false };
	int rc;

	if (!keys[0])
		make_key(home);
	fuzz_file(data, size);
	rc = call_config_load(&config, home);
	promise(rc == 0 || rc == ERR_INVALID || rc == ERR_NOT_FOUND);
	promise(config.is_on == (rc == 0));
	if (rc == 0) {
		promise(strcmp(config.client, "hotline") == 0);
		promise(strncmp(config.url, "http", 4) == 0);
		promise(config.target && config.target[0] == '/');
	}
	return 0;
}

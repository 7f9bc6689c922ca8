#include "gatewayd/access.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

enum { LINE_BYTES = 512, COMPLAIN_MS = 60 * 1000 };

int access_open(int *fd_out, const char *path)
{
	char value[LOG_VALUE_MAX];
	int fd = -1;

	if (path[0] != '\0') {
		fd =
		    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (fd < 0) {
			int rc = err_of_errno(errno);
			log_line(LOG_ERROR,
			    "access_log=%s error=\"%s\" help=\"see access_log "
			    "in gateway.yaml: its folder must be there, and "
			    "the gateway's user must be able to write it\"",
			    log_value(value, path), err_text(rc));
			return rc;
		}
	}
	*fd_out = fd;
	return 0;
}

/* One write, so that lines stay whole whoever else appends. */
void access_write(int fd, const struct access_line *line)
{
	char text[LINE_BYTES], time[TIME_TEXT];
	int len = snprintf(text, sizeof(text),
	    "%s http=%s path=%s status=%u bytes=%zu ms=%" PRId64 " client=%s\n",
	    time_format(time, line->time_ms), line->method, line->path,
	    line->status, line->bytes, line->took_ms, line->client);

	if (len >= (int)sizeof(text))
		len = (int)sizeof(text) - 1;
	if (write(fd, text, (size_t)len) == len)
		return;
	if (log_is_due("access-log", line->time_ms, COMPLAIN_MS))
		log_line(LOG_ERROR, "access_log=write error=\"%s\"",
		    err_text(err_of_errno(errno)));
}

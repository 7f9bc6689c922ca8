#include "program.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"

static const char *daemon_of(char out[NAME_MAX_BYTES + 2], const char *level)
{
	if (strcmp(level, "hotline") == 0)
		return "gatewayd";
	snprintf(out, NAME_MAX_BYTES + 2, "%sd", level);
	return out;
}

int program_of(char program_out[PROGRAM_TEXT], const struct node *node)
{
	char self[1024], name[NAME_MAX_BYTES + 2];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len < 0)
		return ERR_IO;
	self[len] = '\0';
	snprintf(program_out, PROGRAM_TEXT, "%s/%s", dirname(self),
	    daemon_of(name, node->level));
	return 0;
}

#include "gatewayd/prom.h"

#include <inttypes.h>

void prom_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			putc(*text, out);
	}
}

void prom_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	put_escaped(out, value ? value : "");
	putc('"', out);
}

void prom_number(FILE *out, const char *name, const char *type, uint64_t value,
    const char *help)
{
	prom_head(out, name, type, help);
	fprintf(out, "%s %" PRIu64 "\n", name, value);
}

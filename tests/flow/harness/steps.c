#include "harness/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include "harness/disk.h"

void steps_start(void)
{
	preload_add(STEPS_LIBRARY);
}

void steps_die_at(unsigned step)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", step);
	setenv("WHISTLE_DIE_AT", text, 1);
}

#include "engine/daemon.h"
#include "gatewayd/server.h"
#include "levels.h"

int main(int argc, char **argv)
{
	return daemon_main(
	    &gatewayd_level, whistle_levels, &http_side, argc, argv);
}

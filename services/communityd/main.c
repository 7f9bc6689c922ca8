#include "engine/daemon.h"
#include "levels.h"

int main(int argc, char **argv)
{
	return daemon_main(&communityd_level, whistle_levels, NULL, argc, argv);
}

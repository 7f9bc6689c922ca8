#include "engine/daemon.h"
#include "levels.h"

int main(int argc, char **argv)
{
	return daemon_main(&districtd_level, whistle_levels, NULL, argc, argv);
}

/* The records of a store, each as its own reader takes it apart. */
#include "rows.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *world = rows_world();

	place_begin(world->place);
	rows_change(world, bytes_of(data, size));
	rows_look(world, false);
	kv_abort(&world->place->txn);
	return 0;
}

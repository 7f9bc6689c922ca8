/* A mapping of “whistle import”: which column is which field. */
#include "fuzz.h"
#include "whistle/import_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct csv_record heading = {
		.line = 1, .count = 3, .fields = { "number", "title", "编号" }
	};
	struct import_map map;

	if (import_map_open(&map, fuzz_file(data, size)) == CLI_DONE &&
	    import_map_heading(&map, &heading, "import.csv") == CLI_DONE)
		for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
			promise(map.at[i] < (int)heading.count);
	import_map_close(&map);
	return 0;
}

/* What a gateway, perhaps another's, answers to “whistle gateway
 * callbacks”. */
#include <jansson.h>
#include "fuzz.h"
#include "whistle/gateway_say.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *answer = json_loadb((const char *)data, size, 0, NULL);

	if (!answer)
		return 0;
	gateway_say_call(answer);
	promise(gateway_say_list(answer) == CLI_DONE);
	json_decref(answer);
	return 0;
}

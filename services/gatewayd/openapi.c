/* The description of the hotline's interface, as openapi.json has it; its
 * bytes are put in when this is built. */
#include <string.h>
#include "gatewayd/handlers.h"

extern const char openapi_text[];
extern const char openapi_end[];

/* clang-format off */
__asm__(
    ".section .rodata\n"
    ".global openapi_text\n"
    "openapi_text:\n"
    ".incbin \"" OPENAPI_FILE "\"\n"
    ".global openapi_end\n"
    "openapi_end:\n"
    ".byte 0\n"
    ".previous\n");
/* clang-format on */

void openapi_get(struct exchange *exchange)
{
	answer_set(&exchange->answer, 200, "application/json",
	    strndup(openapi_text, (size_t)(openapi_end - openapi_text)));
	exchange->answer.is_open = true;
}

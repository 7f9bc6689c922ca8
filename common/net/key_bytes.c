#include "net/net.h"

#include <string.h>
#include <zmq.h>
#include "base/err.h"

int net_key_bytes(uint8_t bytes_out[32], const char *key)
{
	if (strlen(key) != NET_KEY_TEXT - 1 || !zmq_z85_decode(bytes_out, key))
		return ERR_INVALID;
	return 0;
}

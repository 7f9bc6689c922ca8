#include "gatewayd/allowance.h"

void allowance_open(struct allowance *allowance, unsigned rate, unsigned burst)
{
	*allowance =
	    (struct allowance){ .rate = rate, .burst = burst, .left = burst };
}

bool allowance_take(struct allowance *allowance, int64_t now_ms)
{
	int64_t passed_ms = now_ms - allowance->at_ms;

	if (passed_ms > 0) {
		allowance->left += (double)passed_ms * allowance->rate / 1000;
		allowance->at_ms = now_ms;
	}
	if (allowance->left > allowance->burst)
		allowance->left = allowance->burst;
	if (allowance->left < 1)
		return false;
	allowance->left -= 1;
	return true;
}

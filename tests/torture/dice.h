/* Chance that the seed alone decides. */
#ifndef WHISTLE_TORTURE_DICE_H
#define WHISTLE_TORTURE_DICE_H

#include <stdint.h>

struct dice {
	uint64_t state;
};

/* 0 .. sides - 1 */
static inline unsigned dice_throw(struct dice *dice, unsigned sides)
{
	uint64_t x = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((x ^ x >> 31) % sides);
}

#endif

/*
 * Tickets in a situation, as many as are wanted: made by those who may, step
 * by step, all at once.
 */
#ifndef WHISTLE_FLOW_POWERS_SCENES_H
#define WHISTLE_FLOW_POWERS_SCENES_H

#include "powers/people.h"

/* Fills ids_out; fails the test unless each is then as the scene says. Of
 * one that is made with a file the first alone has it. */
void scene_make(struct id *ids_out, struct city *city,
    const struct scene *scene, size_t count);

#endif

/*
 * The command line, killed between two of its steps (steps/killed.c).
 */
#ifndef WHISTLE_FLOW_STEPS_H
#define WHISTLE_FLOW_STEPS_H

/* Once, before anything is started that is to be killed. */
void steps_start(void);
/* From now on it is killed before its n-th step; 0: never. */
void steps_die_at(unsigned step);

#endif

/* How many file descriptors the process may have: as many as it can get, which its children must
 * not inherit, for a program that still uses select() breaks with more than 1024. */
#pragma once

/* Raises the limit, once for the process; what it forks from now on has the old one again. */
void inos_nofile_raise (void);

/* For a child that was not made by fork() alone: the limit as it was, async-signal-safe. */
void inos_nofile_restore (void *data);

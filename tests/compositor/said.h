/* What the compositor writes to its log, for tests that want it said who did what. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* From now on lines are kept and not written. */
void said_begin (void);
/* Errors are written again. */
void said_end (void);
/* What was said so far is forgotten. */
void said_forget (void);

/* How many lines there are with both in them; who may be NULL. */
unsigned int said_count (const char *who, const char *what);

/* A line names the process and says that of it; fails with all that was said instead. */
void assert_said_of (pid_t pid, const char *what);
/* Likewise, where nobody is to be named. */
void assert_said (const char *what);
/* No line has that in it. */
void assert_not_said (const char *what);

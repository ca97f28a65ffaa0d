/* What a binding says before its action: "--locked --repeat exec foo". */
#pragma once

#include <stdbool.h>

struct inos_binding_flags {
  bool locked; /* it is done on the lock screen too */
  bool repeat; /* and again for as long as its key is held */
};

/* Returns the action, past its flags; NULL where there is no such flag. What is not said is as that
 * action would have it: see action.h. */
const char *inos_binding_flags_read (const char *text, struct inos_binding_flags *flags);

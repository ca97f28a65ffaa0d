/* What the compositor itself has to say, on the screen, for there may be no shell to say it: that
 * the settings have a mistake, in which line, and which; that a key did not do what it is for. It
 * goes when the settings are read anew, or after a while; the pointer goes through it. */
#pragma once

#include "compositor.h"

struct inos_notice;

/* Follows the settings from now on, and says what was wrong with them at the start. */
struct inos_notice *inos_notice_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_notice_destroy (struct inos_notice *notice);

/* Says on the active output what is so, and why. */
void inos_notice_say (struct inos_notice *notice, const char *what, const char *why);

/* Whether programs answer: they are asked when a person turns to a window of theirs, by a click, a
 * key or by closing it, and never otherwise. One that does not answer for a while is said to be
 * unresponsive, in its title bar, in the log and over D-Bus, until it answers. */
#pragma once

#include "view.h"

/* A person turns to the view. */
void inos_responsive_ask (struct inos_view *view);
/* For the protocols' own files: the question was not answered in time. */
void inos_responsive_unanswered (struct inos_view *view);
/* The view goes: nothing is waited for. */
void inos_responsive_forget (struct inos_view *view);

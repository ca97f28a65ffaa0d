/* Whether the machine is to save its battery: the profile of power-profiles-daemon, where it runs.
 */
#pragma once

#include "compositor.h"

struct inos_power;

/* Follows the service on the system bus; without it the machine is as if it saved nothing. */
struct inos_power *inos_power_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_power_destroy (struct inos_power *power);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lock screen shows and does of the machine: its battery (UPower) and sleep (logind), on
 * the system bus. Nothing waits for either, and where they are not nothing is shown. Nothing else
 * of the power menu is here: to restart would throw away what an absent person has open. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct inos_machine;

struct inos_machine_state {
  bool has_battery, charging, can_suspend;
  int percent;
};

struct inos_machine_events {
  void (*changed) (const struct inos_machine_state *state, void *data);
  /* The machine does not sleep: why. */
  void (*awake) (const char *text, void *data);
};

/* events: borrowed. */
struct inos_machine *inos_machine_create (const struct inos_machine_events *events, void *data);
/* NULL does nothing. */
void inos_machine_destroy (struct inos_machine *machine);

void inos_machine_suspend (struct inos_machine *machine);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lock screen shows and does of the machine: its battery (UPower) and sleep (logind), on
 * the system bus. Nothing waits for either, and where they are not nothing is shown. To restart and
 * to power off are the greeter's alone: behind a lock screen that would throw away what an absent
 * person has open; logind says no while anybody is logged in. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct inos_machine;

enum inos_machine_deed {
  INOS_MACHINE_SUSPEND,
  INOS_MACHINE_RESTART,
  INOS_MACHINE_POWER_OFF,
  INOS_MACHINE_DEEDS,
};

struct inos_machine_state {
  bool has_battery, charging;
  bool can[INOS_MACHINE_DEEDS];
  int percent;
};

struct inos_machine_events {
  void (*changed) (const struct inos_machine_state *state, void *data);
  /* The machine does not do it: why. */
  void (*refused) (enum inos_machine_deed deed, const char *text, void *data);
};

/* events: borrowed. */
struct inos_machine *inos_machine_create (const struct inos_machine_events *events, void *data);
/* NULL does nothing. */
void inos_machine_destroy (struct inos_machine *machine);

/* Does nothing where logind says that it cannot be. */
void inos_machine_do (struct inos_machine *machine, enum inos_machine_deed deed);

/* What happens when nobody touches anything: the screen is dimmed, then switched off, the session
 * is locked, the machine sleeps, each after its own time (compositor.ini, [idle]).
 *
 * What keeps the screen awake (idle.h) keeps all of that from happening, and undoes what a look can
 * undo; while locked only the machine stays awake for it. Any input undims and switches on at once.
 * There is one timer, and it is set for the next deadline alone. The compositor puts nothing to
 * sleep: it says "suspend" like a key binding that others act on, and the session asks logind. */
#pragma once

#include "compositor.h"

/* In the order in which they are told. */
enum inos_stage {
  INOS_STAGE_DIM,
  INOS_STAGE_BLANK,
  INOS_STAGE_LOCK,
  INOS_STAGE_SUSPEND,
  INOS_STAGE_COUNT,
};

struct inos_stages *inos_stages_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_stages_destroy (struct inos_stages *stages);

/* The person did something. stages: may be NULL. */
void inos_stages_activity (struct inos_stages *stages);

/* Whether the machine lives on its battery, for which there are other times. */
void inos_stages_set_on_battery (struct inos_stages *stages, bool on_battery);
bool inos_stages_on_battery (const struct inos_stages *stages);

bool inos_stages_reached (const struct inos_stages *stages, enum inos_stage stage);
const char *inos_stage_name (enum inos_stage stage);

/* Seconds until the stage as the settings have it now; 0 for never. */
int inos_stages_time (const struct inos_stages *stages, enum inos_stage stage);

/* What the settings say. Where they say nothing a desktop with screens of its own has sane times,
 * and one without (in a window, on no screen) has none. */
struct inos_idle_times inos_idle_times (const struct inos_config *config, bool on_battery,
                                        bool own_screens);

/* For tests: from now on the time is what `now` says, in ms; run does what is due then and returns
 * the ms until the next deadline, -1 where there is none. */
void inos_stages_set_clock (struct inos_stages *stages, const int64_t *now);
int64_t inos_stages_run (struct inos_stages *stages);

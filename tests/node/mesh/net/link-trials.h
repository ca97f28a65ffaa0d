/*
 * What every link of a network must be good for, whatever it runs over: a dialled and an accepted
 * one of stand-ins, both turned by @host.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "standin.h"

/** link_trial_bulk: @len bytes arrive in order, both ways at once, with pauses on either side. */
void link_trial_bulk (struct inos_host *host, struct inos_link *dialled, struct inos_link *accepted,
                      uint64_t len);
/**
 * link_trial_back_pressure: who does not read makes the other wait, and nothing grows but the
 * kernel's own buffers.
 */
void link_trial_back_pressure (struct inos_host *host, struct inos_link *dialled,
                               struct inos_link *accepted);
/** link_trial_close: what is sent of @len bytes before close() arrives, and then the end. */
void link_trial_close (struct inos_host *host, struct inos_link *dialled,
                       struct inos_link *accepted, uint64_t len);

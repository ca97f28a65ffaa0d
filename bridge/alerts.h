/*
 * The alerts that hold, as the property Alerts, and the signals when one comes or goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inos-node1.h"

/* Replaces all alerts by those of an a(sdds), with a signal for each that is new or gone. */
void inos_alerts_replace (InosNode1 *node, GVariant *alerts);

/* Applies one event of the type (sbdds): name, raised or cleared, value, threshold, sentence. */
void inos_alerts_apply (InosNode1 *node, GVariant *event);

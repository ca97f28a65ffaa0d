/*
 * What the monitor and the alerts say, as the GVariants of the message table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/alerts.h"
#include "node/monitor/sample.h"

#include <glib.h>

/** inos_resources_to_variant: (transfer floating): the payload of node.resources. */
GVariant *inos_resources_to_variant (const struct inos_sample *sample);

/** inos_alerts_to_variant: (transfer floating): the reply of node.alerts, those that are raised. */
GVariant *inos_alerts_to_variant (const struct inos_alerts *alerts);

/** inos_alert_to_variant: (transfer floating): the event node.alert. */
GVariant *inos_alert_to_variant (const struct inos_alerts *alerts, enum inos_alert_id id);

/* Who asked for figures, and how often: by unique name on the bus, until they leave it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct inos_subscribers;

enum { INOS_SUBSCRIBERS_MAX = 256 };

/* changed: called with data when the smallest interval may have changed. */
struct inos_subscribers *inos_subscribers_create (GDBusConnection *connection,
                                                  void (*changed) (void *data), void *data);
/* NULL does nothing. */
void inos_subscribers_destroy (struct inos_subscribers *subscribers);

/* Adds the caller `name` or changes its interval (ms). Returns false where there are too many. */
bool inos_subscribers_set (struct inos_subscribers *subscribers, const char *name,
                           unsigned int interval);

/* Removes the caller; one that never subscribed is fine. */
void inos_subscribers_remove (struct inos_subscribers *subscribers, const char *name);

/* The smallest interval (ms), or `otherwise` where nobody has subscribed. */
unsigned int inos_subscribers_interval (struct inos_subscribers *subscribers,
                                        unsigned int otherwise);

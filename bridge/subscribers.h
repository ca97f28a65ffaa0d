/*
 * Who wants the figures how often. One entry a caller, by unique bus name; a caller that leaves the
 * bus is forgotten. Lives in the thread of the main context that it was made in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define INOS_SUBSCRIBERS_MAX 256
#define INOS_INTERVAL_MIN 100
#define INOS_INTERVAL_MAX 3600000
#define INOS_INTERVAL_IDLE 5000 /* while nobody subscribes */

struct inos_subscribers;

enum inos_subscribe {
  INOS_SUBSCRIBE_OK,
  INOS_SUBSCRIBE_BAD_INTERVAL,
  INOS_SUBSCRIBE_FULL,
};

/**
 * inos_subscribers_new:
 * @bus: (nullable): where callers are watched; NULL watches nobody
 * @changed: called when the smallest interval has changed
 * @data: for @changed
 */
struct inos_subscribers *inos_subscribers_new (GDBusConnection *bus, void (*changed) (void *data),
                                               void *data);
void inos_subscribers_free (struct inos_subscribers *subscribers);

/* Adds a caller, or gives the one that is there another interval (ms). */
enum inos_subscribe inos_subscribers_add (struct inos_subscribers *subscribers, const char *name,
                                          guint interval);

/* Forgets a caller; one that was never there is no error. */
void inos_subscribers_remove (struct inos_subscribers *subscribers, const char *name);

guint inos_subscribers_count (const struct inos_subscribers *subscribers);

/* The smallest interval, INOS_INTERVAL_IDLE where there is nobody. */
guint inos_subscribers_interval (const struct inos_subscribers *subscribers);

/*
 * Who wants the figures how often.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/subscribers.h"

struct subscriber {
  guint interval, watch; /* watch is 0 where nobody is watched */
};

struct inos_subscribers {
  GDBusConnection *bus; /* may be NULL */
  GHashTable *by_name;  /* unique name → struct subscriber */
  guint interval;
  void (*changed) (void *data);
  void *data;
};

static void subscriber_free (void *data)
{
  struct subscriber *subscriber = data;

  g_clear_handle_id (&subscriber->watch, g_bus_unwatch_name);
  g_free (subscriber);
}

static void update (struct inos_subscribers *subscribers)
{
  GHashTableIter iter;
  void *value;
  guint smallest = G_MAXUINT;

  g_hash_table_iter_init (&iter, subscribers->by_name);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    smallest = MIN (smallest, ((struct subscriber *)value)->interval);
  if (smallest == G_MAXUINT)
    smallest = INOS_INTERVAL_IDLE;
  if (smallest == subscribers->interval)
    return;
  subscribers->interval = smallest;
  subscribers->changed (subscribers->data);
}

static void on_vanished (GDBusConnection *bus, const char *name, void *data)
{
  inos_subscribers_remove (data, name);
}

struct inos_subscribers *inos_subscribers_new (GDBusConnection *bus, void (*changed) (void *data),
                                               void *data)
{
  struct inos_subscribers *subscribers = g_new0 (struct inos_subscribers, 1);

  *subscribers = (struct inos_subscribers){
    .bus = bus != NULL ? g_object_ref (bus) : NULL,
    .by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, subscriber_free),
    .interval = INOS_INTERVAL_IDLE,
    .changed = changed,
    .data = data,
  };
  return subscribers;
}

void inos_subscribers_free (struct inos_subscribers *subscribers)
{
  if (subscribers == NULL)
    return;
  g_hash_table_unref (subscribers->by_name);
  g_clear_object (&subscribers->bus);
  g_free (subscribers);
}

enum inos_subscribe inos_subscribers_add (struct inos_subscribers *subscribers, const char *name,
                                          guint interval)
{
  struct subscriber *subscriber = g_hash_table_lookup (subscribers->by_name, name);

  if (interval < INOS_INTERVAL_MIN || interval > INOS_INTERVAL_MAX)
    return INOS_SUBSCRIBE_BAD_INTERVAL;
  if (subscriber == NULL) {
    if (g_hash_table_size (subscribers->by_name) >= INOS_SUBSCRIBERS_MAX)
      return INOS_SUBSCRIBE_FULL;
    subscriber = g_new0 (struct subscriber, 1);
    g_hash_table_insert (subscribers->by_name, g_strdup (name), subscriber);
    if (subscribers->bus != NULL)
      subscriber->watch =
        g_bus_watch_name_on_connection (subscribers->bus, name, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                        on_vanished, subscribers, NULL);
  }
  subscriber->interval = interval;
  update (subscribers);
  return INOS_SUBSCRIBE_OK;
}

void inos_subscribers_remove (struct inos_subscribers *subscribers, const char *name)
{
  /* The name may live in the watch that goes with the entry. */
  if (g_hash_table_remove (subscribers->by_name, name))
    update (subscribers);
}

guint inos_subscribers_count (const struct inos_subscribers *subscribers)
{
  return g_hash_table_size (subscribers->by_name);
}

guint inos_subscribers_interval (const struct inos_subscribers *subscribers)
{
  return subscribers->interval;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bridge/subscribers.h"

struct subscriber {
  unsigned int interval;
  guint watch;
};

struct inos_subscribers {
  GDBusConnection *connection;
  GHashTable *table; /* unique name → struct subscriber, owned */
  void (*changed) (void *data);
  void *data;
};

static void subscriber_free (void *data)
{
  struct subscriber *subscriber = data;
  g_bus_unwatch_name (subscriber->watch);
  g_free (subscriber);
}

struct inos_subscribers *inos_subscribers_create (GDBusConnection *connection,
                                                  void (*changed) (void *data), void *data)
{
  struct inos_subscribers *subscribers = g_new0 (struct inos_subscribers, 1);
  subscribers->connection = g_object_ref (connection);
  subscribers->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, subscriber_free);
  subscribers->changed = changed;
  subscribers->data = data;
  return subscribers;
}

void inos_subscribers_destroy (struct inos_subscribers *subscribers)
{
  if (!subscribers)
    return;
  g_hash_table_unref (subscribers->table);
  g_object_unref (subscribers->connection);
  g_free (subscribers);
}

static void on_name_vanished (GDBusConnection *connection, const char *name, void *data)
{
  inos_subscribers_remove (data, name);
}

bool inos_subscribers_set (struct inos_subscribers *subscribers, const char *name,
                           unsigned int interval)
{
  struct subscriber *subscriber = g_hash_table_lookup (subscribers->table, name);
  if (!subscriber) {
    if (g_hash_table_size (subscribers->table) >= INOS_SUBSCRIBERS_MAX)
      return false;
    subscriber = g_new0 (struct subscriber, 1);
    subscriber->watch =
      g_bus_watch_name_on_connection (subscribers->connection, name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      NULL, on_name_vanished, subscribers, NULL);
    g_hash_table_insert (subscribers->table, g_strdup (name), subscriber);
  }
  subscriber->interval = interval;
  subscribers->changed (subscribers->data);
  return true;
}

void inos_subscribers_remove (struct inos_subscribers *subscribers, const char *name)
{
  if (g_hash_table_remove (subscribers->table, name))
    subscribers->changed (subscribers->data);
}

unsigned int inos_subscribers_interval (struct inos_subscribers *subscribers,
                                        unsigned int otherwise)
{
  GHashTableIter iter;
  void *value;
  unsigned int least = 0;
  g_hash_table_iter_init (&iter, subscribers->table);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    struct subscriber *subscriber = value;
    least = least == 0 ? subscriber->interval : MIN (least, subscriber->interval);
  }
  return least == 0 ? otherwise : least;
}

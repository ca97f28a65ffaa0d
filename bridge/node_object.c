/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bridge/node_object.h"

#include <math.h>

#include "bridge-dbus.h"
#include "bridge/node_link.h"
#include "bridge/policy.h"
#include "bridge/subscribers.h"
#include "bridge/uptime_skeleton.h"

#define PATH "/org/inos/Node1"

enum {
  LEAST_INTERVAL_MS = 100,
  MOST_INTERVAL_MS = 3600000,
  /* How old the figures may be that nobody subscribed to. */
  UNASKED_INTERVAL_MS = 5000,
  /* A node that is silent for this long beyond its interval has stopped. */
  PATIENCE_MS = 5000,
  MAX_WAITING = 64,
};

struct inos_node_object {
  InosDBusNode1 *skeleton;
  struct inos_node_link *link;
  struct inos_subscribers *subscribers;
  GHashTable *waiting; /* request id → GDBusMethodInvocation of Refresh, owned */
  guint interval;      /* ms that the node was asked for, 0 for none */
  guint silence;       /* timer that ends when the node has been silent for too long */
};

static gboolean on_silence (void *data)
{
  struct inos_node_object *object = data;
  object->silence = 0;
  inos_node_link_drop (object->link, "it has been silent for too long");
  return G_SOURCE_REMOVE;
}

static void expect_news (struct inos_node_object *object)
{
  g_clear_handle_id (&object->silence, g_source_remove);
  object->silence = g_timeout_add (object->interval + PATIENCE_MS, on_silence, object);
}

static void ask_for_interval (struct inos_node_object *object)
{
  guint wanted = inos_subscribers_interval (object->subscribers, UNASKED_INTERVAL_MS);
  if (wanted == object->interval)
    return;
  if (inos_node_link_request (object->link, INOS_NODE_SUBSCRIBE, g_variant_new ("(u)", wanted))) {
    object->interval = wanted;
    expect_news (object);
  }
}

static void on_subscribers_changed (void *data)
{
  ask_for_interval (data);
}

static void on_connected (void *data)
{
  struct inos_node_object *object = data;
  object->interval = UNASKED_INTERVAL_MS;
  inos_node_link_request (object->link, INOS_NODE_INFO, NULL);
  inos_node_link_request (object->link, INOS_NODE_ALERTS, NULL);
  inos_node_link_request (object->link, INOS_NODE_RESOURCES, NULL);
  object->interval = 0;
  ask_for_interval (object);
}

static void refuse_waiting (struct inos_node_object *object)
{
  GHashTableIter iter;
  void *invocation;
  g_hash_table_iter_init (&iter, object->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &invocation)) {
    g_hash_table_iter_steal (&iter);
    g_dbus_method_invocation_return_dbus_error (
      invocation, "org.inos.Error.Disconnected",
      "the node went away before it answered; it is connected to again when it is back");
  }
}

static void on_disconnected (void *data)
{
  struct inos_node_object *object = data;
  g_clear_handle_id (&object->silence, g_source_remove);
  object->interval = 0;
  inos_dbus_node1_set_connected (object->skeleton, FALSE);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (object->skeleton));
  refuse_waiting (object);
}

/* Figures are rounded to what a person can tell apart, so that what has not changed is not sent:
 * 0.1 % of a processor, 0.01 of a load, 1 MiB of memory. */
static double rounded (double value, double step)
{
  return round (value / step) * step;
}

static guint64 rounded_bytes (guint64 bytes)
{
  return (bytes + (1 << 19)) & ~(guint64)((1 << 20) - 1);
}

static GVariant *rounded_cores (GVariant *cores)
{
  gsize count;
  const double *values = g_variant_get_fixed_array (cores, &count, sizeof (double));
  g_autofree double *result = g_new (double, count + 1);
  for (gsize i = 0; i < count; i++)
    result[i] = rounded (values[i], 0.1);
  return g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, result, count, sizeof (double));
}

static void take_resources (struct inos_node_object *object, GVariant *payload)
{
  InosDBusNode1 *node = object->skeleton;
  gint64 time;
  double cpu, one, five, fifteen;
  guint64 total, available, swap_total, swap_free;
  g_autoptr (GVariant) cores = NULL, pressure = NULL, disks = NULL, interfaces = NULL;
  g_autoptr (GVariant) temperatures = NULL, battery = NULL;
  g_variant_get (payload, "(xd@ad(ddd)tttt@a(sddd)@a(ssttt)@a(sbtttt)@a(sd)@(bdbx))", &time, &cpu,
                 &cores, &one, &five, &fifteen, &total, &available, &swap_total, &swap_free,
                 &pressure, &disks, &interfaces, &temperatures, &battery);
  inos_dbus_node1_set_sampled_at (node, time);
  inos_dbus_node1_set_cpu_usage (node, rounded (cpu, 0.1));
  inos_dbus_node1_set_cpu_cores (node, rounded_cores (cores));
  inos_dbus_node1_set_load_average (
    node,
    g_variant_new ("(ddd)", rounded (one, 0.01), rounded (five, 0.01), rounded (fifteen, 0.01)));
  inos_dbus_node1_set_memory_total (node, total);
  inos_dbus_node1_set_memory_available (node, rounded_bytes (available));
  inos_dbus_node1_set_swap_total (node, swap_total);
  inos_dbus_node1_set_swap_free (node, swap_free);
  inos_dbus_node1_set_pressure (node, pressure);
  inos_dbus_node1_set_disks (node, disks);
  inos_dbus_node1_set_interfaces (node, interfaces);
  inos_dbus_node1_set_temperatures (node, temperatures);
  inos_dbus_node1_set_battery (node, battery);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (node));
}

static void take_info (struct inos_node_object *object, GVariant *payload)
{
  const char *peer, *version, *host, *key;
  gint64 started;
  g_variant_get (payload, "(&s&s&sx&s)", &peer, &version, &host, &started, &key);
  inos_dbus_node1_set_peer_id (object->skeleton, peer);
  inos_dbus_node1_set_version (object->skeleton, version);
  inos_dbus_node1_set_host_name (object->skeleton, host);
  inos_dbus_node1_set_started_at (object->skeleton, started);
  inos_dbus_node1_set_public_key (object->skeleton, key);
  /* Only a node that has answered is connected: a stopped one accepts a connection too. */
  inos_dbus_node1_set_connected (object->skeleton, TRUE);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (object->skeleton));
}

/* The alerts that hold now, with `name` left out and, where `raised`, put at the end. */
static void take_alert (struct inos_node_object *object, GVariant *payload)
{
  const char *name, *message;
  gboolean raised;
  double value, threshold;
  GVariantBuilder alerts;
  GVariantIter iter;
  g_variant_get (payload, "(&sbdd&s)", &name, &raised, &value, &threshold, &message);
  g_variant_builder_init (&alerts, G_VARIANT_TYPE ("a(sdds)"));
  g_variant_iter_init (&iter, inos_dbus_node1_get_alerts (object->skeleton));
  GVariant *alert;
  while ((alert = g_variant_iter_next_value (&iter))) {
    const char *other;
    g_variant_get_child (alert, 0, "&s", &other);
    if (!g_str_equal (other, name))
      g_variant_builder_add_value (&alerts, alert);
    g_variant_unref (alert);
  }
  if (raised)
    g_variant_builder_add (&alerts, "(sdds)", name, value, threshold, message);
  inos_dbus_node1_set_alerts (object->skeleton, g_variant_builder_end (&alerts));
  if (raised)
    inos_dbus_node1_emit_alert_raised (object->skeleton, name, value, threshold, message);
  else
    inos_dbus_node1_emit_alert_cleared (object->skeleton, name);
}

static void complete_refresh (struct inos_node_object *object, uint64_t id)
{
  GDBusMethodInvocation *invocation = g_hash_table_lookup (object->waiting, &id);
  if (!invocation)
    return;
  g_hash_table_steal (object->waiting, &id);
  inos_dbus_node1_complete_refresh (object->skeleton, invocation);
}

static void on_received (const struct inos_envelope *envelope, void *data)
{
  struct inos_node_object *object = data;
  expect_news (object);
  if (envelope->kind == INOS_ERROR) {
    const char *code, *message;
    g_variant_get (envelope->payload, "(&s&s)", &code, &message);
    g_warning ("The node refused %s: %s (%s).", envelope->type, message, code);
  } else if (g_str_equal (envelope->type, INOS_NODE_RESOURCES)) {
    take_resources (object, envelope->payload);
  } else if (g_str_equal (envelope->type, INOS_NODE_INFO)) {
    take_info (object, envelope->payload);
  } else if (g_str_equal (envelope->type, INOS_NODE_ALERTS)) {
    inos_dbus_node1_set_alerts (object->skeleton, envelope->payload);
  } else if (g_str_equal (envelope->type, INOS_NODE_ALERT)) {
    take_alert (object, envelope->payload);
  }
  complete_refresh (object, envelope->reply_to);
}

static gboolean on_subscribe (InosDBusNode1 *node, GDBusMethodInvocation *invocation,
                              guint interval, void *data)
{
  struct inos_node_object *object = data;
  if (interval < LEAST_INTERVAL_MS || interval > MOST_INTERVAL_MS) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "the interval is %u ms and must be from %d to %d",
                                           interval, LEAST_INTERVAL_MS, MOST_INTERVAL_MS);
  } else if (!inos_subscribers_set (object->subscribers,
                                    g_dbus_method_invocation_get_sender (invocation), interval)) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
                                           "there are %d subscribers already",
                                           INOS_SUBSCRIBERS_MAX);
  } else {
    inos_dbus_node1_complete_subscribe (node, invocation, interval);
  }
  return TRUE;
}

static gboolean on_unsubscribe (InosDBusNode1 *node, GDBusMethodInvocation *invocation, void *data)
{
  struct inos_node_object *object = data;
  inos_subscribers_remove (object->subscribers, g_dbus_method_invocation_get_sender (invocation));
  inos_dbus_node1_complete_unsubscribe (node, invocation);
  return TRUE;
}

static gboolean on_refresh (InosDBusNode1 *node, GDBusMethodInvocation *invocation, void *data)
{
  struct inos_node_object *object = data;
  if (g_hash_table_size (object->waiting) >= MAX_WAITING) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
                                           "%d refreshes are under way already", MAX_WAITING);
    return TRUE;
  }
  uint64_t id = inos_node_link_request (object->link, INOS_NODE_RESOURCES, NULL);
  if (id == 0)
    g_dbus_method_invocation_return_dbus_error (
      invocation, "org.inos.Error.Disconnected",
      "there is no node to ask; it is connected to when it starts");
  else
    g_hash_table_insert (object->waiting, g_memdup2 (&id, sizeof id), invocation);
  return TRUE;
}

/* The session bus lets in only its own user, who may do all that the table knows; a method that
 * nobody gave a capability is a mistake of ours and refused. */
static gboolean on_authorize (GDBusInterfaceSkeleton *skeleton, GDBusMethodInvocation *invocation,
                              void *data)
{
  const char *interface = g_dbus_method_invocation_get_interface_name (invocation);
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  if (inos_policy_capability (interface, method))
    return TRUE;
  g_warning ("%s.%s has no capability in the policy and was refused.", interface, method);
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                                         "%s.%s may not be called", interface, method);
  return FALSE;
}

static InosDBusNode1 *make_skeleton (struct inos_node_object *object)
{
  InosDBusNode1 *node = inos_uptime_skeleton_new();
  /* A property without a value would be no property. */
  inos_dbus_node1_set_load_average (node, g_variant_new ("(ddd)", 0.0, 0.0, 0.0));
  inos_dbus_node1_set_cpu_cores (node, g_variant_new_array (G_VARIANT_TYPE_DOUBLE, NULL, 0));
  inos_dbus_node1_set_pressure (node, g_variant_new ("a(sddd)", NULL));
  inos_dbus_node1_set_disks (node, g_variant_new ("a(ssttt)", NULL));
  inos_dbus_node1_set_interfaces (node, g_variant_new ("a(sbtttt)", NULL));
  inos_dbus_node1_set_temperatures (node, g_variant_new ("a(sd)", NULL));
  inos_dbus_node1_set_battery (node, g_variant_new ("(bdbx)", FALSE, 0.0, FALSE, (gint64)-1));
  inos_dbus_node1_set_alerts (node, g_variant_new ("a(sdds)", NULL));
  g_signal_connect (node, "g-authorize-method", G_CALLBACK (on_authorize), object);
  g_signal_connect (node, "handle-subscribe", G_CALLBACK (on_subscribe), object);
  g_signal_connect (node, "handle-unsubscribe", G_CALLBACK (on_unsubscribe), object);
  g_signal_connect (node, "handle-refresh", G_CALLBACK (on_refresh), object);
  return node;
}

struct inos_node_object *inos_node_object_create (GDBusConnection *connection, const char *path,
                                                  GError **error)
{
  static const struct inos_node_link_hooks hooks = {on_connected, on_disconnected, on_received};
  struct inos_node_object *object = g_new0 (struct inos_node_object, 1);
  object->skeleton = make_skeleton (object);
  object->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  object->subscribers = inos_subscribers_create (connection, on_subscribers_changed, object);
  object->link = inos_node_link_create (path, &hooks, object);
  if (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (object->skeleton), connection,
                                        PATH, error))
    return object;
  inos_node_object_destroy (object);
  return NULL;
}

void inos_node_object_destroy (struct inos_node_object *object)
{
  if (!object)
    return;
  refuse_waiting (object);
  g_clear_handle_id (&object->silence, g_source_remove);
  inos_node_link_destroy (object->link);
  inos_subscribers_destroy (object->subscribers);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (object->skeleton));
  g_object_unref (object->skeleton);
  g_hash_table_unref (object->waiting);
  g_free (object);
}

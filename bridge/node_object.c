/*
 * org.inos.Node1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/node_object.h"

#include "bridge/alerts.h"
#include "bridge/arena.h"
#include "bridge/error.h"
#include "bridge/forward.h"
#include "bridge/node_link.h"
#include "bridge/node_skeleton.h"
#include "bridge/other_nodes.h"
#include "bridge/permit/permit.h"
#include "bridge/sample.h"
#include "bridge/subscribers.h"
#include "bridge/terminals.h"

#include "node/api/messages.h"

#define OBJECT_PATH "/org/inos/Node1"

/* s, until what the machine's node refused is asked again: polkit may have been starting, or have
 * another rule by now. */
enum { AGAIN_FIRST = 5, AGAIN_LAST = 300 };

struct inos_node_object {
  InosNode1 *node;
  InosNode1Mesh *mesh;
  InosNode1Machine *machine;
  struct inos_terminals_object *terminals;
  struct inos_permit *permit;
  struct inos_node_link *link;
  struct inos_node_link *system;    /* the machine's node; NULL: the own one is in the mesh */
  struct inos_node_link *mesh_link; /* one of the two */
  struct inos_subscribers *subscribers;
  bool up, has_info, has_sample; /* of this connection */
  bool subscribing;              /* a Subscribe sends its own request to the node */
  guint again, again_after;      /* a timer to ask the machine's node again; s */
  guint granted;                 /* ms; what the node said last, 0 while unknown */
};

/* A method call that waits for the node. */
struct call {
  struct inos_node_object *object;
  GDBusMethodInvocation *invocation; /* NULL where nobody waits */
  guint interval;                    /* of Subscribe */
};

static struct call *call_new (struct inos_node_object *object, GDBusMethodInvocation *invocation,
                              guint interval)
{
  struct call *call = g_new0 (struct call, 1);

  *call = (struct call){.object = object, .invocation = invocation, .interval = interval};
  return call;
}

/* Clients see Connected only with everything that goes with it. */
static void update_connected (struct inos_node_object *object)
{
  if (object->has_info && object->has_sample && object->up)
    inos_node1_set_connected (object->node, TRUE);
}

static void set_identity (struct inos_node_object *object, const char *peer, const char *key)
{
  inos_node1_set_peer_id (object->node, peer);
  inos_node1_set_public_key (object->node, key);
}

static void begin_mesh (struct inos_node_object *object);

static gboolean on_again (void *data)
{
  struct inos_node_object *object = data;

  object->again = 0;
  begin_mesh (object);
  return G_SOURCE_REMOVE;
}

/* Where polkit had no word, or said no, it may say yes later. */
static void ask_again (struct inos_node_object *object, const GError *error)
{
  if (object->system == NULL || object->again != 0 ||
      !(g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
        g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)))
    return;
  object->again = g_timeout_add_seconds (object->again_after, on_again, object);
  object->again_after = MIN (2 * object->again_after, AGAIN_LAST);
}

/* Who this machine is in the mesh. */
static void on_system_info (GVariant *payload, const GError *error, void *data)
{
  const char *peer, *key;

  if (error != NULL) {
    ask_again (data, error);
    return;
  }
  g_variant_get (payload, "(&s&s&sx&s)", &peer, NULL, NULL, NULL, &key);
  set_identity (data, peer, key);
}

static void on_info (GVariant *payload, const GError *error, void *data)
{
  struct inos_node_object *object = data;
  const char *peer, *version, *host, *key;
  gint64 started;

  if (error != NULL)
    return; /* the link has logged why */
  g_variant_get (payload, "(&s&s&sx&s)", &peer, &version, &host, &started, &key);
  inos_node1_set_version (object->node, version);
  inos_node1_set_host_name (object->node, host);
  inos_node1_set_started_at (object->node, started);
  if (object->system == NULL)
    set_identity (object, peer, key);
  object->has_info = true;
  update_connected (object);
}

static void take_sample (struct inos_node_object *object, GVariant *resources, bool heartbeat)
{
  inos_sample_apply (object->node, resources, heartbeat);
  object->has_sample = true;
  update_connected (object);
}

static void on_first_sample (GVariant *payload, const GError *error, void *data)
{
  if (error == NULL)
    take_sample (data, payload, true);
}

static void on_alerts (GVariant *payload, const GError *error, void *data)
{
  struct inos_node_object *object = data;

  if (error == NULL)
    inos_alerts_replace (object->node, payload);
}

/* The node's answer to an interval, and so to the Subscribe that asked for it. */
static void on_granted (GVariant *payload, const GError *error, void *data)
{
  struct call *call = data;

  if (error == NULL)
    g_variant_get (payload, "(u)", &call->object->granted);
  if (call->invocation != NULL)
    /* Without the node the wish is kept, and told to the node when it is back. */
    inos_node1_complete_subscribe (call->object->node, call->invocation,
                                   error == NULL ? MAX (call->interval, call->object->granted)
                                                 : call->interval);
  g_free (call);
}

static void ask_interval (struct inos_node_object *object, struct call *call)
{
  guint interval = inos_subscribers_interval (object->subscribers);

  inos_node_link_request (object->link, INOS_NODE_SUBSCRIBE, g_variant_new ("(u)", interval),
                          on_granted, call);
}

static void on_interval_changed (void *data)
{
  struct inos_node_object *object = data;

  if (object->up && !object->subscribing)
    ask_interval (object, call_new (object, NULL, 0));
}

/* From then on the node says what changes. */
static void on_members (GVariant *payload, const GError *error, void *data)
{
  struct inos_node_object *object = data;
  guint count;

  if (payload == NULL) {
    ask_again (object, error);
    return; /* the mesh is switched off, or not for us */
  }
  g_variant_get_child (payload, 0, "u", &count);
  inos_node1_mesh_set_member_count (object->mesh, count);
}

/* From then on the node says which states and groups change. */
static void on_begun (GVariant *payload, const GError *error, void *data)
{
  if (error != NULL)
    ask_again (data, error);
}

static void begin_mesh (struct inos_node_object *object)
{
  inos_node_link_request (object->mesh_link, INOS_MESH_MEMBERS, g_variant_new ("(u)", 0),
                          on_members, object);
  inos_node_link_request (object->mesh_link, INOS_MESH_STATES, NULL, on_begun, object);
  inos_node_link_request (object->mesh_link, INOS_MESH_GROUPS, NULL, on_begun, object);
  if (object->system != NULL)
    inos_node_link_request (object->system, INOS_NODE_INFO, NULL, on_system_info, object);
}

static void on_mesh_up (void *data)
{
  struct inos_node_object *object = data;

  object->again_after = AGAIN_FIRST;
  begin_mesh (object);
}

static void on_mesh_down (void *data)
{
  struct inos_node_object *object = data;

  g_clear_handle_id (&object->again, g_source_remove);
  inos_node1_mesh_set_member_count (object->mesh, 0);
}

static void on_up (void *data)
{
  struct inos_node_object *object = data;

  object->up = true;
  object->has_info = object->has_sample = false;
  object->granted = 0;
  inos_node_link_request (object->link, INOS_NODE_INFO, NULL, on_info, object);
  inos_node_link_request (object->link, INOS_NODE_RESOURCES, NULL, on_first_sample, object);
  inos_node_link_request (object->link, INOS_NODE_ALERTS, NULL, on_alerts, object);
  ask_interval (object, call_new (object, NULL, 0));
  if (object->mesh_link == object->link)
    on_mesh_up (object);
  inos_terminals_object_up (object->terminals);
}

static void on_down (void *data)
{
  struct inos_node_object *object = data;

  object->up = false;
  g_object_get (object->node, "uptime", &(guint64){0}, NULL); /* the last one is kept */
  inos_node1_set_connected (object->node, FALSE);
  if (object->mesh_link == object->link)
    on_mesh_down (object);
}

static void tell_message (struct inos_node_object *object, GVariant *payload)
{
  g_autoptr (GVariant) data = NULL;
  const char *topic, *from;

  g_variant_get (payload, "(&s&s@ay)", &topic, &from, &data);
  inos_node1_mesh_emit_message (object->mesh, topic, from, data);
}

static void tell_member (struct inos_node_object *object, GVariant *payload)
{
  const char *member, *state;
  guint count;

  g_variant_get (payload, "(&s&su)", &member, &state, &count);
  inos_node1_mesh_set_member_count (object->mesh, count);
  inos_node1_mesh_emit_member_changed (object->mesh, member, state);
}

static void tell_state (struct inos_node_object *object, GVariant *payload)
{
  const char *name;

  g_variant_get (payload, "(&s)", &name);
  inos_node1_mesh_emit_state_changed (object->mesh, name);
}

static void tell_group (struct inos_node_object *object, GVariant *payload)
{
  const char *name, *primary;
  guint64 epoch;

  g_variant_get (payload, "(&s&st)", &name, &primary, &epoch);
  inos_node1_mesh_emit_group_changed (object->mesh, name, primary, epoch);
}

static void tell_request (struct inos_node_object *object, GVariant *payload)
{
  const char *peer, *name;

  g_variant_get (payload, "(&s&s)", &peer, &name);
  inos_node1_mesh_emit_membership_requested (object->mesh, peer, name);
}

/* Its node has another identity. */
static void tell_rotated (struct inos_node_object *object, GVariant *payload)
{
  const char *peer;

  g_variant_get (payload, "(&s)", &peer);
  inos_node_link_request (object->mesh_link, INOS_NODE_INFO, NULL,
                          object->system != NULL ? on_system_info : on_info, object);
  inos_node1_mesh_emit_identity_changed (object->mesh, peer);
}

static void on_mesh_event (const char *type, GVariant *payload, void *data)
{
  struct inos_node_object *object = data;

  if (g_str_equal (type, INOS_MESH_MESSAGE))
    tell_message (object, payload);
  else if (g_str_equal (type, INOS_MESH_MEMBER))
    tell_member (object, payload);
  else if (g_str_equal (type, INOS_MESH_STATE_CHANGED))
    tell_state (object, payload);
  else if (g_str_equal (type, INOS_MESH_GROUP_CHANGED))
    tell_group (object, payload);
  else if (g_str_equal (type, INOS_MESH_REQUESTED))
    tell_request (object, payload);
  else if (g_str_equal (type, INOS_MESH_ROTATED))
    tell_rotated (object, payload);
}

static void on_event (const char *type, GVariant *payload, void *data)
{
  struct inos_node_object *object = data;

  if (inos_terminals_object_event (object->terminals, type, payload))
    return;
  if (g_str_equal (type, INOS_NODE_RESOURCES))
    take_sample (object, payload, inos_subscribers_count (object->subscribers) > 0);
  else if (g_str_equal (type, INOS_NODE_ALERT))
    inos_alerts_apply (object->node, payload);
  else if (object->mesh_link == object->link)
    on_mesh_event (type, payload, object);
}

static gboolean on_subscribe (InosNode1 *node, GDBusMethodInvocation *invocation, guint interval,
                              void *data)
{
  struct inos_node_object *object = data;
  guint before = inos_subscribers_interval (object->subscribers);
  enum inos_subscribe result;

  object->subscribing = true;
  result = inos_subscribers_add (object->subscribers,
                                 g_dbus_method_invocation_get_sender (invocation), interval);
  object->subscribing = false;
  if (result == INOS_SUBSCRIBE_BAD_INTERVAL) {
    g_autofree char *message = g_strdup_printf ("the interval %u is not between %d and %d ms",
                                                interval, INOS_INTERVAL_MIN, INOS_INTERVAL_MAX);
    g_dbus_method_invocation_return_dbus_error (invocation, INOS_BUS_INVALID_ARGUMENT, message);
  } else if (result == INOS_SUBSCRIBE_FULL) {
    g_autofree char *message = g_strdup_printf (
      "there are %d subscribers already; try again when one has left", INOS_SUBSCRIBERS_MAX);
    g_dbus_method_invocation_return_dbus_error (invocation, INOS_BUS_TOO_MANY, message);
  } else if (object->granted != 0 && before == inos_subscribers_interval (object->subscribers)) {
    inos_node1_complete_subscribe (node, invocation, MAX (interval, object->granted));
  } else {
    ask_interval (object, call_new (object, invocation, interval));
  }
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_unsubscribe (InosNode1 *node, GDBusMethodInvocation *invocation, void *data)
{
  struct inos_node_object *object = data;

  inos_subscribers_remove (object->subscribers, g_dbus_method_invocation_get_sender (invocation));
  inos_node1_complete_unsubscribe (node, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void on_refreshed (GVariant *payload, const GError *error, void *data)
{
  struct call *call = data;

  if (error == NULL) {
    take_sample (call->object, payload, true);
    g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (call->object->node));
    inos_node1_complete_refresh (call->object->node, call->invocation);
  } else {
    const char *name = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED)
                         ? INOS_BUS_NOT_CONNECTED
                         : INOS_BUS_FAILED;
    g_autofree char *message = g_strdup_printf ("cannot take a sample: %s", error->message);
    g_dbus_method_invocation_return_dbus_error (call->invocation, name, message);
  }
  g_free (call);
}

static gboolean on_refresh (InosNode1 *node, GDBusMethodInvocation *invocation, void *data)
{
  struct inos_node_object *object = data;

  inos_node_link_request (object->link, INOS_NODE_RESOURCES, NULL, on_refreshed,
                          call_new (object, invocation, 0));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Properties of a compound type have no value until they are given one. */
static void set_empty (InosNode1 *node)
{
  GVariant *none = g_variant_new ("(bdbx)", FALSE, 0.0, FALSE, (gint64)-1);

  g_object_set (node, "cpu-cores", g_variant_new ("ad", NULL), "load-average",
                g_variant_new ("(ddd)", 0.0, 0.0, 0.0), "pressure", g_variant_new ("a(sddd)", NULL),
                "disks", g_variant_new ("a(ssttt)", NULL), "interfaces",
                g_variant_new ("a(sbtttt)", NULL), "temperatures", g_variant_new ("a(sd)", NULL),
                "battery", none, "alerts", g_variant_new ("a(sdds)", NULL), "peer-id", "",
                "public-key", "", "version", "", "host-name", "", NULL);
}

/* To the machine's node, which may wait for a person to give a password. */
static void connect_system (struct inos_node_object *object, const char *path)
{
  static const struct inos_node_link_events events = {
    .up = on_mesh_up,
    .down = on_mesh_down,
    .event = on_mesh_event,
  };

  object->system = inos_node_link_new_system (path, &events, object);
}

struct inos_node_object *inos_node_object_new (GDBusConnection *bus, const char *socket,
                                               const char *system, GError **error)
{
  static const struct inos_node_link_events events = {
    .up = on_up,
    .down = on_down,
    .event = on_event,
  };
  struct inos_node_object *object = g_new0 (struct inos_node_object, 1);

  object->permit = inos_permit_new (bus, OBJECT_PATH, error);
  if (object->permit == NULL) {
    g_free (object);
    return NULL;
  }
  object->node = inos_node_skeleton_new();
  set_empty (object->node);
  inos_permit_guard (object->permit, G_DBUS_INTERFACE_SKELETON (object->node), "node.resources");
  g_signal_connect (object->node, "handle-subscribe", G_CALLBACK (on_subscribe), object);
  g_signal_connect (object->node, "handle-unsubscribe", G_CALLBACK (on_unsubscribe), object);
  g_signal_connect (object->node, "handle-refresh", G_CALLBACK (on_refresh), object);
  object->subscribers = inos_subscribers_new (bus, on_interval_changed, object);
  object->link = inos_node_link_new (socket, &events, object);
  if (system != NULL)
    connect_system (object, system);
  object->mesh_link = system != NULL ? object->system : object->link;
  object->mesh = inos_node1_mesh_skeleton_new();
  inos_permit_guard (object->permit, G_DBUS_INTERFACE_SKELETON (object->mesh), "node.mesh");
  object->machine = inos_node1_machine_skeleton_new();
  inos_permit_guard (object->permit, G_DBUS_INTERFACE_SKELETON (object->machine), NULL);
  inos_bridge_arena (object->node, &object->link);
  inos_forward (G_DBUS_INTERFACE_SKELETON (object->node), &object->link, NULL);
  inos_forward_letters (G_DBUS_INTERFACE_SKELETON (object->node), &object->mesh_link);
  inos_forward (G_DBUS_INTERFACE_SKELETON (object->mesh), &object->mesh_link, NULL);
  inos_other_nodes (object->mesh, &object->mesh_link, object->permit);
  inos_forward (G_DBUS_INTERFACE_SKELETON (object->machine), &object->link, object->permit);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (object->node), bus, OBJECT_PATH,
                                         error) ||
      !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (object->mesh), bus, OBJECT_PATH,
                                         error) ||
      !g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (object->machine), bus,
                                         OBJECT_PATH, error) ||
      !(object->terminals = inos_terminals_object_new (bus, OBJECT_PATH, socket, &object->link,
                                                       object->permit, error)))
    g_clear_pointer (&object, inos_node_object_free);
  return object;
}

static void withdraw (struct inos_node_object *object, GDBusInterfaceSkeleton *skeleton)
{
  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
  inos_permit_release (object->permit, skeleton);
  g_signal_handlers_disconnect_by_data (skeleton, object);
  g_object_unref (skeleton);
}

void inos_node_object_free (struct inos_node_object *object)
{
  if (object == NULL)
    return;
  inos_forward_end (G_DBUS_INTERFACE_SKELETON (object->node));
  inos_forward_end (G_DBUS_INTERFACE_SKELETON (object->mesh));
  inos_forward_end (G_DBUS_INTERFACE_SKELETON (object->machine));
  inos_node_link_free (object->system);
  inos_node_link_free (object->link); /* answers the calls that wait */
  g_clear_handle_id (&object->again, g_source_remove);
  inos_subscribers_free (object->subscribers);
  inos_terminals_object_free (object->terminals);
  withdraw (object, G_DBUS_INTERFACE_SKELETON (object->machine));
  withdraw (object, G_DBUS_INTERFACE_SKELETON (object->mesh));
  withdraw (object, G_DBUS_INTERFACE_SKELETON (object->node));
  inos_permit_free (object->permit);
  g_free (object);
}

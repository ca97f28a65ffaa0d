/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mesh_count.h"

#define NODE "org.inos.Node1"
#define PATH "/org/inos/Node1"
#define PERIOD_SECONDS 3
#define TIMEOUT_MS 2000

struct InosMeshCount {
  GDBusConnection *bus;
  void (*changed) (gpointer data);
  gpointer data;
  GCancellable *question; /* NULL where none is open */
  guint source;
  int peers;
};

static void take (InosMeshCount *self, int peers)
{
  if (self->peers == peers)
    return;
  self->peers = peers;
  self->changed (self->data);
}

static void on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  InosMeshCount *self = data;
  guint total = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->question);
  if (answer)
    g_variant_get (answer, "(u@a(sssubbttt))", &total, NULL);
  take (self, answer ? (int)MIN (total, G_MAXINT) : -1);
}

static gboolean ask (gpointer data)
{
  InosMeshCount *self = data;

  if (self->question)
    return G_SOURCE_CONTINUE;
  self->question = g_cancellable_new();
  g_dbus_connection_call (self->bus, NODE, PATH, NODE ".Mesh", "ListPeers",
                          g_variant_new ("(bu)", FALSE, 1), G_VARIANT_TYPE ("(ua(sssubbttt))"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, self->question, on_answer,
                          self);
  return G_SOURCE_CONTINUE;
}

void inos_mesh_count_set_looking (InosMeshCount *self, gboolean looking)
{
  if (looking == (self->source != 0))
    return;
  if (!looking) {
    g_clear_handle_id (&self->source, g_source_remove);
    return;
  }
  self->source = g_timeout_add_seconds (PERIOD_SECONDS, ask, self);
  ask (self);
}

int inos_mesh_count_get (InosMeshCount *self)
{
  return self->peers;
}

InosMeshCount *inos_mesh_count_create (GDBusConnection *bus, void (*changed) (gpointer data),
                                       gpointer data)
{
  InosMeshCount *self = g_new0 (InosMeshCount, 1);

  *self = (InosMeshCount){.bus = g_object_ref (bus), .changed = changed, .data = data, .peers = -1};
  return self;
}

void inos_mesh_count_destroy (InosMeshCount *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->question)
    g_cancellable_cancel (self->question);
  g_clear_object (&self->question);
  g_object_unref (self->bus);
  g_free (self);
}

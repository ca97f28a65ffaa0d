/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_calls.h"

#include "manager_node.h"

#include <glib/gi18n.h>

#define PATIENCE 10000 /* ms */

typedef struct {
  char *name, *path, *interface, *method;
  GVariant *arguments;
} Call;

struct InosCalls {
  GDBusConnection *bus;
  GPtrArray *list; /* Call */
};

typedef struct {
  InosCalls *calls;
  guint n, at;
  InosCallsFunc done;
  gpointer data;
} Run;

static void call_free (gpointer data)
{
  Call *call = data;

  g_free (call->name);
  g_free (call->path);
  g_free (call->interface);
  g_free (call->method);
  g_variant_unref (call->arguments);
  g_free (call);
}

InosCalls *inos_calls_new (GDBusConnection *bus)
{
  InosCalls *self = g_rc_box_new0 (InosCalls);

  self->bus = g_object_ref (bus);
  self->list = g_ptr_array_new_with_free_func (call_free);
  return self;
}

InosCalls *inos_calls_ref (InosCalls *self)
{
  return g_rc_box_acquire (self);
}

static void clear (gpointer data)
{
  InosCalls *self = data;

  g_object_unref (self->bus);
  g_ptr_array_unref (self->list);
}

void inos_calls_unref (InosCalls *self)
{
  g_rc_box_release_full (self, clear);
}

void inos_calls_add_to (InosCalls *self, const char *name, const char *path, const char *interface,
                        const char *method, GVariant *arguments)
{
  Call *call = g_new0 (Call, 1);

  *call = (Call){g_strdup (name), g_strdup (path), g_strdup (interface), g_strdup (method),
                 g_variant_ref_sink (arguments)};
  g_ptr_array_add (self->list, call);
}

void inos_calls_add (InosCalls *self, const char *path, const char *interface, const char *method,
                     GVariant *arguments)
{
  g_autofree char *full =
    g_strconcat (INOS_COMPOSITOR_NAME, *interface ? "." : "", interface, NULL);

  inos_calls_add_to (self, INOS_COMPOSITOR_NAME, path, full, method, arguments);
}

void inos_calls_reverse (InosCalls *self)
{
  for (guint i = 0; i < self->list->len / 2; i++) {
    gpointer other = self->list->pdata[self->list->len - 1 - i];

    self->list->pdata[self->list->len - 1 - i] = self->list->pdata[i];
    self->list->pdata[i] = other;
  }
}

guint inos_calls_count (InosCalls *self)
{
  return self->list->len;
}

static void end (Run *run, GVariant *last, const GError *error)
{
  g_autoptr (InosCalls) calls = run->calls;

  run->done (run->at, last, error, run->data);
  g_free (run);
}

static void step (Run *run, GVariant *last);

static void on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!answer) {
    end (run, NULL, error);
    return;
  }
  run->at++;
  step (run, answer);
}

static void step (Run *run, GVariant *last)
{
  const Call *call;

  if (run->at == run->n) {
    end (run, last, NULL);
    return;
  }
  call = run->calls->list->pdata[run->at];
  g_dbus_connection_call (run->calls->bus, call->name, call->path, call->interface, call->method,
                          call->arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          g_str_equal (call->interface, "org.inos.Node1.Mesh") ? INOS_DEED_PATIENCE
                                                                               : PATIENCE,
                          NULL, on_answered, run);
}

void inos_calls_run (InosCalls *self, guint n, InosCallsFunc done, gpointer data)
{
  Run *run = g_new0 (Run, 1);

  *run = (Run){inos_calls_ref (self), MIN (n, self->list->len), 0, done, data};
  step (run, NULL);
}

void inos_calls_send (InosCalls *self)
{
  for (guint i = 0; i < self->list->len; i++) {
    const Call *call = self->list->pdata[i];

    g_dbus_connection_call (self->bus, call->name, call->path, call->interface, call->method,
                            call->arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, NULL,
                            NULL, NULL);
  }
  g_dbus_connection_flush_sync (self->bus, NULL, NULL);
}

static void on_undone (guint n_done, GVariant *last, const GError *error, gpointer data)
{
  if (error)
    inos_calls_fail (error, data);
  else
    inos_reply_ok (data, NULL);
}

void inos_calls_run_undo (gpointer calls, InosReply *reply)
{
  inos_calls_run (calls, inos_calls_count (calls), on_undone, reply);
}

typedef struct {
  InosCalls *back;
  InosUndos *undos;
  InosReply *reply;
} Change;

static void on_changed (guint n_done, GVariant *last, const GError *error, gpointer data)
{
  g_autofree Change *change = data;
  g_autoptr (InosCalls) back = change->back;
  g_autoptr (InosUndos) undos = change->undos;

  if (error)
    inos_calls_fail (error, change->reply);
  else
    inos_undos_answer (undos, inos_calls_run_undo, inos_calls_ref (back),
                       (GDestroyNotify)inos_calls_unref, change->reply);
}

void inos_calls_run_change (InosCalls *self, InosCalls *back, InosUndos *undos, InosReply *reply)
{
  Change *change = g_new0 (Change, 1);

  *change = (Change){inos_calls_ref (back), inos_undos_ref (undos), reply};
  inos_calls_run (self, self->list->len, on_changed, change);
}

void inos_calls_fail (const GError *error, InosReply *reply)
{
  g_autoptr (GError) copy = g_error_copy (error);

  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)) {
    inos_reply_fail (reply, "%s", _ ("What this setting is of is not there. Nothing has changed."));
    return;
  }
  g_dbus_error_strip_remote_error (copy);
  inos_reply_fail (reply, "%s", copy->message);
}

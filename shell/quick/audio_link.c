/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "audio_link.h"

#include <gio/gio.h>
#include <pulse/glib-mainloop.h>

/* After a server that was there went: systemd's socket is there all the while, and starts the next
 * one for whoever knocks. */
#define FIRST_RETRY_MS 500
#define MAX_RETRIES 6

struct InosAudioLink {
  void (*changed) (gpointer data);
  void (*played) (gpointer data);
  gpointer data;
  pa_glib_mainloop *mainloop;
  pa_context *context; /* NULL where there is none */
  gboolean ready;
  GFileMonitor *monitor; /* of the server's socket */
  guint retry_source;
  guint retries;
};

static void start (InosAudioLink *self);

static gboolean on_retry (gpointer data)
{
  InosAudioLink *self = data;

  self->retry_source = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

static void retry (InosAudioLink *self)
{
  if (self->retry_source || self->retries >= MAX_RETRIES)
    return;
  self->retry_source = g_timeout_add (FIRST_RETRY_MS << self->retries, on_retry, self);
  self->retries++;
}

static void drop (InosAudioLink *self)
{
  if (!self->context)
    return;
  pa_context_set_state_callback (self->context, NULL, NULL);
  pa_context_set_subscribe_callback (self->context, NULL, NULL);
  pa_context_disconnect (self->context);
  g_clear_pointer (&self->context, pa_context_unref);
}

static void on_lost (InosAudioLink *self)
{
  gboolean was_ready = self->ready;

  self->ready = FALSE;
  drop (self);
  if (was_ready) {
    self->retries = 0;
    self->changed (self->data);
  }
  /* One that never was there is waited for by its socket. */
  if (was_ready || self->retries > 0)
    retry (self);
}

static void on_event (pa_context *context, pa_subscription_event_type_t type, uint32_t index,
                      void *data)
{
  InosAudioLink *self = data;

  if ((type & PA_SUBSCRIPTION_EVENT_FACILITY_MASK) == PA_SUBSCRIPTION_EVENT_SINK_INPUT)
    self->played (self->data);
  else
    self->changed (self->data);
}

static void on_ready (InosAudioLink *self)
{
  self->ready = TRUE;
  self->retries = 0;
  pa_context_set_subscribe_callback (self->context, on_event, self);
  inos_audio_link_let_go (
    pa_context_subscribe (self->context,
                          PA_SUBSCRIPTION_MASK_SINK | PA_SUBSCRIPTION_MASK_SOURCE |
                            PA_SUBSCRIPTION_MASK_SERVER | PA_SUBSCRIPTION_MASK_SINK_INPUT,
                          NULL, NULL));
  self->changed (self->data);
}

static void on_state (pa_context *context, void *data)
{
  InosAudioLink *self = data;

  switch (pa_context_get_state (context)) {
  case PA_CONTEXT_READY:
    on_ready (self);
    break;
  case PA_CONTEXT_FAILED:
  case PA_CONTEXT_TERMINATED:
    on_lost (self);
    break;
  default:
    break;
  }
}

static void start (InosAudioLink *self)
{
  if (self->context)
    return;
  self->context = pa_context_new (pa_glib_mainloop_get_api (self->mainloop), "Inos");
  if (!self->context)
    return;
  pa_context_set_state_callback (self->context, on_state, self);
  if (pa_context_connect (self->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0)
    on_lost (self);
}

static void on_socket (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                       gpointer data)
{
  InosAudioLink *self = data;

  if (event != G_FILE_MONITOR_EVENT_CREATED || self->context)
    return;
  /* It is there a moment before somebody listens. */
  self->retries = 0;
  retry (self);
}

/* Where its folder is missing GLib would look for it every few seconds; PulseAudio makes it with
 * the same rights. */
static void watch_socket (InosAudioLink *self)
{
  const char *own = g_getenv ("PULSE_RUNTIME_PATH");
  g_autofree char *folder =
    own ? g_strdup (own) : g_build_filename (g_get_user_runtime_dir(), "pulse", NULL);
  g_autofree char *path = g_build_filename (folder, "native", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_mkdir_with_parents (folder, 0700);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (on_socket), self);
}

InosAudioLink *inos_audio_link_create (void (*changed) (gpointer data),
                                       void (*played) (gpointer data), gpointer data)
{
  InosAudioLink *self = g_new0 (InosAudioLink, 1);

  self->changed = changed;
  self->played = played;
  self->data = data;
  self->mainloop = pa_glib_mainloop_new (NULL);
  watch_socket (self);
  /* Not now: who calls does not have us yet. */
  self->retry_source = g_idle_add (on_retry, self);
  return self;
}

void inos_audio_link_destroy (InosAudioLink *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->retry_source, g_source_remove);
  if (self->monitor)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  drop (self);
  pa_glib_mainloop_free (self->mainloop);
  g_free (self);
}

pa_context *inos_audio_link_get (InosAudioLink *self)
{
  return self->ready ? self->context : NULL;
}

void inos_audio_link_let_go (pa_operation *operation)
{
  if (operation)
    pa_operation_unref (operation);
}

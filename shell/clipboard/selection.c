/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "selection.h"

#include "clips.h"
#include "ext-data-control-v1-client-protocol.h"
#include "transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <gdk/wayland/gdkwayland.h>
#include <unistd.h>

/* By which the compositor's word of what this process offers is known. */
#define OURS "application/x-inos-clipboard"
/* Password managers offer it with what is not to be kept (KDE's Klipper asks for it so). */
#define SECRET "x-kde-passwordManagerHint"
#define PICTURE "image/png"
#define MAX_SENDING 8

typedef struct ext_data_control_offer_v1 Offer;
typedef struct ext_data_control_source_v1 Source;

/* What somebody offers. */
typedef struct {
  Offer *offer;
  gboolean ours, secret, picture;
  const char *text; /* the best of its texts' types; static, or NULL */
} Offered;

struct InosSelection {
  InosSelectionHooks hooks;
  gpointer data;
  gboolean listens;
  struct wl_registry *registry;
  struct ext_data_control_manager_v1 *manager;
  struct ext_data_control_device_v1 *device;
  Offered *coming;  /* announced, and not yet anybody's */
  Offered *current; /* the clipboard's; NULL: it is empty */
  InosTransfer *reading;
  gboolean reads_picture;
  Source *source;     /* NULL: somebody else's is there */
  GBytes *bytes;      /* what it offers */
  GPtrArray *sending; /* of InosTransfer */
};

/* The better the later. */
static const char *const texts[] = {"TEXT", "STRING", "text/plain", "UTF8_STRING",
                                    "text/plain;charset=utf-8"};

static void offered_free (Offered *offered)
{
  if (!offered)
    return;
  ext_data_control_offer_v1_destroy (offered->offer);
  g_free (offered);
}

static int rank_of (const char *type)
{
  for (guint i = 0; type && i < G_N_ELEMENTS (texts); i++) {
    if (g_str_equal (type, texts[i]))
      return (int)i;
  }
  return -1;
}

static void on_type (void *data, Offer *offer, const char *type)
{
  Offered *offered = data;
  int rank = rank_of (type);

  if (rank >= 0 && rank > rank_of (offered->text))
    offered->text = texts[rank];
  offered->ours = offered->ours || g_str_equal (type, OURS);
  offered->secret = offered->secret || g_str_equal (type, SECRET);
  offered->picture = offered->picture || g_str_equal (type, PICTURE);
}

static void on_offer (void *data, struct ext_data_control_device_v1 *device, Offer *offer)
{
  static const struct ext_data_control_offer_v1_listener listener = {.offer = on_type};
  InosSelection *self = data;

  offered_free (self->coming);
  self->coming = g_new0 (Offered, 1);
  self->coming->offer = offer;
  ext_data_control_offer_v1_add_listener (offer, &listener, self->coming);
}

static Offered *take (InosSelection *self, Offer *offer)
{
  return self->coming && self->coming->offer == offer ? g_steal_pointer (&self->coming) : NULL;
}

/* Reading */

static void on_read (GBytes *bytes, gpointer data)
{
  InosSelection *self = data;

  self->reading = NULL;
  if (!bytes)
    return;
  self->hooks.copied (bytes, self->reads_picture, self->data);
  g_bytes_unref (bytes);
}

/* A picture that is a text as well, as of a table's cells, is a text. */
static void read_current (InosSelection *self)
{
  const Offered *offered = self->current;
  gboolean picture = !offered->text;
  int fds[2];

  if (offered->ours || offered->secret || (picture && !offered->picture))
    return;
  if (pipe2 (fds, O_CLOEXEC) != 0) {
    g_info ("what was copied cannot be read: %s", g_strerror (errno));
    return;
  }
  ext_data_control_offer_v1_receive (offered->offer, picture ? PICTURE : offered->text, fds[1]);
  close (fds[1]);
  self->reads_picture = picture;
  self->reading = inos_transfer_read (
    fds[0], picture ? INOS_CLIPS_MAX_PICTURE : INOS_CLIPS_MAX_TEXT, on_read, self);
}

static void on_selection (void *data, struct ext_data_control_device_v1 *device, Offer *offer)
{
  InosSelection *self = data;

  g_clear_pointer (&self->reading, inos_transfer_cancel);
  g_clear_pointer (&self->current, offered_free);
  self->current = take (self, offer);
  if (self->listens && self->current)
    read_current (self);
}

/* What is only marked is nobody's who did not copy it. */
static void on_primary (void *data, struct ext_data_control_device_v1 *device, Offer *offer)
{
  offered_free (take (data, offer));
}

static void on_finished (void *data, struct ext_data_control_device_v1 *device)
{
  InosSelection *self = data;

  g_clear_pointer (&self->reading, inos_transfer_cancel);
  g_clear_pointer (&self->device, ext_data_control_device_v1_destroy);
}

/* Offering */

static void on_written (InosTransfer *transfer, gpointer data)
{
  g_ptr_array_remove_fast (((InosSelection *)data)->sending, transfer);
}

static void on_send (void *data, Source *source, const char *type, int fd)
{
  InosSelection *self = data;
  InosTransfer *transfer;

  if (self->source != source || g_str_equal (type, OURS) || self->sending->len >= MAX_SENDING) {
    close (fd);
    return;
  }
  transfer = inos_transfer_write (fd, self->bytes, on_written, self);
  if (transfer)
    g_ptr_array_add (self->sending, transfer);
}

static void on_cancelled (void *data, Source *source)
{
  InosSelection *self = data;

  if (self->source == source) {
    self->source = NULL;
    g_clear_pointer (&self->bytes, g_bytes_unref);
  }
  ext_data_control_source_v1_destroy (source);
}

void inos_selection_offer (InosSelection *self, GBytes *data, gboolean picture)
{
  static const struct ext_data_control_source_v1_listener listener = {.send = on_send,
                                                                      .cancelled = on_cancelled};

  if (!self->device)
    return;
  /* The one before is destroyed when the compositor says that it is no longer there. */
  self->source = ext_data_control_manager_v1_create_data_source (self->manager);
  ext_data_control_source_v1_add_listener (self->source, &listener, self);
  ext_data_control_source_v1_offer (self->source, OURS);
  if (picture)
    ext_data_control_source_v1_offer (self->source, PICTURE);
  for (guint i = 0; !picture && i < G_N_ELEMENTS (texts); i++)
    ext_data_control_source_v1_offer (self->source, texts[i]);
  g_bytes_ref (data);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = data;
  ext_data_control_device_v1_set_selection (self->device, self->source);
}

/* Life */

static void bind_manager (InosSelection *self, uint32_t name)
{
  static const struct ext_data_control_device_v1_listener listener = {on_offer, on_selection,
                                                                      on_finished, on_primary};
  GdkSeat *seat = gdk_display_get_default_seat (gdk_display_get_default());

  self->manager =
    wl_registry_bind (self->registry, name, &ext_data_control_manager_v1_interface, 1);
  if (!seat)
    return;
  self->device = ext_data_control_manager_v1_get_data_device (self->manager,
                                                              gdk_wayland_seat_get_wl_seat (seat));
  ext_data_control_device_v1_add_listener (self->device, &listener, self);
}

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  InosSelection *self = data;

  if (!self->manager && g_str_equal (interface, ext_data_control_manager_v1_interface.name))
    bind_manager (self, name);
}

static void on_global_removed (void *data, struct wl_registry *registry, uint32_t name)
{
}

void inos_selection_listen (InosSelection *self, gboolean on)
{
  self->listens = on;
  g_clear_pointer (&self->reading, inos_transfer_cancel);
}

gboolean inos_selection_is_there (const InosSelection *self)
{
  return self->device != NULL;
}

InosSelection *inos_selection_create (const InosSelectionHooks *hooks, gpointer data)
{
  static const struct wl_registry_listener listener = {on_global, on_global_removed};
  InosSelection *self = g_new0 (InosSelection, 1);

  self->hooks = *hooks;
  self->data = data;
  self->sending = g_ptr_array_new();
  self->registry =
    wl_display_get_registry (gdk_wayland_display_get_wl_display (gdk_display_get_default()));
  wl_registry_add_listener (self->registry, &listener, self);
  return self;
}

void inos_selection_destroy (InosSelection *self)
{
  if (!self)
    return;
  inos_transfer_cancel (self->reading);
  for (guint i = 0; i < self->sending->len; i++)
    inos_transfer_cancel (g_ptr_array_index (self->sending, i));
  g_ptr_array_unref (self->sending);
  offered_free (self->coming);
  offered_free (self->current);
  g_clear_pointer (&self->source, ext_data_control_source_v1_destroy);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->device, ext_data_control_device_v1_destroy);
  g_clear_pointer (&self->manager, ext_data_control_manager_v1_destroy);
  wl_registry_destroy (self->registry);
  g_free (self);
}

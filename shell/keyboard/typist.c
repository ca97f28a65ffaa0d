/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "typist.h"

#include "protocols.h"

#include <errno.h>
#include <fcntl.h>
#include <gdk/wayland/gdkwayland.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_HELD 10 /* fingers */

struct InosTypist {
  struct wl_registry *registry;
  struct wl_proxy *manager;
  struct wl_proxy *keyboard; /* NULL until the compositor offers one */
  struct xkb_keymap *keymap; /* NULL until there is one */
  gboolean mapped;           /* the keyboard has it */
  guint layout;

  guint held[MAX_HELD]; /* codes */
  guint n_held;
  guint timer;
};

static guint32 now (void)
{
  return (guint32)(g_get_monotonic_time() / 1000);
}

/* A file that nobody changes any more, or -1. */
static int file_of (const char *text, gsize size)
{
  int fd = memfd_create ("inos-keymap", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  gsize done = 0;

  while (fd >= 0 && done < size) {
    gssize n = write (fd, text + done, size - done);

    if (n < 0 && errno != EINTR) {
      close (fd);
      return -1;
    }
    done += n > 0 ? (gsize)n : 0;
  }
  if (fd >= 0)
    (void)fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  return fd;
}

static void send_modifiers (InosTypist *self, guint32 mask)
{
  wl_proxy_marshal_flags (self->keyboard, INOS_TYPING_MODIFIERS, NULL, 1, 0, mask, 0U, 0U,
                          self->layout);
}

/* The keyboard has to have a keymap before a key. */
static void send_keymap (InosTypist *self)
{
  char *text;
  gsize size;
  int fd;

  self->mapped = FALSE;
  if (!self->keyboard || !self->keymap)
    return;
  text = xkb_keymap_get_as_string (self->keymap, XKB_KEYMAP_FORMAT_TEXT_V1);
  if (!text)
    return;
  size = strlen (text) + 1;
  fd = file_of (text, size);
  free (text); /* libc's, as libxkbcommon has made it */
  if (fd < 0) {
    g_warning ("the on-screen keyboard has no keymap: %s", g_strerror (errno));
    return;
  }
  wl_proxy_marshal_flags (self->keyboard, INOS_TYPING_KEYMAP, NULL, 1, 0,
                          (guint32)WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1, fd, (guint32)size);
  close (fd);
  self->mapped = TRUE;
  send_modifiers (self, 0);
}

static void send_key (InosTypist *self, guint code, gboolean down)
{
  wl_proxy_marshal_flags (
    self->keyboard, INOS_TYPING_KEY, NULL, 1, 0, now(), code,
    (guint32)(down ? WL_KEYBOARD_KEY_STATE_PRESSED : WL_KEYBOARD_KEY_STATE_RELEASED));
}

static gboolean find (const InosTypist *self, guint code, guint *index)
{
  for (guint i = 0; i < self->n_held; i++) {
    if (self->held[i] == code) {
      *index = i;
      return TRUE;
    }
  }
  return FALSE;
}

void inos_typist_release_all (InosTypist *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->n_held == 0)
    return;
  while (self->n_held > 0)
    send_key (self, self->held[--self->n_held], FALSE);
  send_modifiers (self, 0);
}

static gboolean on_forgotten (gpointer data)
{
  InosTypist *self = data;

  self->timer = 0;
  g_message ("a key of the on-screen keyboard is held by nobody; it is let go");
  inos_typist_release_all (self);
  return G_SOURCE_REMOVE;
}

gboolean inos_typist_press (InosTypist *self, guint code, guint modifiers)
{
  guint index;

  if (!self->mapped || !inos_keys_has (code))
    return FALSE;
  if (!find (self, code, &index)) {
    if (self->n_held == MAX_HELD)
      return FALSE;
    self->held[self->n_held++] = code;
    send_modifiers (self, inos_keys_mask (self->keymap, self->layout, code, modifiers));
    send_key (self, code, TRUE);
  }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (INOS_TYPIST_HOLD_MS, on_forgotten, self);
  return TRUE;
}

void inos_typist_release (InosTypist *self, guint code)
{
  guint index;

  if (!find (self, code, &index))
    return;
  self->held[index] = self->held[--self->n_held];
  send_key (self, code, FALSE);
  if (self->n_held > 0)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  send_modifiers (self, 0);
}

void inos_typist_set_keymap (InosTypist *self, struct xkb_keymap *keymap)
{
  inos_typist_release_all (self);
  xkb_keymap_unref (self->keymap);
  self->keymap = keymap ? xkb_keymap_ref (keymap) : NULL;
  send_keymap (self);
}

void inos_typist_set_layout (InosTypist *self, guint layout)
{
  if (self->layout == layout)
    return;
  inos_typist_release_all (self);
  self->layout = layout;
  if (self->mapped)
    send_modifiers (self, 0);
}

/* Life */

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  InosTypist *self = data;
  GdkSeat *seat = gdk_display_get_default_seat (gdk_display_get_default());

  if (self->manager || !seat || !g_str_equal (interface, inos_typing_manager_interface.name))
    return;
  self->manager = wl_registry_bind (registry, name, &inos_typing_manager_interface, 1);
  self->keyboard =
    wl_proxy_marshal_flags (self->manager, INOS_TYPING_MANAGER_CREATE, &inos_typing_interface, 1, 0,
                            gdk_wayland_seat_get_wl_seat (seat), NULL);
  send_keymap (self);
}

static void on_global_removed (void *data, struct wl_registry *registry, uint32_t name)
{
}

InosTypist *inos_typist_create (void)
{
  static const struct wl_registry_listener listener = {on_global, on_global_removed};
  InosTypist *self = g_new0 (InosTypist, 1);

  self->registry =
    wl_display_get_registry (gdk_wayland_display_get_wl_display (gdk_display_get_default()));
  wl_registry_add_listener (self->registry, &listener, self);
  return self;
}

void inos_typist_destroy (InosTypist *self)
{
  if (!self)
    return;
  inos_typist_release_all (self);
  if (self->keyboard)
    wl_proxy_marshal_flags (self->keyboard, INOS_TYPING_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  if (self->manager)
    wl_proxy_destroy (self->manager);
  wl_registry_destroy (self->registry);
  xkb_keymap_unref (self->keymap);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "keyboard_service.h"

#include "../exported.h"
#include "inos-shell-dbus.h"

#define PATH "/org/inos/Shell1"

struct InosKeyboardService {
  InosKeyboard *keyboard;
  InosDBusShell1Keyboard *object;
};

static gboolean on_show (InosDBusShell1Keyboard *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  GError *error = NULL;

  if (inos_keyboard_show (((InosKeyboardService *)data)->keyboard, &error))
    inos_dbus_shell1_keyboard_complete_show (object, invocation);
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_hide (InosDBusShell1Keyboard *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  inos_keyboard_hide (((InosKeyboardService *)data)->keyboard);
  inos_dbus_shell1_keyboard_complete_hide (object, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* A client has set it, or we have: then there is nothing to do. */
static void on_enabled (GObject *object, GParamSpec *property, gpointer data)
{
  InosKeyboardService *self = data;
  g_autoptr (GError) error = NULL;
  gboolean on = inos_dbus_shell1_keyboard_get_enabled (self->object);

  if (on != inos_keyboard_is_enabled (self->keyboard) &&
      !inos_keyboard_set_enabled (self->keyboard, on, &error))
    g_warning ("the on-screen keyboard is set for this session alone: %s", error->message);
}

void inos_keyboard_service_update (InosKeyboardService *self)
{
  if (!self)
    return;
  inos_dbus_shell1_keyboard_set_enabled (self->object, inos_keyboard_is_enabled (self->keyboard));
  inos_dbus_shell1_keyboard_set_visible (self->object, inos_keyboard_is_visible (self->keyboard));
  inos_dbus_shell1_keyboard_set_follows_text (self->object,
                                              inos_keyboard_follows_text (self->keyboard));
}

InosKeyboardService *inos_keyboard_service_create (GDBusConnection *bus, InosKeyboard *keyboard)
{
  InosKeyboardService *self = g_new0 (InosKeyboardService, 1);

  self->keyboard = keyboard;
  self->object = inos_dbus_shell1_keyboard_skeleton_new();
  inos_keyboard_service_update (self);
  g_signal_connect (self->object, "handle-show", G_CALLBACK (on_show), self);
  g_signal_connect (self->object, "handle-hide", G_CALLBACK (on_hide), self);
  g_signal_connect (self->object, "notify::enabled", G_CALLBACK (on_enabled), self);
  inos_exported_show (self->object, bus, PATH);
  return self;
}

void inos_keyboard_service_destroy (InosKeyboardService *self)
{
  if (!self)
    return;
  inos_exported_hide (self->object, self);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "notify_service.h"

#include "../exported.h"
#include "inos-shell-dbus.h"
#include "markup.h"

#define PATH "/org/inos/Shell1"
#define ROWS "a(uxssssysia(ss))"

struct InosNotifyService {
  InosNotifier *notifier;
  InosDBusShell1Notifications *object;
  gboolean updating; /* what changes is said by us and not by a caller */
};

static const char *const states[] = {
  [INOS_NOTE_SHOWN] = "shown", [INOS_NOTE_KEPT] = "kept", [INOS_NOTE_PAST] = "past"};

static GVariant *actions_of (const InosNote *note)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < note->actions->len && inos_note_can_act (note); i++) {
    const InosNoteAction *action = g_ptr_array_index (note->actions, i);

    g_variant_builder_add (&builder, "(ss)", action->key, action->label);
  }
  return g_variant_builder_end (&builder);
}

static gboolean on_list (InosDBusShell1Notifications *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  InosNotifyService *self = data;
  GPtrArray *list = inos_notes_get_list (inos_notifier_get_notes (self->notifier));
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (ROWS));
  for (guint i = 0; i < list->len; i++) {
    const InosNote *note = g_ptr_array_index (list, i);
    g_autofree char *body = inos_markup_to_text (note->body);

    g_variant_builder_add (&builder, "(uxssssysi@a(ss))", note->id, note->time / 1000, note->app,
                           note->entry, note->summary, body, (guchar)note->urgency,
                           states[note->state], note->progress, actions_of (note));
  }
  inos_dbus_shell1_notifications_complete_list (object, invocation,
                                                g_variant_builder_end (&builder));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_dismiss (InosDBusShell1Notifications *object, GDBusMethodInvocation *invocation,
                            guint id, gpointer data)
{
  InosNotifyService *self = data;
  GError *error = NULL;

  if (inos_notifier_dismiss (self->notifier, id, &error))
    inos_dbus_shell1_notifications_complete_dismiss (object, invocation);
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_clear (InosDBusShell1Notifications *object, GDBusMethodInvocation *invocation,
                          gpointer data)
{
  InosNotifyService *self = data;

  inos_dbus_shell1_notifications_complete_clear (object, invocation,
                                                 inos_notifier_clear (self->notifier, 0, NULL));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_undo (InosDBusShell1Notifications *object, GDBusMethodInvocation *invocation,
                         gpointer data)
{
  InosNotifyService *self = data;

  inos_dbus_shell1_notifications_complete_undo (object, invocation,
                                                inos_notifier_undo (self->notifier));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_invoke (InosDBusShell1Notifications *object, GDBusMethodInvocation *invocation,
                           guint id, const char *action, gpointer data)
{
  InosNotifyService *self = data;
  GError *error = NULL;

  if (inos_notifier_act (self->notifier, id, action, &error))
    inos_dbus_shell1_notifications_complete_invoke_action (object, invocation);
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* A caller has set a property. */
static void on_set (GObject *object, GParamSpec *property, gpointer data)
{
  InosNotifyService *self = data;
  InosNotifySettings *settings = inos_notifier_get_settings (self->notifier);

  if (self->updating)
    return;
  settings->do_not_disturb = inos_dbus_shell1_notifications_get_do_not_disturb (self->object);
  settings->quiet_in_full_screen =
    inos_dbus_shell1_notifications_get_quiet_in_full_screen (self->object);
  inos_notify_settings_set_muted (settings,
                                  inos_dbus_shell1_notifications_get_muted (self->object));
  inos_notifier_apply (self->notifier);
}

void inos_notify_service_update (InosNotifyService *self)
{
  const InosNotifySettings *settings = inos_notifier_get_settings (self->notifier);
  g_autoptr (GPtrArray) muted = g_ptr_array_new();

  for (guint i = 0; i < settings->muted->len; i++)
    g_ptr_array_add (muted, g_ptr_array_index (settings->muted, i));
  g_ptr_array_add (muted, NULL);
  self->updating = TRUE;
  inos_dbus_shell1_notifications_set_active (self->object,
                                             inos_notifier_is_active (self->notifier));
  inos_dbus_shell1_notifications_set_do_not_disturb (self->object, settings->do_not_disturb);
  inos_dbus_shell1_notifications_set_quiet_in_full_screen (self->object,
                                                           settings->quiet_in_full_screen);
  inos_dbus_shell1_notifications_set_quiet (self->object, inos_notifier_is_quiet (self->notifier));
  inos_dbus_shell1_notifications_set_muted (self->object, (const char *const *)muted->pdata);
  inos_dbus_shell1_notifications_set_unseen (
    self->object, inos_notes_count_unseen (inos_notifier_get_notes (self->notifier)));
  self->updating = FALSE;
}

void inos_notify_service_tell (InosNotifyService *self, const char *signal, guint id)
{
  if (g_str_equal (signal, "Added"))
    inos_dbus_shell1_notifications_emit_added (self->object, id);
  else
    inos_dbus_shell1_notifications_emit_removed (self->object, id);
}

InosNotifyService *inos_notify_service_create (GDBusConnection *bus, InosNotifier *notifier)
{
  static const char *const properties[] = {"notify::do-not-disturb", "notify::quiet-in-full-screen",
                                           "notify::muted"};
  InosNotifyService *self = g_new0 (InosNotifyService, 1);

  self->notifier = notifier;
  self->object = inos_dbus_shell1_notifications_skeleton_new();
  g_signal_connect (self->object, "handle-list", G_CALLBACK (on_list), self);
  g_signal_connect (self->object, "handle-dismiss", G_CALLBACK (on_dismiss), self);
  g_signal_connect (self->object, "handle-clear", G_CALLBACK (on_clear), self);
  g_signal_connect (self->object, "handle-undo", G_CALLBACK (on_undo), self);
  g_signal_connect (self->object, "handle-invoke-action", G_CALLBACK (on_invoke), self);
  inos_notify_service_update (self);
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    g_signal_connect (self->object, properties[i], G_CALLBACK (on_set), self);
  inos_exported_show (self->object, bus, PATH);
  return self;
}

void inos_notify_service_destroy (InosNotifyService *self)
{
  if (!self)
    return;
  inos_exported_hide (self->object, self);
  g_free (self);
}

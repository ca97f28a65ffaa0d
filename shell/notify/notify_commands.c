/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "notify_commands.h"

#include "../commands.h"
#include "../message.h"
#include "markup.h"

#define MAX_HEIGHT 4096

static InosNotifier *notifier_of (gpointer context)
{
  return inos_application_get_notifier (((const InosCommandContext *)context)->application);
}

static gboolean get_id (JsonObject *args, guint *id, GError **error)
{
  return inos_args_get_uint (args, "id", G_MAXUINT, id, error);
}

void inos_notify_run_act (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id;
  const char *key = inos_args_get_string (args, "action", INOS_NOTE_MAX_WORD, &error);
  gboolean ok =
    key && get_id (args, &id, &error) && inos_notifier_act (notifier_of (context), id, key, &error);

  inos_command_finish (reply, ok, error);
}

void inos_notify_run_busy (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean on, ok = inos_args_get_boolean (args, "on", &on, &error);

  if (ok)
    inos_notifier_set_busy (notifier_of (context), on);
  inos_command_finish (reply, ok, error);
}

/* One by its id, those of a source, or all. */
void inos_notify_run_clear (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *source = NULL;
  gboolean ok = TRUE;
  guint id = 0;

  if (json_object_has_member (args, "id"))
    ok = get_id (args, &id, &error);
  if (ok && json_object_has_member (args, "source")) {
    source = inos_args_get_string (args, "source", INOS_NOTE_MAX_WORD, &error);
    ok = source != NULL;
  }
  if (ok)
    inos_notifier_clear (notifier_of (context), id, source);
  inos_command_finish (reply, ok, error);
}

void inos_notify_run_dismiss (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id;
  gboolean ok =
    get_id (args, &id, &error) && inos_notifier_dismiss (notifier_of (context), id, &error);

  inos_command_finish (reply, ok, error);
}

void inos_notify_run_fit (gpointer context, JsonObject *args, InosReply *reply)
{
  guint height;

  if (!inos_command_take (args, "height", MAX_HEIGHT, &height, reply))
    return;
  inos_notifier_fit (notifier_of (context), height);
  inos_reply_ok (reply, NULL);
}

void inos_notify_run_keyboard (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean on, ok = inos_args_get_boolean (args, "on", &on, &error);

  if (ok)
    inos_notifier_set_keyboard (notifier_of (context), on);
  inos_command_finish (reply, ok, error);
}

void inos_notify_run_link (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id;
  const char *href = inos_args_get_string (args, "href", INOS_MARKUP_MAX_HREF, &error);
  gboolean ok = href && get_id (args, &id, &error) &&
                inos_notifier_open_link (notifier_of (context), id, href, &error);

  inos_command_finish (reply, ok, error);
}

void inos_notify_run_mute (gpointer context, JsonObject *args, InosReply *reply)
{
  InosNotifySettings *settings = inos_notifier_get_settings (notifier_of (context));
  g_autoptr (GPtrArray) names = g_ptr_array_new();
  g_autoptr (GError) error = NULL;
  gboolean on;
  const char *source = inos_args_get_string (args, "source", INOS_NOTE_MAX_WORD, &error);
  gboolean ok = source && inos_args_get_boolean (args, "on", &on, &error);

  if (ok) {
    for (guint i = 0; i < settings->muted->len; i++) {
      if (!g_str_equal (g_ptr_array_index (settings->muted, i), source))
        g_ptr_array_add (names, g_ptr_array_index (settings->muted, i));
    }
    if (on)
      g_ptr_array_add (names, (gpointer)source);
    g_ptr_array_add (names, NULL);
    inos_notify_settings_set_muted (settings, (const char *const *)names->pdata);
    inos_notifier_apply (notifier_of (context));
  }
  inos_command_finish (reply, ok, error);
}

void inos_notify_run_painted (gpointer context, JsonObject *args, InosReply *reply)
{
  guint serial;

  if (!inos_command_take (args, "serial", G_MAXUINT, &serial, reply))
    return;
  inos_notifier_painted (notifier_of (context), serial);
  inos_reply_ok (reply, NULL);
}

void inos_notify_run_quiet (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  gboolean on, ok = inos_args_get_boolean (args, "on", &on, &error);

  if (ok) {
    inos_notifier_get_settings (notifier_of (context))->do_not_disturb = on;
    inos_notifier_apply (notifier_of (context));
  }
  inos_command_finish (reply, ok, error);
}

void inos_notify_run_reply (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint id;
  const char *text = inos_args_get_string (args, "text", INOS_NOTE_MAX_REPLY, &error);
  gboolean ok = text && get_id (args, &id, &error) &&
                inos_notifier_reply (notifier_of (context), id, text, &error);

  inos_command_finish (reply, ok, error);
}

void inos_notify_run_undo (gpointer context, JsonObject *args, InosReply *reply)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_boolean (node, inos_notifier_undo (notifier_of (context)));
  inos_reply_ok (reply, node);
}

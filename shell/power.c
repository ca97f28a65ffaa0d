/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "power.h"

#include <glib/gi18n.h>

#define LOGIND_TIMEOUT_MS 2000

static const struct {
  const char *action;
  const char *method;
  const char *question;
} actions[] = {
  {"suspend", "Suspend", "CanSuspend"},
  {"restart", "Reboot", "CanReboot"},
  {"power-off", "PowerOff", "CanPowerOff"},
};

struct InosPower {
  GDBusConnection *bus; /* the system bus; NULL where there is none */
};

/* One open menu's questions. */
typedef struct {
  InosReply *reply;
  gboolean can_log_out;
  gboolean possible[G_N_ELEMENTS (actions)];
  guint unanswered;
} Listing;

typedef struct {
  Listing *listing;
  gsize index;
} Question;

InosPower *inos_power_create (void)
{
  InosPower *self = g_new0 (InosPower, 1);

  self->bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  if (self->bus)
    g_dbus_connection_set_exit_on_close (self->bus, FALSE);
  return self;
}

void inos_power_destroy (InosPower *self)
{
  if (!self)
    return;
  g_clear_object (&self->bus);
  g_free (self);
}

static void finish_listing (Listing *listing)
{
  JsonArray *array = json_array_new();
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (listing->can_log_out)
    json_array_add_string_element (array, "logout");
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (listing->possible[i])
      json_array_add_string_element (array, actions[i].action);
  }
  json_object_set_array_member (object, "actions", array);
  json_node_take_object (node, object);
  inos_reply_ok (listing->reply, node);
  g_free (listing);
}

static void on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  Listing *listing = question->listing;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  const char *word = "no";

  if (answer)
    g_variant_get (answer, "(&s)", &word);
  listing->possible[question->index] = g_str_equal (word, "yes");
  g_free (question);
  if (--listing->unanswered == 0)
    finish_listing (listing);
}

static void call_logind (InosPower *self, const char *method, GVariant *arguments,
                         const char *answer_type, GAsyncReadyCallback done, gpointer data)
{
  g_dbus_connection_call (self->bus, "org.freedesktop.login1", "/org/freedesktop/login1",
                          "org.freedesktop.login1.Manager", method, arguments,
                          answer_type ? G_VARIANT_TYPE (answer_type) : NULL, G_DBUS_CALL_FLAGS_NONE,
                          LOGIND_TIMEOUT_MS, NULL, done, data);
}

void inos_power_list (InosPower *self, gboolean can_log_out, InosReply *reply)
{
  Listing *listing = g_new0 (Listing, 1);

  *listing = (Listing){.reply = reply, .can_log_out = can_log_out};
  if (!self->bus || g_dbus_connection_is_closed (self->bus)) {
    finish_listing (listing);
    return;
  }
  listing->unanswered = G_N_ELEMENTS (actions);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    Question *question = g_new0 (Question, 1);

    *question = (Question){listing, i};
    call_logind (self, actions[i].question, NULL, "(s)", on_answer, question);
  }
}

gboolean inos_power_knows (const char *action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (g_str_equal (actions[i].action, action))
      return TRUE;
  }
  return FALSE;
}

static void on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer)
    inos_reply_ok (data, NULL);
  else
    inos_reply_fail (data, _ ("The computer refused: %s"), error->message);
}

void inos_power_do (InosPower *self, const char *action, InosReply *reply)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (self->bus && g_str_equal (actions[i].action, action)) {
      call_logind (self, actions[i].method, g_variant_new ("(b)", FALSE), NULL, on_done, reply);
      return;
    }
  }
  inos_reply_fail (reply, "%s", _ ("This computer cannot do that now."));
}

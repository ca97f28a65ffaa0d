/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_output.h"

#include "../message.h"

#include <glib/gi18n.h>
#include <string.h>

#define TRIAL_SECONDS 15
#define CHANGES_MOST 32
#define PATH_MAX_BYTES 255
#define NAME_MAX_BYTES 255
#define NUMBER_MAX 1000000
#define WORD_MAX_BYTES 16

struct InosDisplays {
  GDBusConnection *bus;
  InosSettingsDesk *desk;
  InosUndos *undos;
  InosTrialFunc trial;
  gpointer data;

  guint serial;    /* of the way back of what is on trial, 0: nothing is */
  InosCalls *back; /* that way; NULL: nothing is */
  guint left;      /* seconds */
  guint timer;
  gboolean kept;
  guint *alive; /* of changes that are on their way: 0 when we are gone; reference counted */
};

/* What a page says */

static gboolean refuse (GError **error, const char *what)
{
  g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE, "a change of a monitor %s",
               what);
  return FALSE;
}

static gboolean take_numbers (JsonObject *change, const char *name, int *numbers, guint n)
{
  JsonNode *node = json_object_get_member (change, name);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (!array || json_array_get_length (array) != n)
    return FALSE;
  for (guint i = 0; i < n; i++) {
    JsonNode *each = json_array_get_element (array, i);
    gint64 number;

    if (!JSON_NODE_HOLDS_VALUE (each) || json_node_get_value_type (each) != G_TYPE_INT64)
      return FALSE;
    number = json_node_get_int (each);
    if (number < -NUMBER_MAX || number > NUMBER_MAX)
      return FALSE;
    numbers[i] = (int)number;
  }
  return TRUE;
}

/* The property, floating, for a method's argument. */
static GVariant *property (GVariant *output, const char *name, const char *type)
{
  return g_variant_lookup_value (output, name, G_VARIANT_TYPE (type));
}

static void add_call (InosCalls *calls, const char *path, const char *method, GVariant *arguments)
{
  inos_calls_add (calls, path, "Output", method, arguments);
}

/* A method with one argument, which is what a property has now. */
static gboolean add_one (InosCalls *calls, InosCalls *back, const char *path, const char *method,
                         GVariant *argument, GVariant *output, const char *name)
{
  const char *type = g_variant_get_type_string (argument);
  g_autoptr (GVariant) now = property (output, name, type);
  g_autoptr (GVariant) wanted = g_variant_ref_sink (argument);

  if (!now)
    return FALSE;
  add_call (calls, path, method, g_variant_new_tuple (&wanted, 1));
  add_call (back, path, method, g_variant_new_tuple (&now, 1));
  return TRUE;
}

static gboolean take_mode (JsonObject *change, const char *path, GVariant *output, InosCalls *calls,
                           InosCalls *back)
{
  int mode[3], now[3];

  if (!take_numbers (change, "mode", mode, 3) ||
      !g_variant_lookup (output, "Width", "i", &now[0]) ||
      !g_variant_lookup (output, "Height", "i", &now[1]) ||
      !g_variant_lookup (output, "Refresh", "i", &now[2]))
    return FALSE;
  add_call (calls, path, "SetMode", g_variant_new ("(iii)", mode[0], mode[1], mode[2]));
  add_call (back, path, "SetMode", g_variant_new ("(iii)", now[0], now[1], now[2]));
  return TRUE;
}

static gboolean take_position (JsonObject *change, const char *path, GVariant *output,
                               InosCalls *calls, InosCalls *back)
{
  int place[2], now[2];

  if (!take_numbers (change, "position", place, 2) ||
      !g_variant_lookup (output, "X", "i", &now[0]) ||
      !g_variant_lookup (output, "Y", "i", &now[1]))
    return FALSE;
  add_call (calls, path, "SetPosition", g_variant_new ("(ii)", place[0], place[1]));
  add_call (back, path, "SetPosition", g_variant_new ("(ii)", now[0], now[1]));
  return TRUE;
}

/* NULL where it is none of the words that the compositor knows. */
static const char *take_adaptive (JsonObject *change)
{
  static const char *const words[] = {"off", "on", "on-demand", "content", NULL};
  const char *when = inos_args_get_string (change, "adaptive", WORD_MAX_BYTES, NULL);

  return when && g_strv_contains (words, when) ? when : NULL;
}

static const char *take_mirror (JsonObject *change)
{
  JsonNode *node = json_object_get_member (change, "mirror");

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
             strlen (json_node_get_string (node)) <= NAME_MAX_BYTES
           ? json_node_get_string (node)
           : NULL;
}

gboolean inos_display_change_take (JsonObject *change, const char *path, GVariant *output,
                                   InosCalls *calls, InosCalls *back, gboolean *risky,
                                   GError **error)
{
  gboolean truth, good = FALSE, safe = FALSE;
  double scale;
  guint transform;

  if (json_object_get_size (change) != 2)
    return refuse (error, "is an output and one thing of it");
  if (json_object_has_member (change, "mode")) {
    good = take_mode (change, path, output, calls, back);
  } else if (json_object_has_member (change, "position")) {
    safe = TRUE;
    good = take_position (change, path, output, calls, back);
  } else if (json_object_has_member (change, "scale")) {
    safe = TRUE;
    good = inos_args_get_double (change, "scale", 0.5, 4, &scale, NULL) &&
           add_one (calls, back, path, "SetScale", g_variant_new_double (scale), output, "Scale");
  } else if (json_object_has_member (change, "transform")) {
    safe = TRUE;
    good = inos_args_get_uint (change, "transform", 7, &transform, NULL) &&
           add_one (calls, back, path, "SetTransform", g_variant_new_int32 ((int)transform), output,
                    "Transform");
  } else if (json_object_has_member (change, "mirror")) {
    const char *mirror = take_mirror (change);

    good = mirror && add_one (calls, back, path, "SetMirror", g_variant_new_string (mirror), output,
                              "Mirror");
  } else if (json_object_has_member (change, "adaptive")) {
    const char *when = take_adaptive (change);

    good = when && add_one (calls, back, path, "SetVariableRefresh", g_variant_new_string (when),
                            output, "VariableRefresh");
  } else if (json_object_has_member (change, "on")) {
    good =
      inos_args_get_boolean (change, "on", &truth, NULL) &&
      add_one (calls, back, path, "SetEnabled", g_variant_new_boolean (truth), output, "Powered");
    safe = truth;
  }
  *risky |= !safe;
  return good || refuse (error, "is a mode, a position, a scale, a turn, a mirror, or on and off, "
                                "in sensible numbers");
}

static gboolean take_one (InosDisplays *self, JsonNode *node, InosCalls *calls, InosCalls *back,
                          gboolean *risky, GError **error)
{
  JsonObject *change = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *path = change ? inos_args_get_string (change, "output", PATH_MAX_BYTES, error) : NULL;
  g_autoptr (GVariant) output = path ? inos_settings_desk_get_output (self->desk, path) : NULL;

  if (!change)
    return refuse (error, "is an object");
  if (path && !output)
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE, "%s",
                 _ ("That display is not plugged in any more."));
  return output && inos_display_change_take (change, path, output, calls, back, risky, error);
}

/* The trial */

JsonNode *inos_displays_describe_trial (InosDisplays *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "left", self->serial ? self->left : 0);
  json_object_set_boolean_member (object, "kept", self->kept);
  json_node_take_object (node, object);
  return node;
}

static void tell (InosDisplays *self)
{
  self->trial (inos_displays_describe_trial (self), self->data);
}

static void on_gone_back (const char *json, const char *error, gpointer data)
{
  if (error)
    g_warning ("displays could not be set back: %s", error);
}

static void end_trial (InosDisplays *self, gboolean keep, InosReply *reply)
{
  guint serial = self->serial;

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->back, inos_calls_unref);
  self->serial = 0;
  self->kept = keep;
  if (keep)
    inos_reply_ok (reply, NULL);
  else
    inos_undos_run (self->undos, serial, reply);
}

static gboolean on_second (gpointer data)
{
  InosDisplays *self = data;

  if (--self->left > 0) {
    tell (self);
    return G_SOURCE_CONTINUE;
  }
  self->timer = 0;
  end_trial (self, FALSE, inos_reply_new (on_gone_back, NULL));
  tell (self);
  return G_SOURCE_REMOVE;
}

static void begin_trial (InosDisplays *self, guint serial, InosCalls *back)
{
  self->serial = serial;
  self->back = inos_calls_ref (back);
  self->left = TRIAL_SECONDS;
  self->timer = g_timeout_add_seconds (1, on_second, self);
  tell (self);
}

void inos_displays_end_trial (InosDisplays *self, gboolean keep, InosReply *reply)
{
  if (!self->serial) {
    inos_reply_fail (reply, "%s", _ ("It is over: the displays are as they were before."));
    return;
  }
  end_trial (self, keep, reply);
  tell (self);
}

/* A change */

typedef struct {
  InosDisplays *displays;
  guint *alive;
  GDBusConnection *bus;
  InosUndos *undos;
  InosCalls *back; /* not turned round yet */
  gboolean risky;
  InosReply *reply;
} Change;

static void change_free (Change *change)
{
  g_rc_box_release (change->alive);
  g_object_unref (change->bus);
  inos_undos_unref (change->undos);
  inos_calls_unref (change->back);
  g_free (change);
}

static void on_restored (guint n_done, GVariant *last, const GError *error, gpointer data)
{
  if (error)
    g_warning ("displays could not be set back: %s", error->message);
}

static void succeed (Change *change)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  guint serial;

  inos_calls_reverse (change->back);
  serial = inos_undos_add (change->undos, inos_calls_run_undo, inos_calls_ref (change->back),
                           (GDestroyNotify)inos_calls_unref);
  json_object_set_int_member (object, "undo", serial);
  json_object_set_boolean_member (object, "trial", change->risky);
  json_node_take_object (node, object);
  if (change->risky && *change->alive)
    begin_trial (change->displays, serial, change->back);
  else if (change->risky) /* nobody is there who could be asked */
    inos_undos_run (change->undos, serial, inos_reply_new (on_gone_back, NULL));
  inos_reply_ok (change->reply, node);
}

/* The way back of the first n changes: they are one call each. */
static void restore (Change *change, guint n)
{
  if (n == 0)
    return;
  inos_calls_run (change->back, n, on_restored, NULL);
}

static void on_done (guint n_done, GVariant *last, const GError *error, gpointer data)
{
  Change *change = data;

  if (*change->alive)
    *change->alive = 1;
  if (error) {
    restore (change, n_done);
    inos_calls_fail (error, change->reply);
  } else {
    succeed (change);
  }
  change_free (change);
}

static gboolean take_all (InosDisplays *self, JsonObject *args, InosCalls *calls, InosCalls *back,
                          gboolean *risky, GError **error)
{
  JsonNode *node = json_object_get_member (args, "changes");
  JsonArray *changes = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = changes ? json_array_get_length (changes) : 0;

  if (length == 0 || length > CHANGES_MOST)
    return refuse (error, "is one of at most 32");
  for (guint i = 0; i < length; i++)
    if (!take_one (self, json_array_get_element (changes, i), calls, back, risky, error))
      return FALSE;
  return TRUE;
}

void inos_displays_set (InosDisplays *self, JsonObject *args, InosReply *reply)
{
  g_autoptr (InosCalls) calls = inos_calls_new (self->bus);
  g_autoptr (InosCalls) back = inos_calls_new (self->bus);
  g_autoptr (GError) error = NULL;
  gboolean risky = FALSE;
  Change *change;

  if (self->serial || *self->alive > 1) {
    inos_reply_fail (reply, "%s", _ ("Say first whether the last change is to stay."));
    return;
  }
  if (!take_all (self, args, calls, back, &risky, &error)) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  *self->alive = 2; /* one change after the other */
  change = g_new0 (Change, 1);
  *change = (Change){.displays = self,
                     .alive = g_rc_box_acquire (self->alive),
                     .bus = g_object_ref (self->bus),
                     .undos = inos_undos_ref (self->undos),
                     .back = inos_calls_ref (back),
                     .risky = risky,
                     .reply = reply};
  inos_calls_run (calls, inos_calls_count (calls), on_done, change);
}

InosDisplays *inos_displays_create (GDBusConnection *bus, InosSettingsDesk *desk, InosUndos *undos,
                                    InosTrialFunc trial, gpointer data)
{
  InosDisplays *self = g_new0 (InosDisplays, 1);

  *self = (InosDisplays){.bus = g_object_ref (bus),
                         .desk = desk,
                         .undos = inos_undos_ref (undos),
                         .trial = trial,
                         .data = data,
                         .alive = g_rc_box_new0 (guint)};
  *self->alive = 1;
  return self;
}

void inos_displays_destroy (InosDisplays *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->back)
    inos_calls_send (self->back);
  g_clear_pointer (&self->back, inos_calls_unref);
  *self->alive = 0;
  g_rc_box_release (self->alive);
  inos_undos_unref (self->undos);
  g_object_unref (self->bus);
  g_free (self);
}

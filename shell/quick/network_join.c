/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

/*
 * Joining a Wi-Fi network. Whether NetworkManager knows it already stands in the settings of the
 * connections that the device could use, which are asked for one by one.
 */

#include "network_private.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_KNOWN 256
#define WIRELESS "802-11-wireless"
#define SECURITY "802-11-wireless-security"
#define SETTINGS "a{sa{sv}}"

/* One wish to join. Lives until reply is answered. */
typedef struct {
  InosNetwork *network;
  InosObjects *objects;
  char *device;
  char *point;
  char *password; /* may be NULL */
  InosReply *reply;

  GVariant *ssid;
  InosSecurity security;
  guint unanswered;   /* connections whose settings are not known yet */
  char *known;        /* path of the connection for this network, or NULL */
  GVariant *settings; /* its settings */
} Join;

/* What one of the questions was about. */
typedef struct {
  Join *join;
  char *path;
} Question;

static void wipe (char *text)
{
  if (text)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

static void finish (Join *join)
{
  g_free (join->device);
  g_free (join->point);
  wipe (join->password);
  g_clear_pointer (&join->ssid, g_variant_unref);
  g_clear_pointer (&join->settings, g_variant_unref);
  g_free (join->known);
  g_free (join);
}

static void fail (Join *join, const char *format, const GError *error)
{
  g_autofree char *reason = inos_objects_reason (error);

  inos_reply_fail (join->reply, format, reason);
  finish (join);
}

static void ask_password (Join *join)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_boolean_member (object, "password", TRUE);
  json_node_take_object (node, object);
  inos_reply_ok (join->reply, node);
  finish (join);
}

static void on_joined (GObject *source, GAsyncResult *result, gpointer data)
{
  Join *join = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (!answer) {
    fail (join, _ ("The network could not be joined: %s"), error);
    return;
  }
  inos_reply_ok (join->reply, NULL);
  finish (join);
}

static void activate (Join *join)
{
  inos_objects_call (join->objects, NM_PATH, NM, "ActivateConnection",
                     g_variant_new ("(ooo)", join->known, join->device, join->point), on_joined,
                     join);
}

static GVariant *describe_security (Join *join)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  if (join->security == INOS_SECURITY_OWE)
    g_variant_builder_add (&builder, "{sv}", "key-mgmt", g_variant_new_string ("owe"));
  else
    g_variant_builder_add (
      &builder, "{sv}", "key-mgmt",
      g_variant_new_string (join->security == INOS_SECURITY_SAE ? "sae" : "wpa-psk"));
  if (join->password)
    g_variant_builder_add (&builder, "{sv}", "psk", g_variant_new_string (join->password));
  return g_variant_builder_end (&builder);
}

/* Of the person alone, so that polkit lets whoever sits there. */
static GVariant *describe_owner (void)
{
  g_autofree char *permission = g_strdup_printf ("user:%s:", g_get_user_name());
  const char *const permissions[] = {permission, NULL};
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "permissions", g_variant_new_strv (permissions, -1));
  return g_variant_builder_end (&builder);
}

static GVariant *describe_wireless (Join *join)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "ssid", join->ssid);
  return g_variant_builder_end (&builder);
}

/* NetworkManager fills in the rest from what it hears. */
static void add_and_activate (Join *join)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (SETTINGS));
  g_variant_builder_add (&builder, "{s@a{sv}}", "connection", describe_owner());
  g_variant_builder_add (&builder, "{s@a{sv}}", WIRELESS, describe_wireless (join));
  if (join->security != INOS_SECURITY_OPEN)
    g_variant_builder_add (&builder, "{s@a{sv}}", SECURITY, describe_security (join));
  inos_objects_call (join->objects, NM_PATH, NM, "AddAndActivateConnection",
                     g_variant_new ("(@" SETTINGS "oo)", g_variant_builder_end (&builder),
                                    join->device, join->point),
                     on_joined, join);
}

static void on_updated (GObject *source, GAsyncResult *result, gpointer data)
{
  Join *join = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer)
    activate (join);
  else
    fail (join, _ ("The new password could not be kept: %s"), error);
}

/* The known connection, with another password. */
static void update (Join *join)
{
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name;
  GVariant *setting;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (SETTINGS));
  g_variant_iter_init (&iter, join->settings);
  while (g_variant_iter_loop (&iter, "{&s@a{sv}}", &name, &setting)) {
    if (!g_str_equal (name, SECURITY))
      g_variant_builder_add (&builder, "{s@a{sv}}", name, setting);
  }
  g_variant_builder_add (&builder, "{s@a{sv}}", SECURITY, describe_security (join));
  inos_objects_call (join->objects, join->known, NM_CONNECTION, "Update",
                     g_variant_new ("(@" SETTINGS ")", g_variant_builder_end (&builder)),
                     on_updated, join);
}

static void go_on (Join *join)
{
  gboolean wants_password =
    join->security == INOS_SECURITY_PSK || join->security == INOS_SECURITY_SAE;

  if (join->known && join->password && wants_password)
    update (join);
  else if (join->known)
    activate (join);
  else if (wants_password && !join->password)
    ask_password (join);
  else if (join->security == INOS_SECURITY_ENTERPRISE || join->security == INOS_SECURITY_WEP) {
    inos_reply_fail (join->reply, "%s",
                     join->security == INOS_SECURITY_WEP
                       ? _ ("This network protects nothing (WEP); it is not joined from here.")
                       : _ ("This network wants a user name or a certificate. Set it up with "
                            "nmtui or nm-connection-editor, then choose it here."));
    finish (join);
  } else
    add_and_activate (join);
}

static gboolean is_of_network (Join *join, GVariant *settings)
{
  g_autoptr (GVariant) wireless = g_variant_lookup_value (settings, WIRELESS, NULL);
  g_autoptr (GVariant) ssid = NULL;

  if (!wireless || !g_variant_is_of_type (wireless, G_VARIANT_TYPE_VARDICT))
    return FALSE;
  ssid = g_variant_lookup_value (wireless, "ssid", G_VARIANT_TYPE_BYTESTRING);
  return ssid && g_variant_equal (ssid, join->ssid);
}

static void on_settings (GObject *source, GAsyncResult *result, gpointer data)
{
  Question *question = data;
  Join *join = question->join;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) settings = NULL;

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(" SETTINGS ")")))
    settings = g_variant_get_child_value (answer, 0);
  if (settings && !join->known && is_of_network (join, settings)) {
    join->known = g_steal_pointer (&question->path);
    join->settings = g_steal_pointer (&settings);
  }
  g_free (question->path);
  g_free (question);
  if (--join->unanswered == 0)
    go_on (join);
}

void inos_network_join (InosNetwork *self, const char *device, const char *point,
                        const char *password, InosReply *reply)
{
  g_autoptr (GVariant) known =
    inos_objects_get (self->objects, device, NM_DEVICE, "AvailableConnections", "ao");
  gsize n = known ? MIN (g_variant_n_children (known), MAX_KNOWN) : 0;
  Join *join = g_new0 (Join, 1);

  self->wrong = FALSE;
  *join = (Join){.network = self, .objects = self->objects, .reply = reply};
  join->device = g_strdup (device);
  join->point = g_strdup (point);
  join->password = g_strdup (password);
  join->ssid = inos_network_ssid (self, point);
  join->security = inos_network_security (self, point);
  join->unanswered = (guint)n + 1;
  for (gsize i = 0; i < n; i++) {
    Question *question = g_new0 (Question, 1);
    const char *path;

    g_variant_get_child (known, i, "&o", &path);
    *question = (Question){join, g_strdup (path)};
    inos_objects_call (self->objects, path, NM_CONNECTION, "GetSettings", NULL, on_settings,
                       question);
  }
  if (--join->unanswered == 0)
    go_on (join);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl idle: what happens when nobody is there, and who keeps it from happening. */
#include "desk.h"
#include "props.h"
#include "text.h"

#include <glib/gi18n.h>
#include <string.h>

static void print_json (GVariant *props, GVariant *idle)
{
  static const char *const windows[] = {"window", "app_id", "heeded", NULL};
  static const char *const programs[] = {"application", "reason", NULL};
  static const struct json_property main_list[] = {{"locked", "Locked", "b"},
                                                   {"inhibited", "IdleInhibited", "b"}};
  static const struct json_property list[] = {{"locked_everywhere", "LockedEverywhere", "b"},
                                              {"logind_inhibited", "LogindInhibited", "b"},
                                              {"on_battery", "OnBattery", "b"}};
  g_autoptr (GVariant) inhibitors = props_value (props, "IdleInhibitors", "a(usb)");
  g_autoptr (GVariant) asked = props_value (idle, "Programs", "a(ss)");
  g_autoptr (GVariant) reached = props_value (idle, "Reached", "as");
  g_autoptr (GVariant) times = props_value (idle, "Times", "a{su}");
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  json_add_properties (json, props, main_list, G_N_ELEMENTS (main_list));
  json_add_rows (json, "inhibitors", inhibitors, windows);
  json_add_rows (json, "programs", asked, programs);
  json_add_properties (json, idle, list, G_N_ELEMENTS (list));
  json_builder_set_member_name (json, "reached");
  json_builder_add_value (json, json_gvariant_serialize (reached));
  json_builder_set_member_name (json, "times");
  json_builder_add_value (json, json_gvariant_serialize (times));
  json_builder_end_object (json);
  json_print (json, false);
}

static void print_windows (GVariant *props)
{
  g_autoptr (GVariant) inhibitors = props_value (props, "IdleInhibitors", "a(usb)");
  for (gsize i = 0; i < g_variant_n_children (inhibitors); i++) {
    guint32 id;
    const char *app_id;
    gboolean heeded;
    g_variant_get_child (inhibitors, i, "(u&sb)", &id, &app_id, &heeded);
    g_autofree char *clean = ctl_text_clean (app_id);
    g_print (heeded ? _ ("Kept awake by window %u, %s\n")
                    : _ ("Window %u, %s, would keep it awake if it were shown\n"),
             id, clean);
  }
}

static void print_programs (GVariant *idle)
{
  g_autoptr (GVariant) programs = props_value (idle, "Programs", "a(ss)");
  for (gsize i = 0; i < g_variant_n_children (programs); i++) {
    const char *application, *reason;
    g_variant_get_child (programs, i, "(&s&s)", &application, &reason);
    g_autofree char *name = ctl_text_clean (application), *why = ctl_text_clean (reason);
    /* TRANSLATORS: a program's name and its reason. */
    g_print (_ ("Kept awake by %s: %s\n"), name, why);
  }
  if (props_bool (idle, "LogindInhibited"))
    g_print (_ ("Kept awake by logind; see 'systemd-inhibit --list'\n"));
}

static void print_stages (GVariant *idle)
{
  g_autoptr (GVariant) times = props_value (idle, "Times", "a{su}");
  g_autoptr (GVariant) reached = props_value (idle, "Reached", "as");
  g_autofree const char **names = g_variant_get_strv (reached, NULL);
  const struct {
    const char *name, *sentence;
  } stages[] = {
    /* TRANSLATORS: when nobody has been there for so long. */
    {"dim", _ ("dimmed after %s")},
    {"blank", _ ("switched off after %s")},
    {"lock", _ ("locked after %s")},
    {"suspend", _ ("asleep after %s")},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (stages); i++) {
    guint32 seconds = 0;
    if (!g_variant_lookup (times, stages[i].name, "u", &seconds) || seconds == 0)
      continue;
    bool now = g_strv_contains (names, stages[i].name);
    g_autofree char *text = ctl_text_duration (seconds);
    g_print (now ? "*" : " ");
    g_print (stages[i].sentence, text);
    g_print ("\n");
  }
}

static int show (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) props = desk_properties (ctl, "", &error);
  g_autoptr (GVariant) idle = props != NULL ? desk_properties (ctl, DESK_IDLE, &error) : NULL;
  if (idle == NULL)
    return desk_fail (ctl, error, _ ("cannot ask the compositor"));
  if (ctl->json) {
    print_json (props, idle);
    return CTL_OK;
  }
  g_print ("%s\n", props_bool (props, "Locked") ? _ ("The session is locked.")
                                                : _ ("The session is not locked."));
  print_windows (props);
  print_programs (idle);
  print_stages (idle);
  return CTL_OK;
}

int ctl_cmd_idle (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  if (desk_count (ctl) == 0)
    return show (ctl);
  if (desk_count (ctl) != 1 || strcmp (ctl->arguments[0], "activity") != 0 || ctl->json)
    return ctl_usage ("idle", _ ("it takes 'activity' or nothing"));
  g_autoptr (GVariant) reply = desk_call (ctl, "", "SimulateActivity", NULL, &error);
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, _ ("cannot do as if somebody were there"));
}

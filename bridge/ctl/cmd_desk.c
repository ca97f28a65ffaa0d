/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl action, layout, night-light, profiles, rules: the desk as a whole. */
#include "desk.h"
#include "desk_list.h"

#include <glib/gi18n.h>
#include <string.h>

/* A method without an answer. */
static int act (struct ctl *ctl, const char *part, const char *method, GVariant *parameters,
                const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = desk_call (ctl, part, method, parameters, &error);
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, what);
}

static bool is (const struct ctl *ctl, unsigned index, const char *text)
{
  return desk_count (ctl) > index && strcmp (ctl->arguments[index], text) == 0;
}

int ctl_cmd_action (struct ctl *ctl)
{
  if (desk_count (ctl) == 0)
    return desk_list_actions (ctl);
  if (ctl->json)
    return ctl_usage ("action", _ ("--json goes with the list alone"));
  g_autofree char *action = g_strjoinv (" ", ctl->arguments);
  return act (ctl, DESK_CONFIG, "RunAction", g_variant_new ("(s)", action), _ ("not done"));
}

int ctl_cmd_layout (struct ctl *ctl)
{
  guint64 number;
  if (desk_count (ctl) == 0)
    return desk_list_layouts (ctl);
  if (desk_count (ctl) == 1 && is (ctl, 0, "next") && !ctl->json)
    return act (ctl, DESK_CONFIG, "RunAction", g_variant_new ("(s)", "layout-next"),
                _ ("cannot switch the layout"));
  if (desk_count (ctl) != 1 || ctl->json || !desk_number (ctl->arguments[0], 1, 32, &number))
    return ctl_usage ("layout", _ ("it takes the layout's number, 'next' or nothing"));
  return act (ctl, DESK_INPUT, "SetLayout", g_variant_new ("(u)", (guint32)number - 1),
              _ ("cannot switch the layout"));
}

int ctl_cmd_night_light (struct ctl *ctl)
{
  const char *what = _ ("cannot set the night light");
  guint64 kelvin, seconds = 10;
  if (desk_count (ctl) == 0)
    return desk_list_night_light (ctl);
  if (is (ctl, 0, "schedule") && !ctl->json)
    return ctl_night_schedule (ctl);
  if (desk_count (ctl) == 1 && (is (ctl, 0, "on") || is (ctl, 0, "off")) && !ctl->json)
    return act (ctl, DESK_NIGHT_LIGHT, "SetEnabled", g_variant_new ("(b)", is (ctl, 0, "on")),
                what);
  if (desk_count (ctl) < 2 || desk_count (ctl) > 3 || !is (ctl, 0, "show") || ctl->json ||
      !desk_number (ctl->arguments[1], 0, G_MAXUINT32, &kelvin) ||
      (desk_count (ctl) == 3 && !desk_number (ctl->arguments[2], 1, G_MAXUINT32, &seconds)))
    return ctl_usage ("night-light",
                      _ ("it takes 'on', 'off', 'show KELVIN [SECONDS]', 'schedule …' or nothing"));
  return act (ctl, DESK_NIGHT_LIGHT, "SetTemporarily",
              g_variant_new ("(uu)", (guint32)kelvin, (guint32)seconds), what);
}

int ctl_cmd_profiles (struct ctl *ctl)
{
  if (desk_count (ctl) == 0)
    return desk_list_profiles (ctl);
  if (desk_count (ctl) == 1 && is (ctl, 0, "save") && !ctl->json)
    return act (ctl, DESK_PROFILES, "Save", NULL, _ ("cannot save how the monitors are set up"));
  if (desk_count (ctl) == 2 && is (ctl, 0, "forget") && !ctl->json)
    return act (ctl, DESK_PROFILES, "Forget", g_variant_new ("(s)", ctl->arguments[1]),
                _ ("cannot forget the profile"));
  return ctl_usage ("profiles", _ ("it takes 'save', 'forget ID' or nothing"));
}

int ctl_cmd_rules (struct ctl *ctl)
{
  if (desk_count (ctl) == 0)
    return desk_list_rules (ctl);
  if (desk_count (ctl) == 3 && is (ctl, 0, "test"))
    return desk_list_matching (ctl, ctl->arguments[1], ctl->arguments[2]);
  return ctl_usage ("rules", _ ("it takes 'test APPLICATION TITLE' or nothing"));
}

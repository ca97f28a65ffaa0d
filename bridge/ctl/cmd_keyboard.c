/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl keyboard: the on-screen keyboard. */
#include "desk.h"
#include "props.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <string.h>

#define KEYBOARD "org.inos.Shell1.Keyboard"

static int call (struct ctl *ctl, const char *method)
{
  return ctl_shell_do (ctl, KEYBOARD, method, NULL, "()",
                       _ ("cannot show or hide the on-screen keyboard"));
}

static void print (struct ctl *ctl, GVariant *props)
{
  bool on = props_bool (props, "Enabled"), visible = props_bool (props, "Visible");
  bool follows = props_bool (props, "FollowsText");

  if (!ctl->json) {
    g_print ("%s\n", !on ? _ ("off") : visible ? _ ("on, shown") : _ ("on, hidden"));
    if (on && !follows)
      g_print ("%s\n", _ ("Another program composes text: it is shown by hand alone."));
    return;
  }
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  json_add_bool (json, "on", on);
  json_add_bool (json, "visible", visible);
  json_add_bool (json, "follows-text", follows);
  json_builder_end_object (json);
  json_print (json, true);
}

static int show (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) props =
    ctl_shell_get_all (ctl, KEYBOARD, _ ("cannot look at the on-screen keyboard"), &status);

  if (props == NULL)
    return status;
  print (ctl, props);
  return CTL_OK;
}

int ctl_cmd_keyboard (struct ctl *ctl)
{
  unsigned given = desk_count (ctl);
  const char *word = given > 0 ? ctl->arguments[0] : NULL;

  if (given == 0)
    return show (ctl);
  if (!ctl->json && given == 1 && (strcmp (word, "on") == 0 || strcmp (word, "off") == 0))
    return ctl_shell_set (ctl, KEYBOARD, "Enabled",
                          g_variant_new_boolean (strcmp (word, "on") == 0),
                          _ ("cannot switch the on-screen keyboard"));
  if (!ctl->json && given == 1 && strcmp (word, "show") == 0)
    return call (ctl, "Show");
  if (!ctl->json && given == 1 && strcmp (word, "hide") == 0)
    return call (ctl, "Hide");
  return ctl_usage ("keyboard", _ ("it takes 'on', 'off', 'show', 'hide' or nothing"));
}

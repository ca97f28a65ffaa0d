/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl volume, inosctl brightness: how loud and how bright this machine is. */
#include "bus.h"
#include "desk.h"
#include "props.h"
#include "shell.h"

#include <glib/gi18n.h>
#include <string.h>

#define CONTROLS "org.inos.Shell1.Controls"
#define MOST 100 /* percent */

/* "40", "+5", "-5" of what it is now. */
static bool parse (const char *text, int now, int *percent)
{
  bool relative = *text == '+' || *text == '-';
  guint64 number;

  if (!desk_number (relative ? text + 1 : text, 0, MOST, &number))
    return false;
  *percent = (int)number;
  if (relative)
    *percent = CLAMP (*text == '+' ? now + (int)number : now - (int)number, 0, MOST);
  return true;
}

static int print (struct ctl *ctl, GVariant *props, const char *property, const char *key,
                  bool mutes, const char *none)
{
  int percent = props_int32 (props, property);
  bool muted = mutes && props_bool (props, "Muted");

  if (percent < 0) {
    ctl_complain ("%s", none);
    return CTL_NO_OBJECT;
  }
  if (ctl->json) {
    g_autoptr (JsonBuilder) json = json_builder_new();
    json_builder_begin_object (json);
    json_add_int (json, key, percent);
    if (mutes)
      json_add_bool (json, "muted", muted);
    json_builder_end_object (json);
    json_print (json, true);
  } else if (muted)
    g_print (_ ("%d%% (muted)\n"), percent);
  else
    g_print (_ ("%d%%\n"), percent);
  return CTL_OK;
}

int ctl_cmd_volume (struct ctl *ctl)
{
  const char *what = _ ("cannot set the volume");
  const char *none = _ ("there is no server of sounds, or it has no output");
  const char *word = desk_count (ctl) > 0 ? ctl->arguments[0] : NULL;
  int percent = 0, status;

  if (desk_count (ctl) > 1 || (word != NULL && ctl->json))
    return ctl_usage ("volume", _ ("it takes a number, 'mute', 'unmute' or nothing"));
  if (word != NULL && (strcmp (word, "mute") == 0 || strcmp (word, "unmute") == 0))
    return ctl_shell_do (ctl, CONTROLS, "SetMuted",
                         g_variant_new ("(b)", strcmp (word, "mute") == 0), "()", what);
  if (word != NULL && !parse (word, 0, &percent))
    return ctl_usage ("volume", _ ("it takes a number, 'mute', 'unmute' or nothing"));
  g_autoptr (GVariant) props = ctl_shell_get_all (ctl, CONTROLS, what, &status);
  if (props == NULL)
    return status;
  if (word == NULL || props_int32 (props, "Volume") < 0)
    return print (ctl, props, "Volume", "volume", true, none);
  parse (word, props_int32 (props, "Volume"), &percent);
  return ctl_shell_do (ctl, CONTROLS, "SetVolume", g_variant_new ("(u)", (guint32)percent), "()",
                       what);
}

int ctl_cmd_brightness (struct ctl *ctl)
{
  const char *what = _ ("cannot set the brightness");
  const char *none = _ ("no screen of this machine has a brightness that logind can set");
  const char *word = desk_count (ctl) > 0 ? ctl->arguments[0] : NULL;
  int percent = 0, status;

  if (desk_count (ctl) > 1 || (word != NULL && (ctl->json || !parse (word, 0, &percent))))
    return ctl_usage ("brightness", _ ("it takes a number or nothing"));
  g_autoptr (GVariant) props = ctl_shell_get_all (ctl, CONTROLS, what, &status);
  if (props == NULL)
    return status;
  if (word == NULL || props_int32 (props, "Brightness") < 0)
    return print (ctl, props, "Brightness", "brightness", false, none);
  parse (word, props_int32 (props, "Brightness"), &percent);
  return ctl_shell_do (ctl, CONTROLS, "SetBrightness", g_variant_new ("(u)", (guint32)percent),
                       "()", what);
}

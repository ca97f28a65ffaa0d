/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl overview: whether the overview of the windows is open, and opens and closes it. */
#include "desk.h"
#include "props.h"

#include <glib/gi18n.h>
#include <string.h>

static int set (struct ctl *ctl, bool open)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    ctl_bus_call (ctl, CTL_COMPOSITOR, ctl_service_path (CTL_COMPOSITOR),
                  "org.freedesktop.DBus.Properties", "Set",
                  g_variant_new ("(ssv)", "org.inos.Compositor1" DESK_OVERVIEW, "Open",
                                 g_variant_new_boolean (open)),
                  &error);
  if (reply == NULL)
    return desk_fail (ctl, error, _ ("cannot open or close the overview"));
  if (!open)
    return CTL_OK;
  g_autoptr (GVariant) now = desk_properties (ctl, DESK_OVERVIEW, &error);
  if (now == NULL)
    return desk_fail (ctl, error, _ ("cannot look at the overview"));
  if (props_bool (now, "Open"))
    return CTL_OK;
  ctl_complain (_ ("the overview stays closed: the session is locked, something is dragged, or "
                   "something above the windows has the keyboard; end that first"));
  return CTL_FAILED;
}

static int print (struct ctl *ctl, GVariant *props)
{
  bool open = props_bool (props, "Open");
  if (!ctl->json) {
    g_print ("%s\n", open ? _ ("open") : _ ("closed"));
    return CTL_OK;
  }
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  json_add_bool (json, "open", open);
  json_add_int (json, "selected", props_uint32 (props, "Selected"));
  json_builder_end_object (json);
  json_print (json, true);
  return CTL_OK;
}

int ctl_cmd_overview (struct ctl *ctl)
{
  const char *word = desk_count (ctl) > 0 ? ctl->arguments[0] : NULL;
  bool toggles = word != NULL && strcmp (word, "toggle") == 0;
  bool opens = word != NULL && strcmp (word, "open") == 0;
  bool closes = word != NULL && strcmp (word, "close") == 0;
  g_autoptr (GError) error = NULL;

  if (desk_count (ctl) > 1 || (word != NULL && (ctl->json || !(toggles || opens || closes))))
    return ctl_usage ("overview", _ ("it takes 'open', 'close', 'toggle' or nothing"));
  if (opens || closes)
    return set (ctl, opens);
  g_autoptr (GVariant) props = desk_properties (ctl, DESK_OVERVIEW, &error);
  if (props == NULL)
    return desk_fail (ctl, error, _ ("cannot look at the overview"));
  return toggles ? set (ctl, !props_bool (props, "Open")) : print (ctl, props);
}

#include "adaptive_sync.h"

#include <wlr/types/wlr_content_type_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/util/log.h>

#include "each_frame.h"
#include "frame.h"
#include "output_config.h"
#include "protocol.h"
#include "view.h"

static enum inos_vrr setting_of (struct inos_output *output)
{
  return inos_output_config_of (output)->vrr;
}

/* What moves as it likes, and says so. */
static bool shows_motion (struct inos_view *view)
{
  struct wlr_content_type_manager_v1 *manager =
    inos_protocol_state (view->compositor, INOS_STATE_CONTENT_TYPE);
  if (!manager || !view->surface)
    return false;
  enum wp_content_type_v1_type type = wlr_surface_get_content_type_v1 (manager, view->surface);
  return type == WP_CONTENT_TYPE_V1_TYPE_GAME || type == WP_CONTENT_TYPE_V1_TYPE_VIDEO;
}

INOS_EACH_FRAME static int wanted (struct inos_output *output)
{
  enum inos_vrr setting = setting_of (output);
  if (setting == INOS_VRR_DEFAULT)
    return -1;
  if (setting == INOS_VRR_OFF || setting == INOS_VRR_ON)
    return setting == INOS_VRR_ON;
  struct inos_view *view = inos_output_fullscreen (output);
  return view && (setting == INOS_VRR_ON_DEMAND || shows_motion (view));
}

INOS_EACH_FRAME int inos_adaptive_sync_due (struct inos_output *output)
{
  const struct wlr_output *wlr = output->wlr;
  int on = wanted (output);
  if (on < 0 || !wlr->adaptive_sync_supported || output->mirror)
    return -1;
  if (on != output->vrr_refused - 1)
    output->vrr_refused = 0;
  bool is_on = wlr->adaptive_sync_status == WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED;
  return is_on == (bool)on || output->vrr_refused ? -1 : on;
}

void inos_adaptive_sync_refused (struct inos_output *output, int on)
{
  output->vrr_refused = on + 1;
  wlr_log (WLR_ERROR, "output %s: its refresh rate cannot be made %s", output->wlr->name,
           on ? "variable" : "fixed");
}

/* Where the file says nothing, on and off are how the output is, which its profile keeps. */
void inos_adaptive_sync_choose (struct inos_output *output, enum inos_vrr when)
{
  struct inos_output_config *config = inos_output_config_of (output);
  bool plain = when == INOS_VRR_ON || when == INOS_VRR_OFF;
  config->vrr = plain && config->said.vrr == INOS_VRR_DEFAULT ? INOS_VRR_DEFAULT : when;
  wlr_output_schedule_frame (output->wlr);
}

enum inos_vrr inos_adaptive_sync_setting (struct inos_output *output)
{
  enum inos_vrr setting = setting_of (output);
  if (setting != INOS_VRR_DEFAULT)
    return setting;
  return output->wlr->adaptive_sync_status == WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED ? INOS_VRR_ON
                                                                               : INOS_VRR_OFF;
}

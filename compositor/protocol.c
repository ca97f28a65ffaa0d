#include "protocol.h"

#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_alpha_modifier_v1.h>
#include <wlr/types/wlr_content_type_v1.h>
#include <wlr/types/wlr_data_control_v1.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_export_dmabuf_v1.h>
#include <wlr/types/wlr_fractional_scale_v1.h>
#include <wlr/types/wlr_linux_dmabuf_v1.h>
#include <wlr/types/wlr_pointer_gestures_v1.h>
#include <wlr/types/wlr_presentation_time.h>
#include <wlr/types/wlr_primary_selection_v1.h>
#include <wlr/types/wlr_relative_pointer_v1.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_screencopy_v1.h>
#include <wlr/types/wlr_security_context_v1.h>
#include <wlr/types/wlr_single_pixel_buffer_v1.h>
#include <wlr/types/wlr_subcompositor.h>
#include <wlr/types/wlr_tearing_control_v1.h>
#include <wlr/types/wlr_viewporter.h>
#include <wlr/types/wlr_xdg_foreign_registry.h>
#include <wlr/types/wlr_xdg_foreign_v1.h>
#include <wlr/types/wlr_xdg_foreign_v2.h>
#include <wlr/types/wlr_xdg_output_v1.h>

#include "each_frame.h"
#include "activation.h"
#include "capture.h"
#include "capture_source.h"
#include "cursor_shape.h"
#include "data_control.h"
#include "decoration.h"
#include "input_method.h"
#include "drm_lease.h"
#include "foreign_toplevel.h"
#include "gamma.h"
#include "idle.h"
#include "ext_workspace.h"
#include "layer_shell.h"
#include "lock.h"
#include "output_management.h"
#include "pointer_constraint.h"
#include "shortcuts_inhibit.h"
#include "output_power.h"
#include "privilege.h"
#include "server_decoration.h"
#include "surfaces.h"
#include "toplevel_icon.h"
#include "tablet.h"
#include "text_input.h"
#include "transient_seat.h"
#include "virtual_input.h"
#include "xdg_dialog.h"
#include "xdg_shell.h"
#include "xwayland.h"

/* A protocol that wlroots serves without our help. */
#define SIMPLE(function, call)                                                                     \
  static void *function (struct inos_compositor *compositor, int version)                          \
  {                                                                                                \
    return call;                                                                                   \
  }

SIMPLE (create_subcompositor, wlr_subcompositor_create (compositor->display))
SIMPLE (create_data_device, wlr_data_device_manager_create (compositor->display))
SIMPLE (create_data_control, wlr_data_control_manager_v1_create (compositor->display))
SIMPLE (create_primary_selection,
        wlr_primary_selection_v1_device_manager_create (compositor->display))
SIMPLE (create_viewporter, wlr_viewporter_create (compositor->display))
SIMPLE (create_single_pixel, wlr_single_pixel_buffer_manager_v1_create (compositor->display))
SIMPLE (create_fractional_scale,
        wlr_fractional_scale_manager_v1_create (compositor->display, (uint32_t)version))
SIMPLE (create_presentation, wlr_presentation_create (compositor->display, compositor->backend))
SIMPLE (create_xdg_output,
        wlr_xdg_output_manager_v1_create (compositor->display, compositor->layout))
SIMPLE (create_screencopy, wlr_screencopy_manager_v1_create (compositor->display))
SIMPLE (create_security_context, wlr_security_context_manager_v1_create (compositor->display))
SIMPLE (create_export_dmabuf, wlr_export_dmabuf_manager_v1_create (compositor->display))
SIMPLE (create_alpha_modifier, wlr_alpha_modifier_v1_create (compositor->display))
SIMPLE (create_relative_pointer, wlr_relative_pointer_manager_v1_create (compositor->display))
SIMPLE (create_pointer_gestures, wlr_pointer_gestures_v1_create (compositor->display))
SIMPLE (create_tearing,
        wlr_tearing_control_manager_v1_create (compositor->display, (uint32_t)version))
SIMPLE (create_content_type,
        wlr_content_type_manager_v1_create (compositor->display, (uint32_t)version))

static void *create_shm (struct inos_compositor *compositor, int version)
{
  if (!wlr_renderer_init_wl_shm (compositor->renderer, compositor->display))
    return NULL;
  /* Where the renderer imports graphics buffers, clients may use them. */
  if (wlr_renderer_get_texture_formats (compositor->renderer, WLR_BUFFER_CAP_DMABUF)) {
    struct wlr_linux_dmabuf_v1 *dmabuf =
      wlr_linux_dmabuf_v1_create_with_renderer (compositor->display, 4, compositor->renderer);
    wlr_scene_set_linux_dmabuf_v1 (compositor->scene, dmabuf);
  }
  return compositor->renderer;
}

/* Both versions share what was exported, so that a parent of one may be a child's of the other. */
static void *create_xdg_foreign (struct inos_compositor *compositor, int version)
{
  struct wlr_xdg_foreign_registry *registry = wlr_xdg_foreign_registry_create (compositor->display);
  if (!registry || !wlr_xdg_foreign_v1_create (compositor->display, registry))
    return NULL;
  return wlr_xdg_foreign_v2_create (compositor->display, registry);
}

#define EVERYONE INOS_ACCESS_EVERYONE
#define FREE INOS_ACCESS_FREE
#define PRIVILEGED INOS_ACCESS_PRIVILEGED

/* Made by wlroots alone; made with another row's; made by a module of ours. */
#define WLROOTS(name, version, access, create) {name, version, access, create, NULL, false}
#define ALSO(name, version, access) {name, version, access, NULL, NULL, false}
#define OURS(name, version, access, module)                                                        \
  {name, version, access, inos_##module##_create, inos_##module##_destroy, false}
/* Likewise, where the machine has what it takes. */
#define HARDWARE(name, version, access, module)                                                    \
  {name, version, access, inos_##module##_create, inos_##module##_destroy, true}

/* wl_shm comes first: the seat and the scene count on it. */
const struct inos_protocol inos_protocols[] = {
  WLROOTS ("wl_shm", 2, EVERYONE, create_shm),
  ALSO ("zwp_linux_dmabuf_v1", 4, EVERYONE),
  OURS ("wl_compositor", 6, EVERYONE, surfaces),
  WLROOTS ("wl_subcompositor", 1, EVERYONE, create_subcompositor),
  WLROOTS ("wl_data_device_manager", 3, EVERYONE, create_data_device),
  ALSO ("wl_seat", 9, EVERYONE),
  ALSO ("wl_output", 4, EVERYONE),
  OURS ("xdg_wm_base", 6, EVERYONE, xdg_shell),
  OURS ("zxdg_decoration_manager_v1", 1, EVERYONE, decoration),
  OURS ("org_kde_kwin_server_decoration_manager", 1, EVERYONE, server_decoration),
  OURS ("ext_workspace_manager_v1", 1, PRIVILEGED, ext_workspace),
  OURS ("xdg_wm_dialog_v1", 1, EVERYONE, xdg_dialog),
  OURS ("xdg_toplevel_icon_manager_v1", 1, EVERYONE, toplevel_icon),
  OURS ("xdg_activation_v1", 1, EVERYONE, activation),
  WLROOTS ("zxdg_exporter_v1", 1, EVERYONE, create_xdg_foreign),
  ALSO ("zxdg_importer_v1", 1, EVERYONE),
  ALSO ("zxdg_exporter_v2", 1, EVERYONE),
  ALSO ("zxdg_importer_v2", 1, EVERYONE),
  WLROOTS ("wp_viewporter", 1, EVERYONE, create_viewporter),
  WLROOTS ("wp_single_pixel_buffer_manager_v1", 1, EVERYONE, create_single_pixel),
  WLROOTS ("wp_fractional_scale_manager_v1", 1, EVERYONE, create_fractional_scale),
  WLROOTS ("wp_alpha_modifier_v1", 1, EVERYONE, create_alpha_modifier),
  WLROOTS ("wp_content_type_manager_v1", 1, EVERYONE, create_content_type),
  WLROOTS ("wp_tearing_control_manager_v1", 1, EVERYONE, create_tearing),
  WLROOTS ("wp_presentation", 1, EVERYONE, create_presentation),
  OURS ("wp_cursor_shape_manager_v1", 1, EVERYONE, cursor_shape),
  OURS ("zwp_pointer_constraints_v1", 1, EVERYONE, pointer_constraint),
  WLROOTS ("zwp_relative_pointer_manager_v1", 1, EVERYONE, create_relative_pointer),
  WLROOTS ("zwp_pointer_gestures_v1", 3, EVERYONE, create_pointer_gestures),
  OURS ("zwp_keyboard_shortcuts_inhibit_manager_v1", 1, EVERYONE, shortcuts_inhibit),
  OURS ("zwp_tablet_manager_v2", 1, EVERYONE, tablet_manager),
  OURS ("zwp_text_input_manager_v3", 1, EVERYONE, text_input),
  WLROOTS ("zwp_primary_selection_device_manager_v1", 1, EVERYONE, create_primary_selection),
  WLROOTS ("zxdg_output_manager_v1", 3, EVERYONE, create_xdg_output),
  ALSO ("zwp_idle_inhibit_manager_v1", 1, EVERYONE),
  OURS ("ext_idle_notifier_v1", 1, PRIVILEGED, idle),
  OURS ("ext_session_lock_manager_v1", 1, PRIVILEGED, lock),
  OURS ("zwlr_foreign_toplevel_manager_v1", 3, PRIVILEGED, foreign_toplevel),
  ALSO ("ext_foreign_toplevel_list_v1", 1, PRIVILEGED),
  OURS ("zwlr_layer_shell_v1", 4, PRIVILEGED, layer_shell),
  WLROOTS ("zwlr_screencopy_manager_v1", 3, PRIVILEGED, create_screencopy),
  OURS ("ext_image_copy_capture_manager_v1", 1, PRIVILEGED, capture),
  OURS ("ext_output_image_capture_source_manager_v1", 1, PRIVILEGED, output_source),
  OURS ("ext_foreign_toplevel_image_capture_source_manager_v1", 1, PRIVILEGED, toplevel_source),
  WLROOTS ("zwlr_export_dmabuf_manager_v1", 1, PRIVILEGED, create_export_dmabuf),
  WLROOTS ("zwlr_data_control_manager_v1", 2, PRIVILEGED, create_data_control),
  OURS ("ext_data_control_manager_v1", 1, PRIVILEGED, data_control),
  OURS ("zwlr_output_manager_v1", 4, PRIVILEGED, output_management),
  OURS ("zwp_input_method_manager_v2", 1, PRIVILEGED, input_method),
  OURS ("zwlr_output_power_manager_v1", 1, PRIVILEGED, output_power),
  OURS ("zwlr_gamma_control_manager_v1", 1, PRIVILEGED, gamma),
  HARDWARE ("wp_drm_lease_device_v1", 1, PRIVILEGED, drm_lease),
  OURS ("zwp_virtual_keyboard_manager_v1", 1, PRIVILEGED, virtual_keyboard),
  OURS ("zwlr_virtual_pointer_manager_v1", 2, PRIVILEGED, virtual_pointer),
  OURS ("ext_transient_seat_manager_v1", 1, PRIVILEGED, transient_seat),
  WLROOTS ("wp_security_context_manager_v1", 1, FREE, create_security_context),
  /* Its only client is the X server; without that there is none. */
  {"xwayland_shell_v1", 1, EVERYONE, inos_xwayland_create, inos_xwayland_destroy, true},
  ALSO (NULL, 0, EVERYONE),
};

static const struct inos_protocol *find (const char *name)
{
  for (const struct inos_protocol *protocol = inos_protocols; protocol->name; protocol++) {
    if (g_str_equal (protocol->name, name))
      return protocol;
  }
  return NULL;
}

static const char *const names_of_states[INOS_STATES] = {
  [INOS_STATE_SURFACES] = "wl_compositor",
  [INOS_STATE_XDG_SHELL] = "xdg_wm_base",
  [INOS_STATE_POINTER_CONSTRAINTS] = "zwp_pointer_constraints_v1",
  [INOS_STATE_RELATIVE_POINTERS] = "zwp_relative_pointer_manager_v1",
  [INOS_STATE_GESTURES] = "zwp_pointer_gestures_v1",
  [INOS_STATE_SHORTCUTS_INHIBIT] = "zwp_keyboard_shortcuts_inhibit_manager_v1",
  [INOS_STATE_TABLETS] = "zwp_tablet_manager_v2",
  [INOS_STATE_TEXT_INPUTS] = "zwp_text_input_manager_v3",
  [INOS_STATE_IDLE] = "ext_idle_notifier_v1",
  [INOS_STATE_LOCK] = "ext_session_lock_manager_v1",
  [INOS_STATE_FOREIGN_TOPLEVELS] = "zwlr_foreign_toplevel_manager_v1",
  [INOS_STATE_LAYER_SHELL] = "zwlr_layer_shell_v1",
  [INOS_STATE_TEARING] = "wp_tearing_control_manager_v1",
  [INOS_STATE_CONTENT_TYPE] = "wp_content_type_manager_v1",
  [INOS_STATE_DECORATIONS] = "zxdg_decoration_manager_v1",
  [INOS_STATE_OUTPUT_MANAGEMENT] = "zwlr_output_manager_v1",
  [INOS_STATE_INPUT_METHODS] = "zwp_input_method_manager_v2",
  [INOS_STATE_GAMMA] = "zwlr_gamma_control_manager_v1",
  [INOS_STATE_DRM_LEASE] = "wp_drm_lease_device_v1",
  [INOS_STATE_SECURITY_CONTEXT] = "wp_security_context_manager_v1",
  [INOS_STATE_XWAYLAND] = "xwayland_shell_v1",
  [INOS_STATE_SCREENCOPY] = "zwlr_screencopy_manager_v1",
  [INOS_STATE_EXPORT_DMABUF] = "zwlr_export_dmabuf_manager_v1",
};

INOS_EACH_FRAME void *inos_protocol_state (const struct inos_compositor *compositor,
                                           enum inos_state which)
{
  return compositor->states ? compositor->states[which] : NULL;
}

static void keep_state (struct inos_compositor *compositor, const struct inos_protocol *protocol,
                        void *state)
{
  compositor->protocol_states[protocol - inos_protocols] = state;
  for (unsigned i = 0; i < INOS_STATES; i++)
    if (g_str_equal (names_of_states[i], protocol->name))
      compositor->states[i] = state;
}

/* An allow-list: a global that no module declares is nobody's. */
static bool may_see (const struct wl_client *client, const struct wl_global *global, void *data)
{
  struct inos_compositor *compositor = data;
  const char *name = wl_global_get_interface (global)->name;
  const struct inos_protocol *protocol = find (name);
  if (!protocol)
    return g_str_equal (name, "wl_drm"); /* Mesa's own, goes with linux-dmabuf */
  if (g_str_equal (name, "xwayland_shell_v1"))
    return inos_xwayland_is_server (compositor, client);
  if (g_str_equal (name, "zxdg_output_manager_v1"))
    return inos_xwayland_is_server (compositor, client) ==
           inos_xwayland_has_global (compositor, global);
  switch (protocol->access) {
  case INOS_ACCESS_EVERYONE:
    return true;
  case INOS_ACCESS_FREE:
    return !inos_privilege_is_sandboxed (compositor, client);
  case INOS_ACCESS_PRIVILEGED:
    return inos_privilege_has (compositor, client);
  }
  return false;
}

const char *inos_protocols_init (struct inos_compositor *compositor)
{
  compositor->protocol_states = g_new0 (void *, G_N_ELEMENTS (inos_protocols));
  compositor->states = g_new0 (void *, INOS_STATES);
  for (const struct inos_protocol *protocol = inos_protocols; protocol->name; protocol++) {
    if (!protocol->create)
      continue;
    void *state = protocol->create (compositor, protocol->version);
    keep_state (compositor, protocol, state);
    if (!state && !protocol->hardware)
      return protocol->name;
  }
  wl_display_set_global_filter (compositor->display, may_see, compositor);
  return NULL;
}

void inos_protocols_finish (struct inos_compositor *compositor)
{
  if (!compositor->protocol_states)
    return;
  for (const struct inos_protocol *protocol = inos_protocols; protocol->name; protocol++) {
    void *state = compositor->protocol_states[protocol - inos_protocols];
    if (state && protocol->destroy)
      protocol->destroy (state);
    keep_state (compositor, protocol, NULL);
  }
  g_clear_pointer (&compositor->protocol_states, g_free);
  g_clear_pointer (&compositor->states, g_free);
}

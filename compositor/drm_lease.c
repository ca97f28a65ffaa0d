#include "drm_lease.h"

#include <wlr/types/wlr_drm_lease_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/util/log.h>

#include "listener.h"
#include "protocol.h"

struct drm_lease {
  struct wlr_drm_lease_v1_manager *wlr;
  struct wl_listener request;
};

static void handle_request (struct wl_listener *listener, void *data)
{
  struct wlr_drm_lease_request_v1 *request = data;
  if (!wlr_drm_lease_request_v1_grant (request)) {
    wlr_log (WLR_ERROR, "a headset's screen could not be lent");
    wlr_drm_lease_request_v1_reject (request);
  }
}

bool inos_drm_lease_offer (struct inos_compositor *compositor, struct wlr_output *wlr)
{
  struct drm_lease *lease = inos_protocol_state (compositor, INOS_STATE_DRM_LEASE);
  return lease && wlr_drm_lease_v1_manager_offer_output (lease->wlr, wlr);
}

void *inos_drm_lease_create (struct inos_compositor *compositor, int version)
{
  if (!compositor->session)
    return NULL;
  struct wlr_drm_lease_v1_manager *wlr =
    wlr_drm_lease_v1_manager_create (compositor->display, compositor->backend);
  if (!wlr)
    return NULL;
  struct drm_lease *lease = g_new0 (struct drm_lease, 1);
  lease->wlr = wlr;
  CONNECT_SIGNAL (wlr, lease, request);
  return lease;
}

void inos_drm_lease_destroy (void *state)
{
  struct drm_lease *lease = state;
  DISCONNECT (lease->request);
  g_free (lease);
}

#include "renderer.h"

#include <glib.h>
#include <string.h>
#include <wlr/render/egl.h>
#include <wlr/render/gles2.h>
#include <wlr/render/pixman.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/util/log.h>

/*
 * EGL says of some screens without a GPU, such as a virtual machine's, that it is not software;
 * OpenGL itself knows.
 */
static bool is_software_gles2 (struct wlr_renderer *renderer)
{
  static const char *const rasterizers[] = {"llvmpipe", "softpipe", "swrast"};
  struct wlr_egl *egl = wlr_gles2_renderer_get_egl (renderer);
  EGLDisplay display = wlr_egl_get_display (egl);
  if (!eglMakeCurrent (display, EGL_NO_SURFACE, EGL_NO_SURFACE, wlr_egl_get_context (egl)))
    return false;
  const char *name = (const char *)glGetString (GL_RENDERER);
  bool software = false;
  for (size_t i = 0; name && i < G_N_ELEMENTS (rasterizers); i++)
    software = software || strstr (name, rasterizers[i]);
  eglMakeCurrent (display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  return software;
}

bool inos_renderer_is_software (struct wlr_renderer *renderer)
{
  if (wlr_renderer_is_gles2 (renderer))
    return is_software_gles2 (renderer);
  return wlr_renderer_is_pixman (renderer);
}

struct wlr_renderer *inos_renderer_create (struct wlr_backend *backend)
{
  struct wlr_renderer *renderer = wlr_renderer_autocreate (backend);
  if (g_getenv ("WLR_RENDERER") || (renderer && !inos_renderer_is_software (renderer)) ||
      (renderer && wlr_renderer_is_pixman (renderer)))
    return renderer;
  struct wlr_renderer *pixman = wlr_pixman_renderer_create();
  if (!pixman)
    return renderer;
  wlr_log (WLR_INFO, "no GPU draws here: pixman does, which is faster than OpenGL in software");
  if (renderer)
    wlr_renderer_destroy (renderer);
  return pixman;
}

#include "inversion.h"

#include <drm_fourcc.h>
#include <stddef.h>
#include <stdint.h>
#include <wlr/render/egl.h>
#include <wlr/render/gles2.h>
#include <wlr/render/pixman.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/util/log.h>

#include "listener.h"

static bool has_alpha_on_top (uint32_t format)
{
  return format == DRM_FORMAT_XRGB8888 || format == DRM_FORMAT_ARGB8888 ||
         format == DRM_FORMAT_XBGR8888 || format == DRM_FORMAT_ABGR8888;
}

static bool invert_memory (struct wlr_buffer *buffer)
{
  void *data;
  uint32_t format;
  size_t stride;
  if (!wlr_buffer_begin_data_ptr_access (
        buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ | WLR_BUFFER_DATA_PTR_ACCESS_WRITE, &data, &format,
        &stride))
    return false;
  for (int y = 0; y < buffer->height && has_alpha_on_top (format); y++) {
    uint32_t *row = (uint32_t *)((char *)data + (size_t)y * stride);
    for (int x = 0; x < buffer->width; x++)
      row[x] ^= 0xffffff;
  }
  wlr_buffer_end_data_ptr_access (buffer);
  return true;
}

static GLuint compile (GLuint program, GLenum kind, const char *text)
{
  GLuint shader = glCreateShader (kind);
  glShaderSource (shader, 1, &text, NULL);
  glCompileShader (shader);
  glAttachShader (program, shader);
  glDeleteShader (shader);
  return shader;
}

static unsigned int make_program (void)
{
  GLuint program = glCreateProgram();
  GLint linked = GL_FALSE;
  compile (program, GL_VERTEX_SHADER,
           "attribute vec2 place; void main() { gl_Position = vec4(place, 0.0, 1.0); }");
  compile (program, GL_FRAGMENT_SHADER, "void main() { gl_FragColor = vec4(1.0); }");
  glBindAttribLocation (program, 0, "place");
  glLinkProgram (program);
  glGetProgramiv (program, GL_LINK_STATUS, &linked);
  if (linked)
    return program;
  glDeleteProgram (program);
  return 0;
}

static bool make_current (struct wlr_renderer *renderer, bool current)
{
  struct wlr_egl *egl = wlr_gles2_renderer_get_egl (renderer);
  return eglMakeCurrent (wlr_egl_get_display (egl), EGL_NO_SURFACE, EGL_NO_SURFACE,
                         current ? wlr_egl_get_context (egl) : EGL_NO_CONTEXT);
}

/* It took its programs along. */
static void handle_renderer_gone (struct wl_listener *listener, void *data)
{
  struct inos_inversion *inversion = wl_container_of (listener, inversion, renderer_gone);
  DISCONNECT (inversion->renderer_gone);
  inversion->renderer = NULL;
  inversion->program = 0;
}

/* White, of which each pixel takes what it has not. */
static void draw_white (unsigned int program, GLuint framebuffer, int width, int height)
{
  static const GLfloat corners[] = {-1, -1, 1, -1, -1, 1, 1, 1};
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  glViewport (0, 0, width, height);
  glDisable (GL_SCISSOR_TEST);
  glEnable (GL_BLEND);
  glBlendFuncSeparate (GL_ONE_MINUS_DST_COLOR, GL_ZERO, GL_ZERO, GL_ONE);
  glUseProgram (program);
  glVertexAttribPointer (0, 2, GL_FLOAT, GL_FALSE, 0, corners);
  glEnableVertexAttribArray (0);
  glDrawArrays (GL_TRIANGLE_STRIP, 0, 4);
  glDisableVertexAttribArray (0);
  glUseProgram (0);
  glBlendFunc (GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glFlush();
  glBindFramebuffer (GL_FRAMEBUFFER, 0);
}

static bool invert_gles2 (struct inos_inversion *inversion, struct wlr_renderer *renderer,
                          struct wlr_buffer *buffer)
{
  GLuint framebuffer = wlr_gles2_renderer_get_buffer_fbo (renderer, buffer);
  if (!framebuffer || !make_current (renderer, true))
    return false;
  if (inversion->renderer != renderer) {
    DISCONNECT (inversion->renderer_gone);
    inversion->program = make_program();
    inversion->renderer = renderer;
    CONNECT_TO (&renderer->events.destroy, inversion, renderer_gone);
  }
  if (inversion->program)
    draw_white (inversion->program, framebuffer, buffer->width, buffer->height);
  make_current (renderer, false);
  return inversion->program;
}

bool inos_inversion_apply (struct inos_inversion *inversion, struct wlr_renderer *renderer,
                           struct wlr_buffer *buffer)
{
  if (!inversion->on)
    return true;
  if (wlr_renderer_is_pixman (renderer))
    return invert_memory (buffer);
  if (wlr_renderer_is_gles2 (renderer))
    return invert_gles2 (inversion, renderer, buffer);
  if (!inversion->refused)
    wlr_log (WLR_ERROR, "colours cannot be inverted with this renderer: start with "
                        "WLR_RENDERER=gles2 or WLR_RENDERER=pixman");
  inversion->refused = true;
  return true;
}

void inos_inversion_finish (struct inos_inversion *inversion)
{
  if (inversion->program && make_current (inversion->renderer, true)) {
    glDeleteProgram (inversion->program);
    make_current (inversion->renderer, false);
  }
  DISCONNECT (inversion->renderer_gone);
  *inversion = (struct inos_inversion){0};
}

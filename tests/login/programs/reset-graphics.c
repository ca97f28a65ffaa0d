/* Loaded into the compositor (LD_PRELOAD): OpenGL says once that the graphics were reset, each time
 * that somebody has made the file RESET_FILE. No driver of a machine that is emulated says so. */

#include <EGL/egl.h>
#include <GLES2/gl2.h>
#include <GLES2/gl2ext.h>
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#define RESET_FILE "/run/user/1000/reset-graphics"

/* Programs that link these symbols get ours in place of EGL's and OpenGL's. */
__eglMustCastToProperFunctionPointerType eglGetProcAddress (const char *name);

static GLenum reset_status (void)
{
  return unlink (RESET_FILE) == 0 ? GL_INNOCENT_CONTEXT_RESET_KHR : GL_NO_ERROR;
}

__eglMustCastToProperFunctionPointerType eglGetProcAddress (const char *name)
{
  __eglMustCastToProperFunctionPointerType (*real) (const char *);
  *(void **)&real = dlsym (RTLD_NEXT, "eglGetProcAddress");
  if (strcmp (name, "glGetGraphicsResetStatusKHR") == 0)
    return (__eglMustCastToProperFunctionPointerType)reset_status;
  return real (name);
}

/* Without this answer, which emulated drivers do not give, nobody asks for the status. */
void glGetIntegerv (GLenum name, GLint *value)
{
  void (*real) (GLenum, GLint *);
  *(void **)&real = dlsym (RTLD_NEXT, "glGetIntegerv");
  if (name == GL_RESET_NOTIFICATION_STRATEGY_KHR)
    *value = GL_LOSE_CONTEXT_ON_RESET_KHR;
  else if (real)
    real (name, value);
}

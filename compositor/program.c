#include "program.h"

#include <wlr/types/wlr_xcursor_manager.h>

#include "nofile.h"
#include "seat.h"
#include "xwayland.h"

enum { CLIENT_SOCKET = 3 }; /* descriptor, in the program */

static char **environment (struct inos_compositor *compositor)
{
  const struct wlr_xcursor_manager *cursor = compositor->seat->xcursor;
  const char *display = inos_xwayland_display (compositor);
  g_autofree char *cursor_size = g_strdup_printf ("%u", cursor->size);
  char **env = g_get_environ();
  env = g_environ_setenv (env, "WAYLAND_DISPLAY", compositor->socket ? compositor->socket : "", 1);
  env = g_environ_setenv (env, "XCURSOR_THEME", cursor->name, 1);
  env = g_environ_setenv (env, "XCURSOR_SIZE", cursor_size, 1);
  env =
    display ? g_environ_setenv (env, "DISPLAY", display, 1) : g_environ_unsetenv (env, "DISPLAY");
  env = g_environ_unsetenv (env, "NOTIFY_SOCKET");
  return g_environ_unsetenv (env, "INOS_CONTROL_FD");
}

bool inos_program_start (struct inos_compositor *compositor, const char *command, GError **error)
{
  return inos_program_spawn (compositor, command, NULL, error);
}

bool inos_program_spawn (struct inos_compositor *compositor, const char *command, GPid *pid,
                         GError **error)
{
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | (pid ? G_SPAWN_DO_NOT_REAP_CHILD : 0);
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) env = environment (compositor);
  if (g_shell_parse_argv (command, NULL, &argv, error) &&
      g_spawn_async (NULL, argv, env, flags, inos_nofile_restore, NULL, pid, error))
    return true;
  g_prefix_error (error, "exec '%s': ", command);
  return false;
}

bool inos_program_spawn_client (struct inos_compositor *compositor, const char *const *argv,
                                int socket, GPid *pid, GError **error)
{
  const int target = CLIENT_SOCKET;
  char number[] = {'0' + CLIENT_SOCKET, 0};
  g_auto (GStrv) env = environment (compositor);
  env = g_environ_setenv (env, "WAYLAND_SOCKET", number, TRUE);
  if (g_spawn_async_with_pipes_and_fds (NULL, argv, (const char *const *)env,
                                        G_SPAWN_DO_NOT_REAP_CHILD, inos_nofile_restore, NULL, -1,
                                        -1, -1, &socket, &target, 1, pid, NULL, NULL, NULL, error))
    return true;
  g_prefix_error (error, "exec '%s': ", argv[0]);
  return false;
}

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

/* A new environment instead of env, with what XKB takes where it is given no names. */
static char **with_keymap (const struct inos_compositor *compositor, char **env)
{
  const struct inos_config *config = &compositor->config;
  const struct {
    const char *name, *value;
  } names[] = {
    {"XKB_DEFAULT_RULES", config->rules},     {"XKB_DEFAULT_MODEL", config->model},
    {"XKB_DEFAULT_LAYOUT", config->layout},   {"XKB_DEFAULT_VARIANT", config->variant},
    {"XKB_DEFAULT_OPTIONS", config->options},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].value && names[i].value[0])
      env = g_environ_setenv (env, names[i].name, names[i].value, TRUE);
  /* That of another layout, which this was started with. */
  if (config->layout && config->layout[0] && !(config->variant && config->variant[0]))
    env = g_environ_unsetenv (env, "XKB_DEFAULT_VARIANT");
  return env;
}

bool inos_program_start (struct inos_compositor *compositor, const char *command, GError **error)
{
  return inos_program_spawn (compositor, command, NULL, error);
}

/* Takes env. */
static bool spawn (const char *command, char **env, GPid *pid, GError **error)
{
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | (pid ? G_SPAWN_DO_NOT_REAP_CHILD : 0);
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) own = env;
  if (g_shell_parse_argv (command, NULL, &argv, error) &&
      g_spawn_async (NULL, argv, own, flags, inos_nofile_restore, NULL, pid, error))
    return true;
  g_prefix_error (error, "exec '%s': ", command);
  return false;
}

bool inos_program_spawn (struct inos_compositor *compositor, const char *command, GPid *pid,
                         GError **error)
{
  return spawn (command, environment (compositor), pid, error);
}

bool inos_program_spawn_locker (struct inos_compositor *compositor, const char *command, GPid *pid,
                                GError **error)
{
  return spawn (command, with_keymap (compositor, environment (compositor)), pid, error);
}

bool inos_program_spawn_client (struct inos_compositor *compositor, const char *const *argv,
                                int socket, GPid *pid, GError **error)
{
  const int target = CLIENT_SOCKET;
  char number[] = {'0' + CLIENT_SOCKET, 0};
  g_auto (GStrv) env = with_keymap (compositor, environment (compositor));
  env = g_environ_setenv (env, "WAYLAND_SOCKET", number, TRUE);
  if (g_spawn_async_with_pipes_and_fds (NULL, argv, (const char *const *)env,
                                        G_SPAWN_DO_NOT_REAP_CHILD, inos_nofile_restore, NULL, -1,
                                        -1, -1, &socket, &target, 1, pid, NULL, NULL, NULL, error))
    return true;
  g_prefix_error (error, "exec '%s': ", argv[0]);
  return false;
}

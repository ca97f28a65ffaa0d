/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/terminal/environment.h"

#include "inos-config.h"
#include "node/api/frame.h"

#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define PATH_DEFAULT "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
#define SHELL_DEFAULT "/bin/sh"

/* What a user's programs need of the node's environment. Nothing of how the node was started, such
 * as NOTIFY_SOCKET, LISTEN_FDS or CREDENTIALS_DIRECTORY, is any of their business. */
static const char *const inherited[] = {
  "HOME",
  "LANG",
  "LANGUAGE",
  "PATH",
  "TZ",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_DIRS",
  "XDG_CONFIG_HOME",
  "XDG_DATA_DIRS",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "XDG_STATE_HOME",
};

static gboolean refuse (GError **error, const char *format, const char *what)
{
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_BAD_PAYLOAD, format, what);
  return FALSE;
}

static bool is_locale (const char *name)
{
  return g_str_has_prefix (name, "LC_");
}

static char **inherit (void)
{
  g_auto (GStrv) names = g_listenv();
  char **environment = NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (inherited); i++)
    if (g_getenv (inherited[i]))
      environment = g_environ_setenv (environment, inherited[i], g_getenv (inherited[i]), TRUE);
  for (char **name = names; *name; name++)
    if (is_locale (*name))
      environment = g_environ_setenv (environment, *name, g_getenv (*name), TRUE);
  return environment;
}

static const char *login_shell (const struct passwd *user)
{
  return user && user->pw_shell && *user->pw_shell && access (user->pw_shell, X_OK) == 0
           ? user->pw_shell
           : SHELL_DEFAULT;
}

static char **with_user (char **environment, const struct passwd *user)
{
  environment = g_environ_setenv (environment, "PATH", PATH_DEFAULT, FALSE);
  environment = g_environ_setenv (environment, "SHELL", login_shell (user), TRUE);
  if (!user)
    return environment;
  environment = g_environ_setenv (environment, "HOME", user->pw_dir, FALSE);
  environment = g_environ_setenv (environment, "USER", user->pw_name, TRUE);
  return g_environ_setenv (environment, "LOGNAME", user->pw_name, TRUE);
}

static char **with_terminal (char **environment, uint64_t id)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64)id);

  environment = g_environ_setenv (environment, "TERM", "xterm-256color", TRUE);
  environment = g_environ_setenv (environment, "COLORTERM", "truecolor", TRUE);
  environment = g_environ_setenv (environment, "TERM_PROGRAM", "Inos", TRUE);
  environment = g_environ_setenv (environment, "TERM_PROGRAM_VERSION", INOS_VERSION, TRUE);
  return g_environ_setenv (environment, "INOS_TERMINAL", number, TRUE);
}

static bool is_name (const char *entry, const char *equals)
{
  if (equals == entry || g_ascii_isdigit (*entry))
    return false;
  for (const char *c = entry; c < equals; c++)
    if (!g_ascii_isalnum (*c) && *c != '_')
      return false;
  return true;
}

static gboolean add_given (char ***environment, const char *const *given, GError **error)
{
  size_t bytes = 0, count = 0;

  for (; given && *given; given++) {
    const char *equals = strchr (*given, '=');
    bytes += strlen (*given);
    if (++count > INOS_ENVIRONMENT_MAX || bytes > INOS_PLAN_BYTES_MAX)
      return refuse (error, "%s", "There is too much in the environment.");
    if (!equals || !is_name (*given, equals))
      return refuse (error, "%s", "An entry of the environment is not NAME=VALUE.");
    g_autofree char *name = g_strndup (*given, (gsize)(equals - *given));
    *environment = g_environ_setenv (*environment, name, equals + 1, TRUE);
  }
  return TRUE;
}

static char *find_program (const char *word, const char *directory, char **environment)
{
  const char *path = g_environ_getenv (environment, "PATH");

  if (strchr (word, '/')) {
    g_autofree char *whole = g_canonicalize_filename (word, directory);
    return access (whole, X_OK) == 0 && !g_file_test (whole, G_FILE_TEST_IS_DIR)
             ? g_steal_pointer (&whole)
             : NULL;
  }
  g_auto (GStrv) folders = g_strsplit (path ? path : PATH_DEFAULT, ":", -1);
  for (char **folder = folders; *folder; folder++) {
    g_autofree char *whole = g_build_filename (**folder ? *folder : "/", word, NULL);
    if (g_path_is_absolute (whole) && access (whole, X_OK) == 0 &&
        !g_file_test (whole, G_FILE_TEST_IS_DIR))
      return g_steal_pointer (&whole);
  }
  return NULL;
}

/* @command has a word at least. */
static gboolean set_command (struct inos_terminal_program *program, const char *const *command,
                             GError **error)
{
  size_t bytes = 0, words = 0;

  do
    bytes += strlen (command[words]);
  while (command[++words]);
  if (words > INOS_COMMAND_WORDS_MAX || bytes > INOS_PLAN_BYTES_MAX)
    return refuse (error, "%s", "The command is too long.");
  program->path = find_program (command[0], program->directory, program->environment);
  if (!program->path) {
    g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                 "There is no program “%.100s” to be run.", command[0]);
    return FALSE;
  }
  program->argv = g_strdupv ((char **)command);
  return TRUE;
}

static void set_shell (struct inos_terminal_program *program)
{
  const char *shell = g_environ_getenv (program->environment, "SHELL");
  g_autofree char *base = g_path_get_basename (shell);

  program->path = g_strdup (shell);
  program->argv = g_new0 (char *, 2);
  program->argv[0] = g_strconcat ("-", base, NULL);
}

gboolean inos_terminal_program_init (struct inos_terminal_program *program, uint64_t id,
                                     const char *directory, const char *const *command,
                                     const char *const *environment, GError **error)
{
  const struct passwd *user = getpwuid (geteuid());

  *program =
    (struct inos_terminal_program){.environment = with_terminal (with_user (inherit(), user), id)};
  if (add_given (&program->environment, environment, error)) {
    const char *home = g_environ_getenv (program->environment, "HOME");
    program->directory = g_strdup (*directory ? directory : home ? home : "/");
    if (!g_path_is_absolute (program->directory) ||
        !g_file_test (program->directory, G_FILE_TEST_IS_DIR)) {
      g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                   "There is no folder “%.100s” to begin in.", program->directory);
    } else if (!command || !command[0]) {
      set_shell (program);
      return TRUE;
    } else if (set_command (program, command, error)) {
      return TRUE;
    }
  }
  inos_terminal_program_finish (program);
  return FALSE;
}

void inos_terminal_program_finish (struct inos_terminal_program *program)
{
  g_clear_pointer (&program->path, g_free);
  g_clear_pointer (&program->directory, g_free);
  g_clear_pointer (&program->argv, g_strfreev);
  g_clear_pointer (&program->environment, g_strfreev);
}

#include "privilege.h"

#include <glib/gi18n.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wlr/types/wlr_security_context_v1.h>
#include <wlr/util/log.h>

#include "protocol.h"

enum { MAX_LIST = 256 };

/* What was found out about a client. */
struct verdict {
  struct wl_listener gone;
  bool allowed;
};

static bool is_all (const char *list)
{
  return !list || g_str_equal (list, "all");
}

bool inos_privilege_check (const char *list, GError **error)
{
  if (is_all (list))
    return true;
  g_auto (GStrv) entries = g_strsplit (list, ";", -1);
  bool good = g_strv_length (entries) <= MAX_LIST;
  for (char **entry = entries; *entry; entry++) {
    const char *name = g_strstrip (*entry);
    good &= name[0] == '/' || !strchr (name, '/');
  }
  if (!good)
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                 _ ("[protocols] allow must be all, or at most %d names or absolute paths of "
                    "programs with ; in between"),
                 MAX_LIST);
  return good;
}

/* Whether nobody but root can write what is there. */
static bool is_roots (const char *path)
{
  struct stat about;
  return stat (path, &about) == 0 && about.st_uid == 0 && !(about.st_mode & (S_IWGRP | S_IWOTH));
}

static bool is_installed (const char *executable)
{
  g_autofree char *folder = g_path_get_dirname (executable);
  return is_roots (executable) && is_roots (folder);
}

bool inos_privilege_lists (const char *list, const char *executable)
{
  if (is_all (list))
    return true;
  if (!executable)
    return false;
  g_autofree char *name = g_path_get_basename (executable);
  g_auto (GStrv) entries = g_strsplit (list, ";", -1);
  for (char **entry = entries; *entry; entry++) {
    const char *wanted = g_strstrip (*entry);
    if (wanted[0] == '/' ? g_str_equal (wanted, executable)
                         : g_str_equal (wanted, name) && is_installed (executable))
      return true;
  }
  return false;
}

/* A descriptor of the very process that connected, -1 where the kernel has none to give. */
static int peer_of (const struct wl_client *client)
{
  int fd = -1;
#ifdef SO_PEERPIDFD
  socklen_t size = sizeof fd;
  if (getsockopt (wl_client_get_fd ((struct wl_client *)client), SOL_SOCKET, SO_PEERPIDFD, &fd,
                  &size) != 0)
    return -1;
#endif
  return fd;
}

/* The program that connected; NULL where it cannot be known. */
static char *executable_of (const struct wl_client *client)
{
  pid_t pid;
  int peer = peer_of (client);
  wl_client_get_credentials ((struct wl_client *)client, &pid, NULL, NULL);
  g_autofree char *link = g_strdup_printf ("/proc/%d/exe", (int)pid);
  char *executable = g_file_read_link (link, NULL);
  if (peer < 0)
    return executable;
  /* It lives still: its number was not another process's when we looked. */
  struct pollfd ended = {.fd = peer, .events = POLLIN};
  if (poll (&ended, 1, 0) != 0)
    g_clear_pointer (&executable, g_free);
  close (peer);
  return executable;
}

bool inos_privilege_is_sandboxed (struct inos_compositor *compositor,
                                  const struct wl_client *client)
{
  return wlr_security_context_manager_v1_lookup_client (
    inos_protocol_state (compositor, INOS_STATE_SECURITY_CONTEXT), (struct wl_client *)client);
}

static void handle_gone (struct wl_listener *listener, void *data)
{
  struct verdict *verdict = wl_container_of (listener, verdict, gone);
  g_free (verdict);
}

static bool judge (struct inos_compositor *compositor, const struct wl_client *client)
{
  const char *list = compositor->config.allowed_programs;
  if (is_all (list))
    return true;
  g_autofree char *executable = executable_of (client);
  bool allowed = inos_privilege_lists (list, executable);
  if (!allowed)
    wlr_log (WLR_INFO,
             "%s is not among those that [protocols] allow names: it sees its own windows "
             "only",
             executable ? executable : "a program that is not known");
  return allowed;
}

static void remember (struct wl_client *client, bool allowed)
{
  struct verdict *verdict = g_new0 (struct verdict, 1);
  verdict->allowed = allowed;
  verdict->gone.notify = handle_gone;
  wl_client_add_destroy_listener (client, &verdict->gone);
}

bool inos_privilege_has (struct inos_compositor *compositor, const struct wl_client *client)
{
  if (inos_privilege_is_sandboxed (compositor, client))
    return false;
  if (client == compositor->shell)
    return true;
  struct wl_listener *known =
    wl_client_get_destroy_listener ((struct wl_client *)client, handle_gone);
  struct verdict *verdict = known ? wl_container_of (known, verdict, gone) : NULL;
  if (verdict)
    return verdict->allowed;
  bool allowed = judge (compositor, client);
  remember ((struct wl_client *)client, allowed);
  return allowed;
}

void inos_privilege_grant (struct wl_client *client)
{
  remember (client, true);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/os/security.h"

#include "node/os/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

static const struct inos_os_result done = {INOS_OS_OK, 0};

/* Logs what is refused. */
static struct inos_os_result refuse (const struct inos_security *security, const char *what,
                                     const char *which)
{
  g_autofree char *shown = which ? g_strescape (which, NULL) : NULL;

  g_warning ("The security context \"%s\" does not allow %s %s.",
             security && security->name ? security->name : "none", what, shown ? shown : "nothing");
  return (struct inos_os_result){INOS_OS_REFUSED, EPERM};
}

struct inos_os_result inos_security_program (const struct inos_security *security, const char *path)
{
  const char *const *allowed = security ? security->programs : NULL;

  for (; path && allowed && *allowed; allowed++)
    if (g_str_equal (*allowed, path))
      return done;
  return refuse (security, "to run", path);
}

/* Paths */

static const char *name_of_access (unsigned access)
{
  if (access == INOS_ACCESS_READ)
    return "to read";
  return access == INOS_ACCESS_WRITE ? "to write" : "to read and write";
}

static const struct inos_path_rule *rule_for (const struct inos_security *security,
                                              const char *path)
{
  const struct inos_path_rule *best = NULL;

  for (size_t i = 0; security && i < security->n_paths; i++) {
    const struct inos_path_rule *rule = &security->paths[i];
    if (inos_path_below (path, rule->prefix) &&
        (!best || strlen (rule->prefix) > strlen (best->prefix)))
      best = rule;
  }
  return best;
}

/* @path below @prefix, which is opened first; a way out is a refusal. */
static struct inos_os_result open_below (const struct inos_security *security, const char *what,
                                         const char *path, const char *prefix, int flags,
                                         mode_t mode, int *fd)
{
  const char *rest = inos_path_below (path, prefix);

  if (*rest == '\0') { /* what the rule names itself */
    *fd = open (prefix, flags | O_CLOEXEC, mode);
    return *fd < 0 ? inos_os_result_of (errno) : done;
  }
  int dir = open (prefix, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0)
    return inos_os_result_of (errno);
  *fd = inos_open_beneath (dir, rest, flags, mode, false);
  int error = *fd < 0 ? errno : 0;
  close (dir);
  if (error == ELOOP || error == EXDEV)
    return refuse (security, what, path);
  return inos_os_result_of (error);
}

static unsigned access_of (int flags)
{
  unsigned access = flags & (O_CREAT | O_TRUNC) ? INOS_ACCESS_WRITE : 0;

  if ((flags & O_ACCMODE) == O_WRONLY)
    return access | INOS_ACCESS_WRITE;
  if ((flags & O_ACCMODE) == O_RDWR)
    return INOS_ACCESS_READ | INOS_ACCESS_WRITE;
  return access | INOS_ACCESS_READ;
}

struct inos_os_result inos_security_open (const struct inos_security *security, const char *path,
                                          int flags, mode_t mode, int *fd)
{
  g_autofree char *clean = inos_path_clean (path);
  const struct inos_path_rule *rule = clean ? rule_for (security, clean) : NULL;
  unsigned access = access_of (flags);

  *fd = -1;
  if (!rule || (rule->access & access) != access)
    return refuse (security, name_of_access (access), path);
  return open_below (security, name_of_access (access), clean, rule->prefix, flags, mode, fd);
}

/* Whether something at or below @path has a rule of its own, which it would be moved away from. */
static bool is_above_a_rule (const struct inos_security *security, const char *path)
{
  for (size_t i = 0; i < security->n_paths; i++)
    if (inos_path_below (security->paths[i].prefix, path))
      return true;
  return false;
}

/* The directory of @clean, opened below @prefix, which a rule names. */
static struct inos_os_result open_parent (const struct inos_security *security, const char *what,
                                          const char *clean, const char *prefix, int *dir,
                                          char **name)
{
  g_autofree char *parent = g_path_get_dirname (clean);
  bool itself = g_str_equal (clean, prefix); /* then its directory is as trusted as the rule */
  struct inos_os_result result =
    open_below (security, what, parent, itself ? parent : prefix, O_RDONLY | O_DIRECTORY, 0, dir);

  if (result.error == INOS_OS_OK)
    *name = g_path_get_basename (clean);
  return result;
}

struct inos_os_result inos_security_parent (const struct inos_security *security, const char *path,
                                            bool moves, int *dir, char **name)
{
  g_autofree char *clean = inos_path_clean (path);
  const struct inos_path_rule *rule = clean ? rule_for (security, clean) : NULL;

  *dir = -1;
  *name = NULL;
  if (!rule || !(rule->access & INOS_ACCESS_WRITE) || (moves && is_above_a_rule (security, clean)))
    return refuse (security, "to change", path);
  return open_parent (security, "to change", clean, rule->prefix, dir, name);
}

/* Sockets */

static const char *name_of_reach (enum inos_reach reach)
{
  return reach == INOS_REACH_LISTEN ? "to listen on" : "to connect to";
}

struct inos_os_result inos_security_socket (const struct inos_security *security, const char *path,
                                            enum inos_reach reach, int *dir, char **name)
{
  g_autofree char *clean = inos_path_clean (path);
  const struct inos_unix_rule *best = NULL;

  *dir = -1;
  *name = NULL;
  for (size_t i = 0; clean && security && i < security->n_sockets; i++) {
    const struct inos_unix_rule *rule = &security->sockets[i];
    if (inos_path_below (clean, rule->prefix) &&
        (!best || strlen (rule->prefix) > strlen (best->prefix)))
      best = rule;
  }
  if (!best || !(best->reach & reach))
    return refuse (security, name_of_reach (reach), path);
  return open_parent (security, name_of_reach (reach), clean, best->prefix, dir, name);
}

/* @address, or the IPv4 address that it stands for. */
static GInetAddress *address_of (const char *text)
{
  static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
  g_autoptr (GInetAddress) address = text ? g_inet_address_new_from_string (text) : NULL;

  if (!address || g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return g_steal_pointer (&address);
  const guint8 *bytes = g_inet_address_to_bytes (address);
  if (memcmp (bytes, mapped, sizeof mapped) != 0)
    return g_steal_pointer (&address);
  return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
}

static bool net_rule_has (const struct inos_net_rule *rule, GInetAddress *address, uint16_t port,
                          enum inos_reach reach)
{
  g_autoptr (GInetAddressMask) mask = NULL;

  if (!(rule->reach & reach) || port < rule->first_port || port > rule->last_port)
    return false;
  mask = g_inet_address_mask_new_from_string (rule->network, NULL);
  if (!mask) {
    g_warning ("\"%s\" in a security context is no network.", rule->network);
    return false;
  }
  return g_inet_address_mask_matches (mask, address);
}

struct inos_os_result inos_security_network (const struct inos_security *security,
                                             const char *address, uint16_t port,
                                             enum inos_reach reach)
{
  g_autoptr (GInetAddress) inet = address_of (address);
  g_autofree char *shown = g_strdup_printf ("%s port %u", address ? address : "nothing", port);

  for (size_t i = 0; inet && security && i < security->n_networks; i++)
    if (net_rule_has (&security->networks[i], inet, port, reach))
      return done;
  return refuse (security, name_of_reach (reach), shown);
}

/* Limits */

static uint64_t least (uint64_t wanted, uint64_t most)
{
  if (wanted == 0)
    return most;
  return most == 0 ? wanted : MIN (wanted, most);
}

struct inos_os_limits inos_security_limits (const struct inos_security *security,
                                            const struct inos_os_limits *wanted)
{
  const struct inos_os_limits *most = &security->limits;

  return (struct inos_os_limits){
    .memory = least (wanted->memory, most->memory),
    .cpu_seconds = least (wanted->cpu_seconds, most->cpu_seconds),
    .files = least (wanted->files, most->files),
    .file_size = least (wanted->file_size, most->file_size),
    .processes = least (wanted->processes, most->processes),
  };
}

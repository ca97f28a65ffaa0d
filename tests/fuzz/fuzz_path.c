/*
 * Fuzz target of what the system actors make of the names that they are given: paths and addresses,
 * under a security context. Whatever the name, nothing outside of the context is opened.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/security.h"

#include "node/os/beneath.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_BYTES 512

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* TOP/in is allowed; TOP/in/no is not; TOP/out is nobody's, and links lead there. */
static struct {
  char *top, *in, *no;
  int dir; /* of `in` */
  struct inos_path_rule rules[2];
  struct inos_security security;
} world;

static const struct inos_net_rule networks[] = {{"127.0.0.0/8", 1, 1000, INOS_REACH_CONNECT}};

static GLogWriterOutput drop (GLogLevelFlags level, const GLogField *fields, gsize count,
                              gpointer data)
{
  return G_LOG_WRITER_HANDLED;
}

static void put (const char *name)
{
  g_autofree char *path = g_build_filename (world.top, name, NULL);
  g_autofree char *dir = g_path_get_dirname (path);

  g_mkdir_with_parents (dir, 0700);
  if (!g_file_set_contents (path, name, -1, NULL))
    g_error ("cannot write %s", path);
}

static void link_to (const char *target, const char *name)
{
  g_autofree char *path = g_build_filename (world.top, name, NULL);

  if (symlink (target, path) < 0)
    g_error ("cannot make %s", path);
}

static void remove_all (void)
{
  static const char *const names[] = {"in/a",     "in/d/b", "in/d/up", "in/root", "in/l", "in/no/s",
                                      "out/file", "in/no",  "in/d",    "in",      "out",  ""};

  close (world.dir);
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (world.top, names[i], NULL);
    g_remove (path);
  }
}

static void begin (void)
{
  g_log_set_writer_func (drop, NULL, NULL);
  g_autofree char *top = g_dir_make_tmp ("inos-fuzz-XXXXXX", NULL);
  world.top = top ? realpath (top, NULL) : NULL;
  if (!world.top)
    g_error ("there is no folder for it");
  put ("in/a");
  put ("in/d/b");
  put ("in/no/s");
  put ("out/file");
  link_to ("../out", "in/l");
  link_to ("/", "in/root");
  link_to ("../..", "in/d/up");
  world.in = g_build_filename (world.top, "in", NULL);
  world.no = g_build_filename (world.in, "no", NULL);
  world.rules[0] = (struct inos_path_rule){world.in, INOS_ACCESS_READ};
  world.rules[1] = (struct inos_path_rule){world.no, INOS_ACCESS_NONE};
  world.security = (struct inos_security){.name = "fuzz",
                                          .paths = world.rules,
                                          .n_paths = G_N_ELEMENTS (world.rules),
                                          .networks = networks,
                                          .n_networks = G_N_ELEMENTS (networks)};
  world.dir = open (world.in, O_PATH | O_DIRECTORY | O_CLOEXEC);
  atexit (remove_all);
}

static bool has_part (const char *path, const char *wanted)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  return g_strv_contains ((const char *const *)parts, wanted);
}

static void check_clean (const char *path)
{
  g_autofree char *clean = inos_path_clean (path);

  if ((clean == NULL) != (*path != '/' || has_part (path, "..")))
    g_error ("\"%s\" is judged wrongly", path);
  if (!clean)
    return;
  g_autofree char *again = inos_path_clean (clean);
  if (*clean != '/' || has_part (clean, ".") || has_part (clean, "..") || strstr (clean, "//") ||
      (clean[1] && g_str_has_suffix (clean, "/")) || g_strcmp0 (clean, again) != 0)
    g_error ("\"%s\" is not clean", clean);
  if (g_strcmp0 (inos_path_below (clean, clean), clean[1] ? "" : clean + 1) != 0)
    g_error ("\"%s\" is not itself", clean);
  const char *rest = inos_path_below (clean, world.in);
  size_t length = strlen (world.in);
  if (rest && *rest && (strncmp (clean, world.in, length) != 0 || clean[length] != '/'))
    g_error ("\"%s\" is not below", clean);
}

/* Where a descriptor leads. */
static void check_inside (int fd, const char *path)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *real = g_file_read_link (link, NULL);

  if (!real || !inos_path_below (real, world.in))
    g_error ("\"%s\" leads out, to %s", path, real ? real : "nothing");
}

/* Both ways of opening, which agree on what is clean. */
static void check_beneath (const char *name)
{
  g_autofree char *whole = g_strconcat ("/", name, NULL), *clean = inos_path_clean (whole);
  const char *path = clean ? clean + 1 : name;
  int fd[2], error[2];

  for (int walk = 0; walk < 2; walk++) {
    fd[walk] = inos_open_beneath (world.dir, path, O_RDONLY | O_NONBLOCK, 0, walk);
    error[walk] = fd[walk] < 0 ? errno : 0;
    if (fd[walk] >= 0) {
      check_inside (fd[walk], path);
      close (fd[walk]);
    }
  }
  if (clean && (fd[0] < 0) != (fd[1] < 0))
    g_error ("\"%s\": the kernel says %s, walking %s", path, g_strerror (error[0]),
             g_strerror (error[1]));
}

static void check_open (const char *path)
{
  int fd;
  struct inos_os_result result =
    inos_security_open (&world.security, path, O_RDONLY | O_NONBLOCK, 0, &fd);

  if ((result.error == INOS_OS_OK) != (fd >= 0))
    g_error ("\"%s\": a descriptor without success, or the other way round", path);
  if (fd < 0)
    return;
  check_inside (fd, path);
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *real = g_file_read_link (link, NULL);
  if (inos_path_below (real, world.no))
    g_error ("\"%s\" leads to what is not allowed", path);
  close (fd);
}

/* What is reached is 127/8, whatever is written. */
static void check_address (const char *address, uint16_t port)
{
  struct in_addr v4;
  struct in6_addr v6;
  struct inos_os_result result =
    inos_security_network (&world.security, address, port, INOS_REACH_CONNECT);

  if (result.error != INOS_OS_OK)
    return;
  if (port < 1 || port > 1000)
    g_error ("port %u is allowed", port);
  if (inet_pton (AF_INET, address, &v4) == 1
        ? (ntohl (v4.s_addr) >> 24) != 127
        : inet_pton (AF_INET6, address, &v6) != 1 || !IN6_IS_ADDR_V4MAPPED (&v6) ||
            v6.s6_addr[12] != 127)
    g_error ("\"%s\" is allowed", address);
}

/* The first byte says which; the rest is the name, below the world's folder or as it is. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (!world.top)
    begin();
  if (size < 1 || size > NAME_MAX_BYTES)
    return 0;
  g_autofree char *name = g_strndup ((const char *)data + 1, size - 1);
  g_autofree char *below = g_strconcat (world.in, "/", name, NULL);
  g_autofree char *beside = g_strconcat (world.in, name, NULL);

  switch (data[0] % 4) {
  case 0:
    check_address (name, (uint16_t)(size * 7 + data[0]));
    break;
  case 1:
    check_beneath (name);
    break;
  default:
    check_clean (name);
    check_clean (below);
    check_open (name);
    check_open (below);
    check_open (beside);
  }
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  /* d: an address, a: to open beneath, b: to open and to clean. */
  static const char *const names[] = {
    "d127.0.0.1",     "d::ffff:127.0.0.1",
    "d10.1.2.3",      "aa",
    "ad/b",           "aroot/etc/passwd",
    "ad/up/out/file", "bd/./b",
    "bl/file",        "bno/s",
    "b../out/file",   "bd//up",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (corpus, g_bytes_new (names[i], strlen (names[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "path", make_corpus());
}

#endif

/*
 * Security contexts: what they allow, and the tricks that they do not fall for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/security.h"

#include "node/os/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* TOP/open (read and write), with TOP/open/read (read) and TOP/open/secret (nothing) in it;
 * TOP/else is nobody's. */
static char *top, *open_dir, *read_dir, *secret_dir, *else_file;
static struct inos_path_rule rules[3];
static struct inos_security security = {.name = "test"};
static const struct inos_security nothing = {.name = "nothing"};

static char *in_top (const char *name)
{
  return g_build_filename (top, name, NULL);
}

static void put (const char *name)
{
  g_autofree char *path = in_top (name);

  assert_true (g_file_set_contents (path, name, -1, NULL));
}

static void link_to (const char *target, const char *name)
{
  g_autofree char *path = in_top (name);

  assert_int_equal (symlink (target, path), 0);
}

static int make_files (void **state)
{
  top = g_dir_make_tmp ("inos-security-XXXXXX", NULL);
  open_dir = in_top ("open");
  read_dir = in_top ("open/read");
  secret_dir = in_top ("open/secret");
  else_file = in_top ("else");
  g_mkdir (open_dir, 0700);
  g_mkdir (read_dir, 0700);
  g_mkdir (secret_dir, 0700);
  put ("else");
  put ("open/file");
  put ("open/read/file");
  put ("open/secret/file");
  link_to ("file", "open/link");
  link_to ("../else", "open/way-out");
  link_to ("secret", "open/to-secret");
  link_to ("/", "open/root");
  rules[0] = (struct inos_path_rule){open_dir, INOS_ACCESS_READ | INOS_ACCESS_WRITE};
  rules[1] = (struct inos_path_rule){read_dir, INOS_ACCESS_READ};
  rules[2] = (struct inos_path_rule){secret_dir, INOS_ACCESS_NONE};
  security.paths = rules;
  security.n_paths = G_N_ELEMENTS (rules);
  return 0;
}

static int remove_files (void **state)
{
  static const char *const all[] = {
    "open/link", "open/way-out", "open/to-secret", "open/root",
    "open/file", "open/new",     "open/read/file", "open/secret/file",
    "open/read", "open/secret",  "open",           "else",
    ""};

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree char *path = in_top (all[i]);
    g_remove (path);
  }
  g_free (top);
  g_free (open_dir);
  g_free (read_dir);
  g_free (secret_dir);
  g_free (else_file);
  return 0;
}

/* What comes of opening TOP/@name. */
static enum inos_os_error opened (const char *name, int flags)
{
  g_autofree char *path = g_strconcat (top, "/", name, NULL);
  int fd;
  struct inos_os_result result = inos_security_open (&security, path, flags, 0600, &fd);

  assert_int_equal (result.error == INOS_OS_OK, fd >= 0);
  if (fd >= 0)
    close (fd);
  return result.error;
}

static void test_allowed (void **state)
{
  assert_int_equal (opened ("open/file", O_RDONLY), INOS_OS_OK);
  assert_int_equal (opened ("open//./file", O_RDWR), INOS_OS_OK);
  assert_int_equal (opened ("open/new", O_WRONLY | O_CREAT | O_EXCL), INOS_OS_OK);
  assert_int_equal (opened ("open/new", O_WRONLY | O_CREAT | O_EXCL), INOS_OS_EXISTS);
  assert_int_equal (opened ("open/none", O_RDONLY), INOS_OS_NOT_FOUND);
  assert_int_equal (opened ("open", O_RDONLY | O_DIRECTORY), INOS_OS_OK);
  assert_int_equal (opened ("open/read/file", O_RDONLY), INOS_OS_OK);
}

static void test_refused (void **state)
{
  static const char *const tricks[] = {
    "else",
    "open/../else",
    "open/secret/file",
    "open/./secret//file",
    "open/secret",
    "open/link",
    "open/way-out",
    "open/to-secret/file",
    "open/root/etc",
    "openx",
    "open/read/../secret/x",
    "open/root",
    "../../etc/passwd",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tricks); i++)
    assert_int_equal (opened (tricks[i], O_RDONLY), INOS_OS_REFUSED);
  assert_int_equal (opened ("open/read/file", O_RDWR), INOS_OS_REFUSED);
  assert_int_equal (opened ("open/read/file", O_WRONLY), INOS_OS_REFUSED);
  assert_int_equal (opened ("open/read/new", O_RDONLY | O_CREAT), INOS_OS_REFUSED);
  assert_int_equal (opened ("open/read/file", O_RDONLY | O_TRUNC), INOS_OS_REFUSED);
}

static void test_nothing_is_allowed_by_default (void **state)
{
  int fd, dir;
  char *name;

  for (int i = 0; i < 2; i++) {
    const struct inos_security *which = i ? &nothing : NULL;
    assert_int_equal (inos_security_open (which, "/etc/passwd", O_RDONLY, 0, &fd).error,
                      INOS_OS_REFUSED);
    assert_int_equal (inos_security_parent (which, "/tmp/x", false, &dir, &name).error,
                      INOS_OS_REFUSED);
    assert_int_equal (inos_security_program (which, "/bin/true").error, INOS_OS_REFUSED);
    assert_int_equal (inos_security_network (which, "127.0.0.1", 80, INOS_REACH_CONNECT).error,
                      INOS_OS_REFUSED);
    assert_int_equal (inos_security_socket (which, "/run/x", INOS_REACH_CONNECT, &dir, &name).error,
                      INOS_OS_REFUSED);
  }
  assert_int_equal (inos_security_open (&security, NULL, O_RDONLY, 0, &fd).error, INOS_OS_REFUSED);
  assert_int_equal (inos_security_open (&security, "relative", O_RDONLY, 0, &fd).error,
                    INOS_OS_REFUSED);
}

static enum inos_os_error parent_of (const char *name, bool moves)
{
  g_autofree char *path = in_top (name), *base = NULL;
  int dir;
  struct inos_os_result result = inos_security_parent (&security, path, moves, &dir, &base);

  if (dir >= 0)
    close (dir);
  return result.error;
}

static void test_parent (void **state)
{
  assert_int_equal (parent_of ("open/new", true), INOS_OS_OK);
  assert_int_equal (parent_of ("open", false), INOS_OS_OK);
  assert_int_equal (parent_of ("open", true), INOS_OS_REFUSED);
  assert_int_equal (parent_of ("open/secret", true), INOS_OS_REFUSED);
  assert_int_equal (parent_of ("open/read", true), INOS_OS_REFUSED);
  assert_int_equal (parent_of ("open/read/file", true), INOS_OS_REFUSED);
  assert_int_equal (parent_of ("open/root/tmp", true), INOS_OS_REFUSED);
  assert_int_equal (parent_of ("open/to-secret/file", true), INOS_OS_REFUSED);
}

/* The kernel's rules and our own steps say the same. */
static void test_walk (void **state)
{
  static const struct {
    const char *path;
    int flags, error;
  } cases[] = {
    {"file", O_RDONLY, 0},
    {"read/file", O_RDONLY, 0},
    {"read", O_RDONLY | O_DIRECTORY, 0},
    {"", O_RDONLY | O_DIRECTORY, 0},
    {"link", O_RDONLY, ELOOP},
    {"link", O_PATH, ELOOP},
    {"../else", O_RDONLY, EXDEV},
    {"read/../../else", O_RDONLY, EXDEV},
    {"..", O_RDONLY, EXDEV},
    {"none", O_RDONLY, ENOENT},
    {"file/x", O_RDONLY, ENOTDIR},
  };
  int dir = open (open_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (cases); i++) {
    errno = 0;
    int fd = inos_open_beneath (dir, cases[i / 2].path, cases[i / 2].flags, 0, i % 2);
    assert_int_equal (fd < 0 ? errno : 0, cases[i / 2].error);
    if (fd >= 0)
      close (fd);
  }
  assert_true (inos_open_beneath (dir, "to-secret/file", O_RDONLY, 0, true) < 0);
  close (dir);
}

static enum inos_os_error reached (const char *address, uint16_t port, enum inos_reach reach)
{
  static const struct inos_net_rule networks[] = {
    {"127.0.0.0/8", 8000, 8999, INOS_REACH_CONNECT | INOS_REACH_LISTEN},
    {"::/0", 443, 443, INOS_REACH_CONNECT},
    {"10.1.2.3", 1, 65535, INOS_REACH_CONNECT},
    {"nonsense", 0, 65535, INOS_REACH_CONNECT},
  };
  static const struct inos_security net = {
    .name = "net", .networks = networks, .n_networks = G_N_ELEMENTS (networks)};

  return inos_security_network (&net, address, port, reach).error;
}

static void test_network (void **state)
{
  assert_int_equal (reached ("127.0.0.1", 8080, INOS_REACH_CONNECT), INOS_OS_OK);
  assert_int_equal (reached ("127.9.9.9", 8000, INOS_REACH_LISTEN), INOS_OS_OK);
  assert_int_equal (reached ("127.0.0.1", 80, INOS_REACH_CONNECT), INOS_OS_REFUSED);
  assert_int_equal (reached ("128.0.0.1", 8080, INOS_REACH_CONNECT), INOS_OS_REFUSED);
  assert_int_equal (reached ("2001:db8::1", 443, INOS_REACH_CONNECT), INOS_OS_OK);
  assert_int_equal (reached ("2001:db8::1", 443, INOS_REACH_LISTEN), INOS_OS_REFUSED);
  assert_int_equal (reached ("::ffff:192.0.2.1", 443, INOS_REACH_CONNECT), INOS_OS_REFUSED);
  assert_int_equal (reached ("::ffff:10.1.2.3", 7, INOS_REACH_CONNECT), INOS_OS_OK);
  assert_int_equal (reached ("localhost", 8080, INOS_REACH_CONNECT), INOS_OS_REFUSED);
  assert_int_equal (reached (NULL, 8080, INOS_REACH_CONNECT), INOS_OS_REFUSED);
}

static void test_socket (void **state)
{
  const struct inos_unix_rule sockets[] = {{read_dir, INOS_REACH_LISTEN | INOS_REACH_CONNECT},
                                           {else_file, INOS_REACH_CONNECT}};
  const struct inos_security local = {.name = "local", .sockets = sockets, .n_sockets = 2};
  const struct {
    const char *name;
    enum inos_reach reach;
    enum inos_os_error error;
  } cases[] = {
    {"open/read/socket", INOS_REACH_LISTEN, INOS_OS_OK},
    {"else", INOS_REACH_CONNECT, INOS_OS_OK},
    {"else", INOS_REACH_LISTEN, INOS_OS_REFUSED},
    {"open/socket", INOS_REACH_LISTEN, INOS_OS_REFUSED},
    {"open/read/../socket", INOS_REACH_LISTEN, INOS_OS_REFUSED},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat (top, "/", cases[i].name, NULL), *name = NULL;
    int dir;
    assert_int_equal (inos_security_socket (&local, path, cases[i].reach, &dir, &name).error,
                      cases[i].error);
    if (dir >= 0)
      close (dir);
  }
}

static void test_limits (void **state)
{
  const struct inos_security bounded = {
    .limits = {.memory = 100, .files = INOS_LIMIT_NONE, .cpu_seconds = 5}};
  const struct inos_os_limits wanted = {.memory = 200, .files = 10, .processes = 7};
  struct inos_os_limits limits = inos_security_limits (&bounded, &wanted);

  assert_int_equal (limits.memory, 100);
  assert_int_equal (limits.files, 10);
  assert_int_equal (limits.processes, 7);
  assert_int_equal (limits.cpu_seconds, 5);
  assert_int_equal (limits.file_size, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_allowed),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_nothing_is_allowed_by_default),
    cmocka_unit_test (test_parent),
    cmocka_unit_test (test_walk),
    cmocka_unit_test (test_network),
    cmocka_unit_test (test_socket),
    cmocka_unit_test (test_limits),
  };

  return cmocka_run_group_tests (tests, make_files, remove_files);
}

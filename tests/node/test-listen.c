/*
 * The node's socket: its mode, and that making it is nobody else's business.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/listen.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { TIMES = 400 };

static char *top;
static gint over;

/* How many of its folders could not be entered, as the mesh makes one while the node begins to
 * listen. */
static gpointer make_folders (gpointer data)
{
  guint bad = 0;

  for (guint n = 0; !g_atomic_int_get (&over); n++) {
    g_autofree char *path = g_strdup_printf ("%s/folder%u", top, n);
    GStatBuf status;

    assert_int_equal (g_mkdir (path, 0700), 0);
    assert_int_equal (g_stat (path, &status), 0);
    bad += (status.st_mode & 0777) != 0700;
    g_rmdir (path);
  }
  return GUINT_TO_POINTER (bad);
}

static void test_folders_beside (void **state)
{
  g_autofree char *path = g_build_filename (top, "node.sock", NULL);
  GThread *thread = g_thread_new ("folders", make_folders, NULL);

  for (int i = 0; i < TIMES; i++) {
    struct inos_listener listener = {0};

    assert_true (inos_listen (&listener, path, 0600, NULL));
    inos_listen_end (&listener);
  }
  g_atomic_int_set (&over, 1);
  assert_int_equal (GPOINTER_TO_UINT (g_thread_join (thread)), 0);
}

static void test_mode (void **state)
{
  static const mode_t modes[] = {0600, 0660, 0666};
  g_autofree char *path = g_build_filename (top, "node.sock", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (modes); i++) {
    struct inos_listener listener = {0};
    GStatBuf status;

    assert_true (inos_listen (&listener, path, modes[i], NULL));
    assert_int_equal (g_stat (path, &status), 0);
    assert_int_equal (status.st_mode & 0777, modes[i]);
    inos_listen_end (&listener);
  }
}

static int begin (void **state)
{
  top = g_dir_make_tmp ("inos-listen-XXXXXX", NULL);
  return top ? 0 : -1;
}

static int end (void **state)
{
  g_autofree char *lock = g_build_filename (top, "node.sock.lock", NULL);

  g_unlink (lock);
  g_rmdir (top);
  g_free (top);
  return 0;
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_folders_beside),
    cmocka_unit_test (test_mode),
  };

  return cmocka_run_group_tests (tests, begin, end);
}

/*
 * The identity: made once, kept for ever, never replaced, whole or not there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/base/file.h"
#include "node/identity/identity.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Messages would stand between the lines of TAP. */
static GLogWriterOutput drop_log (GLogLevelFlags level, const GLogField *fields, gsize count,
                                  gpointer data)
{
  return G_LOG_WRITER_HANDLED;
}

struct fixture {
  char *dir, *file;
};

static int set_up (void **state)
{
  struct fixture *f = g_new0 (struct fixture, 1);
  g_autofree char *top = g_dir_make_tmp ("inos-identity-XXXXXX", NULL);

  f->dir = g_build_filename (top, "state", "inos", NULL);
  f->file = g_build_filename (f->dir, INOS_IDENTITY_FILE, NULL);
  *state = f;
  return 0;
}

static void empty_dir (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; dir && (name = g_dir_read_name (dir));) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    g_remove (inner);
  }
}

static int tear_down (void **state)
{
  struct fixture *f = *state;
  g_autofree char *parent = g_path_get_dirname (f->dir), *top = g_path_get_dirname (parent);

  empty_dir (f->dir);
  g_rmdir (f->dir);
  g_rmdir (parent);
  g_rmdir (top);
  g_free (f->dir);
  g_free (f->file);
  g_free (f);
  return 0;
}

static char *open_and_close (struct fixture *f)
{
  g_autoptr (GError) error = NULL;
  struct inos_identity *identity = inos_identity_open (f->dir, &error);

  assert_null (error);
  assert_non_null (identity);
  char *id = g_strdup (inos_identity_peer_id (identity));
  inos_identity_free (identity);
  return id;
}

static void expect_refused (struct fixture *f, const char *words)
{
  g_autoptr (GError) error = NULL;

  assert_null (inos_identity_open (f->dir, &error));
  assert_true (g_error_matches (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY));
  assert_non_null (strstr (error->message, f->file)); /* names the file */
  assert_non_null (strstr (error->message, words));
}

/* The Ed25519 key of the test vectors in libp2p's specs/peer-ids/peer-ids.md. */
static void test_peer_id_vector (void **state)
{
  static const char seed_hex[] = "7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d";
  static const char key_hex[] = "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
  uint8_t seed[32], key[32], derived[32], secret[64];
  char id[INOS_PEER_ID_SIZE];

  sodium_hex2bin (seed, sizeof seed, seed_hex, 64, NULL, NULL, NULL);
  sodium_hex2bin (key, sizeof key, key_hex, 64, NULL, NULL, NULL);
  crypto_sign_seed_keypair (derived, secret, seed);
  assert_memory_equal (derived, key, sizeof key);
  inos_peer_id (key, id);
  assert_string_equal (id, "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
}

static void test_first_start_and_kept (void **state)
{
  struct fixture *f = *state;
  g_autofree char *first = open_and_close (f), *second = open_and_close (f);
  struct stat st;

  assert_true (g_str_has_prefix (first, "12D3KooW"));
  assert_string_equal (first, second);
  assert_int_equal (stat (f->file, &st), 0);
  assert_int_equal (st.st_mode & 07777, 0600);
  assert_int_equal (st.st_size, 104);
  assert_int_equal (stat (f->dir, &st), 0);
  assert_int_equal (st.st_mode & 07777, 0700);

  /* and nothing else is left there */
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  assert_string_equal (g_dir_read_name (dir), INOS_IDENTITY_FILE);
  assert_null (g_dir_read_name (dir));
}

static void test_signs (void **state)
{
  struct fixture *f = *state;
  struct inos_identity *identity = inos_identity_open (f->dir, NULL);
  uint8_t signature[INOS_SIGNATURE_SIZE], key[32];

  sodium_hex2bin (key, sizeof key, inos_identity_public_key (identity), 64, NULL, NULL, NULL);
  inos_identity_sign (identity, "hello", 5, signature);
  assert_int_equal (crypto_sign_verify_detached (signature, (const uint8_t *)"hello", 5, key), 0);
  assert_int_not_equal (crypto_sign_verify_detached (signature, (const uint8_t *)"hellO", 5, key),
                        0);
  inos_identity_free (identity);
  inos_identity_free (NULL);
}

static void test_corrupt (void **state)
{
  struct fixture *f = *state;
  g_autofree char *id = open_and_close (f), *good = NULL;
  gsize len;

  assert_non_null (id);
  assert_true (g_file_get_contents (f->file, &good, &len, NULL));
  for (gsize i = 0; i < len; i++) {
    g_autofree char *bad = g_memdup2 (good, len), *after = NULL;
    bad[i] ^= 0x10;
    assert_true (g_file_set_contents_full (f->file, bad, (gssize)len, 0, 0600, NULL));
    expect_refused (f, "backup");
    assert_true (g_file_get_contents (f->file, &after, NULL, NULL)); /* left as it was */
    assert_memory_equal (after, bad, len);
  }
}

static void test_truncated_or_longer (void **state)
{
  struct fixture *f = *state;
  g_autofree char *id = open_and_close (f), *good = NULL;
  gsize len;

  assert_non_null (id);
  assert_true (g_file_get_contents (f->file, &good, &len, NULL));
  for (gsize i = 0; i < len; i++) {
    assert_int_equal (truncate (f->file, (off_t)(len - 1 - i)), 0);
    expect_refused (f, "cut short");
  }
  g_autofree char *longer = g_malloc0 (len + 1);
  memcpy (longer, good, len);
  assert_true (g_file_set_contents_full (f->file, longer, (gssize)len + 1, 0, 0600, NULL));
  expect_refused (f, "more in it");

  assert_true (g_file_set_contents_full (f->file, good, (gssize)len, 0, 0600, NULL));
  g_autofree char *again = open_and_close (f); /* the backup works */
  assert_string_equal (id, again);
}

static void test_permissions (void **state)
{
  struct fixture *f = *state;
  g_autofree char *id = open_and_close (f);
  struct stat st;

  /* Open to others: closed to them, with a warning for each. */
  chmod (f->dir, 0755);
  chmod (f->file, 0644);
  g_test_expect_message ("inos-node", G_LOG_LEVEL_WARNING, "*open to other users*");
  g_test_expect_message ("inos-node", G_LOG_LEVEL_WARNING, "*open to other users*");
  g_autofree char *again = open_and_close (f);
  g_test_assert_expected_messages();
  assert_string_equal (id, again);
  stat (f->file, &st);
  assert_int_equal (st.st_mode & 07777, 0600);
  stat (f->dir, &st);
  assert_int_equal (st.st_mode & 07777, 0700);

  /* Not a file of its own: a link, a directory, a pipe. */
  g_autofree char *other = g_build_filename (f->dir, "other", NULL);
  g_rename (f->file, other);
  assert_int_equal (symlink ("other", f->file), 0);
  expect_refused (f, "cannot be read");
  g_unlink (f->file);
  g_mkdir (f->file, 0700);
  expect_refused (f, "regular file");
  g_rmdir (f->file);
  assert_int_equal (mkfifo (f->file, 0600), 0);
  expect_refused (f, "regular file");
}

static void test_somebody_elses (void **state)
{
  struct fixture *f = *state;

  if (geteuid() != 0) {
    print_message ("# skipped: only root can give a file away\n");
    skip();
  }
  g_autofree char *id = open_and_close (f);
  assert_int_equal (chown (f->file, 1234, 1234), 0);
  expect_refused (f, "belongs to the user 1234");
}

static void test_no_room_leaves_nothing (void **state)
{
  struct fixture *f = *state;

  pid_t child = fork();
  if (child == 0) {
    signal (SIGXFSZ, SIG_IGN);
    setrlimit (RLIMIT_FSIZE, &(struct rlimit){50, 50}); /* the disk is full after 50 bytes */
    g_autoptr (GError) error = NULL;
    struct inos_identity *identity = inos_identity_open (f->dir, &error);
    _exit (!identity && strstr (error->message, "cannot be written") ? 0 : 1);
  }
  int status;
  waitpid (child, &status, 0);
  assert_int_equal (status, 0);
  assert_false (g_file_test (f->file, G_FILE_TEST_EXISTS));
}

static void test_killed_in_the_middle (void **state)
{
  struct fixture *f = *state;
  guint none = 0, whole = 0;

  for (guint round = 0; round < 120; round++) {
    int ready[2];
    char byte;
    assert_int_equal (pipe (ready), 0);
    pid_t child = fork();
    if (child == 0) {
      assert_int_equal (write (ready[1], "", 1), 1);
      _exit (inos_identity_open (f->dir, NULL) ? 0 : 1);
    }
    assert_int_equal (read (ready[0], &byte, 1), 1);
    g_usleep (round * 25);
    kill (child, SIGKILL);
    waitpid (child, NULL, 0);
    close (ready[0]);
    close (ready[1]);

    if (g_file_test (f->file, G_FILE_TEST_EXISTS)) {
      whole++;
      g_autofree char *id = open_and_close (f);
    } else {
      none++;
    }
    empty_dir (f->dir);
  }
  print_message ("# killed before the name: %u, after: %u\n", none, whole);
}

static void test_two_at_once_agree (void **state)
{
  struct fixture *f = *state;
  pid_t children[8];

  for (size_t i = 0; i < G_N_ELEMENTS (children); i++)
    if ((children[i] = fork()) == 0)
      _exit (inos_identity_open (f->dir, NULL) ? 0 : 1);
  for (size_t i = 0; i < G_N_ELEMENTS (children); i++) {
    int status;
    waitpid (children[i], &status, 0);
    assert_int_equal (status, 0);
  }
  g_autofree char *id = open_and_close (f);
}

static void test_create_once (void **state)
{
  struct fixture *f = *state;

  for (enum inos_file_how how = INOS_FILE_NAMELESS; how <= INOS_FILE_NAMED; how++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;
    int dir = inos_dir_private (f->dir, &error);
    assert_true (dir >= 0);
    assert_true (inos_file_create_once (dir, INOS_IDENTITY_FILE, "first", 5, how, &error));
    assert_false (inos_file_create_once (dir, INOS_IDENTITY_FILE, "second", 6, how, &error));
    assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS));
    close (dir);
    assert_true (g_file_get_contents (f->file, &text, NULL, NULL));
    assert_string_equal (text, "first");

    g_autoptr (GDir) names = g_dir_open (f->dir, 0, NULL); /* nothing hidden is left */
    assert_string_equal (g_dir_read_name (names), INOS_IDENTITY_FILE);
    assert_null (g_dir_read_name (names));
    empty_dir (f->dir);
  }
}

int main (void)
{
#define WITH_DIR(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_peer_id_vector),
    WITH_DIR (test_first_start_and_kept),
    WITH_DIR (test_signs),
    WITH_DIR (test_corrupt),
    WITH_DIR (test_truncated_or_longer),
    WITH_DIR (test_permissions),
    WITH_DIR (test_somebody_elses),
    WITH_DIR (test_no_room_leaves_nothing),
    WITH_DIR (test_killed_in_the_middle),
    WITH_DIR (test_two_at_once_agree),
    WITH_DIR (test_create_once),
  };

  g_log_set_writer_func (drop_log, NULL, NULL);
  return sodium_init() < 0 || cmocka_run_group_tests (tests, NULL, NULL);
}

/* Files that a thread writes while the compositor draws. */

#include <pthread.h>

#include "fixture.h"
#include "written_file.h"

enum { TEXTS = 500 };

struct reports {
  GThread *asker;
  pthread_mutex_t disk; /* held: the disk takes its time */
  int done, failed;
};

static void on_written (bool done, void *data)
{
  struct reports *reports = data;
  assert_ptr_not_equal (g_thread_self(), reports->asker);
  pthread_mutex_lock (&reports->disk);
  g_atomic_int_inc (done ? &reports->done : &reports->failed);
  pthread_mutex_unlock (&reports->disk);
}

static void write_number (struct inos_written_file *file, int number, struct reports *reports)
{
  char *text = g_strdup_printf ("%d\n", number);
  inos_written_file_write (file, text, strlen (text), on_written, reports);
}

/* Who writes goes on while the disk is slow; the last text is what stays, and everybody is told. */
static void test_a_slow_disk (void **state)
{
  struct reports reports = {.asker = g_thread_self(), .disk = PTHREAD_MUTEX_INITIALIZER};
  g_autofree char *folder = g_build_filename (g_get_user_state_dir(), "inos", NULL);
  g_autofree char *path = g_build_filename (folder, "numbers", NULL);
  g_autofree char *text = NULL;
  struct inos_written_file *file = inos_written_file_create (path, "numbers are lost");
  pthread_mutex_lock (&reports.disk);
  for (int i = 0; i < TEXTS; i++)
    write_number (file, i, &reports);
  assert_int_equal (g_atomic_int_get (&reports.done), 0);
  pthread_mutex_unlock (&reports.disk);
  inos_written_file_destroy (file);
  assert_int_equal (reports.done, TEXTS);
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_string_equal (text, "499\n");
  unlink (path);
  rmdir (folder);
}

/* One text after the other, each by a thread that ends before the next. */
static void test_one_by_one (void **state)
{
  struct reports reports = {.asker = g_thread_self(), .disk = PTHREAD_MUTEX_INITIALIZER};
  g_autofree char *path = g_build_filename (g_get_user_state_dir(), "number", NULL);
  struct inos_written_file *file = inos_written_file_create (path, "the number is lost");
  for (int i = 0; i < 20; i++) {
    g_autofree char *text = NULL;
    write_number (file, i, &reports);
    while (g_atomic_int_get (&reports.done) == i)
      g_thread_yield();
    assert_true (g_file_get_contents (path, &text, NULL, NULL));
    assert_int_equal (g_ascii_strtoll (text, NULL, 10), i);
  }
  inos_written_file_destroy (file);
  unlink (path);
}

static void test_it_cannot_be_written (void **state)
{
  struct reports reports = {.asker = g_thread_self(), .disk = PTHREAD_MUTEX_INITIALIZER};
  struct inos_written_file *file =
    inos_written_file_create ("/dev/null/no/folder", "nothing is lost");
  write_number (file, 1, &reports);
  inos_written_file_destroy (file);
  assert_int_equal (reports.failed, 1);
  assert_int_equal (reports.done, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_slow_disk),
    cmocka_unit_test (test_one_by_one),
    cmocka_unit_test (test_it_cannot_be_written),
  };
  return run_compositor_tests (tests);
}

/*
 * The arena's memory: its places, its epochs, its seals, and readers of what no node would write.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/arena/arena.h"
#include "node/arena/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define EPOCHS 3000u
#define KILLS 20u

/* Where the actors' second copy is. */
enum {
#define SECOND(NAME, rows, size, first, second, ring) second_of_##NAME = (second),
  INOS_ARENA_EACH (SECOND)
#undef SECOND
    actors_second = second_of_ACTORS,
};

static const void *map (const struct inos_arena *arena, size_t size)
{
  void *base = mmap (NULL, size, PROT_READ, MAP_SHARED, inos_arena_fd (arena), 0);

  assert_ptr_not_equal (base, MAP_FAILED);
  return base;
}

static struct inos_arena *make (struct inos_arena_view *view)
{
  g_autoptr (GError) error = NULL;
  struct inos_arena *arena = inos_arena_new (7, &error);

  assert_null (error);
  assert_true (inos_arena_view_init (view, map (arena, INOS_ARENA_SIZE), INOS_ARENA_SIZE, &error));
  return arena;
}

static void done (struct inos_arena *arena, struct inos_arena_view *view)
{
  munmap ((void *)view->base, view->size);
  inos_arena_free (arena);
}

/* The mesh's layout; the rest follows from the schema, and its hash changes with it. */
static void test_places (void **state)
{
  assert_int_equal (INOS_ARENA_SIZE, 48 << 20);
  assert_int_equal (INOS_ARENA_METADATA, 0x01000000);
  assert_int_equal (INOS_ARENA_INBOX, 0x01050000);
  assert_int_equal (INOS_ARENA_OUTBOX, 0x010D0000);
  assert_int_equal (INOS_ARENA_HEAP, 0x01150000);
  assert_in_range (INOS_ARENA_END, INOS_ARENA_HEAP, INOS_ARENA_SIZE);
  assert_int_equal (sizeof (struct inos_arena_header), 256);
  assert_int_equal (sizeof (struct inos_arena_descriptor), 64);
  assert_int_equal (sizeof (struct inos_arena_copy), 64);
}

static void test_write_and_read (void **state)
{
  struct inos_arena_view view;
  struct inos_arena *arena = make (&view);
  struct inos_arena_peers rows[3] = {{.sent = 1}, {.sent = 2}, {.sent = 3}}, seen[3];
  struct inos_arena_copy copy;
  enum inos_arena_table table = INOS_ARENA_TABLE_PEERS;

  assert_int_equal (inos_arena_read (&view, table, seen, 3, &copy), INOS_ARENA_OK);
  assert_int_equal (copy.count, 0);
  inos_arena_text (rows[1].agent, sizeof rows[1].agent, "inos");
  assert_true (inos_arena_write (arena, table, rows, 3, 0));
  assert_false (inos_arena_write (arena, table, rows, 3, 0)); /* nothing has changed */
  assert_int_equal (inos_arena_epoch (&view, table), 1);
  assert_int_equal (inos_arena_read (&view, table, seen, 3, &copy), INOS_ARENA_OK);
  assert_int_equal (copy.count, 3);
  assert_memory_equal (rows, seen, sizeof rows);
  rows[2].sent = 9;
  assert_true (inos_arena_write (arena, table, rows, 3, 0));
  assert_true (inos_arena_write (arena, table, rows, 1, 0)); /* two are gone */
  assert_int_equal (inos_arena_read (&view, table, seen, 3, &copy), INOS_ARENA_OK);
  assert_int_equal (copy.count, 1);
  assert_int_equal (inos_arena_epoch (&view, table), 3);
  done (arena, &view);
}

static void test_what_does_not_fit_is_counted (void **state)
{
  struct inos_arena_view view;
  struct inos_arena *arena = make (&view);
  g_autofree struct inos_arena_cores *rows = g_new0 (struct inos_arena_cores, 2000);
  struct inos_arena_cores seen[2];
  struct inos_arena_copy copy;

  assert_true (inos_arena_write (arena, INOS_ARENA_TABLE_CORES, rows, 2000, 0));
  assert_int_equal (inos_arena_read (&view, INOS_ARENA_TABLE_CORES, seen, 2, &copy), INOS_ARENA_OK);
  assert_int_equal (copy.count, 2);
  assert_int_equal (copy.dropped, 2000 - INOS_ARENA_CORES_ROWS);
  done (arena, &view);
}

static void test_texts (void **state)
{
  char text[8];

  inos_arena_text (text, sizeof text, "abc");
  assert_string_equal (text, "abc");
  inos_arena_text (text, sizeof text, "äöüäöü"); /* seven bytes are three and a half */
  assert_string_equal (text, "äöü");
  inos_arena_text (text, sizeof text,
                   "a\xff"
                   "b");
  assert_string_equal (text, "a\xef\xbf\xbd"
                             "b");
  inos_arena_text (text, sizeof text, NULL);
  assert_string_equal (text, "");
}

/* Whatever somebody does who is given the memory, they cannot write to it or make it smaller. */
static void test_seals (void **state)
{
  struct inos_arena_view view;
  struct inos_arena *arena = make (&view);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", inos_arena_fd (arena));
  int again = open (path, O_RDWR | O_CLOEXEC), fd = inos_arena_fd (arena);

  assert_ptr_equal (mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
  assert_true (again < 0 || mmap (NULL, 4096, PROT_WRITE, MAP_SHARED, again, 0) == MAP_FAILED);
  assert_int_equal (mprotect ((void *)view.base, 4096, PROT_READ | PROT_WRITE), -1);
  assert_int_equal (pwrite (fd, "x", 1, 0), -1);
  assert_int_equal (ftruncate (fd, 4096), -1);
  assert_int_equal (ftruncate (fd, 2 * (off_t)INOS_ARENA_SIZE), -1);
  assert_int_equal (fallocate (fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), -1);
  assert_int_equal (fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE), -1);

  /* A private mapping may be written to, sees what the node writes, and is seen by nobody. */
  struct inos_arena_cores row = {1}, seen;
  struct inos_arena_copy copy;
  uint8_t *own = mmap (NULL, INOS_ARENA_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  assert_ptr_not_equal (own, MAP_FAILED);
  struct inos_arena_view private = {own, INOS_ARENA_SIZE};
  assert_true (inos_arena_write (arena, INOS_ARENA_TABLE_CORES, &row, 1, 0));
  assert_int_equal (inos_arena_read (&private, INOS_ARENA_TABLE_CORES, &seen, 1, &copy), 0);
  assert_true (seen.usage == 1);
  memset (own, 0xee, INOS_ARENA_END);
  assert_int_equal (inos_arena_read (&view, INOS_ARENA_TABLE_CORES, &seen, 1, &copy), 0);
  assert_true (seen.usage == 1);
  row.usage = 2;
  assert_true (inos_arena_write (arena, INOS_ARENA_TABLE_CORES, &row, 1, 0));
  assert_int_equal (inos_arena_read (&view, INOS_ARENA_TABLE_CORES, &seen, 1, &copy), 0);
  assert_true (seen.usage == 2);
  munmap (own, INOS_ARENA_SIZE);
  if (again >= 0)
    close (again);
  done (arena, &view);
}

static void test_hostile_memory (void **state)
{
  g_autofree uint8_t *bytes = g_malloc0 (INOS_ARENA_SIZE);
  g_autofree struct inos_arena_actors *rows =
    g_new0 (struct inos_arena_actors, INOS_ARENA_ACTORS_ROWS);
  struct inos_arena_header header = {
    .version = INOS_ARENA_VERSION, .tables = INOS_ARENA_TABLES, .layout = INOS_ARENA_LAYOUT};
  struct inos_arena_view view;
  struct inos_arena_copy copy;
  g_autoptr (GError) none = NULL, other = NULL, small = NULL;

  assert_false (inos_arena_view_init (&view, bytes, INOS_ARENA_SIZE, &none));
  assert_false (inos_arena_view_init (&view, bytes, 4096, &small));
  memcpy (&header.magic, INOS_ARENA_MAGIC, sizeof header.magic);
  header.layout++;
  memcpy (bytes + INOS_ARENA_METADATA, &header, sizeof header);
  assert_false (inos_arena_view_init (&view, bytes, INOS_ARENA_SIZE, &other));
  assert_non_null (strstr (other->message, "different builds"));
  header.layout--;
  memcpy (bytes + INOS_ARENA_METADATA, &header, sizeof header);
  assert_true (inos_arena_view_init (&view, bytes, INOS_ARENA_SIZE, &(GError *){NULL}));
  memset (bytes + INOS_ARENA_DESCRIPTORS, 0xff, INOS_ARENA_END - INOS_ARENA_DESCRIPTORS);
  assert_int_equal (
    inos_arena_read (&view, INOS_ARENA_TABLE_ACTORS, rows, INOS_ARENA_ACTORS_ROWS, &copy),
    INOS_ARENA_BROKEN);
  /* A writer that is always within the copy that is read. */
  struct inos_arena_descriptor *d = (void *)(bytes + INOS_ARENA_DESCRIPTORS);
  d[INOS_ARENA_TABLE_ACTORS].begun = 5;
  d[INOS_ARENA_TABLE_ACTORS].done = 3;
  assert_int_equal (inos_arena_read (&view, INOS_ARENA_TABLE_ACTORS, rows, 1, &copy),
                    INOS_ARENA_BUSY);
  /* Strings end, whatever bytes there are. */
  struct inos_arena_copy one = {.count = 1};
  d[INOS_ARENA_TABLE_ACTORS].begun = 3;
  memcpy (bytes + actors_second, &one, sizeof one);
  assert_int_equal (inos_arena_read (&view, INOS_ARENA_TABLE_ACTORS, rows, 1, &copy),
                    INOS_ARENA_OK);
  assert_int_equal (strlen (rows[0].name), sizeof rows[0].name - 1);
  assert_int_equal (strlen (rows[0].class), sizeof rows[0].class - 1);
}

/* Torn reads: each epoch has one number in all its words. */

static void fill (struct inos_arena_cores *rows, uint32_t count, double number)
{
  for (uint32_t i = 0; i < count; i++)
    rows[i].usage = number;
}

static void write_epochs (struct inos_arena *arena, uint32_t epochs, _Atomic uint32_t *pace)
{
  struct inos_arena_cores rows[INOS_ARENA_CORES_ROWS];

  for (uint32_t i = 1; i <= epochs; i++) {
    uint32_t count = 1 + i * 37 % INOS_ARENA_CORES_ROWS;
    fill (rows, count, count);
    inos_arena_write (arena, INOS_ARENA_TABLE_CORES, rows, count, 0);
    if (pace)
      atomic_store (pace, i);
  }
}

/* Returns: whether there was a whole epoch; a torn one fails the test. */
static bool check_whole (const struct inos_arena_view *view)
{
  struct inos_arena_cores rows[INOS_ARENA_CORES_ROWS];
  struct inos_arena_copy copy;

  if (inos_arena_read (view, INOS_ARENA_TABLE_CORES, rows, INOS_ARENA_CORES_ROWS, &copy) !=
      INOS_ARENA_OK)
    return false;
  for (uint32_t i = 0; i < copy.count; i++)
    if (rows[i].usage != copy.count)
      fail_msg ("row %u of %u has the number %f of another epoch", i, copy.count, rows[i].usage);
  return true;
}

struct race {
  struct inos_arena *arena;
  _Atomic uint32_t at;
};

static void *run_writer (void *data)
{
  struct race *race = data;

  write_epochs (race->arena, EPOCHS, &race->at);
  return NULL;
}

static void test_no_read_is_torn (void **state)
{
  struct inos_arena_view view;
  struct race race = {.arena = make (&view)};
  pthread_t writer;
  unsigned whole = 0;

  assert_int_equal (pthread_create (&writer, NULL, run_writer, &race), 0);
  while (atomic_load (&race.at) < EPOCHS)
    whole += check_whole (&view);
  pthread_join (writer, NULL);
  assert_true (check_whole (&view));
  assert_true (inos_arena_epoch (&view, INOS_ARENA_TABLE_CORES) > EPOCHS / 2);
  done (race.arena, &view);
}

/* A writer that is killed wherever it is leaves the last epoch whole. */
static void test_a_killed_writer_leaves_a_whole_epoch (void **state)
{
  for (unsigned i = 0; i < KILLS; i++) {
    struct inos_arena_view view;
    struct inos_arena *arena = make (&view);
    pid_t child = fork();

    if (child == 0) {
      write_epochs (arena, UINT32_MAX, NULL); /* the mapping is shared with the child */
      _exit (0);
    }
    while (inos_arena_epoch (&view, INOS_ARENA_TABLE_CORES) < 10 + i)
      check_whole (&view);
    kill (child, SIGKILL);
    waitpid (child, NULL, 0);
    assert_true (check_whole (&view));
    done (arena, &view);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_places),
    cmocka_unit_test (test_write_and_read),
    cmocka_unit_test (test_what_does_not_fit_is_counted),
    cmocka_unit_test (test_texts),
    cmocka_unit_test (test_seals),
    cmocka_unit_test (test_hostile_memory),
    cmocka_unit_test (test_no_read_is_torn),
    cmocka_unit_test (test_a_killed_writer_leaves_a_whole_epoch),
  };
  return cmocka_run_group_tests_name ("arena", tests, NULL, NULL);
}

/*
 * Files as actors: reading, durable writing, names, watching, and what is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/os/fixture.h"
#include "tests/node/os/watched.h"

#include "node/os/file.h"
#include "node/os/file_watch.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum what { READ, WRITE, STATUS, LIST, MAKE_DIRECTORY, RENAME, REMOVE };

struct order {
  enum what what;
  const char *path, *to;
  GBytes *bytes;
  uint64_t offset;
  uint32_t most, mode;
  bool is_new;
};

struct order_ref {
  const struct order *order;
};

static struct {
  uint64_t answers, changes, down, started;
  struct inos_os_result result;
  GBytes *bytes;
  uint64_t size;
  struct inos_file_status status;
  char *names; /* joined */
  GString *changed;
  uint32_t kinds;
  struct inos_exit reason;
} seen;

#define PROBE(MESSAGE, REQUEST)                                                                    \
  MESSAGE (probe, order, struct order_ref, 1)                                                      \
  MESSAGE (probe, watch, struct inos_file_watch_argument, 1)                                       \
  MESSAGE (probe, change, struct inos_file_change, 1, .clear = inos_file_change_clear)
INOS_PROTOCOL (probe, PROBE);
INOS_PROTOCOL_DEFINE (probe, PROBE);

struct probe {
  inos_file_ref file;
};

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct probe *self = state;

  self->file = inos_file_spawn (context, ((const struct inos_file_argument *)argument)->security);
  return INOS_OK;
}

/* A reply is lent, so what it owns is copied. */
static enum inos_outcome on_content (void *state, struct inos_context *context,
                                     enum inos_replied status,
                                     const struct inos_file_content *reply, uint64_t tag)
{
  assert_int_equal (status, INOS_REPLIED);
  g_clear_pointer (&seen.bytes, g_bytes_unref);
  seen.result = reply->result;
  seen.bytes = reply->bytes ? g_bytes_ref (reply->bytes) : NULL;
  seen.size = reply->size;
  seen.answers++;
  return INOS_OK;
}

static enum inos_outcome on_status (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_file_status *reply,
                                    uint64_t tag)
{
  assert_int_equal (status, INOS_REPLIED);
  seen.status = *reply;
  g_string_append_printf (seen.changed, "%d", reply->result.error);
  seen.result = reply->result;
  seen.answers++;
  return INOS_OK;
}

static enum inos_outcome on_names (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct inos_file_names *reply,
                                   uint64_t tag)
{
  assert_int_equal (status, INOS_REPLIED);
  g_clear_pointer (&seen.names, g_free);
  seen.names = reply->names ? g_strjoinv (" ", reply->names) : NULL;
  seen.result = reply->result;
  seen.answers++;
  return INOS_OK;
}

static enum inos_outcome on_result (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_os_result *reply,
                                    uint64_t tag)
{
  assert_int_equal (status, INOS_REPLIED);
  seen.result = *reply;
  seen.answers++;
  return INOS_OK;
}

static void order_more (struct inos_context *context, inos_file_ref file, const struct order *o)
{
  const uint64_t time = 20 * INOS_SECOND;
  struct inos_file_path path = {g_strdup (o->path)};

  switch (o->what) {
  case STATUS:
    inos_file_request_status (context, file, path, time, on_status, 0);
    return;
  case LIST:
    inos_file_request_list (context, file, path, time, on_names, 0);
    return;
  case MAKE_DIRECTORY:
    inos_file_request_make_directory (context, file, path, time, on_result, 0);
    return;
  default:
    inos_file_request_remove (context, file, path, time, on_result, 0);
  }
}

INOS_HANDLE (probe, order, struct probe)
{
  const struct order *o = message->order;
  const uint64_t time = 20 * INOS_SECOND;

  if (o->what == READ)
    inos_file_request_read (context, self->file,
                            (struct inos_file_part){g_strdup (o->path), o->offset, o->most}, time,
                            on_content, 0);
  else if (o->what == WRITE)
    inos_file_request_write (
      context, self->file,
      (struct inos_file_text){g_strdup (o->path), g_bytes_ref (o->bytes), o->mode, o->is_new}, time,
      on_result, 0);
  else if (o->what == RENAME)
    inos_file_request_rename (context, self->file,
                              (struct inos_file_names_of){g_strdup (o->path), g_strdup (o->to)},
                              time, on_result, 0);
  else
    order_more (context, self->file, o);
  return INOS_OK;
}

INOS_HANDLE (probe, watch, struct probe)
{
  const struct inos_spawn how = {.watcher = inos_self (context)};
  struct inos_file_watch watch = *message->watch;

  watch.receiver = INOS_TO (inos_self (context));
  watch.on_change = INOS_EVENT (probe, change, struct inos_file_change);
  inos_file_watch_spawn (context, &watch, &how);
  return INOS_OK;
}

INOS_HANDLE (probe, change, struct probe)
{
  if (message->name)
    g_string_append_printf (seen.changed, "%s ", message->name);
  seen.kinds |= message->changes;
  seen.changes++;
  return INOS_OK;
}

INOS_BEHAVIOUR (probe, PROBE, struct probe, .on_edge = true, .pre_start = pre_start,
                .on_started = on_started, .on_down = on_down);

/* The world of a test: a folder that may be read and written, one in it that may only be read, and
 * one that may only be written. */

static struct world world;
static probe_ref probe;
static char *top;
static struct inos_path_rule rules[3];
static struct inos_security security = {.name = "test", .paths = rules, .n_paths = 3};

static char *in_top (const char *name)
{
  return g_build_filename (top, name, NULL);
}

static void begin (void)
{
  const struct inos_file_argument argument = {&security};
  const struct inos_spawn how = {
    .behaviour = &probe_behaviour, .argument = &argument, .argument_size = sizeof argument};

  memset (&seen, 0, sizeof seen);
  memset (&watched, 0, sizeof watched);
  seen.changed = g_string_new (NULL);
  top = g_dir_make_tmp ("inos-file-XXXXXX", NULL);
  rules[0] = (struct inos_path_rule){top, INOS_ACCESS_READ | INOS_ACCESS_WRITE};
  rules[1] = (struct inos_path_rule){in_top ("read"), INOS_ACCESS_READ};
  rules[2] = (struct inos_path_rule){in_top ("drop"), INOS_ACCESS_WRITE};
  g_mkdir (rules[1].prefix, 0700);
  g_mkdir (rules[2].prefix, 0700);
  world_begin (&world);
  probe = (probe_ref){INOS_TO (inos_runtime_spawn (world.runtime, &how))};
}

static void end (void)
{
  const char *argv[] = {"/bin/rm", "-r", top, NULL};

  world_end (&world);
  assert_true (g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL));
  g_clear_pointer (&seen.bytes, g_bytes_unref);
  g_clear_pointer (&seen.names, g_free);
  g_string_free (seen.changed, TRUE);
  g_free ((char *)rules[1].prefix);
  g_free ((char *)rules[2].prefix);
  g_free (top);
}

static enum inos_os_error ask (struct order order, const char *name, const char *to)
{
  g_autofree char *path = in_top (name), *other = to ? in_top (to) : NULL;
  uint64_t before = seen.answers;

  order.path = path;
  order.to = other;
  probe_post_order (world.runtime, probe, (struct order_ref){&order});
  run_until (&seen.answers, before + 1);
  return seen.result.error;
}

static enum inos_os_error put (const char *name, const char *text, uint32_t mode, bool is_new)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return ask ((struct order){.what = WRITE, .bytes = bytes, .mode = mode, .is_new = is_new}, name,
              NULL);
}

static void assert_text (const char *name, const char *text)
{
  assert_int_equal (ask ((struct order){.what = READ}, name, NULL), INOS_OS_OK);
  assert_int_equal (g_bytes_get_size (seen.bytes), strlen (text));
  assert_memory_equal (g_bytes_get_data (seen.bytes, NULL), text, strlen (text));
}

/* Tests */

static void test_write_and_read (void **state)
{
  begin();
  assert_int_equal (put ("a", "first", 0, false), INOS_OS_OK);
  assert_text ("a", "first");
  assert_int_equal (put ("a", "second", 0640, false), INOS_OS_OK);
  assert_text ("a", "second");
  assert_int_equal (put ("a", "third", 0, true), INOS_OS_EXISTS);
  assert_int_equal (put ("a", "", 0, false), INOS_OS_OK);
  assert_text ("a", "");
  assert_int_equal (ask ((struct order){.what = STATUS}, "a", NULL), INOS_OS_OK);
  assert_int_equal (seen.status.kind, INOS_FILE_REGULAR);
  assert_int_equal (seen.status.mode, 0640);
  assert_int_equal (ask ((struct order){.what = LIST}, "", NULL), INOS_OS_OK);
  assert_string_equal (seen.names, "a drop read"); /* and nothing that was hidden */
  end();
}

static void test_parts (void **state)
{
  begin();
  assert_int_equal (put ("a", "0123456789", 0, false), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = READ, .offset = 3, .most = 4}, "a", NULL),
                    INOS_OS_OK);
  assert_int_equal (g_bytes_get_size (seen.bytes), 4);
  assert_memory_equal (g_bytes_get_data (seen.bytes, NULL), "3456", 4);
  assert_int_equal (seen.size, 10);
  assert_int_equal (ask ((struct order){.what = READ, .offset = 99}, "a", NULL), INOS_OS_OK);
  assert_int_equal (g_bytes_get_size (seen.bytes), 0);
  assert_int_equal (ask ((struct order){.what = READ, .most = UINT32_MAX}, "a", NULL),
                    INOS_OS_TOO_LARGE);
  end();
}

static void test_large (void **state)
{
  g_autofree char *text = g_malloc (5000000);
  g_autoptr (GBytes) bytes = NULL;

  begin();
  memset (text, 'z', 5000000);
  bytes = g_bytes_new_static (text, 5000000);
  assert_int_equal (ask ((struct order){.what = WRITE, .bytes = bytes}, "large", NULL), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = READ, .most = 6000000}, "large", NULL), INOS_OS_OK);
  assert_true (g_bytes_equal (seen.bytes, bytes));
  end();
}

static void test_names (void **state)
{
  begin();
  assert_int_equal (ask ((struct order){.what = MAKE_DIRECTORY}, "d", NULL), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = MAKE_DIRECTORY}, "d", NULL), INOS_OS_EXISTS);
  assert_int_equal (put ("d/a", "text", 0, false), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = RENAME}, "d/a", "b"), INOS_OS_OK);
  assert_text ("b", "text");
  assert_int_equal (ask ((struct order){.what = READ}, "d/a", NULL), INOS_OS_NOT_FOUND);
  assert_int_equal (put ("d", "text", 0, false), INOS_OS_WRONG_KIND);
  assert_int_equal (ask ((struct order){.what = READ}, "d", NULL), INOS_OS_WRONG_KIND);
  assert_int_equal (ask ((struct order){.what = LIST}, "b", NULL), INOS_OS_WRONG_KIND);
  assert_int_equal (ask ((struct order){.what = REMOVE}, "d", NULL), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = REMOVE}, "b", NULL), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = REMOVE}, "b", NULL), INOS_OS_NOT_FOUND);
  end();
}

static void test_refused (void **state)
{
  begin();
  g_autofree char *link = in_top ("link"), *up = in_top ("up"), *fifo = in_top ("fifo");
  assert_int_equal (put ("a", "text", 0, false), INOS_OS_OK);
  assert_int_equal (symlink ("a", link), 0);
  assert_int_equal (symlink ("..", up), 0);
  assert_int_equal (mkfifo (fifo, 0600), 0);
  assert_int_equal (ask ((struct order){.what = READ}, "link", NULL), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = STATUS}, "link", NULL), INOS_OS_REFUSED);
  assert_int_equal (put ("link", "x", 0, false), INOS_OS_WRONG_KIND);
  assert_int_equal (put ("up/x", "x", 0, false), INOS_OS_REFUSED);
  assert_int_equal (put ("../x", "x", 0, false), INOS_OS_REFUSED);
  assert_int_equal (put ("read/x", "x", 0, false), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = LIST}, "drop", NULL), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = LIST}, "up", NULL), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = READ}, "fifo", NULL), INOS_OS_WRONG_KIND);
  assert_int_equal (put ("drop/x", "x", 0, false), INOS_OS_OK);
  assert_int_equal (ask ((struct order){.what = RENAME}, "drop/x", "x"), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = RENAME}, "drop", "x"), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = RENAME}, "a", "read/a"), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = RENAME}, "a", "../a"), INOS_OS_REFUSED);
  assert_int_equal (ask ((struct order){.what = REMOVE}, "read", NULL), INOS_OS_REFUSED);
  assert_text ("a", "text");
  end();
}

/* Also of @name, where that is not "". */
static void wait_for_change (uint32_t kind, const char *name)
{
  for (int i = 0; i < 4000 && !(seen.kinds & kind && strstr (seen.changed->str, name)); i++)
    run_for (5);
  assert_true (seen.kinds & kind);
  assert_non_null (strstr (seen.changed->str, name));
}

static void test_watch (void **state)
{
  begin();
  const struct inos_file_watch watch = {.security = &security, .path = top};
  const struct inos_file_watch bad = {.security = &security, .path = "/etc"};
  probe_post_watch (world.runtime, probe, (struct inos_file_watch_argument){&bad});
  run_until (&watched.down, 1);
  assert_int_equal (watched.reason.kind, INOS_EXIT_START);
  assert_int_equal (watched.reason.code, INOS_OS_REFUSED);
  probe_post_watch (world.runtime, probe, (struct inos_file_watch_argument){&watch});
  run_until (&watched.started, 1);
  assert_int_equal (put ("a", "text", 0, false), INOS_OS_OK);
  wait_for_change (INOS_FILE_ADDED, "a ");
  assert_int_equal (ask ((struct order){.what = REMOVE}, "a", NULL), INOS_OS_OK);
  wait_for_change (INOS_FILE_REMOVED, "");
  assert_false (seen.kinds & INOS_FILE_GONE);
  assert_int_equal (put ("b", "text", 0, false), INOS_OS_OK);
  g_autofree char *path = in_top ("b");
  const struct inos_file_watch one = {.security = &security, .path = path};
  probe_post_watch (world.runtime, probe, (struct inos_file_watch_argument){&one});
  run_until (&watched.started, 2);
  assert_int_equal (ask ((struct order){.what = REMOVE}, "b", NULL), INOS_OS_OK);
  run_until (&watched.down, 2);
  assert_true (seen.kinds & INOS_FILE_GONE);
  assert_int_equal (watched.reason.kind, INOS_EXIT_NORMAL);
  end();
}

/* The actor stops while much is with the pool: whoever asked is told, nothing stays open. */
static void test_stop_while_busy (void **state)
{
  begin();
  for (int i = 0; i < 50; i++) {
    const struct inos_file_argument argument = {&security};
    const struct inos_spawn how = {
      .behaviour = &inos_file_behaviour, .argument = &argument, .argument_size = sizeof argument};
    inos_file_ref file = {INOS_TO (inos_runtime_spawn (world.runtime, &how))};
    for (int k = 0; k < 10; k++)
      inos_file_post_list (world.runtime, file, (struct inos_file_path){g_strdup (top)});
    inos_runtime_stop_actor (world.runtime, file.address.id,
                             (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
  }
  end();
}

/* On a seeded runtime, which has no edge and no thread, files are there too, in the seed's order.
 */

static char *results_of (uint64_t seed)
{
  static const char *const names[] = {"a", "none", "../x", "a/x"};
  const struct inos_runtime_config config = {.seeded = true, .seed = seed};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
  const struct inos_file_argument argument = {&security};
  const struct inos_spawn how = {
    .behaviour = &probe_behaviour, .argument = &argument, .argument_size = sizeof argument};
  probe_ref one = {INOS_TO (inos_runtime_spawn (runtime, &how))};
  struct order orders[G_N_ELEMENTS (names)];

  g_string_truncate (seen.changed, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    orders[i] = (struct order){.what = STATUS, .path = in_top (names[i])};
    probe_post_order (runtime, one, (struct order_ref){&orders[i]});
  }
  inos_runtime_run (runtime, UINT64_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_free ((char *)orders[i].path);
  inos_runtime_free (runtime, INOS_SECOND);
  assert_int_equal (seen.changed->len, G_N_ELEMENTS (names));
  return g_strdup (seen.changed->str);
}

static void test_seeds (void **state)
{
  unsigned differ = 0;

  begin();
  assert_int_equal (put ("a", "text", 0, false), INOS_OS_OK);
  for (uint64_t seed = 1; seed < 20; seed++) {
    g_autofree char *first = results_of (seed), *again = results_of (seed);
    g_autofree char *next = results_of (seed + 1);
    assert_string_equal (first, again);
    differ += !g_str_equal (first, next);
  }
  assert_true (differ > 5);
  end();
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_write_and_read),  cmocka_unit_test (test_parts),
    cmocka_unit_test (test_large),           cmocka_unit_test (test_names),
    cmocka_unit_test (test_refused),         cmocka_unit_test (test_watch),
    cmocka_unit_test (test_stop_while_busy), cmocka_unit_test (test_seeds),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}

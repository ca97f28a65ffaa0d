/*
 * The actor that starts processes in the tests of them, keeps what they say, and the world it lives
 * in. Included by one file of tests each.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "tests/node/os/fixture.h"
#include "tests/node/os/watched.h"

#include "node/actor/route.h"
#include "node/os/process.h"

#include <stdlib.h>
#include <unistd.h>

/* The receiver, on the test's own thread. */

static struct {
  GString *output, *errors;
  uint64_t bytes, chunks, ended, down, started, answers;
  struct inos_process_end end;
  struct inos_exit reason;
  struct inos_os_result answer;
  inos_actor_id process; /* started last */
} seen;

struct words {
  const char *text;
};

#define PROBE(MESSAGE, REQUEST)                                                                    \
  MESSAGE (probe, output, struct inos_chunk, 1, .clear = inos_chunk_clear)                         \
  MESSAGE (probe, errors, struct inos_chunk, 1, .clear = inos_chunk_clear)                         \
  MESSAGE (probe, ended, struct inos_process_end, 1)                                               \
  MESSAGE (probe, start, struct inos_process_argument, 1)                                          \
  MESSAGE (probe, say, struct words, 1)                                                            \
  MESSAGE (probe, stop, inos_actor_id, 1)                                                          \
  MESSAGE (probe, take, struct inos_process_taken, 1)
INOS_PROTOCOL (probe, PROBE);
INOS_PROTOCOL_DEFINE (probe, PROBE);

struct probe {
  inos_process_ref process;
};

static void append (GString *to, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  seen.bytes += size;
  seen.chunks++;
  if (to->len < 10000)
    g_string_append_len (to, data, (gssize)size);
}

INOS_HANDLE (probe, output, struct probe)
{
  append (seen.output, message->bytes);
  return INOS_OK;
}

INOS_HANDLE (probe, errors, struct probe)
{
  append (seen.errors, message->bytes);
  return INOS_OK;
}

INOS_HANDLE (probe, ended, struct probe)
{
  seen.ended++;
  seen.end = *message;
  return INOS_OK;
}

INOS_HANDLE (probe, start, struct probe)
{
  const struct inos_spawn how = {.watcher = inos_self (context)};
  struct inos_process process = *message->process;

  process.receiver = INOS_TO (inos_self (context));
  self->process = inos_process_spawn (context, &process, &how);
  seen.process = self->process.address.id;
  return INOS_OK;
}

static enum inos_outcome on_answer (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_os_result *reply,
                                    uint64_t tag)
{
  seen.answers++;
  seen.answer = reply ? *reply : (struct inos_os_result){INOS_OS_LATE, 0};
  return INOS_OK;
}

/* To the named one where there is one, else to its own; NULL: no more. */
INOS_HANDLE (probe, say, struct probe)
{
  inos_actor_id named = inos_lookup (inos_context_runtime (context), "echo");
  inos_process_ref to = named ? (inos_process_ref){INOS_TO (named)} : self->process;

  if (!message->text) {
    inos_process_send_end_input (context, to, INOS_NOTHING);
    return INOS_OK;
  }
  struct inos_chunk chunk = {g_bytes_new (message->text, strlen (message->text))};
  inos_process_request_write (context, to, chunk, 10 * INOS_SECOND, on_answer, 0);
  return INOS_OK;
}

INOS_HANDLE (probe, stop, struct probe)
{
  inos_stop (context, *message, (struct inos_exit){INOS_EXIT_SHUTDOWN, 5});
  return INOS_OK;
}

INOS_HANDLE (probe, take, struct probe)
{
  inos_process_send_taken (context, self->process, *message);
  return INOS_OK;
}

INOS_BEHAVIOUR (probe, PROBE, struct probe, .on_edge = true, .on_started = on_started,
                .on_down = on_down);

/* The world of a test */

static struct world world;
static probe_ref probe;

static const char *const helpers[] = {HELPER, NULL};
static const struct inos_path_rule paths[] = {{"/usr", INOS_ACCESS_READ}};
static const struct inos_security security = {
  .name = "test", .programs = helpers, .paths = paths, .n_paths = 1};

static void begin (void)
{
  const struct inos_spawn how = {.behaviour = &probe_behaviour};

  memset (&seen, 0, sizeof seen);
  memset (&watched, 0, sizeof watched);
  seen.output = g_string_new (NULL);
  seen.errors = g_string_new (NULL);
  world_begin (&world);
  probe = (probe_ref){INOS_TO (inos_runtime_spawn (world.runtime, &how))};
}

static void end (void)
{
  world_end (&world);
  g_string_free (seen.output, TRUE);
  g_string_free (seen.errors, TRUE);
}

static struct inos_process plan (const char *const *argv)
{
  return (struct inos_process){.security = &security,
                               .argv = argv,
                               .on_output = INOS_EVENT (probe, output, struct inos_chunk),
                               .on_errors = INOS_EVENT (probe, errors, struct inos_chunk),
                               .on_end = INOS_EVENT (probe, ended, struct inos_process_end)};
}

#define ARGV(...) ((const char *const[]){HELPER, __VA_ARGS__, NULL})

static void start (const struct inos_process *process)
{
  uint64_t started = watched.started, down = watched.down;

  probe_post_start (world.runtime, probe, (struct inos_process_argument){process});
  while (watched.started == started && watched.down == down)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
}

static bool is_alive (long pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%ld/stat", pid), *stat = NULL;

  /* A zombie that another reaps, or is reaping, is none of ours. */
  return g_file_get_contents (path, &stat, NULL, NULL) && !strstr (stat, ") Z ") &&
         !strstr (stat, ") X ");
}

static void assert_dies (long pid)
{
  for (int i = 0; i < 2000 && is_alive (pid); i++)
    run_for (5);
  assert_false (is_alive (pid));
}

/* The two numbers that a lingering helper says. */
static void read_pids (long *self, long *child)
{
  char *rest;

  run_until (&seen.chunks, 1);
  *self = strtol (seen.output->str, &rest, 10);
  *child = strtol (rest, NULL, 10);
  assert_true (*self > 0);
}

/*
 * A node as any other, in which three actors more wait for each other: left asks right, right asks
 * left, and neither answers; free asks left, and so waits for the knot without being in it. A test
 * cannot have that of the real node, whose actors do not do so.
 *
 * Of the real node's command line it knows --state-dir and --socket, and passes over the rest.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/route.h"
#include "node/actor/supervisor.h"
#include "node/tree/tree.h"

#include <glib-unix.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

struct thread {
  const char *other;            /* whom to ask */
  struct inos_request_id asked; /* what is not answered */
};

struct thread_argument {
  const char *other;
};

#define THREAD(MESSAGE, REQUEST)                                                                   \
  REQUEST (thread, answer, struct inos_nothing, struct inos_nothing, 1)                            \
  MESSAGE (thread, tie, struct inos_nothing, 1)
INOS_PROTOCOL (thread, THREAD);
INOS_PROTOCOL_DEFINE (thread, THREAD);

INOS_HANDLE (thread, answer, struct thread)
{
  self->asked = inos_request_handled (context);
  return INOS_OK;
}

static enum inos_outcome on_answer (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_nothing *reply,
                                    uint64_t tag)
{
  return INOS_OK;
}

INOS_HANDLE (thread, tie, struct thread)
{
  thread_ref other = {inos_address_of_name (inos_context_runtime (context), self->other)};

  thread_request_answer (context, other, INOS_NOTHING, UINT64_MAX, on_answer, 0);
  return INOS_OK;
}

/* All three are there by the time that they ask. */
static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  ((struct thread *)state)->other = ((const struct thread_argument *)argument)->other;
  thread_send_tie_after (context, (thread_ref){INOS_TO (inos_self (context))}, INOS_NOTHING,
                         50 * INOS_MILLISECOND, 0);
  return INOS_OK;
}

INOS_BEHAVIOUR (thread, THREAD, struct thread, .pre_start = pre_start);

static const struct thread_argument to_left = {"left"}, to_right = {"right"};

#define A_THREAD(called, to)                                                                       \
  {.name = (called),                                                                               \
   .registered = (called),                                                                         \
   .behaviour = &thread_behaviour,                                                                 \
   .argument = &(to),                                                                              \
   .argument_size = sizeof (to),                                                                   \
   .lifetime = INOS_TEMPORARY}

static const struct inos_child threads[] = {
  A_THREAD ("left", to_right),
  A_THREAD ("right", to_left),
  A_THREAD ("free", to_left),
};
static const struct inos_supervisor knot = {
  .name = "knot", .registered = "knot", .children = threads, .n_children = G_N_ELEMENTS (threads)};

static struct {
  GMainLoop *loop;
  struct inos_tree *tree;
  int status;
} node;

static gboolean on_signal (gpointer data)
{
  g_main_loop_quit (node.loop);
  return G_SOURCE_CONTINUE;
}

static void on_ready (const char *peer_id, void *data)
{
  inos_supervisor_runtime_spawn (inos_tree_runtime (node.tree), &knot, 0);
  sd_notify (0, "READY=1");
}

static void on_ended (const GError *error, void *data)
{
  node.status = 1;
  g_main_loop_quit (node.loop);
}

int main (int argc, char **argv)
{
  static const struct inos_tree_events events = {on_ready, on_ended};
  struct inos_setup setup;

  signal (SIGPIPE, SIG_IGN);
  inos_setup_init (&setup);
  setup.mesh.enabled = false;
  for (int i = 1; i + 1 < argc; i++)
    if (g_str_equal (argv[i], "--state-dir"))
      setup.state_dir = argv[i + 1];
    else if (g_str_equal (argv[i], "--socket"))
      setup.socket = argv[i + 1];
  node.loop = g_main_loop_new (NULL, FALSE);
  guint term = g_unix_signal_add (SIGTERM, on_signal, NULL);
  node.tree = inos_tree_new (&setup, &events, NULL, NULL);
  if (node.tree)
    g_main_loop_run (node.loop);
  inos_tree_free (node.tree);
  g_source_remove (term);
  g_main_loop_unref (node.loop);
  inos_setup_finish (&setup);
  return node.status;
}

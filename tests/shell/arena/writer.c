/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "writer.h"

#include <gio/gio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROWS 10000u
#define PEERS 1000u
#define PEERS_EVERY (G_USEC_PER_SEC / 10)
#define CHANGED 10u /* one of so many changes each time */
#define LISTEN_MS 500
#define FRAME (G_USEC_PER_SEC / 60)

static void signal_event (const Scene *scene)
{
  const guint64 one = 1;

  if (write (scene->event, &one, sizeof one) < 0)
    _exit (1);
}

void writer_torn (const Scene *scene)
{
  static struct inos_arena_cores rows[INOS_ARENA_CORES_ROWS];

  for (uint32_t i = 1;; i++) {
    uint32_t count = 1 + i * 37 % INOS_ARENA_CORES_ROWS;
    for (uint32_t k = 0; k < count; k++)
      rows[k].usage = count;
    inos_arena_write (scene->arena, INOS_ARENA_TABLE_CORES, rows, count, 0);
    /* Sometimes there is time for a reader, and sometimes not. */
    if (i % 8 == 0)
      g_usleep (i % 64);
  }
}

void writer_latency (const Scene *scene)
{
  struct inos_arena_cores row = {0};

  for (;;) {
    g_usleep (5000);
    row.usage++;
    inos_arena_write (scene->arena, INOS_ARENA_TABLE_CORES, &row, 1, 0);
    signal_event (scene);
  }
}

static void change (struct inos_arena_actors *rows, unsigned time)
{
  for (uint32_t i = 0; i < ROWS; i++) {
    rows[i].id = i + 1;
    if (i % CHANGED != time % CHANGED)
      continue;
    rows[i].processed += 3;
    rows[i].rate = (double)(time % 100) + i / 1000.0;
    g_snprintf (rows[i].name, sizeof rows[i].name, "actor-%u", i);
    g_strlcpy (rows[i].class, "node_something", sizeof rows[i].class);
  }
}

static struct inos_arena_actors *new_rows (void)
{
  struct inos_arena_actors *rows = g_new0 (struct inos_arena_actors, ROWS);

  for (unsigned i = 0; i < CHANGED; i++)
    change (rows, i);
  return rows;
}

static void wait_until (gint64 due)
{
  gint64 now = g_get_monotonic_time();

  if (due > now)
    g_usleep ((gulong)(due - now));
}

void writer_rows (const Scene *scene)
{
  struct inos_arena_actors *rows = new_rows();
  gint64 due = g_get_monotonic_time();

  for (unsigned time = 0;; time++) {
    wait_until (due += FRAME);
    change (rows, time);
    if (inos_arena_write (scene->arena, INOS_ARENA_TABLE_ACTORS, rows, ROWS, 0))
      signal_event (scene);
  }
}

static void wait_for_reader (const Scene *scene)
{
  struct pollfd taken = {.fd = scene->event, .events = POLLIN};
  guint64 count;

  /* At first nobody listens yet. */
  if (poll (&taken, 1, LISTEN_MS) > 0 && read (scene->event, &count, sizeof count) < 0)
    _exit (1);
}

static GVariant *rows_to_variant (const struct inos_arena_actors *rows)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(tttddussu)"));

  for (uint32_t i = 0; i < ROWS; i++)
    g_variant_builder_add (&list, "(tttddussu)", rows[i].id, rows[i].processed, rows[i].depth,
                           rows[i].rate, rows[i].share, rows[i].state, rows[i].name, rows[i].class,
                           rows[i].restarts);
  return g_variant_new ("(a(tttddussu))", &list);
}

void writer_json (const Scene *scene)
{
  struct inos_arena_actors *rows = new_rows();
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  gint64 due = g_get_monotonic_time();

  for (unsigned time = 0; bus; time++) {
    wait_until (due += FRAME);
    change (rows, time);
    g_dbus_connection_emit_signal (bus, NULL, "/rows", "org.inos.Test", "Rows",
                                   rows_to_variant (rows), NULL);
    g_dbus_connection_flush_sync (bus, NULL, NULL);
    wait_for_reader (scene); /* no more than it can take */
  }
}

static void add_peers (struct inos_arena_nodes *nodes, struct inos_arena_peers *peers)
{
  for (uint32_t i = 0; i < PEERS; i++) {
    nodes[i].said = 1;
    nodes[i].cpu = i % 100;
    g_snprintf (nodes[i].peer_id, sizeof nodes[i].peer_id,
                "12D3KooWPeerOfTheBench%08x%08xxxxxxxxxxxxx", i * 2654435761u, i);
  }
  for (uint32_t i = 0; i < INOS_ARENA_PEERS_ROWS; i++) {
    peers[i].latency = 100000u * (i + 1);
    peers[i].connections = i % 8 != 0;
    peers[i].flags = i % 5 == 0 ? 2 : 0;
    g_strlcpy (peers[i].peer_id, nodes[i].peer_id, sizeof peers[i].peer_id);
    g_strlcpy (peers[i].address, "/ip4/192.0.2.1/tcp/4630", sizeof peers[i].address);
  }
}

void writer_peers (const Scene *scene)
{
  struct inos_arena_nodes *nodes = g_new0 (struct inos_arena_nodes, PEERS);
  struct inos_arena_peers *peers = g_new0 (struct inos_arena_peers, INOS_ARENA_PEERS_ROWS);
  gint64 due = g_get_monotonic_time();

  add_peers (nodes, peers);
  for (unsigned time = 0;; time++) {
    wait_until (due += PEERS_EVERY);
    for (uint32_t i = 0; i < PEERS; i++)
      nodes[i].cpu = (i * 7 + time * 3) % 100;
    for (uint32_t i = 0; i < INOS_ARENA_PEERS_ROWS; i++)
      peers[i].received += (guint64)(i + time) % 16 * i * 64;
    inos_arena_write (scene->arena, INOS_ARENA_TABLE_NODES, nodes, PEERS, 0);
    inos_arena_write (scene->arena, INOS_ARENA_TABLE_PEERS, peers, INOS_ARENA_PEERS_ROWS, 0);
    signal_event (scene);
  }
}

static pid_t start_writer (const Scene *scene, Writing writing)
{
  pid_t child = fork();

  if (child == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    writing (scene);
    _exit (1);
  }
  return child;
}

static void rear (const Scene *scene, Writing writing, int commands)
{
  pid_t child = start_writer (scene, writing);
  char byte;

  for (;;) {
    ssize_t n = read (commands, &byte, 1);
    kill (child, SIGKILL);
    waitpid (child, NULL, 0);
    if (n <= 0)
      _exit (0);
    child = start_writer (scene, writing);
  }
}

int nursery_start (const Scene *scene, Writing writing)
{
  int ends[2];

  if (pipe (ends) < 0)
    abort();
  if (fork() == 0) {
    close (ends[1]);
    rear (scene, writing, ends[0]);
  }
  close (ends[0]);
  return ends[1];
}

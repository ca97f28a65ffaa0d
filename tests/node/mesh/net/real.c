/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "real.h"

#include "node/identity/identity.h"
#include "node/mesh/net/clock.h"

#include <string.h>

static void begin (void *data)
{
  struct real *real = data;
  GMainContext *context = inos_mesh_thread_context (real->thread);
  g_autoptr (GError) error = NULL;

  real->host = inos_host_new (&(struct inos_host_setup){
    .env = inos_clock_env(), .identity = real->identity, .agent = "inos-test"});
  real->tcp = inos_tcp_new (real->host, context);
  real->websocket = inos_websocket_new (real->host, context);
  inos_host_add_network (real->host, inos_tcp_network (real->tcp));
  inos_host_add_network (real->host, inos_websocket_network (real->websocket));
  real->ping = inos_ping_new (real->host);
  real->perf = inos_perf_new (real->host, true);
  inos_mesh_thread_drive (real->thread, real->host);
  if (real->listen.len > 0 && !inos_host_listen (real->host, &real->listen, &error))
    g_error ("%s", error->message);
}

static void end (void *data)
{
  struct real *real = data;

  inos_mesh_thread_drive (real->thread, NULL);
  inos_host_free (real->host);
  inos_perf_free (real->perf);
  inos_ping_free (real->ping);
  inos_websocket_free (real->websocket);
  inos_tcp_free (real->tcp);
}

struct real *real_new (uint8_t number, const char *listen)
{
  struct real *real = g_new0 (struct real, 1);
  uint8_t seed[INOS_SEED_SIZE] = {number};

  real->identity = inos_identity_from_seed (seed);
  real->id = inos_peer_id_of_key (inos_identity_key (real->identity));
  real->thread = inos_mesh_thread_new (NULL);
  if (listen)
    inos_multiaddr_parse (&real->listen, listen, NULL);
  inos_mesh_thread_call (real->thread, begin, real);
  return real;
}

void real_free (struct real *real)
{
  inos_mesh_thread_call (real->thread, end, real);
  inos_mesh_thread_free (real->thread);
  inos_identity_free (real->identity);
  g_free (real);
}

static void look_where (void *data)
{
  struct later *later = data;
  const GArray *all = inos_host_listening_at (later->real->host);

  if (all->len > 0)
    later->address = g_array_index (all, struct inos_multiaddr, 0);
}

struct inos_multiaddr real_address (struct real *real)
{
  struct later later = {.real = real};

  inos_mesh_thread_call (real->thread, look_where, &later);
  return later.address;
}

static void tell (struct later *later, bool failed)
{
  pthread_mutex_lock (&later->lock);
  later->failed = failed;
  later->done = true;
  pthread_cond_signal (&later->cond);
  pthread_mutex_unlock (&later->lock);
}

static void do_later (struct later *later, inos_mesh_closure function)
{
  pthread_mutex_init (&later->lock, NULL);
  pthread_cond_init (&later->cond, NULL);
  inos_mesh_thread_invoke (later->real->thread, function, later);
  pthread_mutex_lock (&later->lock);
  while (!later->done)
    pthread_cond_wait (&later->cond, &later->lock);
  pthread_mutex_unlock (&later->lock);
  pthread_cond_destroy (&later->cond);
  pthread_mutex_destroy (&later->lock);
}

static void on_connected (void *data, const struct inos_peer_id *peer, const GError *error)
{
  if (error)
    g_printerr ("%s\n", error->message);
  tell (data, error != NULL);
}

static void do_connect (void *data)
{
  struct later *later = data;

  inos_host_connect (later->real->host, &later->to, &later->address, 1, on_connected, later);
}

struct later real_connect (struct real *real, const struct inos_peer_id *to,
                           const struct inos_multiaddr *address)
{
  struct later later = {.real = real, .to = *to, .address = *address};

  do_later (&later, do_connect);
  return later;
}

static void on_pong (void *data, uint64_t round_trip, const GError *error)
{
  ((struct later *)data)->round_trip = round_trip;
  tell (data, error != NULL);
}

static void do_ping (void *data)
{
  struct later *later = data;

  inos_ping_send (later->real->ping, &later->to, on_pong, later);
}

struct later real_ping (struct real *real, const struct inos_peer_id *to)
{
  struct later later = {.real = real, .to = *to};

  do_later (&later, do_ping);
  return later;
}

static void on_perf (void *data, const struct inos_perf_result *result, const GError *error)
{
  struct later *later = data;

  if (error)
    g_printerr ("%s\n", error->message);
  else
    later->result = *result;
  tell (data, error != NULL);
}

static void do_perf (void *data)
{
  struct later *later = data;

  inos_perf_run (later->real->perf, &later->to, later->up, later->down, on_perf, later);
}

struct later real_perf (struct real *real, const struct inos_peer_id *to, uint64_t up,
                        uint64_t down)
{
  struct later later = {.real = real, .to = *to, .up = up, .down = down};

  do_later (&later, do_perf);
  return later;
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "standin.h"

#include "node/mesh/host/host.h"
#include "node/mesh/net/clock.h"

#define CHUNK 65536 /* the numbers come again after 256 bytes, of which this is a multiple */

static uint8_t numbered[CHUNK + 256];

static void check (struct inos_link *link, const uint8_t *bytes, size_t len)
{
  for (size_t i = 0; i < len; i++)
    if (bytes[i] != (uint8_t)((link->received + i) * 31))
      link->wrong = true;
}

static void send_more (struct inos_link *link)
{
  while (link->object && link->sent < link->to_send) {
    size_t len = (size_t)MIN (link->to_send - link->sent, CHUNK);
    size_t took = link->klass->send (link->object, numbered + link->sent % 256, len);
    link->sent += took;
    if (took < len)
      return;
  }
}

struct inos_host *standin_new (GMainContext *context)
{
  struct inos_host *host = g_new0 (struct inos_host, 1);

  for (size_t i = 0; i < sizeof numbered; i++)
    numbered[i] = (uint8_t)(i * 31);
  host->context = context;
  return host;
}

void standin_free (struct inos_host *host)
{
  for (unsigned i = 0; i < host->n_links; i++)
    g_clear_error (&host->links[i].error);
  g_clear_error (&host->dial_error);
  g_free (host);
}

void standin_send (struct inos_link *link, uint64_t len)
{
  link->to_send += len;
  send_more (link);
}

void standin_close (struct inos_link *link)
{
  void *object = g_steal_pointer (&link->object);

  if (object)
    link->klass->close (object);
}

static gboolean on_tick (gpointer data)
{
  return G_SOURCE_REMOVE;
}

void standin_turn (struct inos_host *host)
{
  g_autoptr (GSource) timer = g_timeout_source_new (20);

  g_source_set_callback (timer, on_tick, NULL, NULL);
  g_source_attach (timer, host->context);
  g_main_context_iteration (host->context, TRUE);
  g_source_destroy (timer);
}

/* What network.h wants of a host */

const struct inos_mesh_env *inos_host_env (const struct inos_host *host)
{
  return inos_clock_env();
}

static struct inos_link *add_link (struct inos_host *host, const struct inos_link_class *klass,
                                   void *object)
{
  if (host->refuse || host->n_links == STANDIN_LINKS)
    return NULL;
  struct inos_link *link = &host->links[host->n_links++];
  *link = (struct inos_link){.host = host, .klass = klass, .object = object};
  return link;
}

bool inos_host_dialled (struct inos_host *host, uint64_t dial, const struct inos_link_class *klass,
                        void *object, const GError *error)
{
  struct inos_link *link = object ? add_link (host, klass, object) : NULL;

  host->n_dialled++;
  if (error) {
    g_clear_error (&host->dial_error);
    host->dial_error = g_error_copy (error);
  }
  if (link)
    link->dial = dial;
  return link != NULL;
}

struct inos_link *inos_host_link_of (struct inos_host *host, uint64_t dial)
{
  for (unsigned i = 0; i < host->n_links; i++)
    if (host->links[i].dial == dial)
      return &host->links[i];
  return NULL;
}

struct inos_link *inos_host_accept (struct inos_host *host, const struct inos_link_class *klass,
                                    void *object, const struct inos_multiaddr *remote,
                                    const struct inos_multiaddr *local)
{
  struct inos_link *link = add_link (host, klass, object);

  if (link) {
    link->remote = *remote;
    link->local = *local;
    link->echo = host->echo;
  }
  return link;
}

void inos_host_link_bytes (struct inos_link *link, uint8_t *bytes, size_t len)
{
  if (!link->host->no_check)
    check (link, bytes, len);
  link->received += len;
  if (link->echo)
    standin_send (link, len);
}

void inos_host_link_room (struct inos_link *link)
{
  send_more (link);
}

void inos_host_link_closed (struct inos_link *link, const GError *error)
{
  link->closed = true;
  link->object = NULL;
  link->error = error ? g_error_copy (error) : NULL;
}

void inos_host_listening (struct inos_host *host, const struct inos_multiaddr *address, bool on)
{
  if (on && host->n_listening < STANDIN_LINKS)
    host->listening[host->n_listening++] = *address;
  for (unsigned i = 0; !on && i < host->n_listening; i++)
    if (inos_multiaddr_equal (&host->listening[i], address))
      host->listening[i] = host->listening[--host->n_listening];
}

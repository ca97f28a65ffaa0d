/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/bootstrap.h"

#include "node/mesh/net/dnsaddr.h"
#include "node/mesh/net/poller.h"

#define AGAIN 10u      /* s, until what did not work is tried again; doubled each time */
#define AGAIN_MAX 640u /* s, up to this */
#define LOOK 60u       /* s, between two looks whether there is still somebody */
#define LIFE (3600 * G_GUINT64_CONSTANT (1000000000)) /* ns, of what a name's records say */

/* One that is named. */
struct named {
  struct inos_bootstrap *bootstrap;
  struct inos_multiaddr address;
  struct inos_dnsaddr *lookup; /* NULL: none is under way */
  GSource *again;
  unsigned tries; /* since there was anybody */
  bool said;      /* that its name is not found */
};

struct inos_bootstrap {
  struct inos_host *host;
  GMainContext *context;
  unsigned n;
  struct named named[INOS_MESH_ADDRESSES_MAX];
};

static void reach (struct named *named);

static gboolean on_again (gpointer data)
{
  struct named *named = data;
  struct inos_host_totals totals;

  inos_timer_clear (&named->again);
  inos_host_totals (named->bootstrap->host, &totals);
  if (totals.peers == 0) {
    reach (named);
  } else {
    named->tries = 0;
    inos_timer_set (&named->again, named->bootstrap->context, LOOK * 1000, on_again, named);
  }
  return G_SOURCE_REMOVE;
}

static void try_again (struct named *named)
{
  guint seconds = MIN (AGAIN << MIN (named->tries, 6u), AGAIN_MAX);

  named->tries++;
  inos_timer_set (&named->again, named->bootstrap->context, seconds * 1000, on_again, named);
}

static void dial (struct named *named, const struct inos_multiaddr *address, bool set)
{
  struct inos_host *host = named->bootstrap->host;
  uint64_t now = inos_env_now (inos_host_env (host));
  struct inos_peer_id id;

  if (!inos_multiaddr_peer (address, &id) || inos_peer_id_equal (&id, inos_host_id (host)))
    return;
  struct inos_peer *peer = inos_peer_book_get (inos_host_book (host), &id, now);
  inos_peer_learn (peer, address, set ? INOS_ADDRESS_CONFIGURED : INOS_ADDRESS_HEARSAY,
                   inos_dnsaddr_is (&named->address) ? now + LIFE : INOS_NEVER);
  inos_host_connect (host, &id, NULL, 0, NULL, NULL);
}

/* Who may say what stands in a name's records is not who may say what stands in the settings: only
 * a peer whose id those have is one that they name. */
static void on_found (void *data, const struct inos_multiaddr *addresses, unsigned n,
                      const GError *error)
{
  struct named *named = data;
  struct inos_peer_id id;
  bool set = inos_multiaddr_peer (&named->address, &id);

  named->lookup = NULL;
  try_again (named);
  if (error) {
    g_autofree char *text = inos_multiaddr_text (&named->address);
    if (!named->said)
      g_warning (
        "Cannot find %s of [mesh] bootstrap: %s It is looked for again, and not said again.", text,
        error->message);
    named->said = true;
    return;
  }
  named->said = false;
  for (unsigned i = 0; i < n; i++)
    dial (named, &addresses[i], set);
}

static void reach (struct named *named)
{
  if (inos_dnsaddr_is (&named->address)) {
    named->lookup =
      inos_dnsaddr_resolve (named->bootstrap->context, &named->address, on_found, named);
    return;
  }
  dial (named, &named->address, true);
  try_again (named);
}

struct inos_bootstrap *inos_bootstrap_new (struct inos_host *host, GMainContext *context,
                                           const struct inos_mesh_config *config)
{
  struct inos_bootstrap *bootstrap = g_new0 (struct inos_bootstrap, 1);

  bootstrap->host = host;
  bootstrap->context = context;
  bootstrap->n = config->n_bootstrap;
  for (unsigned i = 0; i < bootstrap->n; i++) {
    struct named *named = &bootstrap->named[i];
    *named = (struct named){.bootstrap = bootstrap, .address = config->bootstrap[i]};
    reach (named);
  }
  return bootstrap;
}

void inos_bootstrap_free (struct inos_bootstrap *bootstrap)
{
  if (!bootstrap)
    return;
  for (unsigned i = 0; i < bootstrap->n; i++) {
    inos_dnsaddr_cancel (bootstrap->named[i].lookup);
    inos_timer_clear (&bootstrap->named[i].again);
  }
  g_free (bootstrap);
}

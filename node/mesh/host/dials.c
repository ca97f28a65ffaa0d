/*
 * Dials: all the ways to a peer, one after the other with a head start for the better ones ("happy
 * eyeballs", RFC 8305), until one leads to a connection with whom it should.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/dial_order.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/private.h"

#include <string.h>

#define HEAD_START (INOS_SECONDS (1) / 4) /* RFC 8305, 5: 250 ms */
#define DIAL_TIMEOUT INOS_SECONDS (20)
#define PUNCH_TIMEOUT INOS_SECONDS (5) /* the other side's NAT forgets as soon */
#define DIALS_WAITING 256u             /* for their turn */
#define WAITERS_MAX 256u               /* for one dial */
#define WHY_MAX 1024u                  /* bytes of a reason */

struct waiter {
  inos_host_dial_done done;
  void *data;
};

/* One address that is being tried. */
struct attempt {
  uint64_t number;
  const struct inos_network *network;
  void *dialling;         /* the network's; NULL once there is a link */
  struct inos_link *link; /* not ready yet */
  struct inos_multiaddr address;
};

struct inos_dial {
  struct inos_peer_id peer;      /* nobody: whoever is there */
  GArray *addresses;             /* struct inos_multiaddr; the best first */
  guint next;                    /* of them */
  GPtrArray *attempts;           /* struct attempt */
  GArray *waiters;               /* struct waiter */
  GString *why;                  /* what went wrong so far */
  uint64_t head_start, deadline; /* ns; 0: it has not begun */
  bool direct;                   /* not by a relay */
  bool punches;                  /* all at once, and nowhere else */
  bool responds;                 /* the other side is the initiator */
  inos_host_probed probed;       /* NULL: it is no probe */
  void *probe_data;
  struct inos_connection *found; /* of a probe */
  bool over;
};

static void free_dial (struct inos_dial *dial)
{
  g_array_unref (dial->addresses);
  g_ptr_array_unref (dial->attempts);
  g_array_unref (dial->waiters);
  g_string_free (dial->why, TRUE);
  g_free (dial);
}

/* Attempts */

static void drop_attempt (struct inos_host *host, struct attempt *attempt)
{
  if (attempt->dialling)
    attempt->network->cancel (attempt->network->data, attempt->dialling);
  attempt->dialling = NULL;
  if (attempt->link) {
    struct inos_link *link = g_steal_pointer (&attempt->link);
    link->dial = G_MAXUINT64; /* nobody waits for it */
    inos_link_close (link);
  }
}

static struct attempt *find_attempt (struct inos_host *host, uint64_t number,
                                     struct inos_dial **whose)
{
  for (guint i = 0; i < host->dials->len; i++) {
    struct inos_dial *dial = host->dials->pdata[i];
    for (guint j = 0; j < dial->attempts->len; j++) {
      struct attempt *attempt = dial->attempts->pdata[j];
      if (attempt->number != number)
        continue;
      *whose = dial;
      return attempt;
    }
  }
  return NULL;
}

static void note_failure (struct inos_dial *dial, const struct inos_multiaddr *address,
                          const char *why)
{
  g_autofree char *text = inos_multiaddr_text (address);

  if (dial->why->len + strlen (text) + strlen (why) < WHY_MAX)
    g_string_append_printf (dial->why, "%s%s: %s", dial->why->len > 0 ? "; " : "", text, why);
}

static const struct inos_network *network_of (struct inos_host *host,
                                              const struct inos_multiaddr *address)
{
  for (guint i = 0; i < host->networks->len; i++) {
    const struct inos_network *network = host->networks->pdata[i];
    if (network->handles (network->data, address))
      return network;
  }
  return NULL;
}

static void blame_address (struct inos_host *host, struct inos_dial *dial,
                           const struct inos_multiaddr *address, const char *why,
                           enum inos_dial_ending how)
{
  struct inos_peer *peer = inos_peer_book_find (host->book, &dial->peer);

  note_failure (dial, address, why);
  if (peer)
    inos_peer_dialled (peer, address, how, inos_env_now (host->setup.env));
}

/* Of what goes by a relay only the relay's word is known. */
static enum inos_dial_ending ending_at (const struct inos_multiaddr *address, const GError *error)
{
  enum inos_dial_ending ending = inos_dial_ending_of (error);
  bool relayed = inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT);

  return relayed && ending == INOS_DIAL_FAILED ? INOS_DIAL_NO_CIRCUIT : ending;
}

/* Tries the next address. Returns: whether one is being tried. */
static bool try_next (struct inos_host *host, struct inos_dial *dial)
{
  while (dial->next < dial->addresses->len) {
    g_autoptr (GError) error = NULL;
    struct attempt *attempt = g_new0 (struct attempt, 1);
    attempt->address = g_array_index (dial->addresses, struct inos_multiaddr, dial->next++);
    attempt->number = ++host->last_dial;
    attempt->network = network_of (host, &attempt->address);
    dial->head_start = inos_env_now (host->setup.env) + HEAD_START;
    g_ptr_array_add (dial->attempts, attempt);
    if (attempt->network)
      attempt->dialling =
        attempt->network->dial (attempt->network->data, &attempt->address, attempt->number, &error);
    if (attempt->dialling)
      return true;
    blame_address (host, dial, &attempt->address,
                   error ? error->message : "nothing here speaks that",
                   attempt->network ? ending_at (&attempt->address, error) : INOS_DIAL_NO_NETWORK);
    g_ptr_array_remove (dial->attempts, attempt);
  }
  return false;
}

/* Ends */

static void finish (struct inos_host *host, struct inos_dial *dial, const struct inos_peer_id *peer,
                    const GError *error)
{
  if (dial->over)
    return;
  dial->over = true;
  g_ptr_array_remove (host->dials, dial);
  for (guint i = 0; i < dial->attempts->len; i++)
    drop_attempt (host, dial->attempts->pdata[i]);
  for (guint i = 0; i < dial->waiters->len; i++) {
    const struct waiter *waiter = &g_array_index (dial->waiters, struct waiter, i);
    if (waiter->done)
      waiter->done (waiter->data, peer, error);
  }
  if (dial->probed)
    dial->probed (dial->probe_data, dial->found, error);
  else if (!dial->punches && inos_peer_id_is_set (&dial->peer))
    inos_host_tell_dialled (host, &dial->peer, error);
  free_dial (dial);
}

static void fail (struct inos_host *host, struct inos_dial *dial, enum inos_mesh_error code,
                  const char *why)
{
  char text[INOS_PEER_TEXT_MAX] = "The peer";

  if (inos_peer_id_is_set (&dial->peer))
    inos_peer_id_text (&dial->peer, text);
  g_autoptr (GError) error =
    g_error_new (INOS_MESH_ERROR, (gint)code, "%s cannot be reached: %s.", text, why);
  finish (host, dial, &dial->peer, error);
}

/* Goes on with the next address, or gives up when none is left and none is being tried. */
static void go_on (struct inos_host *host, struct inos_dial *dial)
{
  if (try_next (host, dial) || dial->attempts->len > 0)
    return;
  g_autofree char *why = g_strdup (dial->why->len > 0 ? dial->why->str : "no address is known");
  fail (host, dial, dial->addresses->len > 0 ? INOS_MESH_ERROR_FAILED : INOS_MESH_ERROR_NO_ADDRESS,
        why);
}

static void begin (struct inos_host *host, struct inos_dial *dial)
{
  uint64_t timeout = dial->punches ? PUNCH_TIMEOUT : DIAL_TIMEOUT;

  dial->deadline = inos_env_now (host->setup.env) + timeout;
  while (dial->punches && try_next (host, dial))
    ;
  go_on (host, dial);
}

static unsigned count_running (const struct inos_host *host)
{
  unsigned running = 0;

  for (guint i = 0; i < host->dials->len; i++)
    running += ((const struct inos_dial *)host->dials->pdata[i])->deadline > 0;
  return running;
}

/* What networks tell */

static void attempt_failed (struct inos_host *host, struct inos_dial *dial, struct attempt *attempt,
                            const GError *error)
{
  blame_address (host, dial, &attempt->address, error ? error->message : "it was closed",
                 ending_at (&attempt->address, error));
  g_ptr_array_remove (dial->attempts, attempt);
  go_on (host, dial);
}

bool inos_host_dialled (struct inos_host *host, uint64_t number,
                        const struct inos_link_class *klass, void *object, const GError *error)
{
  struct inos_dial *dial;
  struct attempt *attempt = find_attempt (host, number, &dial);

  if (!attempt)
    return false;
  inos_host_enter (host);
  attempt->dialling = NULL;
  if (object) {
    attempt->link = inos_link_new (host, klass, object, number,
                                   inos_peer_id_is_set (&dial->peer) ? &dial->peer : NULL,
                                   &attempt->address, NULL, !dial->responds);
    inos_link_start (attempt->link);
  } else {
    attempt_failed (host, dial, attempt, error);
  }
  inos_host_leave (host);
  return object != NULL;
}

bool inos_host_dials_whom (struct inos_host *host, uint64_t number, struct inos_peer_id *peer)
{
  struct inos_dial *dial;

  if (!find_attempt (host, number, &dial) || !inos_peer_id_is_set (&dial->peer))
    return false;
  *peer = dial->peer;
  return true;
}

struct inos_link *inos_host_link_of (struct inos_host *host, uint64_t number)
{
  for (guint i = host->links->len; i > 0; i--) {
    struct inos_link *link = host->links->pdata[i - 1];
    if (link->dial == number)
      return link;
  }
  return NULL;
}

void inos_dials_ready (struct inos_host *host, struct inos_link *link)
{
  struct inos_dial *dial;
  struct attempt *attempt = find_attempt (host, link->dial, &dial);

  if (!attempt)
    return;
  struct inos_peer_id peer = *inos_connection_peer (link->connection);
  attempt->link = NULL;
  g_ptr_array_remove (dial->attempts, attempt);
  dial->found = link->connection;
  finish (host, dial, &peer, NULL);
}

void inos_dials_failed (struct inos_host *host, struct inos_link *link, const GError *error)
{
  struct inos_dial *dial;
  struct attempt *attempt = find_attempt (host, link->dial, &dial);

  if (!attempt)
    return;
  attempt->link = NULL;
  attempt_failed (host, dial, attempt, error);
}

/* Time */

uint64_t inos_dials_deadline (const struct inos_host *host)
{
  uint64_t deadline = INOS_NEVER;

  for (guint i = 0; i < host->dials->len; i++) {
    const struct inos_dial *dial = host->dials->pdata[i];
    if (dial->deadline == 0)
      continue;
    deadline = MIN (deadline, dial->deadline);
    if (dial->next < dial->addresses->len)
      deadline = MIN (deadline, dial->head_start);
  }
  return deadline;
}

/* Each may end, and take others with it: so the list is looked at anew after every one. */
static struct inos_dial *find_due (struct inos_host *host, uint64_t now)
{
  for (guint i = 0; i < host->dials->len; i++) {
    struct inos_dial *dial = host->dials->pdata[i];
    if (dial->deadline > 0 &&
        (dial->deadline <= now || (dial->next < dial->addresses->len && dial->head_start <= now)))
      return dial;
  }
  return NULL;
}

static struct inos_dial *find_waiting (struct inos_host *host)
{
  for (guint i = 0; i < host->dials->len; i++) {
    struct inos_dial *dial = host->dials->pdata[i];
    if (dial->deadline == 0)
      return dial;
  }
  return NULL;
}

/* Those that are being tried still. */
static void blame_silent (struct inos_host *host, const struct inos_dial *dial)
{
  struct inos_peer *peer = inos_peer_book_find (host->book, &dial->peer);

  for (guint i = 0; peer && i < dial->attempts->len; i++)
    inos_peer_dialled (peer, &((const struct attempt *)dial->attempts->pdata[i])->address,
                       INOS_DIAL_TIMED_OUT, inos_env_now (host->setup.env));
}

void inos_dials_tick (struct inos_host *host)
{
  uint64_t now = inos_env_now (host->setup.env);
  struct inos_dial *dial;

  while ((dial = find_due (host, now)) != NULL) {
    if (dial->deadline > now) {
      go_on (host, dial);
      continue;
    }
    blame_silent (host, dial);
    g_autofree char *why =
      g_strdup_printf ("no answer in time%s%s", dial->why->len > 0 ? "; " : "", dial->why->str);
    fail (host, dial, INOS_MESH_ERROR_TIMED_OUT, why);
  }
  while (count_running (host) < host->limits.dials && (dial = find_waiting (host)) != NULL)
    begin (host, dial);
}

/* Whom to dial */

static bool has_address (const GArray *addresses, const struct inos_multiaddr *address)
{
  for (guint i = 0; i < addresses->len; i++)
    if (inos_multiaddr_equal (&g_array_index (addresses, struct inos_multiaddr, i), address))
      return true;
  return false;
}

static void add_address (struct inos_dial *dial, const struct inos_multiaddr *address)
{
  struct inos_multiaddr bare;

  inos_multiaddr_without_peer (address, &bare);
  if (bare.len > 0 && !has_address (dial->addresses, &bare) &&
      !(dial->direct && inos_multiaddr_has (&bare, INOS_MULTIADDR_P2P_CIRCUIT)))
    g_array_append_val (dial->addresses, bare);
}

/* What is known of @peer and is not backing off, unless nothing else is known. */
static void add_known (struct inos_dial *dial, const struct inos_peer *peer, uint64_t now)
{
  for (int patient = 1; patient >= 0 && dial->addresses->len == 0; patient--)
    for (guint i = 0; i < peer->addresses->len; i++) {
      const struct inos_known_address *known =
        &g_array_index (peer->addresses, struct inos_known_address, i);
      if (!patient || known->not_before <= now)
        add_address (dial, &known->address);
    }
}

static struct inos_dial *find_dial (struct inos_host *host, const struct inos_peer_id *peer,
                                    bool direct)
{
  for (guint i = 0; peer && i < host->dials->len; i++) {
    struct inos_dial *dial = host->dials->pdata[i];
    if (!dial->probed && !dial->punches && dial->direct == direct &&
        inos_peer_id_equal (&dial->peer, peer))
      return dial;
  }
  return NULL;
}

static struct inos_dial *new_dial (struct inos_host *host, const struct inos_peer_id *peer,
                                   bool direct, const struct inos_multiaddr *addresses,
                                   unsigned n_addresses)
{
  struct inos_dial *dial = g_new0 (struct inos_dial, 1);
  struct inos_peer *known = peer ? inos_peer_book_find (host->book, peer) : NULL;

  if (peer)
    dial->peer = *peer;
  dial->direct = direct;
  dial->addresses = g_array_new (FALSE, FALSE, sizeof (struct inos_multiaddr));
  dial->attempts = g_ptr_array_new_with_free_func (g_free);
  dial->waiters = g_array_new (FALSE, FALSE, sizeof (struct waiter));
  dial->why = g_string_new (NULL);
  for (unsigned i = 0; i < n_addresses; i++)
    add_address (dial, &addresses[i]);
  if (known)
    add_known (dial, known, inos_env_now (host->setup.env));
  inos_dial_order ((struct inos_multiaddr *)(void *)dial->addresses->data, dial->addresses->len,
                   (const struct inos_multiaddr *)(void *)host->listening->data,
                   host->listening->len);
  g_ptr_array_add (host->dials, dial);
  return dial;
}

/* Why it cannot even begin; NULL: it can. */
static const char *refusal (struct inos_host *host, const struct inos_peer_id *peer,
                            const struct inos_dial *dial)
{
  if (peer && inos_peer_id_equal (peer, &host->id))
    return "That is this node itself.";
  if (dial ? dial->waiters->len >= WAITERS_MAX : host->dials->len >= DIALS_WAITING)
    return "Too many dials wait for their turn; try again later.";
  return NULL;
}

static bool is_there (struct inos_host *host, const struct inos_peer_id *peer, bool direct)
{
  return direct ? inos_host_is_direct (host, peer) : inos_host_is_connected (host, peer);
}

static void connect_to (struct inos_host *host, const struct inos_peer_id *peer, bool direct,
                        const struct inos_multiaddr *addresses, unsigned n_addresses,
                        inos_host_dial_done done, void *data)
{
  struct inos_dial *dial = find_dial (host, peer, direct);
  const char *why_not = refusal (host, peer, dial);
  struct waiter waiter = {done, data};

  if (why_not) {
    g_autoptr (GError) error =
      g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_LIMIT, why_not);
    if (done)
      done (data, peer, error);
    return;
  }
  if (peer && is_there (host, peer, direct)) {
    if (done)
      done (data, peer, NULL);
    return;
  }
  inos_host_enter (host);
  bool is_new = !dial;
  if (is_new)
    dial = new_dial (host, peer, direct, addresses, n_addresses);
  g_array_append_val (dial->waiters, waiter);
  if (is_new && count_running (host) < host->limits.dials)
    begin (host, dial);
  inos_host_leave (host);
}

void inos_host_connect (struct inos_host *host, const struct inos_peer_id *peer,
                        const struct inos_multiaddr *addresses, unsigned n_addresses,
                        inos_host_dial_done done, void *data)
{
  connect_to (host, peer, false, addresses, n_addresses, done, data);
}

void inos_host_connect_direct (struct inos_host *host, const struct inos_peer_id *peer,
                               const struct inos_multiaddr *addresses, unsigned n_addresses,
                               inos_host_dial_done done, void *data)
{
  connect_to (host, peer, true, addresses, n_addresses, done, data);
}

bool inos_host_can_dial (struct inos_host *host, const struct inos_multiaddr *address)
{
  return network_of (host, address) != NULL;
}

void inos_host_probe (struct inos_host *host, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *address, inos_host_probed done, void *data)
{
  const char *why_not = refusal (host, peer, NULL);

  if (why_not) {
    g_autoptr (GError) error =
      g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_LIMIT, why_not);
    done (data, NULL, error);
    return;
  }
  inos_host_enter (host);
  struct inos_dial *dial = new_dial (host, NULL, true, address, 1);
  dial->peer = *peer;
  dial->probed = done;
  dial->probe_data = data;
  if (count_running (host) < host->limits.dials)
    begin (host, dial);
  inos_host_leave (host);
}

void inos_host_punch (struct inos_host *host, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *addresses, unsigned n_addresses, bool responds,
                      inos_host_dial_done done, void *data)
{
  const char *why_not = refusal (host, peer, NULL);
  struct waiter waiter = {done, data};

  if (why_not) {
    g_autoptr (GError) error =
      g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_LIMIT, why_not);
    done (data, peer, error);
    return;
  }
  inos_host_enter (host);
  struct inos_dial *dial = new_dial (host, NULL, true, addresses, n_addresses);
  dial->peer = *peer;
  dial->punches = true;
  dial->responds = responds;
  g_array_append_val (dial->waiters, waiter);
  begin (host, dial); /* now or never */
  inos_host_leave (host);
}

static struct inos_dial *find_punch (struct inos_host *host, const struct inos_peer_id *peer)
{
  for (guint i = 0; i < host->dials->len; i++) {
    struct inos_dial *dial = host->dials->pdata[i];
    if (dial->punches && inos_peer_id_equal (&dial->peer, peer))
      return dial;
  }
  return NULL;
}

void inos_dials_met (struct inos_host *host, const struct inos_peer_id *peer)
{
  struct inos_dial *dial;

  while ((dial = find_punch (host, peer)) != NULL)
    finish (host, dial, peer, NULL);
}

bool inos_dials_meets (struct inos_host *host, const struct inos_multiaddr *remote,
                       struct inos_peer_id *peer)
{
  for (guint i = 0; i < host->dials->len; i++) {
    const struct inos_dial *dial = host->dials->pdata[i];
    if (!dial->punches || dial->responds || !has_address (dial->addresses, remote))
      continue;
    *peer = dial->peer;
    return true;
  }
  return false;
}

void inos_dials_clear (struct inos_host *host)
{
  while (host->dials->len > 0) {
    g_autoptr (GError) error =
      g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_CLOSED, "The node stops.");
    struct inos_dial *dial = host->dials->pdata[0];
    finish (host, dial, &dial->peer, error);
  }
}

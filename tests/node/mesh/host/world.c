/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "tests/node/mesh/host/world.h"

#include <gio/gio.h>
#include <string.h>

#define PIPE_MAX 65536u

/* One end of a link. What is in `in` has arrived and was not read yet. */
struct end {
  struct world *world;
  unsigned owner;    /* a host's number */
  struct end *other; /* NULL: it has closed */
  struct inos_link *link;
  struct inos_buffer in;
  bool read, closed, told, wants_room;
};

struct dial {
  uint64_t number;
  unsigned from, to;
};

struct place {
  struct world *world;
  unsigned number;
  struct inos_identity *identity;
  struct inos_host *host; /* NULL: removed */
  struct inos_network network;
  bool silent, refuses;
};

struct watch {
  uint64_t (*deadline) (void *data);
  void (*tick) (void *data);
  void *data;
};

struct world {
  struct inos_mesh_env env;
  uint64_t now;
  GRand *rand;
  unsigned n_places;
  struct place places[WORLD_HOSTS_MAX + 1];
  GPtrArray *ends;  /* struct end */
  GPtrArray *dials; /* struct dial */
  GArray *watches;  /* struct watch */
  bool cut[WORLD_HOSTS_MAX + 1][WORLD_HOSTS_MAX + 1];
};

/* The environment */

static uint64_t env_now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t env_wall (void *data)
{
  return (int64_t)(1700000000000 + ((struct world *)data)->now / 1000000);
}

static void env_random (void *data, void *bytes, size_t len)
{
  for (size_t i = 0; i < len; i++)
    ((uint8_t *)bytes)[i] = (uint8_t)g_rand_int (((struct world *)data)->rand);
}

/* The network */

static size_t end_send (void *link, const uint8_t *bytes, size_t len)
{
  struct end *end = link;

  if (!end->other)
    return len;
  size_t room = PIPE_MAX - MIN (PIPE_MAX, inos_buffer_len (&end->other->in));
  len = MIN (len, room);
  end->wants_room = len == room;
  inos_buffer_append (&end->other->in, bytes, len);
  return len;
}

static void end_read (void *link, bool wanted)
{
  ((struct end *)link)->read = wanted;
}

static void end_close (void *link)
{
  struct end *end = link;

  end->closed = true;
  if (end->other)
    end->other->other = NULL;
}

static const struct inos_link_class klass = {end_send, end_read, end_close};

static unsigned number_of (const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part part;
  size_t offset = 0;

  if (!inos_multiaddr_next (address, &offset, &part) || part.code != INOS_MULTIADDR_MEMORY)
    return 0;
  return part.value[part.len - 1];
}

static bool net_handles (void *data, const struct inos_multiaddr *address)
{
  return number_of (address) > 0 && !inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT);
}

static void *net_dial (void *data, const struct inos_multiaddr *address, uint64_t number,
                       GError **error)
{
  struct place *place = data;
  struct dial *dial = g_new0 (struct dial, 1);

  *dial = (struct dial){number, place->number, number_of (address)};
  g_ptr_array_add (place->world->dials, dial);
  return dial;
}

static void net_cancel (void *data, void *dialling)
{
  g_ptr_array_remove (((struct place *)data)->world->dials, dialling);
}

static bool net_listen (void *data, const struct inos_multiaddr *address, GError **error)
{
  inos_host_listening (((struct place *)data)->host, address, true);
  return true;
}

/* Life cycle */

static void free_end (gpointer data)
{
  struct end *end = data;

  inos_buffer_clear (&end->in);
  g_free (end);
}

struct world *world_new (uint64_t seed)
{
  struct world *world = g_new0 (struct world, 1);

  world->env = (struct inos_mesh_env){world, env_now, env_wall, env_random};
  world->now = G_GUINT64_CONSTANT (1000000000);
  world->rand = g_rand_new_with_seed ((guint32)seed);
  world->ends = g_ptr_array_new_with_free_func (free_end);
  world->dials = g_ptr_array_new_with_free_func (g_free);
  world->watches = g_array_new (FALSE, FALSE, sizeof (struct watch));
  return world;
}

void world_remove (struct world *world, unsigned number)
{
  g_clear_pointer (&world->places[number].host, inos_host_free);
}

void world_free (struct world *world)
{
  for (unsigned i = 1; i <= world->n_places; i++) {
    world_remove (world, i);
    inos_identity_free (world->places[i].identity);
  }
  g_ptr_array_unref (world->ends);
  g_ptr_array_unref (world->dials);
  g_array_unref (world->watches);
  g_rand_free (world->rand);
  g_free (world);
}

struct inos_multiaddr world_address (struct world *world, unsigned number, bool with_peer)
{
  g_autofree char *text = g_strdup_printf ("/memory/%u", number);
  struct inos_multiaddr address;
  bool right = inos_multiaddr_parse (&address, text, NULL);

  if (with_peer) {
    const struct inos_peer_id *id = inos_host_id (world->places[number].host);
    right = right && inos_multiaddr_append (&address, INOS_MULTIADDR_P2P, id->bytes, id->len);
  }
  g_assert (right);
  return address;
}

struct inos_host *world_add (struct world *world, const struct inos_host_limits *limits)
{
  struct place *place = &world->places[++world->n_places];
  uint8_t seed[INOS_SEED_SIZE] = {0};

  g_assert (world->n_places <= WORLD_HOSTS_MAX);
  seed[0] = (uint8_t)world->n_places;
  *place = (struct place){.world = world, .number = world->n_places};
  place->identity = inos_identity_from_seed (seed);
  struct inos_host_setup setup = {
    .env = &world->env, .identity = place->identity, .agent = "inos/test"};
  if (limits)
    setup.limits = *limits;
  place->host = inos_host_new (&setup);
  place->network = (struct inos_network){.name = "memory",
                                         .data = place,
                                         .handles = net_handles,
                                         .dial = net_dial,
                                         .cancel = net_cancel,
                                         .listen = net_listen};
  inos_host_add_network (place->host, &place->network);
  struct inos_multiaddr address = world_address (world, place->number, false);
  inos_host_listen (place->host, &address, NULL);
  return place->host;
}

const struct inos_mesh_env *world_env (struct world *world)
{
  return &world->env;
}

uint64_t world_now (struct world *world)
{
  return world->now;
}

void world_watch (struct world *world, uint64_t (*deadline) (void *data), void (*tick) (void *data),
                  void *data)
{
  struct watch watch = {deadline, tick, data};

  g_array_append_val (world->watches, watch);
}

void world_cut (struct world *world, unsigned one, unsigned other)
{
  world->cut[one][other] = world->cut[other][one] = true;
}

void world_break (struct world *world, unsigned number)
{
  for (guint i = 0; i < world->ends->len; i++) {
    struct end *end = world->ends->pdata[i];
    if (!end->other || i < 2 * number) /* a link's ends are neighbours */
      continue;
    end->other->other = NULL;
    end->other = NULL;
    return;
  }
}

void world_forbid (struct world *world, unsigned number, bool refuse)
{
  world->places[number].refuses = refuse;
  world->places[number].silent = !refuse;
}

void world_open (struct world *world, unsigned number)
{
  world->places[number].refuses = world->places[number].silent = false;
}

unsigned world_links (struct world *world)
{
  unsigned links = 0;

  for (guint i = 0; i < world->ends->len; i++)
    links += !((struct end *)world->ends->pdata[i])->closed;
  return links / 2;
}

/* What happens */

static struct end *new_end (struct world *world, unsigned owner)
{
  struct end *end = g_new0 (struct end, 1);

  end->world = world;
  end->owner = owner;
  end->read = true;
  g_ptr_array_add (world->ends, end);
  return end;
}

static void refuse (struct world *world, struct inos_host *from, uint64_t number)
{
  g_autoptr (GError) error =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");

  inos_host_dialled (from, number, &klass, NULL, error);
}

/* Returns: whether there was one. */
static bool answer_dial (struct world *world)
{
  for (guint i = 0; i < world->dials->len; i++) {
    struct dial dial = *(struct dial *)world->dials->pdata[i];
    struct place *to = &world->places[dial.to];
    struct inos_host *from = world->places[dial.from].host;
    if (to->silent || !from)
      continue;
    g_ptr_array_remove_index (world->dials, i);
    if (to->refuses || !to->host || dial.to > world->n_places) {
      refuse (world, from, dial.number);
      return true;
    }
    struct end *here = new_end (world, dial.from), *there = new_end (world, dial.to);
    here->other = there;
    there->other = here;
    if (!inos_host_dialled (from, dial.number, &klass, here, NULL)) {
      end_close (here);
      end_close (there);
      return true;
    }
    here->link = inos_host_link_of (from, dial.number);
    struct inos_multiaddr remote = world_address (world, dial.from, false),
                          local = world_address (world, dial.to, false);
    there->link = inos_host_accept (to->host, &klass, there, &remote, &local);
    if (!there->link)
      end_close (there);
    return true;
  }
  return false;
}

/* Returns: whether something happened. */
static bool move_end (struct world *world, struct end *end)
{
  if (end->closed || !end->link)
    return false;
  size_t len = inos_buffer_len (&end->in);
  if (len > 0 && end->read) {
    uint8_t piece[4096];
    len = (size_t)g_rand_int_range (world->rand, 1, (gint32)MIN (len, sizeof piece) + 1);
    memcpy (piece, inos_buffer_data (&end->in), len);
    inos_buffer_consume (&end->in, len);
    inos_host_link_bytes (end->link, piece, len);
    if (end->other && end->other->wants_room && end->other->link && !end->other->closed) {
      end->other->wants_room = false;
      inos_host_link_room (end->other->link);
    }
    return true;
  }
  if (end->other || end->told || len > 0)
    return false;
  end->told = true;
  end->closed = true;
  inos_host_link_closed (end->link, NULL);
  return true;
}

static bool move_bytes (struct world *world)
{
  bool moved = false;

  for (guint i = 0; i < world->ends->len; i++) {
    struct end *end = world->ends->pdata[i];
    if (end->other && world->cut[end->owner][end->other->owner])
      continue;
    moved |= move_end (world, end);
  }
  return moved;
}

/* @ticked: (out): whether it was time for somebody, who may have sent something. */
static uint64_t tick_all (struct world *world, bool *ticked)
{
  uint64_t next = UINT64_MAX;

  for (unsigned i = 1; i <= world->n_places; i++) {
    struct inos_host *host = world->places[i].host;
    if (host && inos_host_deadline (host) <= world->now) {
      inos_host_tick (host);
      *ticked = true;
    }
    if (host)
      next = MIN (next, inos_host_deadline (host));
  }
  for (guint i = 0; i < world->watches->len; i++) {
    struct watch *watch = &g_array_index (world->watches, struct watch, i);
    if (watch->deadline (watch->data) <= world->now) {
      watch->tick (watch->data);
      *ticked = true;
    }
    next = MIN (next, watch->deadline (watch->data));
  }
  return next;
}

void world_settle (struct world *world)
{
  bool busy;

  do {
    busy = answer_dial (world);
    busy |= move_bytes (world);
    tick_all (world, &busy);
  } while (busy);
}

void world_pass (struct world *world, uint64_t ns)
{
  uint64_t until = world->now + ns;

  for (;;) {
    world_settle (world);
    bool ticked = false;
    uint64_t next = tick_all (world, &ticked);
    if (ticked)
      continue;
    if (next > until)
      break;
    world->now = MAX (world->now, next);
  }
  world->now = until;
  world_settle (world);
}

static void on_connected (void *data, const struct inos_peer_id *peer, const GError *error)
{
  *(int *)data = error ? 0 : 1;
}

bool world_connect (struct world *world, unsigned from, unsigned to)
{
  struct inos_multiaddr address = world_address (world, to, true);
  int worked = -1;

  inos_host_connect (world->places[from].host, inos_host_id (world->places[to].host), &address, 1,
                     on_connected, &worked);
  world_settle (world);
  g_assert (worked >= 0);
  return worked;
}

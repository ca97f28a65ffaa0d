/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/node_state.h"

#include "node/identity/identity.h"
#include "node/mesh/wire/proto.h"

#include <string.h>

#define CONTEXT "inos-node-state:"
#define SERVICE 1u
#define SERVICE_NAME 1u /* within it */
#define SERVICE_PORT 2u
#define SERVICE_COST 3u
#define FIRST_FIGURE 2u /* field number */
#define SHARE 16u       /* a sixteenth more or less is no news */
#define MIB (UINT64_C (1) << 20)

static const char *const parts[] = {"resources", "network", "services", "opinions"};

/* Smaller differences than `step` are no news either. */
static const struct {
  const char *name;
  enum inos_node_part part;
  uint64_t step;
} table[] = {
  [INOS_NODE_PROCESSOR] = {"processor", INOS_PART_RESOURCES, 50},
  [INOS_NODE_CORES] = {"cores", INOS_PART_RESOURCES, 0},
  [INOS_NODE_LOAD] = {"load", INOS_PART_RESOURCES, 500},
  [INOS_NODE_MEMORY] = {"memory", INOS_PART_RESOURCES, 0},
  [INOS_NODE_MEMORY_USED] = {"memory-used", INOS_PART_RESOURCES, 64 * MIB},
  [INOS_NODE_SWAP_USED] = {"swap-used", INOS_PART_RESOURCES, 64 * MIB},
  [INOS_NODE_STORAGE_FREE] = {"storage-free", INOS_PART_RESOURCES, 256 * MIB},
  [INOS_NODE_GPUS] = {"gpus", INOS_PART_RESOURCES, 0},
  [INOS_NODE_CELSIUS] = {"celsius", INOS_PART_RESOURCES, 5},
  [INOS_NODE_BATTERY] = {"battery", INOS_PART_RESOURCES, 2},
  [INOS_NODE_PEERS] = {"peers", INOS_PART_NETWORK, 0},
  [INOS_NODE_CONNECTIONS] = {"connections", INOS_PART_NETWORK, 4},
  [INOS_NODE_MEMBERS] = {"members", INOS_PART_NETWORK, 0},
  [INOS_NODE_RECEIVED_RATE] = {"received-rate", INOS_PART_NETWORK, MIB},
  [INOS_NODE_SENT_RATE] = {"sent-rate", INOS_PART_NETWORK, MIB},
};

G_STATIC_ASSERT (G_N_ELEMENTS (parts) == INOS_PARTS);
G_STATIC_ASSERT (G_N_ELEMENTS (table) == INOS_NODE_FIGURES);

const char *inos_node_figure_name (enum inos_node_figure figure)
{
  return table[figure].name;
}

enum inos_node_part inos_node_figure_part (enum inos_node_figure figure)
{
  return table[figure].part;
}

void inos_node_state_set (struct inos_node_state *state, enum inos_node_figure figure,
                          uint64_t value)
{
  state->known[figure] = true;
  state->figures[figure] = value;
}

static void add_service (struct inos_node_state *state, const char *name, size_t len, uint16_t port,
                         uint32_t cost)
{
  struct inos_node_service *service = &state->services[state->n_services];

  if (state->n_services == INOS_NODE_SERVICES_MAX || len == 0 || len > INOS_NODE_SERVICE_MAX ||
      !g_utf8_validate_len (name, len, NULL))
    return;
  memcpy (service->name, name, len);
  service->name[len] = '\0';
  service->port = port;
  service->cost = cost;
  state->n_services++;
}

void inos_node_state_add (struct inos_node_state *state, const char *name, uint16_t port,
                          uint32_t cost)
{
  add_service (state, name, strlen (name), port, cost);
}

static bool is_same_service (const struct inos_node_service *a, const struct inos_node_service *b)
{
  return strcmp (a->name, b->name) == 0 && a->port == b->port && a->cost == b->cost;
}

static bool differs (const struct inos_node_state *now, const struct inos_node_state *told,
                     unsigned figure)
{
  uint64_t a = now->figures[figure], b = told->figures[figure], by = a > b ? a - b : b - a;

  return now->known[figure] != told->known[figure] ||
         (by > table[figure].step && (table[figure].step == 0 || by > b / SHARE));
}

bool inos_node_state_is_news (const struct inos_node_state *now, const struct inos_node_state *told,
                              enum inos_node_part part)
{
  for (unsigned i = 0; i < INOS_NODE_FIGURES; i++)
    if (table[i].part == part && differs (now, told, i))
      return true;
  if (part == INOS_PART_OPINIONS)
    return inos_opinions_is_news (&now->opinions, &told->opinions);
  if (part != INOS_PART_SERVICES)
    return false;
  if (now->n_services != told->n_services)
    return true;
  for (unsigned i = 0; i < now->n_services; i++)
    if (!is_same_service (&now->services[i], &told->services[i]))
      return true;
  return false;
}

/* Keys */

void inos_node_state_key (const struct inos_peer_id *peer, enum inos_node_part part,
                          char out[INOS_SLOT_KEY_MAX + 1])
{
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  g_snprintf (out, INOS_SLOT_KEY_MAX + 1, "%s/%s", id, parts[part]);
}

bool inos_node_state_key_read (const char *key, size_t len, struct inos_peer_id *peer,
                               enum inos_node_part *part)
{
  char text[INOS_SLOT_KEY_MAX + 1], right[INOS_SLOT_KEY_MAX + 1];

  if (len > INOS_SLOT_KEY_MAX || memchr (key, '\0', len))
    return false;
  memcpy (text, key, len);
  text[len] = '\0';
  char *slash = strchr (text, '/');
  if (!slash)
    return false;
  *slash = '\0';
  for (unsigned i = 0; i < INOS_PARTS; i++)
    if (strcmp (slash + 1, parts[i]) == 0 && inos_peer_id_parse (peer, text)) {
      *part = (enum inos_node_part)i;
      inos_node_state_key (peer, *part, right);
      return strlen (right) == len && memcmp (right, key, len) == 0;
    }
  return false;
}

/* Values */

static void put_signed (struct inos_buffer *out, const char *key, size_t key_len, uint64_t stamp,
                        const void *bytes, size_t len)
{
  uint64_t little = GUINT64_TO_LE (stamp);

  inos_buffer_append (out, CONTEXT, strlen (CONTEXT));
  inos_buffer_append (out, key, key_len);
  inos_buffer_append (out, "", 1);
  inos_buffer_append (out, &little, sizeof little);
  inos_buffer_append (out, bytes, len);
}

static void put_service (struct inos_buffer *out, const struct inos_node_service *service)
{
  size_t opened = inos_proto_open (out, SERVICE);

  inos_proto_put_string (out, SERVICE_NAME, service->name);
  inos_proto_put_number (out, SERVICE_PORT, service->port);
  inos_proto_put_number (out, SERVICE_COST, service->cost);
  inos_proto_close (out, opened);
}

void inos_node_state_write (const struct inos_node_state *state, enum inos_node_part part,
                            const char *key, uint64_t stamp, inos_node_sign sign, void *data,
                            struct inos_buffer *out)
{
  size_t before = inos_buffer_len (out);
  struct inos_buffer whole = {0};
  uint8_t signature[INOS_NODE_SIGNATURE_SIZE];

  for (unsigned i = 0; i < state->n_services && part == INOS_PART_SERVICES; i++)
    put_service (out, &state->services[i]);
  if (part == INOS_PART_OPINIONS)
    inos_opinions_put (out, &state->opinions);
  for (unsigned i = 0; i < INOS_NODE_FIGURES; i++)
    if (table[i].part == part && state->known[i])
      inos_proto_put_number (out, FIRST_FIGURE + i, state->figures[i]);
  put_signed (&whole, key, strlen (key), stamp, inos_buffer_data (out) + before,
              inos_buffer_len (out) - before);
  sign (data, inos_buffer_data (&whole), inos_buffer_len (&whole), signature);
  inos_buffer_append (out, signature, sizeof signature);
  inos_buffer_clear (&whole);
}

bool inos_node_state_is_signed (const struct inos_slot *slot, const struct inos_peer_id *peer)
{
  uint8_t key[INOS_PUBLIC_KEY_SIZE];
  struct inos_buffer whole = {0};

  if (slot->value_len < INOS_NODE_SIGNATURE_SIZE || !inos_peer_id_key (peer, key))
    return false;
  size_t len = slot->value_len - INOS_NODE_SIGNATURE_SIZE;
  put_signed (&whole, slot->key, slot->key_len, slot->stamp, slot->value, len);
  bool right = inos_signature_is_right (key, inos_buffer_data (&whole), inos_buffer_len (&whole),
                                        slot->value + len);
  inos_buffer_clear (&whole);
  return right;
}

static void read_service (struct inos_node_state *state, const struct inos_proto_field *whole)
{
  struct inos_proto reader = inos_proto_begin (whole->bytes, whole->len);
  const char *name = NULL;
  struct inos_proto_field field;
  uint64_t port = 0, cost = 0;
  size_t len = 0;

  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, SERVICE_NAME, 1, INOS_NODE_SERVICE_MAX)) {
      name = (const char *)field.bytes;
      len = field.len;
    } else if (field.kind == INOS_PROTO_NUMBER && field.number == SERVICE_PORT)
      port = field.value;
    else if (field.kind == INOS_PROTO_NUMBER && field.number == SERVICE_COST)
      cost = field.value;
  }
  if (!reader.bad && name && port <= UINT16_MAX && cost <= UINT32_MAX)
    add_service (state, name, len, (uint16_t)port, (uint32_t)cost);
}

bool inos_node_state_read (struct inos_node_state *state, enum inos_node_part part,
                           const void *value, size_t len)
{
  struct inos_proto_field field;

  if (len < INOS_NODE_SIGNATURE_SIZE || len > INOS_NODE_PART_MAX)
    return false;
  struct inos_proto reader = inos_proto_begin (value, len - INOS_NODE_SIGNATURE_SIZE);
  if (part == INOS_PART_OPINIONS)
    state->opinions = (struct inos_opinions){.told = true};
  while (inos_proto_next (&reader, &field)) {
    uint32_t figure = field.number - FIRST_FIGURE;
    if (part == INOS_PART_OPINIONS)
      inos_opinions_read (&state->opinions, &field);
    else if (field.number == SERVICE && field.kind == INOS_PROTO_BYTES &&
             part == INOS_PART_SERVICES)
      read_service (state, &field);
    else if (figure < INOS_NODE_FIGURES && table[figure].part == part &&
             field.kind == INOS_PROTO_NUMBER)
      inos_node_state_set (state, (enum inos_node_figure)figure, field.value);
  }
  return !reader.bad;
}

/*
 * Fuzz target of what nodes say of themselves: the same bytes as a value of each part, and as its
 * key. See fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/node_state.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check (const struct inos_node_state *state)
{
  if (state->n_services > INOS_NODE_SERVICES_MAX)
    g_error ("too many services");
  for (unsigned i = 0; i < state->n_services; i++)
    if (!g_utf8_validate (state->services[i].name, -1, NULL) || !*state->services[i].name)
      g_error ("a service has no name");
  if (state->opinions.n > INOS_OPINIONS_MAX)
    g_error ("too many opinions");
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_peer_id peer;
  enum inos_node_part part;
  char key[INOS_SLOT_KEY_MAX + 1];

  for (unsigned i = 0; i < INOS_PARTS; i++) {
    struct inos_node_state state = {0};
    inos_node_state_read (&state, i, data, size);
    check (&state);
  }
  if (inos_node_state_key_read ((const char *)data, size, &peer, &part)) {
    inos_node_state_key (&peer, part, key);
    if (strlen (key) != size || memcmp (key, data, size) != 0)
      g_error ("a key that is not as it is written");
  }
  return 0;
}

#ifdef FUZZ_MAIN
#include "driver.h"

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_NODE_SIGNATURE_SIZE])
{
  memset (signature, 7, INOS_NODE_SIGNATURE_SIZE);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_peer_id peer = inos_peer_id_of_key ((const uint8_t[32]){2});
  struct inos_node_state state = {0};
  char key[INOS_SLOT_KEY_MAX + 1];

  for (unsigned i = 0; i < INOS_NODE_FIGURES; i++)
    inos_node_state_set (&state, i, i * 1000);
  inos_node_state_add (&state, "relay", 4630, 7);
  inos_node_state_add (&state, "perf", 0, 0);
  state.opinions =
    (struct inos_opinions){.told = true, .all = true, .n = 1, .of = {{peer, 700, 3}}};
  for (unsigned i = 1; i < INOS_PARTS; i++) {
    struct inos_buffer value = {0};
    inos_node_state_key (&peer, i, key);
    inos_node_state_write (&state, i, key, 1, sign, NULL, &value);
    g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&value), inos_buffer_len (&value)));
    inos_buffer_clear (&value);
  }
  g_ptr_array_add (corpus, g_bytes_new (key, strlen (key)));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_node_state", make_corpus());
}
#endif

/*
 * Fuzz target of Noise's handshake: the input is what a peer sends first, and also what it says of
 * itself in a message that is encrypted as it should be, since no mutation would ever be.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/noise.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static uint64_t now (void *data)
{
  return 1;
}

static int64_t wall (void *data)
{
  return 0;
}

static void fill_random (void *data, void *bytes, size_t len)
{
  memset (bytes, 7, len);
}

static const struct inos_mesh_env env = {NULL, now, wall, fill_random};

static void check (enum inos_noise_result result, const GError *error, struct inos_noise *noise)
{
  if ((result == INOS_NOISE_BAD) != (error != NULL))
    g_error ("an error without a reason, or the other way round");
  if (result == INOS_NOISE_DONE && !inos_peer_id_is_set (inos_noise_peer (noise)))
    g_error ("nobody has proven who it is");
}

static void first_message (const struct inos_identity *identity, const uint8_t *data, size_t size)
{
  struct inos_noise *noise = inos_noise_new (&env, identity, false, "/yamux/1.0.0");
  struct inos_buffer out = {0};
  g_autoptr (GError) error = NULL;
  g_autofree uint8_t *frame = g_malloc (2 + size);

  frame[0] = (uint8_t)(size >> 8);
  frame[1] = (uint8_t)size;
  memcpy (frame + 2, data, size);
  enum inos_noise_result result = inos_noise_handshake (noise, frame, 2 + size, &out, &error);
  check (result, error, noise);
  inos_buffer_clear (&out);
  inos_noise_free (noise);
}

static void second_message (const struct inos_identity *identity, const uint8_t *data, size_t size)
{
  static const uint8_t keys[2][INOS_NOISE_KEY_SIZE] = {{1}, {2}};
  struct inos_noise *noise = inos_noise_new (&env, identity, true, "/yamux/1.0.0");
  struct inos_noise_xx xx;
  struct inos_buffer out = {0}, answer = {0};
  g_autoptr (GError) error = NULL;
  const uint8_t *payload;
  size_t len;

  inos_noise_xx_init (&xx, false, "", 0, keys[0], keys[1]);
  inos_noise_start (noise, &out);
  inos_noise_xx_read (&xx, inos_buffer_data (&out) + 2, inos_buffer_len (&out) - 2, &payload, &len);
  inos_buffer_append (&answer, "\0\0", 2);
  inos_noise_xx_write (&xx, data, size, &answer);
  enum inos_noise_result result = inos_noise_handshake (noise, inos_buffer_data (&answer),
                                                        inos_buffer_len (&answer), &out, &error);
  check (result, error, noise);
  inos_buffer_clear (&out);
  inos_buffer_clear (&answer);
  inos_noise_xx_clear (&xx);
  inos_noise_free (noise);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t seed[INOS_SEED_SIZE] = {1};
  struct inos_identity *identity = inos_identity_from_seed (seed);

  if (size < 60000) {
    first_message (identity, data, size);
    second_message (identity, data, size);
  }
  inos_identity_free (identity);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"
#include "node/mesh/wire/proto.h"

/* What the peer of second_message() could rightly say. */
static GBytes *make_payload (unsigned type, bool muxers)
{
  static const uint8_t seed[INOS_SEED_SIZE] = {2};
  static const uint8_t keys[2][INOS_NOISE_KEY_SIZE] = {{1}, {2}};
  static const char prefix[] = "noise-libp2p-static-key:";
  struct inos_identity *identity = inos_identity_from_seed (seed);
  struct inos_noise_xx xx;
  struct inos_buffer out = {0};
  uint8_t text[sizeof prefix - 1 + 32], signature[INOS_SIGNATURE_SIZE];

  inos_noise_xx_init (&xx, false, "", 0, keys[0], keys[1]);
  memcpy (text, prefix, sizeof prefix - 1);
  memcpy (text + sizeof prefix - 1, xx.static_public, 32);
  inos_identity_sign (identity, text, sizeof text, signature);
  size_t key = inos_proto_open (&out, 1);
  inos_proto_put_number (&out, 1, type);
  inos_proto_put_bytes (&out, 2, inos_identity_key (identity), INOS_PUBLIC_KEY_SIZE);
  inos_proto_close (&out, key);
  inos_proto_put_bytes (&out, 2, signature, sizeof signature);
  size_t extensions = inos_proto_open (&out, 4);
  inos_proto_put_string (&out, 2, muxers ? "/yamux/1.0.0" : "/mplex/6.7.0");
  inos_proto_close (&out, extensions);
  GBytes *bytes = g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  inos_noise_xx_clear (&xx);
  inos_identity_free (identity);
  return bytes;
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  g_ptr_array_add (corpus, make_payload (1, true));
  g_ptr_array_add (corpus, make_payload (1, false));
  g_ptr_array_add (corpus, make_payload (0, true));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_noise", make_corpus());
}

#endif

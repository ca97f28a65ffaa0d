/*
 * Fuzz target of the key files of private meshes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/pnet.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  uint8_t key[INOS_PNET_KEY_SIZE];
  g_autoptr (GError) error = NULL;

  if (inos_pnet_parse_key (data, size, key, &error) == (error != NULL))
    g_error ("an error without a reason, or the other way round");
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

#define HEX_KEY                                                                                    \
  "/key/swarm/psk/1.0.0/\n/base16/\n"                                                              \
  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    HEX_KEY,
    "/key/swarm/psk/1.0.0/\n/base64/\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    "/key/swarm/psk/1.0.0/\r\n/bin/\r\n0123456789abcdef0123456789abcdef",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_pnet", make_corpus());
}

#endif

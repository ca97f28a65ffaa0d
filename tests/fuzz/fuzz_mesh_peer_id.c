/*
 * Fuzz target of the ids of peers and of content, as text and in binary.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/cid.h"
#include "node/mesh/wire/peer_id.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_peer (const struct inos_peer_id *id)
{
  char text[INOS_PEER_TEXT_MAX];
  struct inos_peer_id again;

  inos_peer_id_text (id, text);
  if (!inos_peer_id_parse (&again, text) || !inos_peer_id_equal (id, &again))
    g_error ("“%s” is another peer", text);
  inos_peer_id_cid (id, text);
  if (!inos_peer_id_parse (&again, text) || !inos_peer_id_equal (id, &again))
    g_error ("“%s” is another peer", text);
}

static void check_cid (const struct inos_cid *cid, const char *from)
{
  char text[INOS_CID_TEXT_MAX];
  struct inos_cid again;

  enum inos_base base = from ? (enum inos_base) * from : INOS_BASE32;
  if (!inos_cid_text (cid, base, text, sizeof text) || !inos_cid_parse (&again, text) ||
      again.len != cid->len || memcmp (again.bytes, cid->bytes, cid->len) != 0)
    g_error ("a CID changed on the way");
  if (from && strcmp (from, text) != 0)
    g_error ("“%s” and “%s” are the same", from, text);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  struct inos_peer_id id;
  struct inos_cid cid;

  if (inos_peer_id_read (&id, data, size))
    check_peer (&id);
  if (inos_peer_id_parse (&id, text))
    check_peer (&id);
  if (inos_cid_read (&cid, data, size) > 0)
    check_cid (&cid, NULL);
  if (inos_cid_parse (&cid, text))
    check_cid (&cid, text);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
    "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
    "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
    "k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs",
    "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    struct inos_peer_id id;
    struct inos_cid cid;
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
    if (inos_cid_parse (&cid, texts[i]))
      g_ptr_array_add (corpus, g_bytes_new (cid.bytes, cid.len));
    else if (inos_peer_id_parse (&id, texts[i]))
      g_ptr_array_add (corpus, g_bytes_new (id.bytes, id.len));
  }
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_peer_id", make_corpus());
}

#endif

/*
 * Fuzz target of WebSockets: the input is a handshake either way, and frames for either side.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/ws_frames.h"
#include "node/mesh/net/ws_handshake.h"

#include <string.h>

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void random_bytes (void *data, void *bytes, size_t len)
{
  memset (bytes, 0x5a, len);
}

static const struct inos_mesh_env env = {.random = random_bytes};

/* In pieces of @piece. Returns: a sum over the payload, which may not depend on how it is cut. */
static uint64_t read_frames (const uint8_t *data, size_t size, bool client, size_t piece,
                             struct inos_ws *ws)
{
  struct inos_buffer out = {0};
  uint64_t sum = 0;

  *ws = inos_ws_begin (&env, client);
  for (size_t at = 0; at < size && !ws->ended;) {
    size_t read = MIN (piece, size - at), asked = read, len;
    g_autofree uint8_t *copy = g_memdup2 (data + at, read);
    uint8_t *payload;
    inos_ws_read (ws, copy, &read, &out, &payload, &len);
    if (read == 0 || read > asked || (len > 0 && (payload < copy || payload + len > copy + read)))
      g_error ("it reads beyond what there is");
    for (size_t i = 0; i < len; i++)
      sum = sum * 31 + payload[i] + 1;
    at += read;
  }
  if (inos_buffer_len (&out) > INOS_WS_PONGS_MAX + INOS_WS_FRAME_MAX + 1024)
    g_error ("it answers too much");
  inos_buffer_clear (&out);
  return sum;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_buffer out = {0};
  g_autoptr (GError) error = NULL;
  int asked = inos_ws_read_request (data, size, &out);

  if (asked > (int)size || (asked != 0) != (inos_buffer_len (&out) > 0))
    g_error ("a request without an answer, or the other way round");
  inos_buffer_clear (&out);
  if ((inos_ws_read_answer (data, size, KEY, &error) < 0) != (error != NULL))
    g_error ("an error without a reason, or the other way round");
  for (unsigned client = 0; client < 2; client++) {
    struct inos_ws whole, cut;
    uint64_t a = read_frames (data, size, client, size, &whole);
    uint64_t b = read_frames (data, size, client, 1 + size % 7, &cut);
    if (a != b || whole.ended != cut.ended || (whole.ended && whole.why != cut.why))
      g_error ("it matters how it is cut");
  }
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_ws client = inos_ws_begin (&env, true), server = inos_ws_begin (&env, false);
  struct inos_buffer bytes = {0};
  char key[INOS_WS_KEY_LEN + 1];
  uint8_t words[200] = "words";

  inos_ws_request (&bytes, "a:80", (const uint8_t *)"the sample nonce", key);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  struct inos_buffer answer = {0};
  inos_ws_read_request (inos_buffer_data (&bytes), inos_buffer_len (&bytes), &answer);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&answer), inos_buffer_len (&answer)));
  inos_buffer_clear (&answer);
  inos_buffer_clear (&bytes);
  inos_ws_write (&client, words, sizeof words, &bytes);
  inos_ws_close (&client, INOS_WS_NORMAL, &bytes);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);
  inos_ws_write (&server, words, 5, &bytes);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);
  g_ptr_array_add (corpus, g_bytes_new ("\x02\x01x\x89\x03who\x80\x01y", 11));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_websocket", make_corpus());
}

#endif

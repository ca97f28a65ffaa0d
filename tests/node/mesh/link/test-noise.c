/*
 * Noise against public vectors, and libp2p's handshake over it against a peer that lies.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/link_error.h"
#include "node/mesh/link/noise.h"
#include "node/mesh/link/noise_cipher.h"
#include "node/mesh/wire/proto.h"
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define MESSAGES 6

/* All in hexadecimal. Keys: static and ephemeral of who begins, then of the other. */
struct vector {
  const char *prologue, *keys[4], *hash;
  struct {
    const char *payload, *ciphertext;
  } messages[MESSAGES];
};

/* Figures of Noise_XX_25519_ChaChaPoly_SHA256 in the test vectors that the implementations of Noise
 * in Haskell (cacophony) and Rust (snow) publish: mcginty/snow, tests/vectors. */
static const struct vector cacophony = {
  .prologue = "4a6f686e2047616c74",
  .keys = {"e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
           "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
           "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
           "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"},
  .hash = "c8e5f64e846193be2a834104c2a009868d6c9f3bd3c186299888b488b2f1f58e",
  .messages =
    {
      {"4c756477696720766f6e204d69736573",
       "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e"
       "204d69736573"},
      {"4d757272617920526f746862617264",
       "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f14480884381cbad1f276e038c4837"
       "8ffce2b65285e08d6b68aaa3629a5a8639392490e5b9bd5269c2f1e4f488ed8831161f19b7815528f898"
       "2ffe09be9b5c412f8a0db50f8814c7194e83f23dbd8d162c9326ad"},
      {"462e20412e20486179656b",
       "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a80ae475b9df0f169ae80a"
       "89be0865b57f58c9fea0d4ec82a286427402f113e4b6ae769a1d95941d49b25030"},
      {"4361726c204d656e676572", "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df"},
      {"4a65616e2d426170746973746520536179",
       "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5"},
      {"457567656e2042f6686d20766f6e2042617765726b",
       "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f"},
    },
};

static const struct vector snow = {
  .prologue = "5468657265206973206e6f20726967687420616e642077726f6e672e2054686572652773206f6e6c7920"
              "66756e20616e6420626f72696e672e",
  .keys = {"7dec208517a3b81a2861d7a71266d5d6dc944c5a8816634a86fe63198a0148ee",
           "a32daf21e93c0131495ce1d903181fde81cc46937daaeb990bae7c992709421e",
           "4d0aed5098e3b4ef20357e9f686ce66204c792b358da2e475017d6c485304881",
           "4eece0f195d026db035ff987597c429d3ad3bcc2944df37d649528951b2a27c5"},
  .hash = "",
  .messages =
    {
      {"d03c489139e645d0711a3c9e810d776b46a84912463fafa87b884eebf242dc34",
       "f9fa868ba97ab8a2686deccfaad5a484ee10a5bb85e3d1dce015a84797f92818d03c489139e645d0711a"
       "3c9e810d776b46a84912463fafa87b884eebf242dc34"},
      {"d8190a92f7dc0c93dbea9118ba8055751fb7c6590c416ffbd419964132b99a85",
       "8c4e6fdb7d09d501a86f7eca5c234522751706ed409182c05cdf5f827d4dae47b81c6c5f43b025692c24"
       "391eefee725c17d8cb0fbe3e4abb8aedf42c4fd2592d4ea48ac08989d6ae8b4adae08b2c34087c808c7a"
       "a55a63c02b0fab9e930612336bd43eaea04d3c670a0a146691aa9cc9d357872320dc735dbc48580cffb5"
       "53db"},
      {"77891b19dcb92ef7c055b672c4a5aa7fdf1c84146b8b303459022729473ce254",
       "933ca6b5ed60df3df66121f0ab49a09e49efa45c613a86a3cecbf4c535cef2f83f72b42837b18e3572f2"
       "fdc2b74c331e2368a545cef54bdca081678ab0e9dd5348122459e0c034c851984d88ce610963d43cde6c"
       "fe73a67fbd5a63e8bfca96d0"},
      {"d7efdf988072881941db045a42882433817555128fbf5663e56081712ec7d212",
       "54ef0ff0629e1aaa7685a2806ab111cba76b52331f2642276736f415868eacb69ab2577f3bda0cbf72f8"
       "79685f6ed25f"},
      {"dd7bf01a588bafb52c6cfba952e5d8fe35cc2b3f92b4730ae2474615157345ce",
       "356be70f110306d5c699bb834bb9d58d909e325924dfbec972e406e6f294dc63e1daebefe8a62a334fac"
       "c8048ab4ad66"},
    },
};

static size_t from_hex (const char *hex, uint8_t out[256])
{
  size_t len;

  assert_int_equal (sodium_hex2bin (out, 256, hex, strlen (hex), NULL, &len, NULL), 0);
  return len;
}

static void check_hex (const uint8_t *bytes, size_t len, const char *hex)
{
  uint8_t expected[256];

  assert_int_equal (from_hex (hex, expected), len);
  assert_memory_equal (bytes, expected, len);
}

static void init_side (struct inos_noise_xx *xx, const struct vector *vector, bool initiator)
{
  uint8_t prologue[256], own[256], ephemeral[256];
  size_t len = from_hex (vector->prologue, prologue);

  assert_int_equal (from_hex (vector->keys[initiator ? 0 : 2], own), INOS_NOISE_KEY_SIZE);
  assert_int_equal (from_hex (vector->keys[initiator ? 1 : 3], ephemeral), INOS_NOISE_KEY_SIZE);
  inos_noise_xx_init (xx, initiator, prologue, len, own, ephemeral);
}

static void check_handshake (const struct vector *vector, struct inos_noise_xx sides[2])
{
  for (unsigned i = 0; i < INOS_NOISE_XX_MESSAGES; i++) {
    struct inos_buffer out = {0};
    uint8_t payload[256];
    const uint8_t *got;
    size_t len = from_hex (vector->messages[i].payload, payload), got_len;
    assert_true (inos_noise_xx_is_mine (&sides[i % 2]));
    assert_false (inos_noise_xx_is_mine (&sides[1 - i % 2]));
    assert_true (inos_noise_xx_write (&sides[i % 2], payload, len, &out));
    check_hex (inos_buffer_data (&out), inos_buffer_len (&out), vector->messages[i].ciphertext);
    assert_true (inos_noise_xx_read (&sides[1 - i % 2], inos_buffer_data (&out),
                                     inos_buffer_len (&out), &got, &got_len));
    assert_int_equal (got_len, len);
    assert_memory_equal (got, payload, len);
    inos_buffer_clear (&out);
  }
}

static void check_transport (const struct vector *vector, struct inos_noise_xx sides[2])
{
  struct inos_noise_cipher send[2], receive[2];

  for (unsigned i = 0; i < 2; i++) {
    uint8_t keys[2][INOS_NOISE_KEY_SIZE];
    assert_true (inos_noise_xx_is_done (&sides[i]));
    inos_noise_xx_split (&sides[i], keys[0], keys[1]);
    inos_noise_cipher_init (&send[i], keys[0], true);
    inos_noise_cipher_init (&receive[i], keys[1], false);
  }
  for (unsigned i = INOS_NOISE_XX_MESSAGES; i < MESSAGES && vector->messages[i].payload; i++) {
    uint8_t bytes[256 + INOS_NOISE_TAG_SIZE];
    size_t len = from_hex (vector->messages[i].payload, bytes);
    inos_noise_cipher_seal (&send[i % 2], bytes, len);
    check_hex (bytes, len + INOS_NOISE_TAG_SIZE, vector->messages[i].ciphertext);
    assert_true (inos_noise_cipher_open (&receive[1 - i % 2], bytes, len + INOS_NOISE_TAG_SIZE));
    check_hex (bytes, len, vector->messages[i].payload);
  }
  for (unsigned i = 0; i < 2; i++) {
    inos_noise_cipher_clear (&send[i]);
    inos_noise_cipher_clear (&receive[i]);
  }
}

static void test_vectors (void **state)
{
  static const struct vector *const vectors[] = {&cacophony, &snow};

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++) {
    struct inos_noise_xx sides[2];
    init_side (&sides[0], vectors[i], true);
    init_side (&sides[1], vectors[i], false);
    check_handshake (vectors[i], sides);
    for (unsigned j = 0; j < 2 && *vectors[i]->hash; j++)
      check_hex (sides[j].hash, sizeof sides[j].hash, vectors[i]->hash);
    check_transport (vectors[i], sides);
    inos_noise_xx_clear (&sides[0]);
    inos_noise_xx_clear (&sides[1]);
  }
}

/* Without libcrypto's context libsodium computes: the same bytes, both ways. */
static void forget_context (struct inos_noise_cipher *cipher)
{
  struct inos_noise_cipher other;

  inos_noise_cipher_init (&other, cipher->key, false);
  void *context = cipher->context;
  cipher->context = NULL;
  inos_noise_cipher_clear (&other);
  other.context = context;
  inos_noise_cipher_clear (&other);
}

static void test_both_libraries (void **state)
{
  static const size_t sizes[] = {0, 1, 63, 64, 65, 4096, INOS_NOISE_PLAIN_MAX};
  static uint8_t bytes[2][INOS_NOISE_PLAIN_MAX + INOS_NOISE_TAG_SIZE];
  static const uint8_t key[INOS_NOISE_KEY_SIZE] = {1, 2, 3};
  struct inos_noise_cipher send[2], receive[2];

  for (unsigned i = 0; i < 2; i++) {
    inos_noise_cipher_init (&send[i], key, true);
    inos_noise_cipher_init (&receive[i], key, false);
  }
  assert_non_null (send[0].context);
  forget_context (&send[1]);
  forget_context (&receive[1]);
  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++) {
    size_t sealed = sizes[i] + INOS_NOISE_TAG_SIZE;
    for (unsigned j = 0; j < 2; j++) {
      memset (bytes[j], (int)i, sizes[i]);
      inos_noise_cipher_seal (&send[j], bytes[j], sizes[i]);
    }
    assert_memory_equal (bytes[0], bytes[1], sealed);
    bytes[0][0] ^= i == 3; /* is refused by either, which goes on with the next */
    bytes[1][0] ^= i == 3;
    for (unsigned j = 0; j < 2; j++)
      assert_int_equal (inos_noise_cipher_open (&receive[j], bytes[j], sealed), i != 3);
    for (size_t at = 0; at < sizes[i] && i != 3; at++)
      assert_true (bytes[0][at] == i && bytes[1][at] == i);
  }
  for (unsigned i = 0; i < 2; i++) {
    inos_noise_cipher_clear (&send[i]);
    inos_noise_cipher_clear (&receive[i]);
  }
}

/* A message of which any one bit is changed is refused, whichever it is. */
static void test_tampering (void **state)
{
  for (unsigned i = 0; i < 2; i++) { /* of the first nothing is checked, but it is in the hash */
    for (size_t at = 0;; at++) {
      struct inos_noise_xx sides[2];
      struct inos_buffer out = {0};
      const uint8_t *got;
      size_t got_len;
      bool end;
      init_side (&sides[0], &snow, true);
      init_side (&sides[1], &snow, false);
      assert_true (inos_noise_xx_write (&sides[0], "a", 1, &out));
      end = i == 0 && at == inos_buffer_len (&out);
      if (i == 0 && !end)
        inos_buffer_data (&out)[at] ^= 1;
      assert_true (inos_noise_xx_read (&sides[1], inos_buffer_data (&out), inos_buffer_len (&out),
                                       &got, &got_len));
      inos_buffer_clear (&out);
      assert_true (inos_noise_xx_write (&sides[1], "b", 1, &out));
      end = end || (i == 1 && at == inos_buffer_len (&out));
      if (i == 1 && !end)
        inos_buffer_data (&out)[at] ^= 1;
      bool ok = inos_noise_xx_read (&sides[0], inos_buffer_data (&out), inos_buffer_len (&out),
                                    &got, &got_len);
      /* The highest bit of a key is not used; here it is always the lowest that is changed. */
      assert_int_equal (ok, end);
      inos_buffer_clear (&out);
      if (end)
        break;
    }
  }
}

/* Keys of small order make a secret that everybody knows. */
static void test_weak_keys (void **state)
{
  static const uint8_t weak[2][INOS_NOISE_KEY_SIZE] = {{0}, {1}};

  for (unsigned i = 0; i < 2; i++) {
    struct inos_noise_xx xx;
    struct inos_buffer out = {0};
    uint8_t message[INOS_NOISE_KEY_SIZE];
    const uint8_t *got;
    size_t got_len;
    init_side (&xx, &snow, false);
    memcpy (message, weak[i], sizeof message);
    assert_true (inos_noise_xx_read (&xx, message, sizeof message, &got, &got_len));
    assert_false (inos_noise_xx_write (&xx, NULL, 0, &out));
    inos_buffer_clear (&out);
  }
}

static void test_wrong_turn (void **state)
{
  struct inos_noise_xx xx;
  uint8_t message[INOS_NOISE_KEY_SIZE] = {9};
  const uint8_t *got;
  size_t len;

  init_side (&xx, &snow, true);
  assert_false (inos_noise_xx_read (&xx, message, sizeof message, &got, &len));
  init_side (&xx, &snow, false);
  assert_false (inos_noise_xx_read (&xx, message, sizeof message - 1, &got, &len));
}

/* libp2p's handshake. */

struct hands {
  struct pair pair; /* for its environment */
  struct inos_noise *sides[2];
};

static void hands_init (struct hands *hands, const char *first, const char *second)
{
  pair_init (&hands->pair, 1);
  hands->sides[0] = inos_noise_new (&hands->pair.env, pair_identity (0), true, first);
  hands->sides[1] = inos_noise_new (&hands->pair.env, pair_identity (1), false, second);
}

static void hands_clear (struct hands *hands)
{
  inos_noise_free (hands->sides[0]);
  inos_noise_free (hands->sides[1]);
  g_rand_free (hands->pair.rand);
}

static enum inos_noise_result pass (struct inos_noise *to, struct inos_buffer *in,
                                    struct inos_buffer *out, GError **error)
{
  size_t size = inos_noise_frame_size (inos_buffer_data (in));

  assert_int_equal (size, inos_buffer_len (in));
  enum inos_noise_result result =
    inos_noise_handshake (to, inos_buffer_data (in), size, out, error);
  inos_buffer_clear (in);
  return result;
}

static void shake (struct hands *hands)
{
  struct inos_buffer one = {0}, two = {0};

  inos_noise_start (hands->sides[1], &one);
  assert_int_equal (inos_buffer_len (&one), 0);
  inos_noise_start (hands->sides[0], &one);
  assert_int_equal (pass (hands->sides[1], &one, &two, NULL), INOS_NOISE_MORE);
  assert_int_equal (pass (hands->sides[0], &two, &one, NULL), INOS_NOISE_DONE);
  assert_int_equal (pass (hands->sides[1], &one, &two, NULL), INOS_NOISE_DONE);
  assert_int_equal (inos_buffer_len (&two), 0);
}

static void test_identities (void **state)
{
  struct hands hands;

  hands_init (&hands, NULL, NULL);
  shake (&hands);
  for (unsigned i = 0; i < 2; i++) {
    struct inos_peer_id peer = pair_peer (1 - i);
    assert_true (inos_peer_id_equal (inos_noise_peer (hands.sides[i]), &peer));
    assert_int_equal (inos_noise_muxer (hands.sides[i]), INOS_NOISE_MUXER_OPEN);
  }
  hands_clear (&hands);
}

static void test_muxers (void **state)
{
  static const struct {
    const char *first, *second;
    enum inos_noise_muxer result[2];
  } cases[] = {
    {"/yamux/1.0.0", "/yamux/1.0.0", {INOS_NOISE_MUXER_AGREED, INOS_NOISE_MUXER_AGREED}},
    {"/yamux/1.0.0", NULL, {INOS_NOISE_MUXER_OPEN, INOS_NOISE_MUXER_OPEN}},
    {NULL, "/yamux/1.0.0", {INOS_NOISE_MUXER_OPEN, INOS_NOISE_MUXER_OPEN}},
    {"/yamux/1.0.0", "/mplex/6.7.0", {INOS_NOISE_MUXER_NONE, INOS_NOISE_MUXER_NONE}},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct hands hands;
    hands_init (&hands, cases[i].first, cases[i].second);
    shake (&hands);
    assert_int_equal (inos_noise_muxer (hands.sides[0]), cases[i].result[0]);
    assert_int_equal (inos_noise_muxer (hands.sides[1]), cases[i].result[1]);
    hands_clear (&hands);
  }
}

/* Frames go through once, in their order, and unchanged, or not at all. */
static void test_frames (void **state)
{
  struct hands hands;
  struct inos_buffer out = {0};
  uint8_t copies[2][64];
  size_t len;

  hands_init (&hands, NULL, NULL);
  shake (&hands);
  for (unsigned i = 0; i < 2; i++) {
    memset (inos_noise_room (&out, 10), 'a' + (int)i, 10);
    inos_noise_seal (hands.sides[0], &out, 10);
    assert_int_equal (inos_buffer_len (&out), 2 + 10 + 16);
    memcpy (copies[i], inos_buffer_data (&out), 28);
    inos_buffer_clear (&out);
  }
  uint8_t frame[28];
  memcpy (frame, copies[0], sizeof frame);
  uint8_t *plain = inos_noise_open (hands.sides[1], frame, sizeof frame, &len);
  assert_non_null (plain);
  assert_int_equal (len, 10);
  assert_memory_equal (plain, "aaaaaaaaaa", 10);
  memcpy (frame, copies[0], sizeof frame);
  assert_null (inos_noise_open (hands.sides[1], frame, sizeof frame, &len)); /* again */
  hands_clear (&hands);
}

static void test_full_frames (void **state)
{
  struct hands hands;
  struct inos_buffer out = {0};

  hands_init (&hands, NULL, NULL);
  shake (&hands);
  for (size_t len = INOS_NOISE_PLAIN_MAX - 1; len <= INOS_NOISE_PLAIN_MAX; len++) {
    size_t got;
    memset (inos_noise_room (&out, len), 7, len);
    inos_noise_seal (hands.sides[1], &out, len);
    assert_int_equal (inos_noise_frame_size (inos_buffer_data (&out)), inos_buffer_len (&out));
    const uint8_t *plain =
      inos_noise_open (hands.sides[0], inos_buffer_data (&out), inos_buffer_len (&out), &got);
    assert_non_null (plain);
    assert_int_equal (got, len);
    assert_int_equal (plain[len - 1], 7);
    inos_buffer_clear (&out);
  }
  hands_clear (&hands);
}

/* A peer of which the test makes everything by hand. */

enum lie {
  NO_LIE,
  OTHER_KEY,    /* says it is somebody else */
  OTHER_STATIC, /* a signature of another handshake */
  NO_PREFIX,    /* a signature of the bare key */
  RSA_KEY,
  SHORT_KEY,
  NO_SIGNATURE,
  NO_PAYLOAD,
  GARBAGE,
  SHORT_SIGNATURE,
  BAD_EXTENSIONS,
  LIES,
};

static void lie_key (enum lie lie, struct inos_buffer *out)
{
  uint8_t key[256] = {0};
  const char *hex = inos_identity_public_key (pair_identity (lie == OTHER_KEY ? 2 : 1));

  sodium_hex2bin (key, sizeof key, hex, strlen (hex), NULL, NULL, NULL);
  size_t message = inos_proto_open (out, 1);
  inos_proto_put_number (out, 1, lie == RSA_KEY ? 0 : 1);
  inos_proto_put_bytes (out, 2, key, lie == RSA_KEY ? 256 : lie == SHORT_KEY ? 31 : 32);
  inos_proto_close (out, message);
}

static void lie_signature (enum lie lie, const struct inos_noise_xx *xx, struct inos_buffer *out)
{
  static const char prefix[] = "noise-libp2p-static-key:";
  uint8_t text[sizeof prefix - 1 + 32], signature[INOS_SIGNATURE_SIZE];
  size_t skip = lie == NO_PREFIX ? sizeof prefix - 1 : 0;

  memcpy (text, prefix, sizeof prefix - 1);
  memcpy (text + sizeof prefix - 1, xx->static_public, 32);
  if (lie == OTHER_STATIC)
    text[sizeof text - 1] ^= 1;
  inos_identity_sign (pair_identity (1), text + skip, sizeof text - skip, signature);
  inos_proto_put_bytes (out, 2, signature,
                        lie == SHORT_SIGNATURE ? sizeof signature - 1 : sizeof signature);
}

static void lie_payload (enum lie lie, const struct inos_noise_xx *xx, struct inos_buffer *out)
{
  if (lie == NO_PAYLOAD)
    return;
  if (lie == GARBAGE) {
    inos_buffer_append (out, "\xff\xff\xff", 3);
    return;
  }
  lie_key (lie, out);
  if (lie != NO_SIGNATURE)
    lie_signature (lie, xx, out);
  if (lie == BAD_EXTENSIONS)
    inos_proto_put_bytes (out, 4, "\x12\x20", 2);
}

static void test_lies (void **state)
{
  for (enum lie lie = NO_LIE; lie < LIES; lie++) {
    struct hands hands;
    struct inos_noise_xx xx;
    struct inos_buffer one = {0}, payload = {0}, message = {0};
    g_autoptr (GError) error = NULL;
    const uint8_t *got;
    size_t got_len;
    uint8_t keys[2][32] = {{1, 2, 3}, {4, 5, 6}};
    hands_init (&hands, NULL, NULL);
    inos_noise_xx_init (&xx, false, "", 0, keys[0], keys[1]);
    inos_noise_start (hands.sides[0], &one);
    assert_true (inos_noise_xx_read (&xx, inos_buffer_data (&one) + 2, inos_buffer_len (&one) - 2,
                                     &got, &got_len));
    lie_payload (lie, &xx, &payload);
    inos_buffer_clear (&one);
    inos_buffer_append (&one, "\0\0", 2);
    assert_true (
      inos_noise_xx_write (&xx, inos_buffer_data (&payload), inos_buffer_len (&payload), &one));
    enum inos_noise_result result = inos_noise_handshake (hands.sides[0], inos_buffer_data (&one),
                                                          inos_buffer_len (&one), &message, &error);
    assert_int_equal (result, lie == NO_LIE ? INOS_NOISE_DONE : INOS_NOISE_BAD);
    if (lie != NO_LIE) {
      assert_true (error && error->domain == INOS_LINK_ERROR);
      assert_int_equal (error->code, INOS_LINK_ERROR_IDENTITY);
      assert_int_equal (inos_buffer_len (&message), 0); /* who lies is not told who we are */
    }
    if (lie == RSA_KEY)
      assert_non_null (strstr (error->message, "an RSA key"));
    inos_buffer_clear (&one);
    inos_buffer_clear (&payload);
    inos_buffer_clear (&message);
    inos_noise_xx_clear (&xx);
    hands_clear (&hands);
  }
}

static void test_sizes (void **state)
{
  static uint8_t frame[INOS_NOISE_HANDSHAKE_MAX + 1];
  static const size_t sizes[] = {2, 3, 33, INOS_NOISE_HANDSHAKE_MAX + 1};

  for (size_t i = 0; i < G_N_ELEMENTS (sizes); i++) {
    struct hands hands;
    struct inos_buffer out = {0};
    g_autoptr (GError) error = NULL;
    hands_init (&hands, NULL, NULL);
    assert_int_equal (inos_noise_handshake (hands.sides[1], frame, sizes[i], &out, &error),
                      INOS_NOISE_BAD);
    assert_true (error && error->code == INOS_LINK_ERROR_PROTOCOL);
    inos_buffer_clear (&out);
    hands_clear (&hands);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_vectors),     cmocka_unit_test (test_both_libraries),
    cmocka_unit_test (test_tampering),   cmocka_unit_test (test_weak_keys),
    cmocka_unit_test (test_wrong_turn),  cmocka_unit_test (test_identities),
    cmocka_unit_test (test_muxers),      cmocka_unit_test (test_frames),
    cmocka_unit_test (test_full_frames), cmocka_unit_test (test_lies),
    cmocka_unit_test (test_sizes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/link_error.h"
#include "node/mesh/link/noise.h"
#include "node/mesh/link/noise_cipher.h"
#include "node/mesh/wire/proto.h"

#include <sodium.h>
#include <string.h>

#define SIGNED_PREFIX "noise-libp2p-static-key:"
#define SIGNED_PREFIX_LEN (sizeof SIGNED_PREFIX - 1)
#define SIGNED_SIZE (SIGNED_PREFIX_LEN + INOS_NOISE_KEY_SIZE)
#define KEY_MESSAGE_MAX 1024 /* bytes; an RSA key of 4096 bits has 550 */

/* Fields of NoiseHandshakePayload, of NoiseExtensions, and of PublicKey. */
enum { IDENTITY_KEY = 1, IDENTITY_SIGNATURE = 2, EXTENSIONS = 4 };
enum { STREAM_MUXERS = 2 };
enum { KEY_TYPE = 1, KEY_DATA = 2 };
enum { KEY_ED25519 = 1 };

struct inos_noise {
  const struct inos_identity *identity;
  const char *muxer;        /* may be NULL */
  struct inos_noise_xx *xx; /* owned; until the handshake is done */
  struct inos_noise_cipher send, receive;
  struct inos_peer_id peer;
  enum inos_noise_muxer agreed;
};

/* What a payload says, where it lies. */
struct payload {
  const uint8_t *key, *signature;
  size_t key_len, signature_len;
  bool has_muxers, has_mine;
};

static void sign_text (const uint8_t key[INOS_NOISE_KEY_SIZE], uint8_t out[SIGNED_SIZE])
{
  memcpy (out, SIGNED_PREFIX, SIGNED_PREFIX_LEN);
  memcpy (out + SIGNED_PREFIX_LEN, key, INOS_NOISE_KEY_SIZE);
}

static void put_key (const struct inos_identity *identity, struct inos_buffer *out)
{
  size_t message = inos_proto_open (out, IDENTITY_KEY);

  inos_proto_put_number (out, KEY_TYPE, KEY_ED25519);
  inos_proto_put_bytes (out, KEY_DATA, inos_identity_key (identity), INOS_PUBLIC_KEY_SIZE);
  inos_proto_close (out, message);
}

static void put_payload (const struct inos_noise *noise, struct inos_buffer *out)
{
  uint8_t text[SIGNED_SIZE], signature[INOS_SIGNATURE_SIZE];

  put_key (noise->identity, out);
  sign_text (noise->xx->static_public, text);
  inos_identity_sign (noise->identity, text, sizeof text, signature);
  inos_proto_put_bytes (out, IDENTITY_SIGNATURE, signature, sizeof signature);
  if (!noise->muxer)
    return;
  size_t extensions = inos_proto_open (out, EXTENSIONS);
  inos_proto_put_string (out, STREAM_MUXERS, noise->muxer);
  inos_proto_close (out, extensions);
}

static bool get_extensions (const struct inos_noise *noise, const struct inos_proto_field *bytes,
                            struct payload *payload)
{
  struct inos_proto reader = inos_proto_begin (bytes->bytes, bytes->len);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (field.number != STREAM_MUXERS || field.kind != INOS_PROTO_BYTES)
      continue;
    payload->has_muxers = true;
    if (noise->muxer && field.len == strlen (noise->muxer) &&
        memcmp (field.bytes, noise->muxer, field.len) == 0)
      payload->has_mine = true;
  }
  return !reader.bad;
}

static bool get_payload (const struct inos_noise *noise, const uint8_t *bytes, size_t len,
                         struct payload *payload)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, IDENTITY_KEY, 1, KEY_MESSAGE_MAX)) {
      payload->key = field.bytes;
      payload->key_len = field.len;
    } else if (inos_proto_is_bytes (&field, IDENTITY_SIGNATURE, 1, KEY_MESSAGE_MAX)) {
      payload->signature = field.bytes;
      payload->signature_len = field.len;
    } else if (field.number == EXTENSIONS && field.kind == INOS_PROTO_BYTES &&
               !get_extensions (noise, &field, payload)) {
      return false;
    }
  }
  return !reader.bad;
}

static const char *key_name (uint64_t type)
{
  static const char *const names[] = {"an RSA", "an Ed25519", "a Secp256k1", "an ECDSA"};

  return type < G_N_ELEMENTS (names) ? names[type] : "an unknown kind of";
}

/* The Ed25519 key of a PublicKey message. */
static bool get_key (const struct payload *payload, const uint8_t **key, GError **error)
{
  struct inos_proto reader = inos_proto_begin (payload->key, payload->key_len);
  struct inos_proto_field field;
  uint64_t type = UINT64_MAX;

  *key = NULL;
  while (inos_proto_next (&reader, &field))
    if (field.number == KEY_TYPE && field.kind == INOS_PROTO_NUMBER)
      type = field.value;
    else if (inos_proto_is_bytes (&field, KEY_DATA, INOS_PUBLIC_KEY_SIZE, INOS_PUBLIC_KEY_SIZE))
      *key = field.bytes;
  if (!reader.bad && type == KEY_ED25519 && *key)
    return true;
  if (!reader.bad && type != UINT64_MAX && type != KEY_ED25519)
    g_set_error (error, INOS_LINK_ERROR, INOS_LINK_ERROR_IDENTITY,
                 "The peer has %s key for its identity. Only peers with Ed25519 keys can connect.",
                 key_name (type));
  else
    g_set_error_literal (error, INOS_LINK_ERROR, INOS_LINK_ERROR_IDENTITY,
                         "The peer's identity key is no key.");
  return false;
}

static bool fail (GError **error, const char *why)
{
  g_set_error_literal (error, INOS_LINK_ERROR, INOS_LINK_ERROR_IDENTITY, why);
  return false;
}

/* Believes the payload, or says why not. */
static bool check_payload (struct inos_noise *noise, const uint8_t *bytes, size_t len,
                           GError **error)
{
  struct payload payload = {0};
  const uint8_t *key;
  uint8_t text[SIGNED_SIZE];

  if (!get_payload (noise, bytes, len, &payload) || !payload.key || !payload.signature)
    return fail (error, "The peer's handshake does not say who it is.");
  if (!get_key (&payload, &key, error))
    return false;
  sign_text (noise->xx->remote_static, text);
  if (payload.signature_len != INOS_SIGNATURE_SIZE ||
      crypto_sign_verify_detached (payload.signature, text, sizeof text, key) != 0)
    return fail (error, "The peer cannot prove its identity: the signature is not its key's.");
  noise->peer = inos_peer_id_of_key (key);
  if (noise->muxer && payload.has_muxers)
    noise->agreed = payload.has_mine ? INOS_NOISE_MUXER_AGREED : INOS_NOISE_MUXER_NONE;
  return true;
}

struct inos_noise *inos_noise_new (const struct inos_mesh_env *env,
                                   const struct inos_identity *identity, bool initiator,
                                   const char *muxer)
{
  struct inos_noise *noise = g_new0 (struct inos_noise, 1);
  uint8_t secrets[2][INOS_NOISE_KEY_SIZE];

  noise->identity = identity;
  noise->muxer = muxer;
  noise->xx = g_new0 (struct inos_noise_xx, 1);
  inos_env_random (env, secrets, sizeof secrets);
  inos_noise_xx_init (noise->xx, initiator, "", 0, secrets[0], secrets[1]);
  sodium_memzero (secrets, sizeof secrets);
  return noise;
}

static void drop_handshake (struct inos_noise *noise)
{
  if (noise->xx)
    inos_noise_xx_clear (noise->xx);
  g_clear_pointer (&noise->xx, g_free);
}

void inos_noise_free (struct inos_noise *noise)
{
  if (!noise)
    return;
  drop_handshake (noise);
  inos_noise_cipher_clear (&noise->send);
  inos_noise_cipher_clear (&noise->receive);
  g_free (noise);
}

/* Appends this side's next message as a frame. */
static bool write_message (struct inos_noise *noise, struct inos_buffer *out)
{
  struct inos_buffer payload = {0}, message = {0};

  if (noise->xx->messages > 0) /* the first is read by anybody */
    put_payload (noise, &payload);
  bool ok = inos_noise_xx_write (noise->xx, inos_buffer_data (&payload), inos_buffer_len (&payload),
                                 &message);
  if (ok) {
    size_t len = inos_buffer_len (&message);
    uint8_t head[INOS_NOISE_HEAD_SIZE] = {(uint8_t)(len >> 8), (uint8_t)len};
    inos_buffer_append (out, head, sizeof head);
    inos_buffer_append (out, inos_buffer_data (&message), len);
  }
  inos_buffer_clear (&payload);
  inos_buffer_clear (&message);
  return ok;
}

void inos_noise_start (struct inos_noise *noise, struct inos_buffer *out)
{
  if (inos_noise_xx_is_mine (noise->xx))
    write_message (noise, out);
}

static void finish_handshake (struct inos_noise *noise)
{
  uint8_t send[INOS_NOISE_KEY_SIZE], receive[INOS_NOISE_KEY_SIZE];

  inos_noise_xx_split (noise->xx, send, receive);
  inos_noise_cipher_init (&noise->send, send, true);
  inos_noise_cipher_init (&noise->receive, receive, false);
  sodium_memzero (send, sizeof send);
  sodium_memzero (receive, sizeof receive);
  drop_handshake (noise);
}

static enum inos_noise_result refuse (GError **error, const char *why)
{
  if (error && !*error)
    g_set_error_literal (error, INOS_LINK_ERROR, INOS_LINK_ERROR_PROTOCOL, why);
  return INOS_NOISE_BAD;
}

enum inos_noise_result inos_noise_handshake (struct inos_noise *noise, uint8_t *frame, size_t len,
                                             struct inos_buffer *out, GError **error)
{
  const uint8_t *payload;
  size_t payload_len;

  if (!noise->xx || len < INOS_NOISE_HEAD_SIZE || len > INOS_NOISE_HANDSHAKE_MAX)
    return refuse (error, "The peer's handshake has a message that is too long.");
  bool first = noise->xx->messages == 0;
  if (!inos_noise_xx_read (noise->xx, frame + INOS_NOISE_HEAD_SIZE, len - INOS_NOISE_HEAD_SIZE,
                           &payload, &payload_len))
    return refuse (error, "The peer's handshake is no Noise XX handshake, or was tampered with.");
  if (!first && !check_payload (noise, payload, payload_len, error))
    return INOS_NOISE_BAD;
  if (inos_noise_xx_is_mine (noise->xx) && !write_message (noise, out))
    return refuse (error, "The peer's handshake has a key that keeps no secret.");
  if (!inos_noise_xx_is_done (noise->xx))
    return INOS_NOISE_MORE;
  finish_handshake (noise);
  return INOS_NOISE_DONE;
}

const struct inos_peer_id *inos_noise_peer (const struct inos_noise *noise)
{
  return &noise->peer;
}

enum inos_noise_muxer inos_noise_muxer (const struct inos_noise *noise)
{
  return noise->agreed;
}

uint8_t *inos_noise_room (struct inos_buffer *out, size_t len)
{
  return inos_buffer_reserve (out, INOS_NOISE_HEAD_SIZE + len + INOS_NOISE_TAG_SIZE) +
         INOS_NOISE_HEAD_SIZE;
}

void inos_noise_seal (struct inos_noise *noise, struct inos_buffer *out, size_t len)
{
  uint8_t *plain = inos_noise_room (out, len);
  size_t sealed = len + INOS_NOISE_TAG_SIZE;

  g_assert (len <= INOS_NOISE_PLAIN_MAX);
  plain[-2] = (uint8_t)(sealed >> 8);
  plain[-1] = (uint8_t)sealed;
  inos_noise_cipher_seal (&noise->send, plain, len);
  inos_buffer_commit (out, INOS_NOISE_HEAD_SIZE + sealed);
}

uint8_t *inos_noise_open (struct inos_noise *noise, uint8_t *frame, size_t len, size_t *plain_len)
{
  if (len < INOS_NOISE_HEAD_SIZE + INOS_NOISE_TAG_SIZE ||
      !inos_noise_cipher_open (&noise->receive, frame + INOS_NOISE_HEAD_SIZE,
                               len - INOS_NOISE_HEAD_SIZE))
    return NULL;
  *plain_len = len - INOS_NOISE_HEAD_SIZE - INOS_NOISE_TAG_SIZE;
  return frame + INOS_NOISE_HEAD_SIZE;
}

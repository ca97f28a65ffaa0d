/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/base/file.h"
#include "node/identity/identity.h"
#include "node/mesh/wire/peer_id.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "INOSKEY\1"

/* The file, byte for byte. */
struct key_file {
  uint8_t magic[8];
  uint8_t seed[crypto_sign_SEEDBYTES];
  uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
  uint8_t checksum[32];
};

G_STATIC_ASSERT (sizeof (struct key_file) == 104);
G_STATIC_ASSERT (crypto_sign_PUBLICKEYBYTES == INOS_PUBLIC_KEY_SIZE);
G_STATIC_ASSERT (crypto_sign_BYTES == INOS_SIGNATURE_SIZE);
G_STATIC_ASSERT (crypto_sign_SEEDBYTES == INOS_SEED_SIZE);

/* All of it that is secret. */
struct secret {
  struct key_file file;
  uint8_t key[crypto_sign_SECRETKEYBYTES];
};

struct inos_identity {
  struct secret *secret;
  bool guarded; /* with sodium_malloc(): it is a secret indeed */
  char peer_id[INOS_PEER_ID_SIZE];
  char public_key[2 * INOS_PUBLIC_KEY_SIZE + 1];
};

void inos_peer_id (const uint8_t public_key[INOS_PUBLIC_KEY_SIZE], char out[INOS_PEER_ID_SIZE])
{
  struct inos_peer_id id = inos_peer_id_of_key (public_key);
  char text[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&id, text);
  g_strlcpy (out, text, INOS_PEER_ID_SIZE);
}

static void checksum (const struct key_file *file, uint8_t out[32])
{
  crypto_generichash (out, 32, (const uint8_t *)file, offsetof (struct key_file, checksum), NULL,
                      0);
}

/* Of the seed that is there. */
static void make_key (struct secret *secret)
{
  memcpy (secret->file.magic, MAGIC, sizeof secret->file.magic);
  crypto_sign_seed_keypair (secret->file.public_key, secret->key, secret->file.seed);
  checksum (&secret->file, secret->file.checksum);
}

/* Checks what was read; says what is wrong with it, or NULL. */
static const char *check_key (struct secret *secret, size_t len)
{
  const struct key_file *file = &secret->file;
  uint8_t sum[32], public_key[INOS_PUBLIC_KEY_SIZE];

  if (len < sizeof *file)
    return "it is cut short";
  if (memcmp (file->magic, MAGIC, sizeof file->magic - 1) != 0)
    return "it is not an Inos identity";
  if (file->magic[7] != MAGIC[7])
    return "it was written by another version of Inos";
  if (len > sizeof *file)
    return "there is more in it than a key";
  checksum (file, sum);
  if (sodium_memcmp (sum, file->checksum, sizeof sum) != 0)
    return "its checksum does not fit";
  crypto_sign_seed_keypair (public_key, secret->key, file->seed);
  if (sodium_memcmp (public_key, file->public_key, sizeof public_key) != 0)
    return "its two halves do not belong together";
  return NULL;
}

static bool load (int dir, const char *name, const char *path, struct secret *secret, bool *missing,
                  GError **error)
{
  g_autoptr (GError) cause = NULL;
  const char *wrong = NULL;
  size_t len = 0;

  *missing = false;
  if (inos_file_read_private (dir, name, &secret->file, sizeof secret->file, &len, &cause)) {
    wrong = check_key (secret, len);
    if (!wrong)
      return true;
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "The identity in %s cannot be used: %s. Put a backup of the file in its place; "
                 "or, to start again "
                 "as a new node that others do not know, move it away.",
                 path, wrong);
    return false;
  }
  *missing = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  if (!*missing)
    g_set_error (
      error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
      "The identity in %s cannot be read: %s. Make it a file that only the node's user may read.",
      path, cause->message);
  return false;
}

/* Makes the key where there is none. Another node that is faster wins, and its key is taken. */
static bool make_or_load (int dir, const char *path, struct secret *secret, GError **error)
{
  g_autoptr (GError) cause = NULL;
  bool missing;

  if (load (dir, INOS_IDENTITY_FILE, path, secret, &missing, error)) {
    unlinkat (dir, INOS_IDENTITY_NEXT_FILE, 0); /* was given up, where there is one */
    return true;
  }
  if (!missing)
    return false;

  randombytes_buf (secret->file.seed, sizeof secret->file.seed);
  make_key (secret);
  if (inos_file_create_once (dir, INOS_IDENTITY_FILE, &secret->file, sizeof secret->file,
                             INOS_FILE_NAMELESS, &cause)) {
    g_message ("Made a new identity in %s.", path);
    return true;
  }
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_EXISTS) &&
      load (dir, INOS_IDENTITY_FILE, path, secret, &missing, error))
    return true;
  if (error && !*error)
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "A new identity cannot be written to %s: %s. Give the directory space and the "
                 "right to write.",
                 path, cause->message);
  return false;
}

/* Writes down who it is, and forgets the seed. */
static void describe (struct inos_identity *identity)
{
  struct key_file *file = &identity->secret->file;

  inos_peer_id (file->public_key, identity->peer_id);
  sodium_bin2hex (identity->public_key, sizeof identity->public_key, file->public_key,
                  INOS_PUBLIC_KEY_SIZE);
  sodium_memzero (file->seed, sizeof file->seed);
}

/* Returns: a descriptor, or -1. */
static int open_dir (const char *state_dir, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (sodium_init() < 0) {
    g_set_error_literal (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                         "libsodium does not start: the system gives no random numbers.");
    return -1;
  }

  int dir = inos_dir_private (state_dir, &cause);
  if (dir < 0)
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "%s. The node keeps its identity there; make it a directory of the node's user, "
                 "or name another "
                 "one with --state-dir.",
                 cause->message);
  return dir;
}

/* Returns: (transfer full): one whose secret is guarded, and not there yet. */
static struct inos_identity *identity_new (void)
{
  struct inos_identity *identity = g_new0 (struct inos_identity, 1);

  identity->guarded = true;
  identity->secret = sodium_malloc (sizeof *identity->secret);
  if (!identity->secret)
    g_error ("No memory for the identity.");
  return identity;
}

/* Returns: (transfer full) (nullable): @identity, where its secret is @there. */
static struct inos_identity *finish (struct inos_identity *identity, bool there)
{
  if (!there) {
    inos_identity_free (identity);
    return NULL;
  }
  describe (identity);
  sodium_mprotect_readonly (identity->secret);
  return identity;
}

struct inos_identity *inos_identity_open (const char *state_dir, GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, INOS_IDENTITY_FILE, NULL);
  int dir = open_dir (state_dir, error);

  if (dir < 0)
    return NULL;
  struct inos_identity *identity = identity_new();
  bool opened = make_or_load (dir, path, identity->secret, error);
  close (dir);
  return finish (identity, opened);
}

/* Another key */

struct inos_identity *inos_identity_make_next (const char *state_dir, GError **error)
{
  g_autoptr (GError) cause = NULL;
  int dir = open_dir (state_dir, error);

  if (dir < 0)
    return NULL;
  struct inos_identity *identity = identity_new();
  struct secret *secret = identity->secret;
  randombytes_buf (secret->file.seed, sizeof secret->file.seed);
  make_key (secret);
  bool made =
    inos_file_replace (dir, INOS_IDENTITY_NEXT_FILE, &secret->file, sizeof secret->file, &cause);
  if (!made)
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "The next identity cannot be written to %s: %s. Give the directory space and the "
                 "right to write.",
                 state_dir, cause->message);
  close (dir);
  return finish (identity, made);
}

/* The one that is there has two names from now on. */
static bool keep_before (int dir, const struct inos_identity *identity, const char *path,
                         GError **error)
{
  g_autofree char *name = g_strdup_printf ("identity-%s.key", identity->peer_id);
  struct secret *before = sodium_malloc (sizeof *before);
  g_autoptr (GError) cause = NULL;
  bool missing;

  if (!before)
    g_error ("No memory for the identity.");
  bool kept = load (dir, INOS_IDENTITY_FILE, path, before, &missing, error);
  if (kept &&
      memcmp (before->file.public_key, inos_identity_key (identity), INOS_PUBLIC_KEY_SIZE) != 0) {
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "The identity in %s is another one meanwhile. Start the node anew.", path);
    kept = false;
  }
  if (kept &&
      !inos_file_create_once (dir, name, &before->file, sizeof before->file, INOS_FILE_NAMELESS,
                              &cause) &&
      !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "The identity cannot be kept as %s: %s. Give the directory space.", name,
                 cause->message);
    kept = false;
  }
  sodium_free (before);
  return kept;
}

bool inos_identity_take_next (const char *state_dir, const struct inos_identity *identity,
                              GError **error)
{
  g_autofree char *path = g_build_filename (state_dir, INOS_IDENTITY_FILE, NULL);
  int dir = open_dir (state_dir, error);

  if (dir < 0)
    return false;
  bool taken = keep_before (dir, identity, path, error);
  if (taken && renameat (dir, INOS_IDENTITY_NEXT_FILE, dir, INOS_IDENTITY_FILE) < 0) {
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_IDENTITY,
                 "The next identity cannot take the place of %s: %s.", path, g_strerror (errno));
    taken = false;
  }
  if (taken && fsync (dir) < 0)
    g_warning ("%s: %s. After a power cut the node may be who it was before.", state_dir,
               g_strerror (errno));
  close (dir);
  return taken;
}

struct inos_identity *inos_identity_from_seed (const uint8_t seed[INOS_SEED_SIZE])
{
  struct inos_identity *identity = g_new0 (struct inos_identity, 1);

  if (sodium_init() < 0)
    g_error ("libsodium does not start: the system gives no random numbers.");
  identity->secret = g_new0 (struct secret, 1);
  memcpy (identity->secret->file.seed, seed, INOS_SEED_SIZE);
  make_key (identity->secret);
  describe (identity);
  return identity;
}

void inos_identity_free (struct inos_identity *identity)
{
  if (!identity)
    return;
  if (identity->guarded)
    sodium_free (identity->secret); /* wipes it */
  else
    g_free (identity->secret);
  g_free (identity);
}

const char *inos_identity_peer_id (const struct inos_identity *identity)
{
  return identity->peer_id;
}

const char *inos_identity_public_key (const struct inos_identity *identity)
{
  return identity->public_key;
}

const uint8_t *inos_identity_key (const struct inos_identity *identity)
{
  return identity->secret->file.public_key;
}

void inos_identity_sign (const struct inos_identity *identity, const void *data, size_t len,
                         uint8_t signature[INOS_SIGNATURE_SIZE])
{
  crypto_sign_detached (signature, NULL, data, len, identity->secret->key);
}

bool inos_identity_agree (const struct inos_identity *identity,
                          const uint8_t other[INOS_PUBLIC_KEY_SIZE], uint8_t shared[32])
{
  uint8_t secret[crypto_scalarmult_SCALARBYTES], public[crypto_scalarmult_BYTES];
  bool agreed = crypto_sign_ed25519_pk_to_curve25519 (public, other) == 0 &&
                crypto_sign_ed25519_sk_to_curve25519 (secret, identity->secret->key) == 0 &&
                crypto_scalarmult (shared, secret, public) == 0;

  sodium_memzero (secret, sizeof secret);
  return agreed;
}

bool inos_signature_is_right (const uint8_t public_key[INOS_PUBLIC_KEY_SIZE], const void *data,
                              size_t len, const uint8_t signature[INOS_SIGNATURE_SIZE])
{
  return crypto_sign_verify_detached (signature, data, len, public_key) == 0;
}

/*
 * Statements: what makes a peer a member of a mesh, and what ends that. Each is signed by whose
 * word it is, so that it means the same whoever passes it on; the name of a mesh is the hash of the
 * statement that founded it. Nobody is made a member without its own consent, which is signed too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/peer_id.h"

#define INOS_MESH_ID_SIZE 32
#define INOS_STATEMENT_MAX 512u    /* bytes, with the signatures */
#define INOS_STATEMENT_NAME_MAX 64 /* bytes of what a machine is called */
#define INOS_STATEMENT_ERA_MAX 1000000u
#define INOS_STATEMENT_SIGNATURE_SIZE 64
#define INOS_STATEMENT_NONCE_SIZE 16

enum inos_statement_kind {
  INOS_STATEMENT_FOUND = 1, /* there is this mesh, and I am in it */
  INOS_STATEMENT_ADMIT,     /* the subject, who wants to, is a member */
  INOS_STATEMENT_LEAVE,     /* I am none any more */
  INOS_STATEMENT_REVOKE,    /* the subject is none, and never will be */
  INOS_STATEMENT_ROTATE,    /* I am the subject from now on, who signs that too: a hand-over */
};

struct inos_mesh_id {
  uint8_t bytes[INOS_MESH_ID_SIZE];
};

/* What a peer signs who wants to be a member. */
struct inos_consent {
  struct inos_mesh_id mesh;
  struct inos_peer_id subject;
  uint32_t era; /* from 1; whoever has left comes again in the next one */
  char name[INOS_STATEMENT_NAME_MAX + 1];
  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE];
};

struct inos_statement {
  enum inos_statement_kind kind;
  struct inos_mesh_id mesh;            /* of FOUND: what its bytes hash to */
  struct inos_peer_id author, subject; /* subject: of ADMIT, REVOKE, ROTATE; else the author */
  uint32_t era; /* of ADMIT and LEAVE; of ROTATE: how often it has changed its key, with this */
  int64_t time; /* ms since 1970, by the author's clock: for people to read */
  char name[INOS_STATEMENT_NAME_MAX + 1];           /* of the founder, or the one admitted */
  uint8_t consent[INOS_STATEMENT_SIGNATURE_SIZE];   /* of ADMIT and ROTATE: the subject's */
  uint8_t nonce[INOS_STATEMENT_NONCE_SIZE];         /* of FOUND */
  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE]; /* the author's */
  const uint8_t *body;                              /* what is signed, in what was read */
  size_t body_len;
};

/* Who signs as this node, and who says what a signature is worth. */
struct inos_statement_trust {
  void *data;
  void (*sign) (void *data, const void *bytes, size_t len,
                uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE]);
  bool (*verify) (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                  const uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE]);
};

/** inos_name_is_good: whether it may stand for a machine: UTF-8 of at most
 * INOS_STATEMENT_NAME_MAX bytes without control characters; may be empty. */
bool inos_name_is_good (const char *name, size_t len);
/** inos_name_set: as much of @from as makes a good name; else nothing. */
void inos_name_set (char name[INOS_STATEMENT_NAME_MAX + 1], const char *from);

/** inos_consent_sign: as the subject, who @trust signs for. */
void inos_consent_sign (struct inos_consent *consent, const struct inos_statement_trust *trust);
bool inos_consent_is_right (const struct inos_consent *consent,
                            const struct inos_statement_trust *trust);

/**
 * inos_statement_read:
 * @bytes: stay where they are while @statement is used
 *
 * Returns: whether they are one; nothing is said of who signed it.
 */
bool inos_statement_read (struct inos_statement *statement, const void *bytes, size_t len);
/** inos_statement_is_right: whether its author has signed what was read, and the one admitted or
 * taking over has consented. */
bool inos_statement_is_right (const struct inos_statement *statement,
                              const struct inos_statement_trust *trust);
/** inos_statement_write: signs it as its author, who @trust signs for, and appends it. */
void inos_statement_write (struct inos_buffer *out, const struct inos_statement *statement,
                           const struct inos_statement_trust *trust);
/** inos_statement_write_rotation: the same of a ROTATE, which the subject signs too: @next signs
 * for it. */
void inos_statement_write_rotation (struct inos_buffer *out, const struct inos_statement *statement,
                                    const struct inos_statement_trust *trust,
                                    const struct inos_statement_trust *next);

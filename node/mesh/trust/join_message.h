/*
 * How a peer becomes a member, on streams of "/inos/join/1.0.0", which strangers may open: each
 * question has an answer. A stranger asks which mesh this is and in which era it would be admitted
 * (ASK), signs that it wants to be, and asks for that (JOIN), with the secret of an invitation or
 * without; it asks again while it waits. Members show each other why they are members (SHOW), so
 * that who has just been admitted is known also where nobody has told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/trust/code.h"
#include "node/mesh/trust/roll.h"

#define INOS_JOIN_PROTOCOL "/inos/join/1.0.0"
#define INOS_JOIN_STATEMENTS_MAX (2 * INOS_ROLL_PROOF_MAX) /* bytes: of both who speak */
#define INOS_JOIN_MESSAGE_MAX (INOS_JOIN_STATEMENTS_MAX + 1024u)

enum inos_join_kind {
  INOS_JOIN_ASK = 1,
  INOS_JOIN_JOIN,
  INOS_JOIN_SHOW,
  INOS_JOIN_NUDGE, /* who waits may ask again: something was decided */
};

enum inos_join_state {
  INOS_JOIN_OFFERED = 1, /* the answer to ASK: mesh and era */
  INOS_JOIN_MEMBER,      /* you are one; with statements that prove it */
  INOS_JOIN_WAITING,     /* until a person decides */
  INOS_JOIN_REFUSED,     /* a person did */
  INOS_JOIN_REVOKED,     /* or replaced, for ever; with statements that prove it */
  INOS_JOIN_UNKNOWN,     /* no such invitation */
  INOS_JOIN_EXPIRED,
  INOS_JOIN_USED_UP,
  INOS_JOIN_BUSY,     /* too many wait */
  INOS_JOIN_NO_MESH,  /* we are no member of any, or not of this one */
  INOS_JOIN_STALE,    /* the consent is for another mesh or era */
  INOS_JOIN_STRANGER, /* the answer to SHOW: you are none */
};

struct inos_join_question {
  enum inos_join_kind kind;
  bool has_secret, has_consent;
  uint8_t secret[INOS_CODE_SECRET_SIZE];
  struct inos_consent consent; /* its mesh also of SHOW and NUDGE; subject: not sent, to be set */
  const uint8_t *statements;   /* as a message of the roll; of SHOW */
  size_t statements_len;
};

struct inos_join_answer {
  enum inos_join_state state;
  struct inos_mesh_id mesh;
  uint32_t era;
  const uint8_t *statements;
  size_t statements_len;
};

void inos_join_question_write (struct inos_buffer *out, const struct inos_join_question *question);
/** inos_join_question_read: whether @bytes are one, with all that its kind has to have. */
bool inos_join_question_read (struct inos_join_question *question, const void *bytes, size_t len);
void inos_join_answer_write (struct inos_buffer *out, const struct inos_join_answer *answer);
bool inos_join_answer_read (struct inos_join_answer *answer, const void *bytes, size_t len);

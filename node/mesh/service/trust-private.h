/*
 * What the files of trust share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/messenger.h"
#include "node/mesh/host/questions.h"
#include "node/mesh/service/audit.h"
#include "node/mesh/service/trust.h"
#include "node/mesh/trust/join_message.h"
#include "node/mesh/trust/roll_message.h"

#define TRUST_SECOND UINT64_C (1000000000)
#define TRUST_PATIENCE (15 * TRUST_SECOND) /* with an answer of the join protocol */
#define TRUST_CUT_MS 200                   /* until those that are out are hung up on */
#define TRUST_GRACE_MS 3000 /* the same after a join: who is on the roll comes to light */

struct joining;

struct inos_trust {
  struct inos_trust_setup setup;
  const struct inos_mesh_env *env;
  char *dir; /* NULL: it remembers nothing */
  struct inos_membership *membership;
  inos_trust_on_gone on_gone; /* NULL: nobody wants to know */
  void *gone_data;
  struct inos_statement_trust signer;
  struct inos_roll *roll;
  struct inos_invitations *invitations;
  struct inos_requests *requests;
  struct inos_audit *audit;
  bool damaged;    /* the roll's file cannot be read: who is a member is not known */
  GArray *changes; /* struct change, of the roll; not acted upon yet */
  GArray *cut;     /* struct inos_peer_id: to be hung up on unless they are let in */
  GSource *cutter, *rounds, *forget;
  struct inos_drive *drive;
  unsigned seat_passed;      /* how often the founder's seat was, as far as it is written down */
  struct rotating *rotating; /* NULL: it is not about to have another identity */

  /* trust_roll.c */
  struct inos_messenger *messenger;
  struct inos_channel channel;
  GHashTable *up; /* struct correspondent: members whom the roll is exchanged with */

  /* trust_join.c */
  struct inos_questions *questions;
  GHashTable *asked; /* ticket → struct asked */
  uint64_t ticket;
  GHashTable *shown;       /* struct inos_peer_id, owned: those shown why we are a member */
  struct joining *joining; /* NULL: none */
  uint64_t second;         /* in which so many strangers were listened to */
  unsigned heard;
};

/* trust.c */
bool trust_is_member (const struct inos_trust *trust, const struct inos_peer_id *peer);
const struct inos_peer_id *trust_self (const struct inos_trust *trust);
/** trust_new_roll: (transfer full): of no mesh; tells of changes. */
struct inos_roll *trust_new_roll (struct inos_trust *trust);
/** trust_changed: the roll has, and has settled: keeps it, and does what follows. */
void trust_changed (struct inos_trust *trust);
/** trust_replace_roll: (transfer full) @roll: is ours from now on. */
void trust_replace_roll (struct inos_trust *trust, struct inos_roll *roll, unsigned grace);

/* trust_files.c */
void trust_load (struct inos_trust *trust);
bool trust_save_roll (struct inos_trust *trust);
bool trust_save_invitations (struct inos_trust *trust);
/** trust_save_handover: what makes another key take over from ours. */
bool trust_save_handover (struct inos_trust *trust, const struct inos_buffer *said);
/** trust_read_handover: (transfer full) (nullable): what was saved so last. */
GBytes *trust_read_handover (const struct inos_trust *trust);
#define TRUST_GOING "This node is about to leave the mesh, or to get another identity."

/* What it says in this moment nobody would listen to. */
bool trust_is_going (const struct inos_trust *trust);
void trust_forget_handover (struct inos_trust *trust);
void trust_forget_files (struct inos_trust *trust);

/* trust_roll.c */
void trust_roll_start (struct inos_trust *trust);
/** trust_roll_spread: tells members what is new, but @from, who said it (nullable), and sees that
 * there are some to be told. */
void trust_roll_spread (struct inos_trust *trust, const struct inos_buffer *news,
                        const struct inos_peer_id *from);

/** trust_roll_meet: @peer is a member now. */
void trust_roll_meet (struct inos_trust *trust, const struct inos_peer_id *peer);

/* trust_join.c */
void trust_join_start (struct inos_trust *trust);
void trust_join_stop (struct inos_trust *trust);
/** trust_nudge: something was decided about @peer. */
void trust_nudge (struct inos_trust *trust, const struct inos_peer_id *peer);
/** trust_ask: sends a question of the join protocol to @peer. */
void trust_ask (struct inos_trust *trust, const struct inos_peer_id *peer,
                const struct inos_join_question *question);
/** trust_show: tells @peer, a member, why we are one. */
void trust_show (struct inos_trust *trust, const struct inos_peer_id *peer);

/* trust_rotate.c */
/** trust_take_handover: what was saved when this node got its key counts, where that was all of it.
 */
void trust_take_handover (struct inos_trust *trust);
/** trust_tell_successions: the host knows who has handed over to whom. */
void trust_tell_successions (struct inos_trust *trust);
void trust_rotate_stop (struct inos_trust *trust);

/* trust_seat.c */
/** trust_note_seat: whose it is may have changed; with @tell it is written down. */
void trust_note_seat (struct inos_trust *trust, bool tell);

/* trust_asker.c: the side that wants to be let in */
struct asked {
  enum inos_join_kind kind;
  struct inos_peer_id peer;
};
/** trust_answered: (nullable) @answer: what @asked was answered; NULL: @why there is none. */
void trust_answered (struct inos_trust *trust, const struct asked *asked,
                     const struct inos_join_answer *answer, const GError *why);
/** trust_nudged: @peer has decided something. */
void trust_nudged (struct inos_trust *trust, const struct inos_peer_id *peer);
void trust_give_up (struct inos_trust *trust);

/* trust_answerer.c: the side that lets in */
bool trust_on_question (void *data, const struct inos_peer_id *peer, const uint8_t *question,
                        size_t len, struct inos_buffer *answer);

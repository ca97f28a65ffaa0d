/*
 * One remote actor, on one stream: the caller's side, which has letters for it, and the called
 * side, where it lives. Letters, and what is asked, arrive in the order in which they were sent.
 *
 * The called side lets so many units of letters be on their way as its window says, and says when
 * it is done with some; what does not fit waits with whoever sends it. A side that has nothing to
 * say for a while says so, and one that has heard nothing for longer takes the other for lost.
 *
 * Does no I/O (env.h). May be called from inside its events, but to be freed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/remote/message.h"

#define INOS_REMOTE_PROTOCOL "/inos/actor/1.0.0"
#define INOS_REMOTE_WINDOW 64u       /* units that this node lets be on their way */
#define INOS_REMOTE_WINDOW_MAX 4096u /* that it believes another to let */
#define INOS_REMOTE_ASKED_MAX 256u   /* questions of one session that wait for their answers */

struct inos_remote_session;

/* Why a session is over. */
struct inos_remote_over {
  enum inos_remote_end end;
  int32_t code; /* of INOS_REMOTE_ERROR and INOS_REMOTE_SHUTDOWN */
};

struct inos_remote_events {
  void (*write) (void *data, const void *message, size_t len);
  /* It is over; the stream is to be ended when all is sent, or reset where @end is
   * INOS_REMOTE_LOST. Nothing is told afterwards. */
  void (*over) (void *data, struct inos_remote_over why);
  /* Of the caller's side: so many more units may be sent; the first time the actor is there. */
  void (*room) (void *data, uint32_t units);
  /* @body is NULL unless @status is INOS_REMOTE_REPLIED. Once for each question. */
  void (*answer) (void *data, uint64_t id, enum inos_remote_status status, GVariant *body);
  /* Of the called side: whom the caller wants. Answer by inos_remote_session_welcome() or
   * inos_remote_session_end(). */
  void (*hello) (void *data, const char *name);
  /* @letter is good until this returns. */
  void (*letter) (void *data, const struct inos_remote_message *letter);
  void (*cancel) (void *data, uint64_t id);
};

struct inos_remote_setup {
  const struct inos_mesh_env *env;
  const char *name; /* whom the caller wants; NULL: this is the called side */
  const struct inos_remote_events *events;
  void *data;
};

/** inos_remote_session_new: says hello at once where it is the caller's. */
struct inos_remote_session *inos_remote_session_new (const struct inos_remote_setup *setup);
/** inos_remote_session_free: tells nothing. Takes NULL. */
void inos_remote_session_free (struct inos_remote_session *session);
/** inos_remote_session_receive: a message came. What is none ends the session. */
void inos_remote_session_receive (struct inos_remote_session *session, const uint8_t *message,
                                  size_t len);
/** inos_remote_session_lost: the stream has gone. */
void inos_remote_session_lost (struct inos_remote_session *session);
uint64_t inos_remote_session_deadline (const struct inos_remote_session *session);
void inos_remote_session_tick (struct inos_remote_session *session);

/* The caller's side */

/**
 * inos_remote_session_send: sends @letter, for which there is room; one with an id is a question.
 *
 * Questions beyond %INOS_REMOTE_ASKED_MAX are answered INOS_REMOTE_FULL at once.
 */
void inos_remote_session_send (struct inos_remote_session *session,
                               const struct inos_remote_message *letter);
/** inos_remote_session_cancel: nobody waits for @id any more: `answer` is not told. Returns:
 * whether that is so because its time is up: who asked looks at the same clock, and may be first.
 */
bool inos_remote_session_cancel (struct inos_remote_session *session, uint64_t id);

/* The called side */

void inos_remote_session_welcome (struct inos_remote_session *session);
/** inos_remote_session_taken: @units of letters are done with. */
void inos_remote_session_taken (struct inos_remote_session *session, uint32_t units);
/** inos_remote_session_answer: to a question that is open still; else nothing. */
void inos_remote_session_answer (struct inos_remote_session *session, uint64_t id,
                                 enum inos_remote_status status, GVariant *body);

/** inos_remote_session_end: says why (of the called side), and is over. */
void inos_remote_session_end (struct inos_remote_session *session, struct inos_remote_over why);
/** inos_remote_session_asked: questions that wait for their answers. */
unsigned inos_remote_session_asked (const struct inos_remote_session *session);

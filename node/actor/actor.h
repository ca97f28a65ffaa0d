/*
 * Actors: what one is made of, and all it can do.
 *
 * An actor has a state that nobody else touches, a mailbox, and a behaviour that handles one
 * message at a time. It runs on whatever worker thread is free, never on two at once, and it never
 * blocks: work that computes for long goes to inos_compute(), files and processes to their own
 * actors.
 *
 * Delivery is at most once. Messages of one priority from one actor to another arrive in the order
 * they were sent; nothing is said of the order between pairs. A message that cannot be delivered
 * becomes a dead letter, and a request always gets an answer: a reply, or why there is none.
 *
 * Every function that takes a context is for the actor that is running, on its own thread, inside
 * one of its hooks. Every function that takes a runtime may be called from any thread.
 *
 * docs/actors.md has a whole small example.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/base/priority.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct inos_runtime;
struct inos_context;
struct inos_message_type;
struct inos_route;

/* Names one incarnation of one actor in its runtime, for ever: ids are not used again. 0: nobody.
 */
typedef uint64_t inos_actor_id;

/* A timer of the actor that made it; 0: none. */
typedef uint64_t inos_timer;

/* Where messages go: one actor, or a route (a name, a service, a pool, a breaker; see route.h) that
 * finds one for each message. Routes live as long as their runtime, so an address is copied freely.
 */
struct inos_address {
  inos_actor_id id;               /* with a route: the key of what is sent without one; 0: none */
  const struct inos_route *route; /* NULL: straight to @id */
};

#define INOS_TO(actor) ((struct inos_address){.id = (actor)})

/* What became of a send. Where it is NO_MEMORY or UNASKED nothing was sent: what the message owns
 * is the caller's still. Else it is the runtime's: what was not ACCEPTED or PARKED is a dead
 * letter. */
enum inos_sent {
  INOS_ACCEPTED,  /* in the mailbox */
  INOS_PARKED,    /* the mailbox is full and blocks: it goes there when there is room; the sender
                   * handles no further message until then */
  INOS_DEAD,      /* there is no such actor any more */
  INOS_DROPPED,   /* the mailbox is full, and its policy drops what comes */
  INOS_FULL,      /* the mailbox is full and its policy refuses, or too much is parked already */
  INOS_REFUSED,   /* a circuit breaker is open, or parking would close a circle of waiters */
  INOS_NO_MEMORY, /* for the message, or for the place of its reply */
  INOS_UNASKED,   /* a reply to what asked nothing, or nothing to forward */
};

/** inos_sent_took: whether what the message owns is the runtime's now, else it is the caller's. */
static inline bool inos_sent_took (enum inos_sent sent)
{
  return sent != INOS_NO_MEMORY && sent != INOS_UNASKED;
}

/** inos_sent_name: a word for people and for D-Bus, such as "accepted". */
const char *inos_sent_name (enum inos_sent sent);

/* How a request ended. */
enum inos_replied {
  INOS_REPLIED,
  INOS_TIMED_OUT,
  INOS_REPLY_DEAD,    /* the actor is gone, or went before it answered */
  INOS_REPLY_FULL,    /* its mailbox had no room */
  INOS_REPLY_REFUSED, /* a breaker is open, or the actor does not know the message */
};

/* What a handler says when it returns. */
enum inos_outcome {
  INOS_OK,
  INOS_DONE,   /* stop this actor normally */
  INOS_FAILED, /* return inos_fail (…): on_error decides */
};

/* What on_error says. */
enum inos_action {
  INOS_STOP,     /* let it crash; its supervisor and its links hear of it. The default */
  INOS_RESUME,   /* the message is lost to the dead letters, the state stays */
  INOS_RESTART,  /* the same with a new state: same id, same mailbox, no timers */
  INOS_ESCALATE, /* stop, and let the supervisor fail of it rather than restart it */
};

enum inos_exit_kind {
  INOS_EXIT_NORMAL,
  INOS_EXIT_SHUTDOWN, /* told to stop, or stopped itself with a reason that is no fault */
  INOS_EXIT_KILLED,   /* inos_kill(): no hook ran */
  INOS_EXIT_ERROR,    /* a handler failed; `code` is its own */
  INOS_EXIT_START,    /* pre_start failed */
  INOS_EXIT_ESCALATED,
  INOS_EXIT_NOBODY, /* was dead already when it was monitored or linked to */
  INOS_EXIT_MEMORY, /* there was no memory to start it */
  INOS_EXIT_LOST,   /* it is on another node, to which there is no connection any more: noconnection
                     */
};

struct inos_exit {
  enum inos_exit_kind kind;
  int32_t code; /* of INOS_EXIT_ERROR and INOS_EXIT_SHUTDOWN, by the actor's own choice */
};

/* Why a handler failed; valid inside on_error. */
struct inos_failure {
  int32_t code;
  const char *text;
  const struct inos_message_type *type; /* of what was being handled; NULL: a hook */
};

/* The message a handler gets; valid until it returns. */
struct inos_message {
  const struct inos_message_type *type;
  const void *payload; /* of type->size bytes; aligned to 8 */
};

/* Which actors run before others on the same worker; none waits for ever. */
enum inos_urgency {
  INOS_URGENCY_NORMAL,
  INOS_URGENCY_HIGH,
  INOS_URGENCY_LOW,
};

/*
 * What one kind of actor does. Constant, and shared by all of its kind. Every hook may be NULL but
 * `receive`, which INOS_BEHAVIOUR writes.
 */
struct inos_behaviour {
  const char *name;
  const struct inos_protocol *protocol;
  size_t state_size; /* bytes; the state is zeroed before pre_start */
  enum inos_urgency urgency;
  bool on_edge; /* run on the edge's GMainContext thread (see edge.h), where GLib's sources are */

  /* @argument is what was given to spawn, NULL for none; it stays the runtime's. Return INOS_OK,
   * INOS_DONE where there is nothing more to do, or inos_fail (…). */
  enum inos_outcome (*pre_start) (void *state, struct inos_context *context, const void *argument);
  enum inos_outcome (*receive) (void *state, struct inos_context *context,
                                const struct inos_message *message);
  /* Runs once for every pre_start that succeeded, unless the actor is killed. */
  void (*post_stop) (void *state, struct inos_context *context, struct inos_exit reason);
  enum inos_action (*on_error) (void *state, struct inos_context *context,
                                const struct inos_failure *failure);
  /* An actor that was spawned with this one as its watcher has started: its pre_start succeeded.
   * That it has gone, for whatever reason, on_down says. */
  enum inos_outcome (*on_started) (void *state, struct inos_context *context, inos_actor_id who);
  /* A monitored actor has gone. */
  enum inos_outcome (*on_down) (void *state, struct inos_context *context, inos_actor_id who,
                                struct inos_exit reason);
  /* A linked actor has gone, or @who asks this one to stop, by inos_stop(); 0: no actor does, or
   * the runtime ends. Without this hook the actor goes with it, unless that was a link's normal
   * end.
   *
   * The two look alike, as exit signals do in OTP, and @reason cannot tell them apart: whoever ends
   * hands on the reason for which it ends to those it is linked to, so the reason of a stop becomes
   * that of link exits. Who has to know remembers whom it is linked to. Only INOS_EXIT_KILLED is
   * not handed on further: who goes with one that was killed ends with INOS_EXIT_ERROR, for its own
   * hooks do run. */
  enum inos_outcome (*on_exit) (void *state, struct inos_context *context, inos_actor_id who,
                                struct inos_exit reason);
  /* Releases what the state owns; also after a kill, and after a failed pre_start. */
  void (*clear) (void *state);

  /* In-place restarts (INOS_RESTART): more than this many within this time (ns) stop the actor. 0
   * stands for 3 in 5 s. */
  uint32_t restarts_max;
  uint64_t restarts_period;
};

/* What a full mailbox does. System messages and replies pass always. */
enum inos_on_full {
  INOS_ON_FULL_BLOCK,       /* the sending actor waits; a sender that is no actor is told FULL */
  INOS_ON_FULL_DROP_NEWEST, /* what comes is dropped */
  INOS_ON_FULL_DROP_OLDEST, /* the oldest of the least urgent is dropped */
  INOS_ON_FULL_FAIL,        /* the sender is told FULL */
};

/* How an actor is made. Zero is a good default for everything but the behaviour. */
struct inos_spawn {
  const struct inos_behaviour *behaviour;
  const void *argument; /* copied */
  uint32_t argument_size;
  void (*clear_argument) (void *argument); /* releases what it owns; may be NULL: nothing. Called
                                            * once, on the copy, whatever becomes of the spawn */
  uint32_t capacity;                       /* of the mailbox, in messages; 0: unbounded */
  enum inos_on_full on_full;
  uint32_t block_timeout_ms;     /* after which a parked message is given up; 0: 5 s */
  const char *name;              /* registered for as long as it lives; NULL: none */
  const char *service;           /* that it provides from its first message on; NULL: none */
  inos_actor_id watcher;         /* is told when it has started and when it has gone; 0: nobody */
  bool link;                     /* to the spawning actor */
  const struct inos_route *pool; /* that it is a member of; for pools. NULL: none */
};

struct inos_send_options {
  uint32_t ttl_ms;   /* not handled within this: expired. 0: never */
  uint32_t key;      /* routing key; see inos_key(). 0: the address's own */
  bool has_priority; /* else the type's own */
  enum inos_priority priority;
};

/* A request that was or is being handled: who asked, and what to answer to. */
struct inos_request_id {
  inos_actor_id sender;
  uint64_t id; /* 0: it was no request */
};

/* What answers a request; see the typed form of INOS_PROTOCOL. */
typedef enum inos_outcome (*inos_done) (void *state, struct inos_context *context,
                                        enum inos_replied status, const void *reply, uint64_t tag);

/* Making and ending actors */

/**
 * inos_spawn_actor:
 * @context: the actor that makes it
 * @spawn: how; nothing of it is kept
 *
 * The new actor starts by itself, soon; messages sent to it meanwhile wait.
 *
 * What the argument owns, and `clear_argument` releases, is the runtime's from the call on. It is
 * released before the call returns where that is 0; else when the actor has started and is of a
 * behaviour without on_error, and so never restarted in its place; else when it has gone, after its
 * state has been released. pre_start takes references of its own.
 *
 * Returns: its id, or 0 where there is no memory, too many actors, the name is taken, or too many
 * provide the service.
 */
inos_actor_id inos_spawn_actor (struct inos_context *context, const struct inos_spawn *spawn);

/** inos_spawn_simple: inos_spawn_actor() with a word as argument and defaults for the rest. */
inos_actor_id inos_spawn_simple (struct inos_context *context,
                                 const struct inos_behaviour *behaviour, const void *argument,
                                 uint32_t size);

/** inos_runtime_spawn: inos_spawn_actor() from any thread. */
inos_actor_id inos_runtime_spawn (struct inos_runtime *runtime, const struct inos_spawn *spawn);

/**
 * inos_stop:
 *
 * Asks @actor to stop with @reason when it has handled what it is handling: before what waits in
 * its mailbox, which becomes dead letters. An actor with on_exit may take its time.
 */
void inos_stop (struct inos_context *context, inos_actor_id actor, struct inos_exit reason);
/** inos_kill: stops @actor after the message it is handling; none of its hooks runs but clear. */
void inos_kill (struct inos_context *context, inos_actor_id actor);
/** inos_runtime_stop_actor: inos_stop() from any thread, or inos_kill() for INOS_EXIT_KILLED. */
void inos_runtime_stop_actor (struct inos_runtime *runtime, inos_actor_id actor,
                              struct inos_exit reason);

/** inos_fail: records why the handler fails. Returns: INOS_FAILED, to be returned in turn. */
enum inos_outcome inos_fail (struct inos_context *context, int32_t code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
/** inos_done: stops this actor as INOS_DONE does, with a reason. Returns: INOS_DONE. */
enum inos_outcome inos_done_with (struct inos_context *context, struct inos_exit reason);

/**
 * inos_pause:
 *
 * The running actor handles no message after this one until inos_resume(): what comes waits in its
 * mailbox, and where that is full its senders do. Signals (being stopped, links, monitors) come
 * still.
 *
 * Returns: false where there is no memory for it.
 */
bool inos_pause (struct inos_context *context);
/** inos_resume: has @actor go on. One that is not paused does anyway. */
void inos_resume (struct inos_context *context, inos_actor_id actor);

/* Links and monitors. A link joins two fates, a monitor tells of one end: exactly once for each
 * time it was asked for, at once where the actor is gone already. Who ends, or is started anew in
 * its place, watches nobody any more. */
void inos_link (struct inos_context *context, inos_actor_id other);
void inos_unlink (struct inos_context *context, inos_actor_id other);
void inos_monitor (struct inos_context *context, inos_actor_id other);
void inos_demonitor (struct inos_context *context, inos_actor_id other);

/* The running actor */

inos_actor_id inos_self (const struct inos_context *context);
struct inos_runtime *inos_context_runtime (const struct inos_context *context);
/** inos_now: ns of the runtime's monotonic (or virtual) clock, at most one batch old. */
uint64_t inos_now (const struct inos_context *context);
/** inos_sender: who sent what is being handled; 0: no actor. */
inos_actor_id inos_sender (const struct inos_context *context);
/** inos_is_blocked: whether a send of this actor is parked, so that it had better end its turn. */
bool inos_is_blocked (const struct inos_context *context);

/*
 * Messages. Protocols have typed forms of all of these; use them.
 *
 * Of every function here that sends: where it says INOS_NO_MEMORY or INOS_UNASKED (or of
 * inos_send_after() 0) nobody gets anything and what the message owns is the caller's still, else
 * it is the runtime's.
 */

enum inos_sent inos_send (struct inos_context *context, struct inos_address to,
                          const struct inos_message_type *type, const void *message,
                          const struct inos_send_options *options);
enum inos_sent inos_send_word (struct inos_context *context, struct inos_address to,
                               const struct inos_message_type *type, uint64_t word);
enum inos_sent inos_post (struct inos_runtime *runtime, struct inos_address to,
                          const struct inos_message_type *type, const void *message,
                          const struct inos_send_options *options);
/**
 * inos_forward: sends what is being handled on to @to, sender, id and payload as they are.
 *
 * After INOS_NO_MEMORY it is being handled here still, and a request is still to be answered. Where
 * no message is being handled, or it has been forwarded already, it is INOS_UNASKED.
 */
enum inos_sent inos_forward (struct inos_context *context, struct inos_address to);

/**
 * inos_request:
 * @timeout: ns after which the answer is INOS_TIMED_OUT
 * @done: called exactly once, in this actor, unless it stops or restarts before
 * @tag: handed to @done
 *
 * The place for the reply is there before the request can be seen. At most 65,535 may be open; one
 * more is INOS_NO_MEMORY. Then, and only then, @done is not called.
 */
enum inos_sent inos_request (struct inos_context *context, struct inos_address to,
                             const struct inos_message_type *type, const void *message,
                             uint64_t timeout, inos_done done, uint64_t tag);
/**
 * inos_request_handled: the request being handled, to be answered now or kept for later.
 *
 * What this actor has not answered when it ends, or begins anew after a failure, is answered with
 * INOS_REPLY_DEAD; up to 8,192 that it keeps. So what another actor is to answer is for
 * inos_forward().
 */
struct inos_request_id inos_request_handled (const struct inos_context *context);
/**
 * inos_reply:
 *
 * Answers @request. Where its asker has gone that is INOS_DEAD, and the reply is a dead letter.
 * Where there is nothing to answer, for @request is of a message that was no request, it is
 * INOS_UNASKED, and what the reply owns stays the caller's.
 */
enum inos_sent inos_reply (struct inos_context *context, struct inos_request_id request,
                           const struct inos_message_type *type, const void *reply);
/** inos_refuse: answers a request with INOS_REPLY_REFUSED. */
void inos_refuse (struct inos_context *context, struct inos_request_id request);
/** inos_decline: answers a request with @status, which is not INOS_REPLIED: for who asks another in
 * its place, and was told so. */
void inos_decline (struct inos_context *context, struct inos_request_id request,
                   enum inos_replied status);

/* Topics: what is published reaches every subscriber, or nobody where there is no memory for one of
 * them; a payload is shared among them. */
bool inos_subscribe (struct inos_context *context, const char *topic);
void inos_unsubscribe (struct inos_context *context, const char *topic);
enum inos_sent inos_publish (struct inos_context *context, const char *topic,
                             const struct inos_message_type *type, const void *message);

/* Timers end with the actor, and with its restart. */

/**
 * inos_send_after:
 * @delay: ns
 * @period: ns, for one that goes on every so often; 0: once. Ticks that were missed are not made up
 *          for, and the next comes when the one before has been handled
 *
 * Returns: a timer, or 0 where there is no memory. What the message owns goes with the timer.
 */
inos_timer inos_send_after (struct inos_context *context, struct inos_address to,
                            const struct inos_message_type *type, const void *message,
                            uint64_t delay, uint64_t period);
/** inos_cancel: after this the timer's message does not come. Returns: whether it was running. */
bool inos_cancel (struct inos_context *context, inos_timer timer);

/** inos_key: a routing key of any bytes; never 0, which is none. */
uint32_t inos_key (const void *bytes, size_t size);

#define INOS_SECOND G_GUINT64_CONSTANT (1000000000)
#define INOS_MILLISECOND G_GUINT64_CONSTANT (1000000)

#include "node/actor/message.h"

/**
 * INOS_HANDLE:
 *
 * Begins a handler: INOS_HANDLE (counter, add, struct counter) { self->sum += message->by; return
 * INOS_OK; }. It sees `self`, `context` and `message`. One for a message that the protocol does not
 * have does not compile; one that is missing does not either.
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type takes none */
#define INOS_HANDLE(proto, name, state)                                                            \
  static enum inos_outcome proto##_on_##name (state *self, struct inos_context *context,           \
                                              const proto##_##name##_message *message)
/* NOLINTEND(bugprone-macro-parentheses) */

/**
 * INOS_BEHAVIOUR:
 * @proto: the protocol it handles
 * @LIST: the protocol's list
 * @state: the type of its state
 *
 * After the handlers: defines `const struct inos_behaviour proto_behaviour`, with the hooks given
 * as designated initializers.
 */
#define INOS_BEHAVIOUR(proto, LIST, state, ...)                                                    \
  static enum inos_outcome proto##_receive (void *self, struct inos_context *context,              \
                                            const struct inos_message *message)                    \
  {                                                                                                \
    if (message->type->protocol != &proto##_protocol)                                              \
      return inos_unhandled (context, message);                                                    \
    switch (message->type->ordinal) {                                                              \
      LIST (INOS_P_CASE, INOS_P_CASE_REQUEST)                                                      \
    default:                                                                                       \
      return inos_unhandled (context, message);                                                    \
    }                                                                                              \
  }                                                                                                \
  const struct inos_behaviour proto##_behaviour = {.name = #proto,                                 \
                                                   .protocol = &proto##_protocol,                  \
                                                   .state_size = sizeof (state),                   \
                                                   .receive =                                      \
                                                     proto##_receive __VA_OPT__ (, ) __VA_ARGS__}

#define INOS_P_CASE(proto, name, ...)                                                              \
  case proto##_##name##_ordinal:                                                                   \
    return proto##_on_##name (self, context, (const proto##_##name##_message *)message->payload);
#define INOS_P_CASE_REQUEST INOS_P_CASE

/** inos_unhandled: what a behaviour does with a message of no protocol of its own: a dead letter.
 */
enum inos_outcome inos_unhandled (struct inos_context *context, const struct inos_message *message);

/*
 * Messages and the protocols they belong to.
 *
 * A protocol is what one kind of actor understands. It is declared once, as a list:
 *
 *     struct counter_add { uint64_t by; };
 *     struct counter_total { uint64_t total; };
 *
 *     #define COUNTER(MESSAGE, REQUEST)                                          \
 *       MESSAGE (counter, add, struct counter_add, 1)                            \
 *       REQUEST (counter, read, struct inos_nothing, struct counter_total, 1)
 *     INOS_PROTOCOL (counter, COUNTER)
 *
 * and everything else comes from the list: the type `counter_ref` of an address that takes these
 * messages and no others, the functions counter_send_add(), counter_request_read() and
 * counter_reply_read(), and, in the one C file that has INOS_PROTOCOL_DEFINE (counter, COUNTER),
 * the descriptors by which the bridge and the mesh know a message's name and version. To send what
 * the list does not have, or a struct of another type, does not compile; INOS_BEHAVIOUR in actor.h
 * does the same for what an actor handles.
 *
 * A message of up to 8 bytes travels inside its envelope. A larger one is put into a block that is
 * counted, not copied, when it is published to many, forwarded or kept by a dead letter. What a
 * message owns (a GBytes, say) is released by its type's `clear`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/base/priority.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The largest message, in bytes; what is larger goes in a GBytes or a file. */
#define INOS_MESSAGE_MAX (64u * 1024)

/* A message that says everything by its name. */
struct inos_nothing {
  uint8_t nothing;
};
#define INOS_NOTHING ((struct inos_nothing){0})

struct inos_protocol {
  const char *name;
};

/* One per message of a protocol, all of them in one section of the program, so that an envelope can
 * name its type in 16 bits without a registry. */
struct inos_message_type {
  const char *name; /* "counter.add": what the bridge, the mesh and people see */
  const struct inos_protocol *protocol;
  const struct inos_message_type *partner;   /* a request's reply, a reply's request, else NULL */
  void (*clear) (void *message);             /* may be NULL: nothing is owned */
  void (*copy) (void *to, const void *from); /* may be NULL: bytes are copied */
  void (*clear_reply) (void *reply);         /* of a request: `clear` of its reply */
  uint32_t size;                             /* bytes */
  uint16_t version;
  uint8_t ordinal;  /* place in the protocol */
  uint8_t priority; /* enum inos_priority that it is sent with where the sender says nothing */
} __attribute__ ((aligned (64)));

_Static_assert (sizeof (struct inos_message_type) == 64, "the section of types is an array");

#define INOS_MESSAGE_TYPE_PLACE __attribute__ ((section ("inos_types"), used))

/* The default of the variable arguments of MESSAGE and REQUEST: an optional `.clear = …`,
 * `.copy = …`. A message is sent with normal priority unless `.priority = …` says otherwise; the
 * stored value is exclusive-or-ed with NORMAL so that nothing said means normal. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a designated initializer */
#define INOS_PRIORITY(p) .priority = (p) ^ INOS_PRIORITY_NORMAL

/**
 * INOS_PROTOCOL:
 * @proto: the protocol's name, an identifier
 * @LIST: the macro with its messages
 *
 * Declares a protocol; for a header.
 */
#define INOS_PROTOCOL(proto, LIST)                                                                 \
  extern const struct inos_protocol proto##_protocol;                                              \
  typedef struct {                                                                                 \
    struct inos_address address;                                                                   \
  } proto##_ref;                                                                                   \
  enum { LIST (INOS_P_ORDINAL, INOS_P_ORDINAL_REQUEST) proto##_messages };                         \
  LIST (INOS_P_DECLARE, INOS_P_DECLARE_REQUEST)                                                    \
  struct inos_protocol

/**
 * INOS_PROTOCOL_DEFINE:
 *
 * Defines what INOS_PROTOCOL declared; in one C file.
 */
#define INOS_PROTOCOL_DEFINE(proto, LIST)                                                          \
  const struct inos_protocol proto##_protocol = {#proto};                                          \
  LIST (INOS_P_DEFINE, INOS_P_DEFINE_REQUEST)                                                      \
  struct inos_protocol

/* Below here is what the two expand to. */

/* Of a protocol that one file declares, defines and uses, not every function is called. */
#define INOS_P_INLINE __attribute__ ((unused)) static inline

#define INOS_P_ORDINAL(proto, name, type, ver, ...) proto##_##name##_ordinal,
#define INOS_P_ORDINAL_REQUEST(proto, name, type, answer, ver, ...) proto##_##name##_ordinal,

#define INOS_P_WORD(message)                                                                       \
  uint64_t word = 0;                                                                               \
  if (sizeof (message) <= sizeof word)                                                             \
  memcpy (&word, &(message), sizeof (message) <= sizeof word ? sizeof (message) : 0)

#define INOS_P_DECLARE(proto, name, type, ver, ...)                                                \
  typedef type proto##_##name##_message;                                                           \
  _Static_assert (sizeof (type) <= INOS_MESSAGE_MAX, #type " is too large for a message");         \
  extern const struct inos_message_type proto##_##name##_type;                                     \
  /* To an actor, from one. */                                                                     \
  INOS_P_INLINE enum inos_sent proto##_send_##name (struct inos_context *context, proto##_ref to,  \
                                                    type message)                                  \
  {                                                                                                \
    INOS_P_WORD (message);                                                                         \
    if (sizeof message <= sizeof word)                                                             \
      return inos_send_word (context, to.address, &proto##_##name##_type, word);                   \
    return inos_send (context, to.address, &proto##_##name##_type, &message, NULL);                \
  }                                                                                                \
  /* The same with a TTL, a priority or a routing key of its own. */                               \
  INOS_P_INLINE enum inos_sent proto##_send_##name##_with (                                        \
    struct inos_context *context, proto##_ref to, type message,                                    \
    const struct inos_send_options *options)                                                       \
  {                                                                                                \
    return inos_send (context, to.address, &proto##_##name##_type, &message, options);             \
  }                                                                                                \
  /* From any thread that is no actor. */                                                          \
  INOS_P_INLINE enum inos_sent proto##_post_##name (struct inos_runtime *runtime, proto##_ref to,  \
                                                    type message)                                  \
  {                                                                                                \
    return inos_post (runtime, to.address, &proto##_##name##_type, &message, NULL);                \
  }                                                                                                \
  INOS_P_INLINE enum inos_sent proto##_publish_##name (struct inos_context *context,               \
                                                       const char *topic, type message)            \
  {                                                                                                \
    return inos_publish (context, topic, &proto##_##name##_type, &message);                        \
  }                                                                                                \
  /* To its sender later, or to another actor, once or again and again. */                         \
  INOS_P_INLINE inos_timer proto##_send_##name##_after (                                           \
    struct inos_context *context, proto##_ref to, type message, uint64_t delay, uint64_t period)   \
  {                                                                                                \
    return inos_send_after (context, to.address, &proto##_##name##_type, &message, delay, period); \
  }

#define INOS_P_DECLARE_REQUEST(proto, name, type, answer, ver, ...)                                \
  INOS_P_DECLARE (proto, name, type, ver)                                                          \
  typedef answer proto##_##name##_answer;                                                          \
  _Static_assert (sizeof (answer) <= INOS_MESSAGE_MAX, #answer " is too large for a message");     \
  extern const struct inos_message_type proto##_##name##_reply_type;                               \
  /* @reply is NULL unless @status is INOS_REPLIED. */                                             \
  typedef enum inos_outcome (*proto##_##name##_done) (void *state, struct inos_context *context,   \
                                                      enum inos_replied status,                    \
                                                      const answer *reply, uint64_t tag);          \
  INOS_P_INLINE enum inos_sent proto##_request_##name (                                            \
    struct inos_context *context, proto##_ref to, type message, uint64_t timeout,                  \
    proto##_##name##_done done, uint64_t tag)                                                      \
  {                                                                                                \
    return inos_request (context, to.address, &proto##_##name##_type, &message, timeout,           \
                         (inos_done)(void (*) (void))done, tag);                                   \
  }                                                                                                \
  /* Answers the request that is being handled. */                                                 \
  INOS_P_INLINE enum inos_sent proto##_reply_##name (struct inos_context *context, answer reply)   \
  {                                                                                                \
    return inos_reply (context, inos_request_handled (context), &proto##_##name##_reply_type,      \
                       &reply);                                                                    \
  }                                                                                                \
  /* Answers one that was kept with inos_request_handled(). */                                     \
  INOS_P_INLINE enum inos_sent proto##_reply_##name##_to (                                         \
    struct inos_context *context, struct inos_request_id request, answer reply)                    \
  {                                                                                                \
    return inos_reply (context, request, &proto##_##name##_reply_type, &reply);                    \
  }

#define INOS_P_DEFINE(proto, tag, type, ver, ...)                                                  \
  INOS_MESSAGE_TYPE_PLACE const struct inos_message_type proto##_##tag##_type = {                  \
    .name = #proto "." #tag,                                                                       \
    .protocol = &proto##_protocol,                                                                 \
    .size = sizeof (type),                                                                         \
    .version = (ver),                                                                              \
    .ordinal = proto##_##tag##_ordinal __VA_OPT__ (, ) __VA_ARGS__};

#define INOS_P_DEFINE_REQUEST(proto, tag, type, answer, ver, ...)                                  \
  INOS_MESSAGE_TYPE_PLACE const struct inos_message_type proto##_##tag##_reply_type = {            \
    .name = #proto "." #tag "-reply",                                                              \
    .protocol = &proto##_protocol,                                                                 \
    .size = sizeof (answer),                                                                       \
    .version = (ver),                                                                              \
    .ordinal = proto##_##tag##_ordinal,                                                            \
    .partner = &proto##_##tag##_type};                                                             \
  INOS_MESSAGE_TYPE_PLACE const struct inos_message_type proto##_##tag##_type = {                  \
    .name = #proto "." #tag,                                                                       \
    .protocol = &proto##_protocol,                                                                 \
    .partner = &proto##_##tag##_reply_type,                                                        \
    .size = sizeof (type),                                                                         \
    .version = (ver),                                                                              \
    .ordinal = proto##_##tag##_ordinal __VA_OPT__ (, ) __VA_ARGS__};

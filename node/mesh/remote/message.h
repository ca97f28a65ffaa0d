/*
 * What two nodes say to each other of one remote actor, on one stream of "/inos/actor/1.0.0": each
 * message is protobuf, after its length as a varint.
 *
 *     message Message {
 *       Kind kind = 1;          bytes name = 2;         uint64 id = 3;       uint64 version = 4;
 *       uint64 priority = 5;    uint64 remaining = 6;   uint64 amount = 7;   uint64 code = 8;
 *       bytes signature = 9;    bytes body = 10;
 *     }
 *
 * A body is a GVariant of the type that `signature` says, little-endian and in normal form.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#include <glib.h>

#define INOS_REMOTE_NAME_MAX 64u      /* bytes of an actor's name, or of what a letter is called */
#define INOS_REMOTE_SIGNATURE_MAX 64u /* bytes of a body's type */
#define INOS_REMOTE_BODY_MAX                                                                       \
  (64u * 1024)                    /* bytes; as much as a message between actors may have           \
                                   */
#define INOS_REMOTE_DEPTH_MAX 16u /* containers in each other, those in variants counted */
#define INOS_REMOTE_REMAINING_MAX 86400000u /* ms; what is further off is so far */
/* Bytes of one message. */
#define INOS_REMOTE_MESSAGE_MAX (INOS_REMOTE_BODY_MAX + 256u)

enum inos_remote_kind {
  INOS_REMOTE_HELLO = 1,   /* who asks: `name` is whom the stream is for */
  INOS_REMOTE_WELCOME = 2, /* `amount`: how many units of letters may be on their way */
  INOS_REMOTE_LETTER = 3,  /* `name`, `version`, `priority`, `body`; with `id`: answer it */
  INOS_REMOTE_TAKEN = 4,   /* `amount` units are done with */
  INOS_REMOTE_ANSWER = 5,  /* to `id`: `amount` is an enum inos_remote_status, `body` the reply */
  INOS_REMOTE_CANCEL = 6,  /* nobody waits for the answer to `id` any more */
  INOS_REMOTE_DOWN =
    7, /* the actor has gone: `amount` is an enum inos_remote_end, `code` its own */
  INOS_REMOTE_IDLE = 8, /* nothing; so that the other knows that this side is there */
};

/* How a question ended; the numbers are the wire's. */
enum inos_remote_status {
  INOS_REMOTE_REPLIED = 0,
  INOS_REMOTE_TIMED_OUT = 1,
  INOS_REMOTE_DEAD = 2,
  INOS_REMOTE_FULL = 3,
  INOS_REMOTE_REFUSED = 4,
  INOS_REMOTE_STATUSES
};

/* Why an actor has gone; the numbers are the wire's. The last but one never goes over it. */
enum inos_remote_end {
  INOS_REMOTE_NORMAL = 0,
  INOS_REMOTE_SHUTDOWN = 1,
  INOS_REMOTE_KILLED = 2,
  INOS_REMOTE_ERROR = 3,
  INOS_REMOTE_NOBODY = 4, /* there is none of that name that this peer may reach */
  INOS_REMOTE_TOO_MANY = 5,
  INOS_REMOTE_LOST = 6, /* there is no connection (any more), or it said what is no message */
  INOS_REMOTE_ENDS
};

struct inos_remote_message {
  enum inos_remote_kind kind;
  uint8_t priority; /* enum inos_priority */
  uint16_t version;
  char name[INOS_REMOTE_NAME_MAX + 1];
  uint64_t id;        /* 0: none */
  uint32_t remaining; /* ms until nobody wants it any more; 0: for ever */
  uint32_t amount;
  int32_t code;
  GVariant *body; /* owned; NULL: none */
};

/**
 * inos_remote_message_read:
 *
 * Returns: whether @bytes are a message, with all that its kind has, within the bounds above; then
 * clear it with inos_remote_message_clear().
 */
bool inos_remote_message_read (struct inos_remote_message *message, const void *bytes, size_t len);
/** inos_remote_message_write: appends @message, which is one that could be read. */
void inos_remote_message_write (struct inos_buffer *out, const struct inos_remote_message *message);
void inos_remote_message_clear (struct inos_remote_message *message);

/** inos_remote_name_is_right: whether @name may be an actor's or a letter's: letters, digits and
 * “-_.” of ASCII, of which there are 1 to %INOS_REMOTE_NAME_MAX. */
bool inos_remote_name_is_right (const char *name);
/**
 * inos_remote_body_fits:
 *
 * Returns: (nullable): NULL where @body can be sent; else what is wrong with it, for a person.
 */
const char *inos_remote_body_fits (GVariant *body);
/** inos_remote_units: how much of a window a letter with @body (nullable) takes. */
uint32_t inos_remote_units (GVariant *body);

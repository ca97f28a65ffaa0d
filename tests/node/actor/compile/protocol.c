/*
 * What must not compile: each CASE from 1 on is a mistake that the types catch. CASE 0 is right.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/actor.h"

struct lamp_dim {
  uint32_t percent;
};

struct lamp_state {
  uint32_t percent;
};

#define LAMP(MESSAGE, REQUEST)                                                                     \
  MESSAGE (lamp, dim, struct lamp_dim, 1)                                                          \
  REQUEST (lamp, look, struct inos_nothing, struct lamp_state, 1)
INOS_PROTOCOL (lamp, LAMP);
INOS_PROTOCOL_DEFINE (lamp, LAMP);

#define BELL(MESSAGE, REQUEST) MESSAGE (bell, ring, struct inos_nothing, 1)
INOS_PROTOCOL (bell, BELL);

struct lamp {
  uint32_t percent;
};

INOS_HANDLE (lamp, dim, struct lamp)
{
#if CASE == 1 /* another message's field */
  self->percent = message->volume;
#else
  self->percent = message->percent;
#endif
  return INOS_OK;
}

#if CASE != 2 /* a message of the protocol that nobody handles */
INOS_HANDLE (lamp, look, struct lamp)
{
#if CASE == 3 /* a reply of another type */
  lamp_reply_look (context, (struct lamp_dim){self->percent});
#else
  lamp_reply_look (context, (struct lamp_state){self->percent});
#endif
  return INOS_OK;
}
#endif

#if CASE == 4 /* handling what the protocol does not have */
INOS_HANDLE (lamp, explode, struct lamp)
{
  return INOS_OK;
}
#endif

INOS_BEHAVIOUR (lamp, LAMP, struct lamp);

#if CASE == 9 /* a handler written by hand for another struct */
static enum inos_outcome horn_on_blow (struct lamp *self, struct inos_context *context,
                                       const struct lamp_state *message);
struct horn_blow {
  uint32_t loud;
};
#define HORN(MESSAGE, REQUEST) MESSAGE (horn, blow, struct horn_blow, 1)
INOS_PROTOCOL (horn, HORN);
static enum inos_outcome horn_on_blow (struct lamp *self, struct inos_context *context,
                                       const struct lamp_state *message)
{
  return INOS_OK;
}
INOS_BEHAVIOUR (horn, HORN, struct lamp);
#endif

static enum inos_outcome on_state (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct lamp_state *reply,
                                   uint64_t tag)
{
  return INOS_OK;
}

void use (struct inos_context *context, lamp_ref lamp, bell_ref bell);
void use (struct inos_context *context, lamp_ref lamp, bell_ref bell)
{
  lamp_send_dim (context, lamp, (struct lamp_dim){50});
  lamp_request_look (context, lamp, INOS_NOTHING, INOS_SECOND, on_state, 0);
  bell_send_ring (context, bell, INOS_NOTHING);
#if CASE == 5 /* a payload of another type */
  lamp_send_dim (context, lamp, (struct lamp_state){50});
#elif CASE == 6 /* to an actor of another protocol */
  lamp_send_dim (context, bell, (struct lamp_dim){50});
#elif CASE == 7 /* a message that is not declared */
  lamp_send_explode (context, lamp, INOS_NOTHING);
#elif CASE == 8 /* a reply's handler for another reply */
  extern enum inos_outcome on_dim (void *, struct inos_context *, enum inos_replied,
                                   const struct lamp_dim *, uint64_t);
  lamp_request_look (context, lamp, INOS_NOTHING, INOS_SECOND, on_dim, 0);
#endif
}

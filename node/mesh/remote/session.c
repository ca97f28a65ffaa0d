/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/remote/session.h"

#include "node/base/priority.h"

#define MS UINT64_C (1000000)
#define SPEAK_AFTER (10000 * MS) /* something is said at least so often */
#define LOST_AFTER (30000 * MS)  /* nothing was heard for so long */
#define HELLO_WITHIN (10000 * MS)
#define ABOUT (50 * MS) /* by which a question waits longer here than with who asked, at most */

enum state { GREETING, OPEN, OVER };

/* A question that waits for its answer. */
struct asked {
  uint64_t id;
  uint64_t until; /* INOS_NEVER: for ever */
};

struct inos_remote_session {
  struct inos_remote_setup setup;
  enum state state;
  bool caller;
  bool greeted; /* the called side: the caller has said whom it wants */
  uint64_t begun, heard, said;
  uint32_t window, flying; /* units; on their way, or here and not done with */
  GArray *asked;           /* struct asked, at most INOS_REMOTE_ASKED_MAX */
};

static uint64_t now (const struct inos_remote_session *s)
{
  return inos_env_now (s->setup.env);
}

static bool is_caller (const struct inos_remote_session *s)
{
  return s->caller;
}

static void say (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  struct inos_buffer out = {0};

  inos_remote_message_write (&out, message);
  s->said = now (s);
  s->setup.events->write (s->setup.data, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

/* Questions */

static struct asked *find (const struct inos_remote_session *s, uint64_t id, guint *place)
{
  for (guint i = 0; i < s->asked->len; i++) {
    struct asked *asked = &g_array_index (s->asked, struct asked, i);
    if (asked->id == id) {
      *place = i;
      return asked;
    }
  }
  return NULL;
}

static bool forget (struct inos_remote_session *s, uint64_t id)
{
  guint place;

  if (!find (s, id, &place))
    return false;
  g_array_remove_index_fast (s->asked, place);
  return true;
}

static void remember (struct inos_remote_session *s, uint64_t id, uint32_t remaining)
{
  struct asked asked = {id, remaining > 0 ? now (s) + remaining * MS : INOS_NEVER};

  g_array_append_val (s->asked, asked);
}

/* Its end */

static void over (struct inos_remote_session *s, struct inos_remote_over why)
{
  if (s->state == OVER)
    return;
  s->state = OVER;
  if (is_caller (s))
    while (s->asked->len > 0) {
      uint64_t id = g_array_index (s->asked, struct asked, 0).id;
      g_array_remove_index (s->asked, 0);
      s->setup.events->answer (s->setup.data, id, INOS_REMOTE_DEAD, NULL);
    }
  s->setup.events->over (s->setup.data, why);
}

void inos_remote_session_lost (struct inos_remote_session *s)
{
  over (s, (struct inos_remote_over){.end = INOS_REMOTE_LOST});
}

void inos_remote_session_end (struct inos_remote_session *s, struct inos_remote_over why)
{
  if (s->state == OVER)
    return;
  if (!is_caller (s) && why.end != INOS_REMOTE_LOST)
    say (s, &(struct inos_remote_message){
              .kind = INOS_REMOTE_DOWN, .amount = why.end, .code = why.code});
  over (s, why);
}

/* What the caller says */

static bool on_hello (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  if (s->greeted)
    return false;
  s->greeted = true;
  s->setup.events->hello (s->setup.data, message->name);
  return true;
}

static bool on_letter (struct inos_remote_session *s, const struct inos_remote_message *letter)
{
  guint place;

  if (s->state != OPEN || s->flying >= s->window)
    return false; /* it takes more than it was given */
  if (letter->id && (find (s, letter->id, &place) || s->asked->len >= INOS_REMOTE_ASKED_MAX))
    return false;
  s->flying += inos_remote_units (letter->body);
  if (letter->id)
    remember (s, letter->id, letter->remaining);
  s->setup.events->letter (s->setup.data, letter);
  return true;
}

static bool on_cancel (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  if (forget (s, message->id)) /* else its answer is on its way */
    s->setup.events->cancel (s->setup.data, message->id);
  return true;
}

/* What the called one says */

static bool on_welcome (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  if (s->state != GREETING || message->amount > INOS_REMOTE_WINDOW_MAX)
    return false;
  s->state = OPEN;
  s->window = message->amount;
  s->setup.events->room (s->setup.data, s->window);
  return true;
}

static bool on_taken (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  if (message->amount > s->flying)
    return false;
  s->flying -= message->amount;
  s->setup.events->room (s->setup.data, message->amount);
  return true;
}

static bool on_answer (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  if (forget (s, message->id)) /* else nobody waits for it any more */
    s->setup.events->answer (s->setup.data, message->id, (enum inos_remote_status)message->amount,
                             message->amount == INOS_REMOTE_REPLIED ? message->body : NULL);
  return true;
}

static bool on_down (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  over (s, (struct inos_remote_over){(enum inos_remote_end)message->amount, message->code});
  return true;
}

typedef bool (*on_message) (struct inos_remote_session *s,
                            const struct inos_remote_message *message);

static bool on_idle (struct inos_remote_session *s, const struct inos_remote_message *message)
{
  return true;
}

static on_message handler_of (const struct inos_remote_session *s, enum inos_remote_kind kind)
{
  static const on_message of_caller[] = {
    [INOS_REMOTE_HELLO] = on_hello,
    [INOS_REMOTE_LETTER] = on_letter,
    [INOS_REMOTE_CANCEL] = on_cancel,
    [INOS_REMOTE_IDLE] = on_idle,
  };
  static const on_message of_called[] = {
    [INOS_REMOTE_WELCOME] = on_welcome, [INOS_REMOTE_TAKEN] = on_taken,
    [INOS_REMOTE_ANSWER] = on_answer,   [INOS_REMOTE_DOWN] = on_down,
    [INOS_REMOTE_IDLE] = on_idle,
  };

  return is_caller (s) ? of_called[kind] : of_caller[kind];
}

void inos_remote_session_receive (struct inos_remote_session *s, const uint8_t *bytes, size_t len)
{
  struct inos_remote_message message;

  if (s->state == OVER)
    return;
  if (!inos_remote_message_read (&message, bytes, len)) {
    inos_remote_session_lost (s);
    return;
  }
  s->heard = now (s);
  on_message handle = handler_of (s, message.kind);
  if (!handle || !handle (s, &message))
    inos_remote_session_lost (s);
  inos_remote_message_clear (&message);
}

/* The caller's side */

void inos_remote_session_send (struct inos_remote_session *s,
                               const struct inos_remote_message *letter)
{
  enum inos_remote_status status = INOS_REMOTE_DEAD;

  if (s->state == OPEN && (!letter->id || s->asked->len < INOS_REMOTE_ASKED_MAX)) {
    struct inos_remote_message message = *letter;
    message.kind = INOS_REMOTE_LETTER;
    s->flying += inos_remote_units (letter->body);
    if (letter->id)
      remember (s, letter->id, letter->remaining);
    say (s, &message);
    return;
  }
  if (s->state == OPEN) { /* it was to take room, and does not */
    s->setup.events->room (s->setup.data, inos_remote_units (letter->body));
    status = INOS_REMOTE_FULL;
  }
  if (letter->id)
    s->setup.events->answer (s->setup.data, letter->id, status, NULL);
}

bool inos_remote_session_cancel (struct inos_remote_session *s, uint64_t id)
{
  guint place;
  const struct asked *asked = s->state == OPEN ? find (s, id, &place) : NULL;

  if (!asked)
    return false;
  bool late = asked->until <= now (s) + ABOUT;
  forget (s, id);
  say (s, &(struct inos_remote_message){.kind = INOS_REMOTE_CANCEL, .id = id});
  return late;
}

/* The called side */

void inos_remote_session_welcome (struct inos_remote_session *s)
{
  if (s->state != GREETING || !s->greeted)
    return;
  s->state = OPEN;
  s->window = INOS_REMOTE_WINDOW;
  say (s, &(struct inos_remote_message){.kind = INOS_REMOTE_WELCOME, .amount = s->window});
}

void inos_remote_session_taken (struct inos_remote_session *s, uint32_t units)
{
  units = MIN (units, s->flying);
  if (s->state != OPEN || units == 0)
    return;
  s->flying -= units;
  say (s, &(struct inos_remote_message){.kind = INOS_REMOTE_TAKEN, .amount = units});
}

void inos_remote_session_answer (struct inos_remote_session *s, uint64_t id,
                                 enum inos_remote_status status, GVariant *body)
{
  if (s->state != OPEN || !forget (s, id))
    return;
  bool whole = status == INOS_REMOTE_REPLIED && body && !inos_remote_body_fits (body);
  if (status == INOS_REMOTE_REPLIED && !whole)
    status = INOS_REMOTE_REFUSED;
  say (s, &(struct inos_remote_message){
            .kind = INOS_REMOTE_ANSWER, .id = id, .amount = status, .body = whole ? body : NULL});
}

unsigned inos_remote_session_asked (const struct inos_remote_session *s)
{
  return s->asked->len;
}

/* Time */

uint64_t inos_remote_session_deadline (const struct inos_remote_session *s)
{
  uint64_t deadline = INOS_NEVER;

  if (s->state == OVER)
    return deadline;
  deadline = MIN (s->said + SPEAK_AFTER, s->heard + LOST_AFTER);
  if (s->state == GREETING)
    deadline = MIN (deadline, s->begun + HELLO_WITHIN);
  for (guint i = 0; i < s->asked->len; i++)
    deadline = MIN (deadline, g_array_index (s->asked, struct asked, i).until);
  return deadline;
}

static uint64_t find_late (const struct inos_remote_session *s, uint64_t time)
{
  for (guint i = 0; i < s->asked->len; i++) {
    const struct asked *asked = &g_array_index (s->asked, struct asked, i);
    if (asked->until <= time)
      return asked->id;
  }
  return 0;
}

void inos_remote_session_tick (struct inos_remote_session *s)
{
  uint64_t time = now (s), late;

  if (s->state == OVER)
    return;
  if (s->heard + LOST_AFTER <= time || (s->state == GREETING && s->begun + HELLO_WITHIN <= time)) {
    inos_remote_session_lost (s);
    return;
  }
  while ((late = find_late (s, time)) != 0 && s->state != OVER) {
    forget (s, late);
    if (is_caller (s)) {
      say (s, &(struct inos_remote_message){.kind = INOS_REMOTE_CANCEL, .id = late});
      s->setup.events->answer (s->setup.data, late, INOS_REMOTE_TIMED_OUT, NULL);
    } else
      s->setup.events->cancel (s->setup.data, late);
  }
  if (s->state != OVER && s->said + SPEAK_AFTER <= time)
    say (s, &(struct inos_remote_message){.kind = INOS_REMOTE_IDLE});
}

/* Life cycle */

struct inos_remote_session *inos_remote_session_new (const struct inos_remote_setup *setup)
{
  struct inos_remote_session *s = g_new0 (struct inos_remote_session, 1);

  s->setup = *setup;
  s->caller = setup->name;
  s->asked = g_array_new (FALSE, FALSE, sizeof (struct asked));
  s->begun = s->heard = s->said = now (s);
  if (is_caller (s)) {
    struct inos_remote_message hello = {.kind = INOS_REMOTE_HELLO};
    g_strlcpy (hello.name, setup->name, sizeof hello.name);
    say (s, &hello);
  }
  return s;
}

void inos_remote_session_free (struct inos_remote_session *s)
{
  if (!s)
    return;
  g_array_unref (s->asked);
  g_free (s);
}

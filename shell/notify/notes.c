/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notes.h"

#include "store.h"

#include <string.h>

/* How long one pops up that leaves it to us; the longer its text, the longer. */
#define LOW_US (4 * G_TIME_SPAN_SECOND)
#define NORMAL_US (6 * G_TIME_SPAN_SECOND)
#define TAGGED_US (2 * G_TIME_SPAN_SECOND)
#define BYTE_US (G_TIME_SPAN_SECOND / 50)
#define TEXT_US (6 * G_TIME_SPAN_SECOND)
#define LEAST_US (500 * G_TIME_SPAN_MILLISECOND)

struct InosNotes {
  InosNotesHooks hooks;
  gpointer data;
  InosNoteStore *store;
  InosNoteMemory memory;

  GPtrArray *cleared;   /* InosNote: not in memory.notes, still in the journal */
  gint64 cleared_until; /* monotonic µs */

  guint held; /* InosNotesHold */
  gint64 held_since;
};

static void free_note (gpointer data)
{
  inos_note_free (data);
}

/* What was of a moment that went by while nobody was there. */
static void drop_past (InosNotes *self)
{
  for (guint i = self->memory.notes->len; i > 0; i--) {
    const InosNote *note = g_ptr_array_index (self->memory.notes, i - 1);

    if (!note->transient || note->state == INOS_NOTE_SHOWN)
      continue;
    inos_note_store_drop (self->store, note->id);
    g_ptr_array_remove_index (self->memory.notes, i - 1);
  }
}

InosNotes *inos_notes_create (const char *path, const char *bus, const InosNotesHooks *hooks,
                              gpointer data)
{
  InosNotes *self = g_new0 (InosNotes, 1);

  self->hooks = *hooks;
  self->data = data;
  self->store = inos_note_store_open (path, bus, &self->memory);
  self->cleared = g_ptr_array_new_with_free_func (free_note);
  drop_past (self);
  return self;
}

void inos_notes_destroy (InosNotes *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->cleared);
  g_ptr_array_unref (self->memory.notes);
  inos_note_store_close (self->store);
  g_free (self);
}

static InosNote *at (InosNotes *self, guint index)
{
  return g_ptr_array_index (self->memory.notes, index);
}

/* Changes */

static int compare_times (gconstpointer a, gconstpointer b)
{
  const InosNote *first = *(InosNote *const *)a, *second = *(InosNote *const *)b;

  return (first->time < second->time) - (first->time > second->time);
}

/* With what can still be had back. */
static void rewrite (InosNotes *self)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new();
  InosNoteMemory memory = self->memory;

  memory.notes = notes;
  g_ptr_array_extend (notes, self->memory.notes, NULL, NULL);
  g_ptr_array_extend (notes, self->cleared, NULL, NULL);
  if (self->cleared->len > 0)
    g_ptr_array_sort (notes, compare_times);
  inos_note_store_rewrite (self->store, &memory);
}

static void changed (InosNotes *self)
{
  if (inos_note_store_is_long (self->store))
    rewrite (self);
  self->hooks.changed (self->data);
}

static void set_state (InosNotes *self, InosNote *note, InosNoteState state)
{
  note->up = FALSE;
  note->deadline = 0;
  if (note->state == state)
    return;
  note->state = state;
  inos_note_store_set_state (self->store, note);
}

/* note is not in the list any more. */
static void forget (InosNotes *self, InosNote *note, InosNoteReason reason)
{
  inos_note_store_drop (self->store, note->id);
  if (note->state != INOS_NOTE_PAST)
    self->hooks.closed (note, reason, self->data);
  self->hooks.gone (note, self->data);
  inos_note_free (note);
}

static void remove_note (InosNotes *self, InosNote *note, InosNoteReason reason)
{
  guint index;

  if (g_ptr_array_find (self->memory.notes, note, &index))
    forget (self, g_ptr_array_steal_index (self->memory.notes, index), reason);
}

/* Its time is over. */
static void expire (InosNotes *self, InosNote *note)
{
  if (note->transient) {
    remove_note (self, note, INOS_NOTE_EXPIRED);
  } else if (note->timeout > 0) {
    self->hooks.closed (note, INOS_NOTE_EXPIRED, self->data);
    set_state (self, note, INOS_NOTE_PAST);
  } else {
    set_state (self, note, INOS_NOTE_KEPT);
  }
}

/* Bounds */

static gboolean is_from (const InosNote *a, const InosNote *b)
{
  return a->sender && b->sender ? g_str_equal (a->sender, b->sender)
                                : !a->sender && !b->sender && g_str_equal (a->app, b->app);
}

static guint count_from (InosNotes *self, const InosNote *note)
{
  guint n = 0;

  for (guint i = 0; i < self->memory.notes->len; i++)
    n += is_from (at (self, i), note);
  return n;
}

static InosNote *oldest_from (InosNotes *self, const InosNote *note)
{
  for (guint i = self->memory.notes->len; i > 0; i--) {
    if (is_from (at (self, i - 1), note))
      return at (self, i - 1);
  }
  return NULL;
}

/* The oldest of whoever has the most: who has few loses nothing to who has many. */
static InosNote *find_victim (InosNotes *self)
{
  InosNote *victim = NULL;
  guint most = 0;

  for (guint i = self->memory.notes->len; i > 0; i--) {
    guint n = count_from (self, at (self, i - 1));

    if (n > most) {
      most = n;
      victim = at (self, i - 1);
    }
  }
  return victim;
}

static void make_room (InosNotes *self, const InosNote *note)
{
  if (count_from (self, note) >= INOS_NOTES_MAX_OF_SENDER)
    remove_note (self, oldest_from (self, note), INOS_NOTE_FORGOTTEN);
  if (self->memory.notes->len >= INOS_NOTES_MAX)
    remove_note (self, find_victim (self), INOS_NOTE_FORGOTTEN);
}

/* What pops up */

static gint64 duration_of (const InosNote *note)
{
  if (note->timeout >= 0)
    return note->timeout == 0 ? 0 : MAX (note->timeout * G_TIME_SPAN_MILLISECOND, LEAST_US);
  if (*note->tag)
    return TAGGED_US;
  if (note->urgency == INOS_NOTE_CRITICAL)
    return 0;
  return (note->urgency == INOS_NOTE_LOW ? LOW_US : NORMAL_US) +
         MIN ((gint64)strlen (note->body) * BYTE_US, TEXT_US);
}

static gint64 deadline_of (const InosNote *note, gint64 now)
{
  gint64 duration = duration_of (note);

  return duration > 0 ? now + duration : 0;
}

static guint count_shown (InosNotes *self, gboolean up)
{
  guint n = 0;

  for (guint i = 0; i < self->memory.notes->len; i++)
    n += at (self, i)->state == INOS_NOTE_SHOWN && at (self, i)->up == up;
  return n;
}

static InosNote *next_waiting (InosNotes *self)
{
  InosNote *next = NULL;

  for (guint i = self->memory.notes->len; i > 0; i--) {
    InosNote *note = at (self, i - 1);

    if (note->state != INOS_NOTE_SHOWN || note->up)
      continue;
    if (!next || (note->urgency == INOS_NOTE_CRITICAL && next->urgency != INOS_NOTE_CRITICAL))
      next = note;
  }
  return next;
}

/* Those that wait take the free places, the oldest first, critical ones before. */
static gboolean fill (InosNotes *self, gint64 now)
{
  guint up = count_shown (self, TRUE);
  gboolean any = FALSE;
  InosNote *note;

  while (up < INOS_NOTES_MAX_UP && !(self->held & INOS_NOTES_HELD_BY_LOCK) &&
         (note = next_waiting (self))) {
    note->up = TRUE;
    note->deadline = deadline_of (note, self->held ? self->held_since : now);
    up++;
    any = TRUE;
  }
  return any;
}

/* What is held gets back the time for which it was. */
static void shift (InosNotes *self, gint64 by)
{
  for (guint i = 0; i < self->memory.notes->len; i++) {
    if (at (self, i)->deadline > 0)
      at (self, i)->deadline += by;
  }
}

void inos_notes_hold (InosNotes *self, InosNotesHold why, gboolean on, gint64 now)
{
  guint before = self->held;

  self->held = on ? self->held | why : self->held & ~(guint)why;
  if (self->held == before)
    return;
  if (before == 0)
    self->held_since = now;
  else if (self->held == 0)
    shift (self, now - self->held_since);
  self->hooks.changed (self->data);
}

void inos_notes_hush (InosNotes *self)
{
  for (guint i = self->memory.notes->len; i > 0; i--) {
    InosNote *note = at (self, i - 1);

    if (note->state == INOS_NOTE_SHOWN && note->urgency != INOS_NOTE_CRITICAL)
      expire (self, note);
  }
  changed (self);
}

/* Coming */

static InosNote *find_in (GPtrArray *notes, guint id)
{
  for (guint i = 0; i < notes->len; i++) {
    InosNote *note = g_ptr_array_index (notes, i);

    if (note->id == id)
      return note;
  }
  return NULL;
}

static InosNote *find_tagged (InosNotes *self, const InosNote *like)
{
  for (guint i = 0; *like->tag && i < self->memory.notes->len; i++) {
    InosNote *note = at (self, i);

    if (g_str_equal (note->tag, like->tag) && g_str_equal (note->app, like->app) &&
        inos_note_belongs_to (note, like->sender))
      return note;
  }
  return NULL;
}

static void forget_cleared (InosNotes *self)
{
  while (self->cleared->len > 0)
    forget (self, g_ptr_array_steal_index (self->cleared, self->cleared->len - 1),
            INOS_NOTE_DISMISSED);
}

/* What note takes the place of, NULL for none. *replaces becomes 0 where that is another's. */
static InosNote *find_replaced (InosNotes *self, const InosNote *note, guint *replaces)
{
  InosNote *old = find_in (self->memory.notes, *replaces);
  InosNote *cleared = find_in (self->cleared, *replaces);
  const InosNote *wanted = old ? old : cleared;

  if (wanted && !inos_note_belongs_to (wanted, note->sender))
    *replaces = 0;
  else if (cleared)
    forget_cleared (self);
  return *replaces > 0 ? old : find_tagged (self, note);
}

/* Takes the place of an earlier one, and its picture until there is another. */
static guint replace (InosNotes *self, InosNote *old, InosNote *note)
{
  guint id = old->id;

  note->up = old->up;
  note->picture = old->picture;
  g_ptr_array_remove (self->memory.notes, old);
  return id;
}

/* An id that was given once is the same again for who asks for it; others are new. */
static guint choose_id (InosNotes *self, guint wanted)
{
  if (wanted > 0 && wanted < self->memory.next)
    return wanted;
  if (self->memory.next == G_MAXUINT)
    self->memory.next = 1;
  return self->memory.next++;
}

guint inos_notes_add (InosNotes *self, InosNote *note, guint replaces, gboolean silent, gint64 now)
{
  InosNote *old = find_replaced (self, note, &replaces);

  if (old)
    note->id = replace (self, old, note);
  else {
    make_room (self, note);
    note->id = choose_id (self, replaces);
  }
  note->state = silent ? INOS_NOTE_KEPT : INOS_NOTE_SHOWN;
  note->up = note->up && !silent;
  if (note->up || (silent && (note->transient || note->timeout > 0)))
    note->deadline = deadline_of (note, self->held ? self->held_since : now);
  g_ptr_array_insert (self->memory.notes, 0, note);
  inos_note_store_put (self->store, note);
  fill (self, now);
  changed (self);
  return note->id;
}

InosNote *inos_notes_find (InosNotes *self, guint id)
{
  return find_in (self->memory.notes, id);
}

GPtrArray *inos_notes_get_list (InosNotes *self)
{
  return self->memory.notes;
}

guint inos_notes_count_waiting (InosNotes *self)
{
  return count_shown (self, FALSE);
}

void inos_notes_set_picture (InosNotes *self, InosNote *note, guint64 picture)
{
  note->picture = picture;
  inos_note_store_put (self->store, note);
  changed (self);
}

/* Going */

gboolean inos_notes_close (InosNotes *self, guint id, InosNoteReason reason)
{
  InosNote *note = inos_notes_find (self, id);

  if (!note)
    return FALSE;
  remove_note (self, note, reason);
  changed (self);
  return TRUE;
}

void inos_notes_answered (InosNotes *self, InosNote *note)
{
  if (!note->resident)
    inos_notes_close (self, note->id, INOS_NOTE_DISMISSED);
}

void inos_notes_sender_left (InosNotes *self, const char *sender)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->memory.notes->len; i++) {
    InosNote *note = at (self, i);

    if (g_strcmp0 (note->sender, sender) != 0)
      continue;
    g_clear_pointer (&note->sender, g_free);
    any = TRUE;
  }
  if (any)
    changed (self);
}

guint inos_notes_clear (InosNotes *self, guint id, const char *source, gint64 now)
{
  guint n = 0;

  forget_cleared (self);
  for (guint i = self->memory.notes->len; i > 0; i--) {
    InosNote *note = at (self, i - 1);

    if ((id > 0 && note->id != id) ||
        (source && !g_str_equal (inos_note_get_source (note), source)))
      continue;
    g_ptr_array_add (self->cleared, g_ptr_array_steal_index (self->memory.notes, i - 1));
    n++;
  }
  self->cleared_until = now + INOS_NOTES_UNDO_US;
  changed (self);
  return n;
}

gboolean inos_notes_undo (InosNotes *self, gint64 now)
{
  if (self->cleared->len == 0)
    return FALSE;
  while (self->cleared->len > 0) {
    InosNote *note = g_ptr_array_steal_index (self->cleared, self->cleared->len - 1);

    if (note->state == INOS_NOTE_SHOWN)
      set_state (self, note, INOS_NOTE_KEPT);
    g_ptr_array_add (self->memory.notes, note);
  }
  g_ptr_array_sort (self->memory.notes, compare_times);
  fill (self, now);
  changed (self);
  return TRUE;
}

/* Who has looked */

guint inos_notes_count_unseen (InosNotes *self)
{
  guint n = 0;

  for (guint i = 0; i < self->memory.notes->len; i++)
    n += !at (self, i)->transient && at (self, i)->time > self->memory.seen;
  return n;
}

void inos_notes_see (InosNotes *self)
{
  gint64 newest = self->memory.notes->len > 0 ? at (self, 0)->time : 0;

  if (newest <= self->memory.seen)
    return;
  self->memory.seen = newest;
  inos_note_store_see (self->store, newest);
  changed (self);
}

gint64 inos_notes_tick (InosNotes *self, gint64 now)
{
  gint64 next = 0;
  gboolean any = FALSE;

  if (self->cleared->len > 0 && now >= self->cleared_until) {
    forget_cleared (self);
    any = TRUE;
  }
  for (guint i = self->memory.notes->len; i > 0 && !self->held; i--) {
    if (at (self, i - 1)->deadline > 0 && at (self, i - 1)->deadline <= now) {
      expire (self, at (self, i - 1));
      any = TRUE;
    }
  }
  any = fill (self, now) || any;
  for (guint i = 0; i < self->memory.notes->len && !self->held; i++) {
    gint64 deadline = at (self, i)->deadline;

    next = deadline > 0 && (next == 0 || deadline < next) ? deadline : next;
  }
  if (self->cleared->len > 0 && (next == 0 || self->cleared_until < next))
    next = self->cleared_until;
  if (any)
    changed (self);
  return next;
}

/*
 * What is from before the floor and should not be any more, or not yet again.
 *
 * Where all members say what is true, nothing like that is offered, but by one whose disk was set
 * back: it has what was removed meanwhile, of which nobody has the grave any more. It hears from so
 * many that they lack it, with a floor above it, that it is true, and drops it; they take it only
 * if it has not for a minute.
 *
 * Where some lie, what was written as if before the floor is with some and not with others. Then
 * some drop it, and who is still offered it after that minute takes it, for good. So each replica
 * that says what is true goes from having it to lacking it once at most before it has it for ever,
 * and in the end all have it or none has.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/document-private.h"

#include <string.h>

#define FORGOTTEN                                                                                  \
  (5 * INOS_DOCUMENT_INSIST) /* ns after which what was offered is as if it had not been */

static struct inos_document_late *late_at (const struct inos_document *document, unsigned i)
{
  return &g_array_index (document->late, struct inos_document_late, i);
}

static bool find (const struct inos_document *document, const struct inos_slot_id *id, unsigned *i)
{
  for (*i = 0; *i < document->late->len; ++*i)
    if (memcmp (&late_at (document, *i)->id, id, sizeof *id) == 0)
      return true;
  return false;
}

static void forget (struct inos_document *document, uint64_t now)
{
  for (unsigned i = document->late->len; i > 0; i--)
    if (now - late_at (document, i - 1)->last > FORGOTTEN)
      g_array_remove_index_fast (document->late, i - 1);
}

/* Where more is offered than there is room to remember, it is taken: to be equal goes before. */
static bool is_insisted_on (struct inos_document *document, const struct inos_slot_id *id)
{
  uint64_t now = inos_env_now (document->setup.env);
  unsigned i;

  forget (document, now);
  if (!find (document, id, &i)) {
    struct inos_document_late late = {*id, now, now};
    if (document->late->len == INOS_DOCUMENT_LATE_MAX)
      return true;
    g_array_append_val (document->late, late);
    return false;
  }
  late_at (document, i)->last = now;
  if (now - late_at (document, i)->first < INOS_DOCUMENT_INSIST)
    return false;
  g_array_remove_index_fast (document->late, i);
  return true;
}

enum inos_document_taken inos_document_reconcile (struct inos_document *document,
                                                  const struct inos_slot *slot)
{
  enum inos_document_taken taken = inos_document_merge (document, slot);

  if (taken != INOS_DOCUMENT_OLD || document->setup.age > 0 || inos_slot_is_grave (slot))
    return taken;
  struct inos_slot_id id = inos_slot_id (slot);
  return is_insisted_on (document, &id) ? inos_document_insist (document, slot) : taken;
}

bool inos_document_deny (struct inos_document *document, const struct inos_slot_id *id,
                         unsigned number, unsigned enough)
{
  uint64_t now = inos_env_now (document->setup.env);
  unsigned i;

  g_assert (number < INOS_DOCUMENT_MEMBERS_MAX);
  if (!inos_document_index (document, id, &i) || inos_document_entry_at (document, i)->insisted)
    return false;
  struct inos_document_entry *entry = inos_document_entry_at (document, i);
  if (entry->denied == 0 || now - entry->denied_at > INOS_DOCUMENT_INSIST) {
    entry->denied = 0;
    entry->denied_at = now;
  }
  entry->denied |= UINT64_C (1) << number;
  if ((unsigned)__builtin_popcountll (entry->denied) < enough)
    return false;
  inos_document_remove_at (document, i);
  return true;
}

void inos_document_grant (struct inos_document *document, const struct inos_slot_id *id,
                          unsigned number)
{
  uint64_t others = ~(UINT64_C (1) << number);
  unsigned i;

  g_assert (number < INOS_DOCUMENT_MEMBERS_MAX);
  if (id && inos_document_index (document, id, &i))
    inos_document_entry_at (document, i)->denied &= others;
  for (i = 0; !id && i < document->entries->len; i++)
    inos_document_entry_at (document, i)->denied &= others;
}

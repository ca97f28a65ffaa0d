/*
 * Shared state, as the rest of the node uses it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"

#include <errno.h>
#include <string.h>

#define ENTRIES_BYTES (768u * 1024) /* of an answer, which is one frame */
#define ENTRY_BYTES 64u             /* that one takes beside its names and its value */

/* What the nodes say */

struct listing {
  GVariantBuilder *rows;
  const struct inos_peer_id *self;
};

static void add_node (void *data, const struct inos_peer_id *peer,
                      const struct inos_node_state *state, int64_t written)
{
  struct listing *listing = data;
  GVariantBuilder figures, services;
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  g_variant_builder_init (&figures, G_VARIANT_TYPE ("a{st}"));
  for (unsigned i = 0; i < INOS_NODE_FIGURES; i++)
    if (state->known[i])
      g_variant_builder_add (&figures, "{st}", inos_node_figure_name (i), state->figures[i]);
  g_variant_builder_init (&services, G_VARIANT_TYPE ("as"));
  for (unsigned i = 0; i < state->n_services; i++)
    g_variant_builder_add (&services, "s", state->services[i].name);
  g_variant_builder_add (listing->rows, "(sxba{st}as)", id, written,
                         inos_peer_id_equal (peer, listing->self), &figures, &services);
}

void inos_ask_nodes (struct inos_ask *ask)
{
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  GVariantBuilder rows;
  struct listing listing = {&rows, inos_host_id (parts->host)};

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_NODE_ROWS_TYPE));
  inos_states_nodes (parts->states, add_node, &listing);
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_NODE_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

/* Which states there are */

static void add_state (GVariantBuilder *rows, struct inos_shared *shared)
{
  const struct inos_document *document = inos_shared_document (shared);
  GVariantBuilder members;
  unsigned n;
  const struct inos_peer_id *ids = inos_shared_members (shared, &n);

  g_variant_builder_init (&members, G_VARIANT_TYPE ("as"));
  for (unsigned i = 0; i < n; i++) {
    char id[INOS_PEER_TEXT_MAX];
    inos_peer_id_text (&ids[i], id);
    g_variant_builder_add (&members, "s", id);
  }
  g_variant_builder_add (rows, "(sutuas)", inos_shared_name (shared),
                         inos_document_slots (document), (guint64)inos_document_bytes (document),
                         inos_shared_peers (shared), &members);
}

void inos_ask_states (struct inos_ask *ask)
{
  struct inos_states *states = inos_ask_parts (ask)->states;
  struct inos_shared *shared;
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_STATE_ROWS_TYPE));
  for (unsigned i = 0; (shared = inos_states_at (states, i)) != NULL; i++)
    add_state (&rows, shared);
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_STATE_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}

/* Returns: (nullable): the open state that the first parameter names; else it has been refused. */
static struct inos_shared *find (struct inos_ask *ask)
{
  struct inos_shared *shared;
  const char *name;

  g_variant_get_child (inos_ask_parameters (ask), 0, "&s", &name);
  shared = inos_states_find (inos_ask_parts (ask)->states, name);
  if (!shared)
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND,
                     "This node does not share the state “%.80s”. Open it first.", name);
  return shared;
}

/* Returns: (nullable): the same, made where there is none. */
static struct inos_shared *open_named (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  struct inos_shared *shared;
  const char *name;

  g_variant_get_child (inos_ask_parameters (ask), 0, "&s", &name);
  shared = inos_states_open (inos_ask_parts (ask)->states, name, &error);
  if (!shared)
    inos_ask_refuse (ask, (enum inos_api_error)error->code, "%s", error->message);
  return shared;
}

void inos_ask_state_open (struct inos_ask *ask)
{
  if (open_named (ask))
    inos_ask_answer (ask, g_variant_new ("()"));
}

void inos_ask_state_close (struct inos_ask *ask)
{
  struct inos_shared *shared = find (ask);

  if (!shared)
    return;
  inos_states_close (inos_ask_parts (ask)->states, shared);
  inos_ask_answer (ask, g_variant_new ("()"));
}

/* What one has */

struct entry {
  const char *kind;
  char *name, *text; /* owned */
  int64_t written;
  const struct inos_slot *slot; /* of a value */
};

static void entry_clear (void *data)
{
  struct entry *entry = data;

  g_free (entry->name);
  g_free (entry->text);
}

static int compare (const void *a, const void *b)
{
  const struct entry *one = a, *other = b;
  int by_name = strcmp (one->name, other->name), by_kind = strcmp (one->kind, other->kind);

  return by_name != 0 ? by_name : by_kind != 0 ? by_kind : g_strcmp0 (one->text, other->text);
}

static struct entry entry_of (struct inos_document *document, const struct inos_slot *slot)
{
  struct entry entry = {.name = g_strndup (slot->key, slot->key_len),
                        .written = inos_stamp_ms (slot->stamp),
                        .slot = slot};

  if (slot->kind == INOS_SLOT_VALUE) {
    entry.kind = "value";
  } else if (slot->kind == INOS_SLOT_ELEMENT) {
    entry.kind = "element";
    entry.text = g_strndup (slot->element, slot->element_len);
  } else {
    entry.kind = "counter";
    entry.text = g_strdup_printf ("%" G_GINT64_FORMAT, inos_document_total (document, entry.name));
  }
  return entry;
}

/* By name, with each element and counter once, when it changed last. Returns: (transfer full). */
static GArray *entries_of (struct inos_document *document, const char *name)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (struct entry));

  g_array_set_clear_func (entries, entry_clear);
  for (unsigned i = 0; i < inos_document_slots (document); i++) {
    const struct inos_slot *slot = inos_document_slot_at (document, i);
    if (inos_slot_is_grave (slot) || slot->kind == INOS_SLOT_SHARE)
      continue;
    struct entry entry = entry_of (document, slot);
    if (*name && strcmp (name, entry.name) != 0)
      entry_clear (&entry);
    else
      g_array_append_val (entries, entry);
  }
  g_array_sort (entries, compare);
  for (guint i = entries->len; i > 1; i--) {
    struct entry *last = &g_array_index (entries, struct entry, i - 1), *before = last - 1;
    if (compare (last, before) != 0)
      continue;
    before->written = MAX (before->written, last->written);
    g_array_remove_index (entries, i - 1);
  }
  return entries;
}

static GVariant *content_of (struct inos_document *document, const struct entry *entry)
{
  if (entry->text)
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, entry->text, strlen (entry->text), 1);
  g_autoptr (GBytes) value = inos_document_get (document, entry->name);
  gsize len;
  const void *bytes = g_bytes_get_data (value, &len);
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, len, 1);
}

void inos_ask_state (struct inos_ask *ask)
{
  struct inos_shared *shared = find (ask);
  GVariantBuilder rows;
  const char *name;
  size_t size = 0;
  guint i = 0;

  if (!shared)
    return;
  struct inos_document *document = inos_shared_document (shared);
  g_variant_get_child (inos_ask_parameters (ask), 1, "&s", &name);
  g_autoptr (GArray) entries = entries_of (document, name);
  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_ENTRY_ROWS_TYPE));
  for (; i < entries->len; i++) {
    const struct entry *entry = &g_array_index (entries, struct entry, i);
    GVariant *content = content_of (document, entry);
    size += ENTRY_BYTES + strlen (entry->name) + g_variant_get_size (content);
    if (size > ENTRIES_BYTES) {
      g_variant_unref (g_variant_ref_sink (content));
      break;
    }
    g_variant_builder_add (&rows, "(ss@ayx)", entry->kind, entry->name, content, entry->written);
  }
  inos_ask_answer (ask, g_variant_new ("(b@" INOS_MESH_ENTRY_ROWS_TYPE ")", i == entries->len,
                                       g_variant_builder_end (&rows)));
}

/* Changing it */

static void on_changed (void *data, const GError *error)
{
  if (error)
    inos_ask_refuse (data, (enum inos_api_error)error->code, "%s", error->message);
  else
    inos_ask_answer (data, g_variant_new ("()"));
}

static bool read_number (const char *text, int64_t *number)
{
  char *end;

  errno = 0;
  *number = g_ascii_strtoll (text, &end, 10);
  return *text && !*end && errno == 0 && *number > -(int64_t)INOS_SLOT_COUNT_MAX &&
         *number < (int64_t)INOS_SLOT_COUNT_MAX;
}

static bool read_edit (const char *word, enum inos_state_edit *edit)
{
  static const char *const words[] = {"set", "unset", "add", "take", "count"};

  G_STATIC_ASSERT (G_N_ELEMENTS (words) == INOS_STATE_EDITS);
  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i], word) == 0) {
      *edit = (enum inos_state_edit)i;
      return true;
    }
  return false;
}

void inos_ask_state_change (struct inos_ask *ask)
{
  struct inos_state_change change = {0};
  g_autoptr (GVariant) content = NULL;
  g_autoptr (GError) error = NULL;
  const char *word;
  gboolean critical;

  g_variant_get (inos_ask_parameters (ask), "(&s&s&s@ayb)", NULL, &word, &change.key, &content,
                 &critical);
  change.text = g_variant_get_fixed_array (content, &change.len, 1);
  change.critical = critical;
  g_autofree char *text = g_strndup (change.text ? change.text : "", change.len);
  bool good = read_edit (word, &change.edit);
  if (good && change.edit != INOS_STATE_SET) {
    good = change.edit != INOS_STATE_COUNT || read_number (text, &change.by);
    good = good && strlen (text) == change.len;
    change.text = text;
  }
  if (!good) {
    inos_ask_refuse (
      ask, INOS_API_ERROR_BAD_PAYLOAD,
      "A state is changed by “set”, “unset”, “add”, “take”, or “count” and a number.");
    return;
  }
  struct inos_shared *shared = open_named (ask);
  if (shared && !inos_shared_change (shared, &change, on_changed, ask, &error))
    inos_ask_refuse (ask, (enum inos_api_error)error->code, "%s", error->message);
}

void inos_ask_state_share (struct inos_ask *ask)
{
  struct inos_peer_id members[INOS_SYNC_MEMBERS_MAX + 1];
  g_autoptr (GVariantIter) ids = NULL;
  g_autoptr (GError) error = NULL;
  const char *id;
  unsigned n = 0;

  g_variant_get (inos_ask_parameters (ask), "(&sas)", NULL, &ids);
  while (n < G_N_ELEMENTS (members) && g_variant_iter_next (ids, "&s", &id))
    if (!inos_peer_id_parse (&members[n++], id)) {
      inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                       "“%.80s” is no peer id, which looks like “12D3KooW…”.", id);
      return;
    }
  struct inos_shared *shared = open_named (ask);
  if (shared && !inos_shared_set_members (shared, members, n, on_changed, ask, &error))
    inos_ask_refuse (ask, (enum inos_api_error)error->code, "%s", error->message);
}

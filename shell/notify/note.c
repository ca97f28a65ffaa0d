/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "note.h"

#include "markup.h"
#include "text.h"

#include <string.h>

static void action_free (gpointer data)
{
  InosNoteAction *action = data;

  g_free (action->key);
  g_free (action->label);
  g_free (action);
}

static InosNote *new_empty (void)
{
  InosNote *self = g_new0 (InosNote, 1);

  self->actions = g_ptr_array_new_with_free_func (action_free);
  self->progress = -1;
  return self;
}

void inos_note_free (InosNote *self)
{
  if (!self)
    return;
  g_free (self->sender);
  g_free (self->app);
  g_free (self->entry);
  g_free (self->icon);
  g_free (self->summary);
  g_free (self->body);
  g_free (self->category);
  g_free (self->tag);
  g_free (self->reply);
  g_ptr_array_unref (self->actions);
  g_free (self);
}

/* Hints */

static char *hint_word (GVariant *hints, const char *name)
{
  const char *text = "";

  g_variant_lookup (hints, name, "&s", &text);
  return inos_text_clean (text, INOS_NOTE_MAX_WORD, FALSE);
}

/* Programs send whatever kind of whole number they have. */
static gboolean hint_number (GVariant *hints, const char *name, gint64 *number)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (hints, name, NULL);

  switch (value ? g_variant_classify (value) : G_VARIANT_CLASS_STRING) {
  case G_VARIANT_CLASS_BOOLEAN:
    *number = g_variant_get_boolean (value);
    return TRUE;
  case G_VARIANT_CLASS_BYTE:
    *number = g_variant_get_byte (value);
    return TRUE;
  case G_VARIANT_CLASS_INT32:
    *number = g_variant_get_int32 (value);
    return TRUE;
  case G_VARIANT_CLASS_UINT32:
    *number = g_variant_get_uint32 (value);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean hint_flag (GVariant *hints, const char *name)
{
  gint64 number = 0;

  return hint_number (hints, name, &number) && number != 0;
}

static InosNoteUrgency read_urgency (GVariant *hints)
{
  gint64 number = INOS_NOTE_NORMAL;

  if (!hint_number (hints, "urgency", &number) || number < INOS_NOTE_LOW ||
      number > INOS_NOTE_CRITICAL)
    return INOS_NOTE_NORMAL;
  return (InosNoteUrgency)number;
}

static int read_progress (GVariant *hints)
{
  gint64 number;

  return hint_number (hints, "value", &number) ? (int)CLAMP (number, 0, 100) : -1;
}

static char *read_tag (GVariant *hints)
{
  char *tag = hint_word (hints, "x-canonical-private-synchronous");

  if (*tag)
    return tag;
  g_free (tag);
  return hint_word (hints, "x-dunst-stack-tag");
}

static char *read_entry (GVariant *hints)
{
  char *entry = hint_word (hints, "desktop-entry");

  if (g_str_has_suffix (entry, ".desktop"))
    entry[strlen (entry) - strlen (".desktop")] = '\0';
  if (strchr (entry, '/'))
    *entry = '\0';
  return entry;
}

static void add_action (InosNote *self, const char *key, const char *label)
{
  InosNoteAction *action;

  /* A key goes back as it came: one that does not fit is none. */
  if (self->actions->len >= INOS_NOTE_MAX_ACTIONS || strlen (key) > INOS_NOTE_MAX_WORD || !*key ||
      inos_note_has_action (self, key))
    return;
  action = g_new0 (InosNoteAction, 1);
  action->key = g_strdup (key);
  action->label = inos_text_clean (label, INOS_NOTE_MAX_WORD, FALSE);
  g_ptr_array_add (self->actions, action);
}

static const char *icon_name (const char *name)
{
  return strchr (name, '/') ? "" : name;
}

InosNote *inos_note_new (const char *sender, const char *app, const char *icon, const char *summary,
                         const char *body, const char *const *actions, GVariant *hints, int timeout)
{
  InosNote *self = new_empty();

  self->sender = g_strdup (sender);
  self->app = inos_text_clean (app, INOS_NOTE_MAX_WORD, FALSE);
  self->entry = read_entry (hints);
  self->icon = inos_text_clean (icon_name (icon), INOS_NOTE_MAX_WORD, FALSE);
  self->summary = inos_text_clean (summary, INOS_NOTE_MAX_SUMMARY, FALSE);
  self->body = inos_text_clean (body, INOS_NOTE_MAX_BODY, TRUE);
  self->category = hint_word (hints, "category");
  self->tag = read_tag (hints);
  self->reply = hint_word (hints, "x-kde-reply-placeholder-text");
  for (gsize i = 0; actions && actions[i] && actions[i + 1]; i += 2)
    add_action (self, actions[i], actions[i + 1]);
  self->urgency = read_urgency (hints);
  self->resident = hint_flag (hints, "resident");
  self->transient = hint_flag (hints, "transient") || *self->tag;
  self->progress = read_progress (hints);
  self->timeout = MAX (timeout, -1);
  return self;
}

void inos_note_find_picture (GVariant *hints, const char *app_icon, GVariant **pixels, char **name)
{
  static const char *const pixel_hints[] = {"image-data", "image_data", "icon_data"};
  static const char *const path_hints[] = {"image-path", "image_path"};
  const char *path = NULL;

  *pixels = NULL;
  *name = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (pixel_hints) - 1 && !*pixels; i++)
    *pixels = g_variant_lookup_value (hints, pixel_hints[i], G_VARIANT_TYPE ("(iiibiiay)"));
  for (gsize i = 0; i < G_N_ELEMENTS (path_hints) && !path && !*pixels; i++)
    g_variant_lookup (hints, path_hints[i], "&s", &path);
  if (!path && !*pixels && *app_icon)
    path = app_icon;
  if (!path && !*pixels)
    *pixels = g_variant_lookup_value (hints, "icon_data", G_VARIANT_TYPE ("(iiibiiay)"));
  *name = g_strdup (path);
}

/* What it says of itself */

const char *inos_note_get_source (const InosNote *self)
{
  return *self->entry ? self->entry : self->app;
}

gboolean inos_note_has_action (const InosNote *self, const char *key)
{
  for (guint i = 0; i < self->actions->len; i++) {
    if (g_str_equal (((InosNoteAction *)g_ptr_array_index (self->actions, i))->key, key))
      return TRUE;
  }
  return FALSE;
}

gboolean inos_note_belongs_to (const InosNote *self, const char *sender)
{
  return !self->sender || g_strcmp0 (self->sender, sender) == 0;
}

gboolean inos_note_can_act (const InosNote *self)
{
  return self->sender && self->state != INOS_NOTE_PAST;
}

gboolean inos_note_has_link (const InosNote *self, const char *href)
{
  g_autoptr (GPtrArray) pieces = inos_markup_parse (self->body);

  for (guint i = 0; i < pieces->len; i++) {
    if (g_strcmp0 (((InosMarkupPiece *)g_ptr_array_index (pieces, i))->href, href) == 0)
      return TRUE;
  }
  return FALSE;
}

/* JSON */

static void add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void add_actions (JsonBuilder *builder, const InosNote *self, gboolean all)
{
  json_builder_set_member_name (builder, "actions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->actions->len; i++) {
    const InosNoteAction *action = g_ptr_array_index (self->actions, i);

    if (!all && !inos_note_can_act (self))
      continue;
    json_builder_begin_object (builder);
    add_string (builder, "key", action->key);
    add_string (builder, "label", action->label);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void add_common (JsonBuilder *builder, const InosNote *self)
{
  add_int (builder, "id", self->id);
  add_string (builder, "app", self->app);
  add_string (builder, "entry", self->entry);
  add_string (builder, "icon", self->icon);
  add_string (builder, "summary", self->summary);
  add_string (builder, "reply", self->reply);
  add_int (builder, "urgency", self->urgency);
  add_int (builder, "progress", self->progress);
  add_int (builder, "picture", (gint64)self->picture);
}

JsonNode *inos_note_save (const InosNote *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new();

  json_builder_begin_object (builder);
  add_common (builder, self);
  add_actions (builder, self, TRUE);
  add_int (builder, "state", self->state);
  add_string (builder, "sender", self->sender ? self->sender : "");
  add_string (builder, "body", self->body);
  add_string (builder, "category", self->category);
  add_string (builder, "tag", self->tag);
  add_flag (builder, "resident", self->resident);
  add_flag (builder, "transient", self->transient);
  add_int (builder, "timeout", self->timeout);
  add_int (builder, "time", self->time);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void add_piece (JsonBuilder *builder, const InosMarkupPiece *piece)
{
  json_builder_begin_object (builder);
  add_string (builder, "text", piece->text);
  if (piece->href)
    add_string (builder, "href", piece->href);
  add_int (builder, "style", piece->style);
  json_builder_end_object (builder);
}

JsonNode *inos_note_describe (const InosNote *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new();
  g_autoptr (GPtrArray) pieces = inos_markup_parse (self->body);

  json_builder_begin_object (builder);
  add_common (builder, self);
  add_actions (builder, self, FALSE);
  add_int (builder, "time", self->time / 1000);
  add_flag (builder, "past", self->state == INOS_NOTE_PAST);
  json_builder_set_member_name (builder, "pieces");
  json_builder_begin_array (builder);
  for (guint i = 0; i < pieces->len; i++)
    add_piece (builder, g_ptr_array_index (pieces, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static JsonNode *value_of (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node
                                                                                         : NULL;
}

static char *load_text (JsonObject *object, const char *name, gsize max_bytes, gboolean lines)
{
  JsonNode *node = value_of (object, name, G_TYPE_STRING);

  return inos_text_clean (node ? json_node_get_string (node) : "", max_bytes, lines);
}

static gint64 load_int (JsonObject *object, const char *name, gint64 min, gint64 max, gint64 other)
{
  JsonNode *node = value_of (object, name, G_TYPE_INT64);
  gint64 value = node ? json_node_get_int (node) : other;

  return value < min || value > max ? other : value;
}

static gboolean load_flag (JsonObject *object, const char *name)
{
  JsonNode *node = value_of (object, name, G_TYPE_BOOLEAN);

  return node && json_node_get_boolean (node);
}

static void load_actions (InosNote *self, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "actions");
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    JsonObject *action = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
    JsonNode *key = action ? value_of (action, "key", G_TYPE_STRING) : NULL;
    JsonNode *label = action ? value_of (action, "label", G_TYPE_STRING) : NULL;

    if (key && label)
      add_action (self, json_node_get_string (key), json_node_get_string (label));
  }
}

InosNote *inos_note_load (JsonNode *node)
{
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 id = object ? load_int (object, "id", 1, G_MAXUINT, 0) : 0;
  InosNote *self;

  if (id == 0)
    return NULL;
  self = new_empty();
  self->id = (guint)id;
  self->state =
    (InosNoteState)load_int (object, "state", INOS_NOTE_SHOWN, INOS_NOTE_PAST, INOS_NOTE_PAST);
  self->sender = load_text (object, "sender", INOS_NOTE_MAX_WORD * 2, FALSE);
  if (!*self->sender)
    g_clear_pointer (&self->sender, g_free);
  self->app = load_text (object, "app", INOS_NOTE_MAX_WORD, FALSE);
  self->entry = load_text (object, "entry", INOS_NOTE_MAX_WORD, FALSE);
  self->icon = load_text (object, "icon", INOS_NOTE_MAX_WORD, FALSE);
  self->summary = load_text (object, "summary", INOS_NOTE_MAX_SUMMARY, FALSE);
  self->body = load_text (object, "body", INOS_NOTE_MAX_BODY, TRUE);
  self->category = load_text (object, "category", INOS_NOTE_MAX_WORD, FALSE);
  self->tag = load_text (object, "tag", INOS_NOTE_MAX_WORD, FALSE);
  self->reply = load_text (object, "reply", INOS_NOTE_MAX_WORD, FALSE);
  load_actions (self, object);
  self->urgency = (InosNoteUrgency)load_int (object, "urgency", INOS_NOTE_LOW, INOS_NOTE_CRITICAL,
                                             INOS_NOTE_NORMAL);
  self->resident = load_flag (object, "resident");
  self->transient = load_flag (object, "transient");
  self->progress = (int)load_int (object, "progress", -1, 100, -1);
  self->timeout = (int)load_int (object, "timeout", -1, G_MAXINT, -1);
  self->time = load_int (object, "time", 0, G_MAXINT64, 0);
  self->picture = (guint64)load_int (object, "picture", 0, G_MAXINT64, 0);
  return self;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "media.h"

#include "../notify/flood.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAMESPACE "org.mpris.MediaPlayer2"
#define PREFIX NAMESPACE "."
/* Plays nothing itself: it says again what others say. */
#define ECHO PREFIX "playerctld"
#define BUS "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"
#define TIMEOUT_MS 5000
/* Before it is looked for those that were left out. */
#define SEARCH_SECONDS 5
/* Names that are asked for in one search; the next one goes on where it ended. */
#define SEARCH_NAMES 256

struct InosMedia {
  GDBusConnection *bus;
  InosThumbs *thumbs;
  void (*changed) (gpointer data);
  gpointer data;
  GCancellable *cancellable;
  GPtrArray *players; /* InosPlayer */
  InosFlood *flood;   /* how often a connection may come */
  guint signal;
  guint source;      /* of a search, or 0 */
  gboolean left_out; /* there may be more than are known */
  guint searched;    /* names of players that the last search went by */
  guint last;        /* id of the last one that came */
};

/* Who is there */

static int compare_ids (guint a, guint b)
{
  return a < b ? -1 : a > b;
}

static InosPlayer *find (InosMedia *self, guint id)
{
  for (guint i = 0; i < self->players->len; i++) {
    InosPlayer *player = g_ptr_array_index (self->players, i);

    if (inos_player_get_id (player) == id)
      return player;
  }
  return NULL;
}

static InosPlayer *find_of (InosMedia *self, const char *owner)
{
  for (guint i = 0; i < self->players->len; i++) {
    InosPlayer *player = g_ptr_array_index (self->players, i);

    if (g_str_equal (inos_player_get_owner (player), owner))
      return player;
  }
  return NULL;
}

static gboolean is_player (const char *name)
{
  return g_str_has_prefix (name, PREFIX) && !g_str_equal (name, ECHO);
}

static void search_later (InosMedia *self);

static void add (InosMedia *self, const char *name, const char *owner)
{
  InosPlayer *known = is_player (name) ? find_of (self, owner) : NULL;
  gboolean first;

  /* One that has two names is searched for by the other when this one goes. */
  if (known && !g_str_equal (inos_player_get_bus_name (known), name))
    self->left_out = TRUE;
  if (!is_player (name) || known)
    return;
  if (self->players->len >= INOS_MEDIA_MAX_PLAYERS ||
      !inos_flood_admit (self->flood, owner, INOS_FLOOD_NEW, g_get_monotonic_time(), &first)) {
    self->left_out = TRUE;
    if (self->players->len < INOS_MEDIA_MAX_PLAYERS)
      search_later (self);
    return;
  }
  g_ptr_array_add (self->players, inos_player_create (self->bus, owner, name, ++self->last,
                                                      self->thumbs, self->changed, self->data));
  self->changed (self->data);
}

/* Its place is free for one that was left out. */
static void lose (InosMedia *self, const char *name, const char *owner)
{
  for (guint i = 0; i < self->players->len; i++) {
    InosPlayer *player = g_ptr_array_index (self->players, i);

    if (!g_str_equal (inos_player_get_owner (player), owner) ||
        !g_str_equal (inos_player_get_bus_name (player), name))
      continue;
    g_ptr_array_remove_index (self->players, i);
    if (self->left_out)
      search_later (self);
    self->changed (self->data);
    return;
  }
}

static void on_name (GDBusConnection *bus, const char *sender, const char *path,
                     const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  InosMedia *self = data;
  const char *name, *before, *after;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    return;
  g_variant_get (parameters, "(&s&s&s)", &name, &before, &after);
  if (*before)
    lose (self, name, before);
  if (*after)
    add (self, name, after);
}

/* Whose a name is. */
typedef struct {
  InosMedia *media;
  char *name;
} Search;

static void on_owner (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  Search *search = data;
  const char *owner;

  if (answer) {
    g_variant_get (answer, "(&s)", &owner);
    add (search->media, search->name, owner);
  }
  g_free (search->name);
  g_free (search);
}

static void ask_owner (InosMedia *self, const char *name)
{
  Search *search = g_new0 (Search, 1);

  *search = (Search){self, g_strdup (name)};
  g_dbus_connection_call (self->bus, BUS, BUS_PATH, BUS, "GetNameOwner",
                          g_variant_new ("(s)", name), G_VARIANT_TYPE ("(s)"),
                          G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, self->cancellable, on_owner, search);
}

static void on_names (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariantIter) names = NULL;
  InosMedia *self = data;
  const char *name;
  guint at = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!answer) {
    g_warning ("the bus does not say who plays: %s", error->message);
    return;
  }
  g_variant_get (answer, "(as)", &names);
  while (g_variant_iter_next (names, "&s", &name) && at < self->searched + SEARCH_NAMES) {
    if (is_player (name) && at++ >= self->searched)
      ask_owner (self, name);
  }
  self->left_out = at == self->searched + SEARCH_NAMES;
  self->searched = self->left_out ? at : 0;
  if (self->left_out && self->players->len < INOS_MEDIA_MAX_PLAYERS)
    search_later (self);
}

static gboolean search (gpointer data)
{
  InosMedia *self = data;

  self->source = 0;
  g_dbus_connection_call (self->bus, BUS, BUS_PATH, BUS, "ListNames", NULL, G_VARIANT_TYPE ("(as)"),
                          G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, self->cancellable, on_names, self);
  return G_SOURCE_REMOVE;
}

static void search_later (InosMedia *self)
{
  if (!self->source)
    self->source = g_timeout_add_seconds (SEARCH_SECONDS, search, self);
}

/* Which of them */

static int rank (InosPlayer *player)
{
  return inos_player_get_status (player)->state == INOS_PLAYER_PLAYING;
}

/* Below 0: a goes before b. */
static int compare (gconstpointer first, gconstpointer second)
{
  InosPlayer *a = *(InosPlayer *const *)first, *b = *(InosPlayer *const *)second;
  gint64 played_a = inos_player_get_played (a), played_b = inos_player_get_played (b);

  if (rank (a) != rank (b))
    return rank (b) - rank (a);
  if (played_a != played_b)
    return played_a > played_b ? -1 : 1;
  return compare_ids (inos_player_get_id (b), inos_player_get_id (a));
}

InosPlayer *inos_media_get_current (InosMedia *self)
{
  InosPlayer *best = NULL;

  for (guint i = 0; i < self->players->len; i++) {
    InosPlayer *player = g_ptr_array_index (self->players, i);

    if (!best || compare (&player, &best) < 0)
      best = player;
  }
  return best;
}

guint inos_media_get_n_players (InosMedia *self)
{
  return self->players->len;
}

InosPlayer *inos_media_get_player (InosMedia *self, guint index)
{
  return g_ptr_array_index (self->players, index);
}

/* For pages */

static JsonObject *describe_can (const InosPlayerStatus *status)
{
  JsonObject *can = json_object_new();
  gboolean plays = status->state == INOS_PLAYER_PLAYING;

  json_object_set_boolean_member (can, "toggle", plays ? status->can_pause : status->can_play);
  json_object_set_boolean_member (can, "next", status->can_next);
  json_object_set_boolean_member (can, "previous", status->can_previous);
  json_object_set_boolean_member (can, "seek", status->can_seek);
  json_object_set_boolean_member (can, "raise", status->can_raise);
  return can;
}

static JsonNode *describe_player (InosPlayer *player)
{
  const InosPlayerStatus *status = inos_player_get_status (player);
  const InosTrack *track = inos_player_get_track (player);
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "id", inos_player_get_id (player));
  json_object_set_string_member (object, "name", inos_player_get_identity (player));
  json_object_set_string_member (object, "entry", inos_player_get_entry (player));
  json_object_set_string_member (object, "state", inos_player_state_name (status->state));
  json_object_set_string_member (object, "title", track->title);
  json_object_set_string_member (object, "artist", track->artist);
  json_object_set_string_member (object, "album", track->album);
  json_object_set_int_member (object, "picture", inos_player_get_picture (player));
  json_object_set_double_member (object, "length", (double)track->length / G_USEC_PER_SEC);
  json_object_set_double_member (object, "position",
                                 (double)inos_player_get_position (player) / G_USEC_PER_SEC);
  json_object_set_double_member (object, "rate", status->rate);
  json_object_set_object_member (object, "can", describe_can (status));
  json_node_take_object (node, object);
  return node;
}

JsonNode *inos_media_describe (InosMedia *self)
{
  g_autoptr (GPtrArray) sorted = NULL;
  JsonArray *array;
  JsonNode *node;

  if (self->players->len == 0)
    return NULL;
  sorted = g_ptr_array_copy (self->players, NULL, NULL);
  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare);
  array = json_array_new();
  for (guint i = 0; i < sorted->len; i++)
    json_array_add_element (array, describe_player (g_ptr_array_index (sorted, i)));
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return node;
}

/* Steering */

static InosPlayer *meant (InosMedia *self, guint id, InosReply *reply)
{
  InosPlayer *player = id > 0 ? find (self, id) : inos_media_get_current (self);

  if (!player)
    inos_reply_fail (reply, "%s",
                     id > 0 ? _ ("This player is not there any more.")
                            : _ ("No program plays anything."));
  return player;
}

gboolean inos_media_has (InosMedia *self, guint id)
{
  return id > 0 ? find (self, id) != NULL : self->players->len > 0;
}

void inos_media_refresh (InosMedia *self)
{
  for (guint i = 0; i < self->players->len; i++)
    inos_player_refresh (g_ptr_array_index (self->players, i));
}

void inos_media_do (InosMedia *self, guint id, const char *action, InosReply *reply)
{
  InosPlayer *player = meant (self, id, reply);

  if (player)
    inos_player_do (player, action, reply);
}

void inos_media_seek (InosMedia *self, guint id, gint64 position, InosReply *reply)
{
  InosPlayer *player = meant (self, id, reply);

  if (player)
    inos_player_seek (player, position, reply);
}

static void on_key_done (const char *json, const char *error, gpointer data)
{
  if (error)
    g_info ("a key for a player did nothing: %s", error);
}

gboolean inos_media_act (InosMedia *self, const char *action)
{
  if (!g_str_has_prefix (action, "media-"))
    return FALSE;
  inos_media_do (self, 0, action + strlen ("media-"), inos_reply_new (on_key_done, NULL));
  return TRUE;
}

/* Life */

static void player_free (gpointer player)
{
  inos_player_destroy (player);
}

InosMedia *inos_media_create (GDBusConnection *bus, InosThumbs *thumbs,
                              void (*changed) (gpointer data), gpointer data)
{
  InosMedia *self = g_new0 (InosMedia, 1);

  *self = (InosMedia){.bus = g_object_ref (bus),
                      .thumbs = thumbs,
                      .changed = changed,
                      .data = data,
                      .cancellable = g_cancellable_new(),
                      .players = g_ptr_array_new_with_free_func (player_free),
                      .flood = inos_flood_create()};
  self->signal = g_dbus_connection_signal_subscribe (
    bus, BUS, BUS, "NameOwnerChanged", BUS_PATH, NAMESPACE,
    G_DBUS_SIGNAL_FLAGS_MATCH_ARG0_NAMESPACE, on_name, self, NULL);
  search (self);
  return self;
}

void inos_media_destroy (InosMedia *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signal);
  g_clear_handle_id (&self->source, g_source_remove);
  g_ptr_array_unref (self->players);
  inos_flood_destroy (self->flood);
  g_object_unref (self->bus);
  g_free (self);
}

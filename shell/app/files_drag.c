/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

/*
 * Files that are dragged: out of a window, by their numbers, and into one, where the page says what
 * lies under them. What comes from other programs is a stranger's word, bounded like the clipboard.
 */

#include "files_disk.h"
#include "files_part.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define URI_TYPE "text/uri-list"
#define LIST_MOST (4u * 1024 * 1024)
#define PLACE_MAX 64
#define STEP 2 /* pixels that a page is told of */
#define BOTH (GDK_ACTION_COPY | GDK_ACTION_MOVE)

struct InosFilesDrag {
  InosFiles *files;
  GtkEventController *target;
  GdkDrop *drop;         /* over the page; may be NULL */
  GdkDrop *dropped;      /* let go on it, until the page says where; may be NULL */
  guint serial;          /* of what was let go last */
  GdkDragAction offered; /* by who drags */
  double x, y;           /* as the page was told */
  gboolean takes;        /* the page can use it where it is */
};

/* What is dragged out of one of our windows, until it is over: it need not be read. */
static GPtrArray *own;
static GdkDrag *own_drag;
static InosFiles *own_window; /* whose it is; NULL where that has gone */
static gboolean own_stays;    /* it is to be copied */
static gboolean own_trashed;  /* it lies in the trash */

static gboolean is_own (GdkDrop *drop)
{
  return own && gdk_drop_get_drag (drop) == own_drag;
}

/* What a page remembers of its drags is said of no other window's. */
static gboolean is_of_this (InosFilesDrag *self, GdkDrop *drop)
{
  return is_own (drop) && own_window == self->files;
}

/* Within Files it is moved unless Ctrl was held when it began: while something is dragged programs
 * hear of no keys. What other programs give is copied, unless moving is all that they allow. That
 * is asked when it comes: the drop itself says only what was agreed on last, which is nothing where
 * nothing takes it. */
static gboolean moves (InosFilesDrag *self, GdkDrop *drop)
{
  return is_own (drop) ? !own_stays
                       : (self->offered & GDK_ACTION_MOVE) && !(self->offered & GDK_ACTION_COPY);
}

/* What the page is told */

/* Where it is as a part of the page's width and height: pages may be enlarged. */
static void tell (InosFilesDrag *self, const char *name)
{
  GtkWidget *widget = gtk_event_controller_get_widget (self->target);
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_int_member (object, "serial", self->serial);
  json_object_set_boolean_member (object, "over", self->drop != NULL);
  json_object_set_boolean_member (object, "dragging", own && own_window == self->files);
  if (self->drop) {
    json_object_set_double_member (object, "x", self->x / MAX (1, gtk_widget_get_width (widget)));
    json_object_set_double_member (object, "y", self->y / MAX (1, gtk_widget_get_height (widget)));
    json_object_set_boolean_member (object, "own", is_of_this (self, self->drop));
    json_object_set_boolean_member (object, "files", is_own (self->drop));
    json_object_set_boolean_member (object, "moves", moves (self, self->drop));
  }
  json_node_take_object (node, object);
  inos_page_send (inos_app_window_get_page (self->files->window), name, node);
}

/* Into a window */

static GdkDragAction action_of (InosFilesDrag *self, GdkDrop *drop)
{
  return moves (self, drop) ? GDK_ACTION_MOVE : GDK_ACTION_COPY;
}

static GdkDragAction answer (InosFilesDrag *self)
{
  return self->takes ? action_of (self, self->drop) : 0;
}

static GdkDragAction on_motion (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y,
                                gpointer data)
{
  InosFilesDrag *self = data;

  if (self->drop != drop || fabs (x - self->x) >= STEP || fabs (y - self->y) >= STEP) {
    g_set_object (&self->drop, drop);
    self->x = x;
    self->y = y;
    tell (self, "filesOver");
  }
  return answer (self);
}

static GdkDragAction on_enter (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y,
                               gpointer data)
{
  InosFilesDrag *self = data;

  self->takes = FALSE;
  self->offered = gdk_drop_get_actions (drop);
  on_motion (target, drop, x, y, data);
  /* Until the page has said: else nothing is let go on it. */
  return action_of (self, drop);
}

static void on_leave (GtkDropTargetAsync *target, GdkDrop *drop, gpointer data)
{
  InosFilesDrag *self = data;

  g_clear_object (&self->drop);
  tell (self, "filesOver");
}

/* What the page has not answered to. */
static void refuse (InosFilesDrag *self)
{
  if (self->dropped)
    gdk_drop_finish (self->dropped, 0);
  g_clear_object (&self->dropped);
}

static gboolean on_drop (GtkDropTargetAsync *target, GdkDrop *drop, double x, double y,
                         gpointer data)
{
  InosFilesDrag *self = data;

  refuse (self);
  g_set_object (&self->dropped, drop);
  if (!inos_page_is_listening (inos_app_window_get_page (self->files->window))) {
    refuse (self);
    return TRUE;
  }
  g_set_object (&self->drop, drop);
  self->x = x;
  self->y = y;
  self->serial++;
  tell (self, "filesDrop");
  g_clear_object (&self->drop);
  tell (self, "filesOver");
  return TRUE;
}

/* {"takes"}: whether what is over the page can be let go there. */
void inos_files_run_over (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GError) error = NULL;
  gboolean takes = FALSE;

  if (inos_args_get_boolean (args, "takes", &takes, &error))
    self->drag->takes = takes;
  /* It may rest there already. */
  if (self->drag->drop)
    gdk_drop_status (self->drag->drop, answer (self->drag), answer (self->drag));
  inos_command_finish (reply, !error, error);
}

typedef struct {
  InosFiles *files; /* gone where it was cancelled */
  GCancellable *cancellable;
  GdkDrop *drop;
  GFile *folder;
  guint view;
  gboolean moves;
  InosReply *reply;
} Drop;

static void drop_end (Drop *drop, gboolean taken)
{
  gdk_drop_finish (drop->drop, !taken ? 0 : drop->moves ? GDK_ACTION_MOVE : GDK_ACTION_COPY);
  g_object_unref (drop->cancellable);
  g_object_unref (drop->drop);
  g_object_unref (drop->folder);
  g_free (drop);
}

static void drop_fail (Drop *drop, const char *sentence)
{
  inos_reply_fail (drop->reply, "%s", sentence);
  drop_end (drop, FALSE);
}

static void on_text (GObject *source, GAsyncResult *result, gpointer data)
{
  GMemoryOutputStream *stream = G_MEMORY_OUTPUT_STREAM (source);
  Drop *drop = data;
  g_autoptr (GError) error = NULL;
  gssize length = g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) files = NULL;

  if (g_cancellable_is_cancelled (drop->cancellable)) {
    drop_fail (drop, _ ("The window was closed."));
    return;
  }
  if (length > 0)
    text = g_strndup (g_memory_output_stream_get_data (stream),
                      g_memory_output_stream_get_data_size (stream));
  files = inos_files_parse_uris (text ? text : "");
  if (files->len == 0) {
    drop_fail (drop, _ ("What was dropped is no file of this computer."));
    return;
  }
  drop_end (drop, inos_files_carry (drop->files, drop->moves, files, drop->folder, drop->view,
                                    drop->reply));
}

static void on_stream (GObject *source, GAsyncResult *result, gpointer data)
{
  Drop *drop = data;
  const char *type;
  g_autoptr (GInputStream) stream = gdk_drop_read_finish (GDK_DROP (source), result, &type, NULL);
  g_autoptr (GOutputStream) output = NULL;

  if (!stream || g_cancellable_is_cancelled (drop->cancellable)) {
    drop_fail (drop, _ ("What was dropped is no file of this computer."));
    return;
  }
  /* Of one size: what is longer than that is an error. */
  output = g_memory_output_stream_new (g_malloc (LIST_MOST), LIST_MOST, NULL, g_free);
  g_output_stream_splice_async (output, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE,
                                G_PRIORITY_DEFAULT, drop->cancellable, on_text, drop);
}

/* Transfer full; NULL after an answer. */
static GFile *take_target (InosFiles *self, JsonObject *args, guint *number, InosReply *reply)
{
  const char *place = inos_args_get_string (args, "place", PLACE_MAX, NULL);
  InosView *view = inos_files_get_view (self, args, reply);
  const InosItem *item;
  GFile *folder;

  if (!view)
    return NULL;
  *number = place ? 0 : inos_view_get_number (view);
  if (json_object_has_member (args, "item")) {
    item = inos_files_get_item (self, view, args, reply);
    return item ? g_object_ref (item->file) : NULL;
  }
  folder = place ? inos_places_find (self->places, place) : inos_view_get_folder (view);
  if (folder)
    return place ? folder : g_object_ref (folder);
  inos_reply_fail (reply, "%s", _ ("Nothing can be put here."));
  return NULL;
}

/* Whichever window of Files they come out of: taking back is this one's. Not a stranger's, who has
 * not given them away, nor what is there already. FALSE where nothing has begun, after an answer.
 */
static gboolean discard (InosFiles *self, GdkDrop *drop, InosReply *reply)
{
  if (is_own (drop) && !own_trashed)
    return inos_files_discard (self, own, reply);
  inos_reply_fail (reply, "%s", _ ("Nothing can be put here."));
  return FALSE;
}

static gboolean is_for_trash (JsonObject *args)
{
  return g_strcmp0 (inos_args_get_string (args, "place", PLACE_MAX, NULL), "trash") == 0;
}

/* {"view", and "item" or "place", or neither: the view's folder}; with {"none": true} nothing is
 * taken. Answers as deeds do. */
void inos_files_run_drop (gpointer context, JsonObject *args, InosReply *reply)
{
  static const char *types[] = {URI_TYPE, NULL};
  InosFiles *self = inos_files_of (context);
  g_autoptr (GdkDrop) dropped = g_steal_pointer (&self->drag->dropped);
  g_autoptr (GFile) folder = NULL;
  gboolean none = FALSE;
  guint number = 0;
  Drop *drop;

  if (!dropped) {
    inos_reply_fail (reply, "%s", _ ("Nothing was dropped."));
    return;
  }
  inos_args_get_boolean (args, "none", &none, NULL);
  if (!none && is_for_trash (args)) {
    gdk_drop_finish (dropped, discard (self, dropped, reply) ? action_of (self->drag, dropped) : 0);
    return;
  }
  if (none || !(folder = take_target (self, args, &number, reply))) {
    gdk_drop_finish (dropped, 0);
    if (none)
      inos_reply_ok (reply, NULL);
    return;
  }
  drop = g_new0 (Drop, 1);
  *drop = (Drop){.files = self,
                 .cancellable = g_object_ref (self->cancellable),
                 .drop = g_object_ref (dropped),
                 .folder = g_object_ref (folder),
                 .view = number,
                 .moves = moves (self->drag, dropped),
                 .reply = reply};
  if (is_own (dropped))
    drop_end (drop, inos_files_carry (self, drop->moves, own, folder, number, reply));
  else
    gdk_drop_read_async (dropped, types, G_PRIORITY_DEFAULT, self->cancellable, on_stream, drop);
}

/* Out of a window */

static void on_finished (GdkDrag *drag, gpointer data)
{
  InosFiles *window = g_steal_pointer (&own_window);

  g_clear_pointer (&own, g_ptr_array_unref);
  own_drag = NULL;
  g_object_unref (drag);
  if (window)
    tell (window->drag, "filesOver");
}

static void on_cancelled (GdkDrag *drag, GdkDragCancelReason reason, gpointer data)
{
  on_finished (drag, data);
}

static void show (GdkDrag *drag, GPtrArray *files)
{
  g_autofree char *name = inos_disk_shown_name (files->pdata[0]);
  g_autofree char *text =
    files->len == 1 ? g_strdup (name)
                    : g_strdup_printf (ngettext ("%u item", "%u items", files->len), files->len);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_add_css_class (label, "inos-dragged");
  gtk_drag_icon_set_child (GTK_DRAG_ICON (gtk_drag_icon_get_for_drag (drag)), label);
}

/* {"view", "items", "copy"}, while a button is held. */
void inos_files_run_drag (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  GtkWidget *window = GTK_WIDGET (inos_app_window_get_window (self->window));
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autoptr (GPtrArray) files = items ? inos_files_of_items (items) : NULL;
  const InosView *view = items ? inos_files_get_view (self, args, reply) : NULL;
  g_autoptr (GdkContentProvider) provider = NULL;
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (window));
  GdkDrag *drag = NULL;
  gboolean copies = FALSE;

  if (!files)
    return;
  inos_args_get_boolean (args, "copy", &copies, NULL);
  provider = files->len > 0 ? inos_files_offer (files) : NULL;
  if (provider && !own && seat)
    drag =
      gdk_drag_begin (gtk_native_get_surface (GTK_NATIVE (window)), gdk_seat_get_pointer (seat),
                      provider, copies ? GDK_ACTION_COPY : BOTH, 0, 0);
  if (!drag) {
    inos_reply_fail (reply, "%s", _ ("This cannot be dragged now."));
    return;
  }
  own = g_ptr_array_ref (files);
  own_drag = drag;
  own_window = self;
  own_stays = copies;
  own_trashed = inos_view_get_kind (view) == INOS_VIEW_TRASH;
  g_signal_connect (drag, "dnd-finished", G_CALLBACK (on_finished), NULL);
  g_signal_connect (drag, "cancel", G_CALLBACK (on_cancelled), NULL);
  show (drag, files);
  tell (self->drag, "filesOver");
  inos_reply_ok (reply, NULL);
}

/* Life */

InosFilesDrag *inos_files_drag_create (InosFiles *files)
{
  InosFilesDrag *self = g_new0 (InosFilesDrag, 1);
  static const char *types[] = {URI_TYPE};
  GtkWidget *widget = inos_page_get_widget (inos_app_window_get_page (files->window));
  GtkDropTargetAsync *target =
    gtk_drop_target_async_new (gdk_content_formats_new (types, G_N_ELEMENTS (types)), BOTH);

  self->files = files;
  self->target = GTK_EVENT_CONTROLLER (target);
  /* Before the view, which would take it for a page to open. */
  gtk_event_controller_set_propagation_phase (self->target, GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drag-enter", G_CALLBACK (on_enter), self);
  g_signal_connect (target, "drag-motion", G_CALLBACK (on_motion), self);
  g_signal_connect (target, "drag-leave", G_CALLBACK (on_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (widget, self->target);
  return self;
}

void inos_files_drag_lost (InosFilesDrag *self)
{
  refuse (self);
  g_clear_object (&self->drop);
  self->takes = FALSE;
}

void inos_files_drag_destroy (InosFilesDrag *self)
{
  if (own_window == self->files)
    own_window = NULL;
  g_signal_handlers_disconnect_by_data (self->target, self);
  refuse (self);
  g_clear_object (&self->drop);
  g_free (self);
}

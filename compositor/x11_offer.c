#include "x11_offer.h"

#include <string.h>
#include <unistd.h>
#include <wayland-server-protocol.h>

#include "x11_transfer.h"

enum { TYPES_MOST = 64, NAME_MOST = 255, ACTIONS_MOST = 16 };

struct type {
  xcb_atom_t atom;
  char *name; /* NULL: it is not asked for by a MIME name */
};

struct inos_x11_offer {
  unsigned int references;
  struct inos_x11_link *link;
  struct type types[TYPES_MOST];
  size_t count, named; /* names come in their order */
  uint32_t actions;    /* that its program lists; 0: none */
  unsigned int open;   /* questions */
  inos_x11_offer_known known;
  void *data;
};

static const struct {
  enum inos_x11_atom atom;
  uint32_t action;
} actions[] = {
  {INOS_X11_XDND_ACTION_COPY, WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY},
  {INOS_X11_XDND_ACTION_MOVE, WL_DATA_DEVICE_MANAGER_DND_ACTION_MOVE},
  {INOS_X11_XDND_ACTION_ASK, WL_DATA_DEVICE_MANAGER_DND_ACTION_ASK},
};

xcb_atom_t inos_x11_offer_atom (const struct inos_x11_link *link, uint32_t action)
{
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (action == actions[i].action)
      return link->atoms[actions[i].atom];
  }
  return XCB_ATOM_NONE;
}

uint32_t inos_x11_offer_action (const struct inos_x11_link *link, xcb_atom_t atom)
{
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (atom && atom == link->atoms[actions[i].atom])
      return actions[i].action;
  }
  return WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY;
}

static struct type *find (const struct inos_x11_offer *offer, const char *name)
{
  for (size_t i = 0; i < offer->count; i++) {
    if (g_strcmp0 (offer->types[i].name, name) == 0)
      return (struct type *)&offer->types[i];
  }
  return NULL;
}

static void add (struct inos_x11_offer *offer, xcb_atom_t atom, const char *name)
{
  if (offer->count < TYPES_MOST && !find (offer, name))
    offer->types[offer->count++] = (struct type){atom, g_strdup (name)};
}

/* Text without a MIME name, as old programs have it. */
static void add_text (struct inos_x11_offer *offer)
{
  const xcb_atom_t utf8 = offer->link->atoms[INOS_X11_UTF8_STRING];
  bool has_utf8 = false, has_latin1 = false;
  for (size_t i = 0; i < offer->count; i++) {
    has_utf8 = has_utf8 || offer->types[i].atom == utf8;
    has_latin1 = has_latin1 || offer->types[i].atom == XCB_ATOM_STRING;
  }
  if (has_utf8)
    add (offer, utf8, "text/plain;charset=utf-8");
  if (has_utf8 || has_latin1)
    add (offer, has_utf8 ? utf8 : XCB_ATOM_STRING, "text/plain");
}

static void answered (struct inos_x11_offer *offer)
{
  if (--offer->open > 0)
    return;
  add_text (offer);
  offer->known (offer, offer->data);
}

static bool is_mime (const char *name, int length)
{
  if (length <= 0 || length > NAME_MOST || !memchr (name, '/', (size_t)length))
    return false;
  for (int i = 0; i < length; i++) {
    if (!g_ascii_isprint (name[i]))
      return false;
  }
  return true;
}

static void on_name (struct inos_x11_link *link, void *data, void *reply)
{
  struct inos_x11_offer *offer = data;
  struct type *type = &offer->types[offer->named++];
  int length = reply ? xcb_get_atom_name_name_length (reply) : 0;
  const char *name = reply ? xcb_get_atom_name_name (reply) : NULL;
  if (is_mime (name, length)) {
    g_autofree char *text = g_strndup (name, (gsize)length);
    if (!find (offer, text))
      type->name = g_steal_pointer (&text);
  }
  answered (offer);
}

static void ask_names (struct inos_x11_offer *offer, const xcb_atom_t *types, size_t count)
{
  struct inos_x11_link *link = offer->link;
  for (size_t i = 0; i < count && offer->count < TYPES_MOST; i++) {
    if (types[i] == XCB_ATOM_NONE)
      continue;
    offer->types[offer->count++].atom = types[i];
    offer->open++;
    inos_x11_ask (link, xcb_get_atom_name (link->connection, types[i]).sequence, on_name, offer);
  }
  inos_x11_flush (link);
}

static const xcb_atom_t *atoms_of (const xcb_get_property_reply_t *reply, size_t *count)
{
  *count = reply && reply->format == 32 ? reply->value_len : 0;
  return *count ? xcb_get_property_value (reply) : NULL;
}

static void on_types (struct inos_x11_link *link, void *data, void *reply)
{
  struct inos_x11_offer *offer = data;
  size_t count;
  const xcb_atom_t *types = atoms_of (reply, &count);
  ask_names (offer, types, count);
  answered (offer);
}

static void on_actions (struct inos_x11_link *link, void *data, void *reply)
{
  struct inos_x11_offer *offer = data;
  size_t count;
  const xcb_atom_t *atoms = atoms_of (reply, &count);
  for (size_t i = 0; i < count; i++)
    offer->actions |= inos_x11_offer_action (link, atoms[i]);
  answered (offer);
}

static void ask (struct inos_x11_offer *offer, xcb_window_t window, enum inos_x11_atom property,
                 uint32_t most, inos_x11_answer answer)
{
  struct inos_x11_link *link = offer->link;
  offer->open++;
  inos_x11_ask (
    link,
    xcb_get_property (link->connection, 0, window, link->atoms[property], XCB_ATOM_ATOM, 0, most)
      .sequence,
    answer, offer);
}

struct inos_x11_offer *inos_x11_offer_create (struct inos_x11_link *link, xcb_window_t window,
                                              const xcb_atom_t *types, inos_x11_offer_known known,
                                              void *data)
{
  struct inos_x11_offer *offer = g_new0 (struct inos_x11_offer, 1);
  *offer = (struct inos_x11_offer){.references = 1, .link = link, .known = known, .data = data};
  ask (offer, window, INOS_X11_XDND_ACTION_LIST, ACTIONS_MOST, on_actions);
  if (types)
    ask_names (offer, types, 3);
  else
    ask (offer, window, INOS_X11_XDND_TYPE_LIST, TYPES_MOST, on_types);
  inos_x11_flush (link);
  return offer;
}

struct inos_x11_offer *inos_x11_offer_ref (struct inos_x11_offer *offer)
{
  offer->references++;
  return offer;
}

void inos_x11_offer_unref (struct inos_x11_offer *offer)
{
  if (!offer || --offer->references > 0)
    return;
  inos_x11_forget (offer->link, offer);
  for (size_t i = 0; i < offer->count; i++)
    g_free (offer->types[i].name);
  g_free (offer);
}

void inos_x11_offer_list (const struct inos_x11_offer *offer, struct wl_array *names)
{
  for (size_t i = 0; i < offer->count; i++) {
    char **name = offer->types[i].name ? wl_array_add (names, sizeof *name) : NULL;
    if (name)
      *name = g_strdup (offer->types[i].name);
  }
}

uint32_t inos_x11_offer_actions (const struct inos_x11_offer *offer, uint32_t wanted)
{
  return offer->actions | wanted;
}

void inos_x11_offer_send (const struct inos_x11_offer *offer, struct inos_x11_transfers *transfers,
                          const char *name, xcb_timestamp_t time, int fd)
{
  const struct type *type = find (offer, name);
  if (type)
    inos_x11_transfers_start (transfers, offer->link->atoms[INOS_X11_XDND_SELECTION], type->atom,
                              time, fd);
  else
    close (fd);
}

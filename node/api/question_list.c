/*
 * The list of actors: who is there, and from their supervisors what they are called and how often
 * they were restarted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/question_private.h"
#include "node/tree/inspector.h"

#include <string.h>

#define SUPERVISORS 32 /* that are asked for one page */
#define PAGES 8        /* that each is asked for */
#define CHILD_TIME (500 * INOS_MILLISECOND)

struct list {
  struct node_inspector_rows rows;
  struct {
    uint32_t restarts;
    char name[INOS_CHILD_NAME_MAX];
  } more[NODE_INSPECTOR_ROWS];
  inos_actor_id supervisor[SUPERVISORS];
  uint32_t skipped[SUPERVISORS];
  unsigned supervisors, open;
};

static GVariant *row_of (const struct list *list, uint32_t i)
{
  const struct inos_actor_row *row = &list->rows.row[i];
  const char *name = row->name[0] ? row->name : list->more[i].name;

  return g_variant_new (
    "(tt@sssttddub)", row->id, row->watcher, node_question_string (name),
    node_question_behaviour_name (row->behaviour), node_question_state_name (row->state),
    row->known == INOS_UNKNOWN ? G_MAXUINT64 : row->depth, row->count, row->rate, row->share,
    list->more[i].restarts, (gboolean)(row->behaviour == &inos_supervisor_behaviour));
}

static enum inos_outcome finish (struct question *self, struct inos_context *context)
{
  const struct list *list = self->more;
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_ACTOR_ROWS_TYPE));

  for (uint32_t i = 0; i < list->rows.count; i++)
    if (list->rows.row[i].id != inos_self (context))
      g_variant_builder_add_value (&rows, row_of (list, i));
  return node_question_answer (
    self, context,
    g_variant_new ("(ttda(ttsssttddub))", list->rows.next, list->rows.actors,
                   (double)list->rows.interval / (double)INOS_SECOND, &rows));
}

static void take (struct list *list, const struct inos_supervisor_children *page)
{
  for (uint32_t k = 0; k < page->shown; k++)
    for (uint32_t i = 0; i < list->rows.count; i++)
      if (list->rows.row[i].id == page->child[k].id) {
        list->more[i].restarts = page->child[k].restarts;
        g_strlcpy (list->more[i].name, page->child[k].name, sizeof list->more[i].name);
      }
}

static void ask (struct question *self, struct inos_context *context, unsigned which);

static enum inos_outcome on_children (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct inos_supervisor_children *page, uint64_t which)
{
  struct question *self = state;
  struct list *list = self->more;

  list->open--;
  if (status == INOS_REPLIED) {
    take (list, page);
    list->skipped[which] += page->shown;
    if (page->shown > 0 && list->skipped[which] < page->total &&
        list->skipped[which] < PAGES * INOS_CHILDREN_SHOWN)
      ask (self, context, (unsigned)which);
  }
  return list->open == 0 ? finish (self, context) : INOS_OK;
}

static void ask (struct question *self, struct inos_context *context, unsigned which)
{
  struct list *list = self->more;

  if (inos_supervisor_request_which_children (
        context, (inos_supervisor_ref){INOS_TO (list->supervisor[which])},
        (struct inos_supervisor_page){list->skipped[which]}, CHILD_TIME, on_children,
        which) != INOS_NO_MEMORY)
    list->open++;
}

static bool is_known (const struct list *list, inos_actor_id id)
{
  for (unsigned i = 0; i < list->supervisors; i++)
    if (list->supervisor[i] == id)
      return true;
  return false;
}

static enum inos_outcome on_listed (void *state, struct inos_context *context,
                                    enum inos_replied status,
                                    const struct node_inspector_rows *rows, uint64_t tag)
{
  struct question *self = state;

  if (status != INOS_REPLIED)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "The actors cannot be listed now. Ask again.");
  struct list *list = self->more = g_new0 (struct list, 1);
  list->rows = *rows;
  for (uint32_t i = 0; i < rows->count && list->supervisors < SUPERVISORS; i++) {
    inos_actor_id parent = rows->row[i].watcher;
    if (!is_known (list, parent) && node_question_is_supervisor (self, parent))
      list->supervisor[list->supervisors++] = parent;
  }
  for (unsigned i = 0; i < list->supervisors; i++)
    ask (self, context, i);
  return list->open == 0 ? finish (self, context) : INOS_OK;
}

static bool order_of (const char *name, enum inos_health_order *order)
{
  static const char *const names[] = {
    [INOS_BY_PLACE] = "place",
    [INOS_BY_RATE] = "rate",
    [INOS_BY_DEPTH] = "depth",
    [INOS_BY_BUSY] = "busy",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0) {
      *order = (enum inos_health_order)i;
      return true;
    }
  return false;
}

enum inos_outcome node_question_start_list (struct question *self, struct inos_context *context)
{
  node_inspector_ref inspector = {inos_address_of_name (self->runtime, NODE_INSPECTOR_NAME)};
  struct node_inspector_page page;
  const char *order;

  g_variant_get (self->parameters, "(&sut)", &order, &page.limit, &page.cursor);
  if (!order_of (order, &page.order))
    return node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                                 "The order is one of place, rate, depth and busy.");
  if (page.order != INOS_BY_PLACE && page.cursor != 0)
    return node_question_refuse (self, context, INOS_API_ERROR_BAD_PAYLOAD,
                                 "Only the order “place” has more than one page.");
  if (node_inspector_request_list (context, inspector, page, UINT64_MAX, on_listed, 0) ==
      INOS_NO_MEMORY)
    return node_question_refuse (self, context, INOS_API_ERROR_FAILED,
                                 "There is no memory for the list. Ask again later.");
  return INOS_OK;
}

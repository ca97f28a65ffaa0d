/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/dnsaddr.h"

#include "node/mesh/net/poller.h"

#include <gio/gio.h>
#include <string.h>

#define ATTRIBUTE "dnsaddr="
#define SUBDOMAIN "_dnsaddr."

struct inos_dnsaddr {
  GMainContext *context;
  GCancellable *cancel;
  GSource *deadline;
  inos_dnsaddr_done done;
  void *data;
  struct inos_multiaddr asked;
  unsigned n_lookups, n_open; /* begun in all; under way */
  unsigned n_results;
  struct inos_multiaddr results[INOS_DNSADDR_RESULTS];
  GError *error; /* of a lookup that failed */
};

/* One name that is being looked up. */
struct question {
  struct inos_dnsaddr *lookup;
  struct inos_multiaddr address;
  unsigned depth;
};

static void ask (struct inos_dnsaddr *lookup, const struct inos_multiaddr *address, unsigned depth);

bool inos_dnsaddr_is (const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part part;
  size_t at = 0;

  return inos_multiaddr_next (address, &at, &part) && part.code == INOS_MULTIADDR_DNSADDR;
}

/* Whether @address ends as @asked does behind its name. */
static bool ends_alike (const struct inos_multiaddr *address, const struct inos_multiaddr *asked)
{
  struct inos_multiaddr_part part;
  size_t at = 0;

  if (!inos_multiaddr_next (asked, &at, &part))
    return false;
  size_t len = asked->len - at;
  return address->len >= len &&
         memcmp (address->bytes + address->len - len, asked->bytes + at, len) == 0;
}

enum inos_dnsaddr_kind inos_dnsaddr_judge (const char *text, const struct inos_multiaddr *asked,
                                           struct inos_multiaddr *address)
{
  if (!g_str_has_prefix (text, ATTRIBUTE) ||
      !inos_multiaddr_parse (address, text + strlen (ATTRIBUTE), NULL) ||
      !ends_alike (address, asked))
    return INOS_DNSADDR_NOTHING;
  return inos_dnsaddr_is (address) ? INOS_DNSADDR_MORE : INOS_DNSADDR_ADDRESS;
}

void inos_dnsaddr_cancel (struct inos_dnsaddr *lookup)
{
  if (!lookup)
    return;
  g_cancellable_cancel (lookup->cancel);
  g_object_unref (lookup->cancel);
  inos_timer_clear (&lookup->deadline);
  g_clear_error (&lookup->error);
  g_main_context_unref (lookup->context);
  g_free (lookup);
}

static void finish (struct inos_dnsaddr *lookup)
{
  g_autoptr (GError) error = g_steal_pointer (&lookup->error);
  g_autofree struct inos_multiaddr *results = g_memdup2 (lookup->results, sizeof lookup->results);
  unsigned n_results = lookup->n_results;
  inos_dnsaddr_done done = lookup->done;
  void *data = lookup->data;

  if (n_results == 0 && !error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                 "No address that fits stands in the name's records.");
  inos_dnsaddr_cancel (lookup);
  done (data, results, n_results, n_results > 0 ? NULL : error);
}

static gboolean on_late (gpointer data)
{
  struct inos_dnsaddr *lookup = data;

  if (!lookup->error)
    lookup->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                         "The name's records were not found in time.");
  finish (lookup);
  return G_SOURCE_REMOVE;
}

static void take_text (const struct question *question, const char *text)
{
  struct inos_dnsaddr *lookup = question->lookup;
  struct inos_multiaddr address;

  switch (inos_dnsaddr_judge (text, &lookup->asked, &address)) {
  case INOS_DNSADDR_ADDRESS:
    if (lookup->n_results < INOS_DNSADDR_RESULTS)
      lookup->results[lookup->n_results++] = address;
    break;
  case INOS_DNSADDR_MORE:
    if (question->depth + 1 < INOS_DNSADDR_DEPTH)
      ask (lookup, &address, question->depth + 1);
    break;
  case INOS_DNSADDR_NOTHING:
  default:
    break;
  }
}

/* One TXT record: its strings belong together. */
static void take_record (const struct question *question, GVariant *record)
{
  g_autoptr (GVariant) strings = g_variant_get_child_value (record, 0);
  g_autofree const char **parts = g_variant_get_strv (strings, NULL);
  g_autofree char *text = g_strjoinv (NULL, (char **)parts);

  take_text (question, text);
}

static void on_answer (GObject *resolver, GAsyncResult *result, gpointer data)
{
  g_autofree struct question *question = data;
  g_autoptr (GError) error = NULL;
  GList *records = g_resolver_lookup_records_finish (G_RESOLVER (resolver), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) { /* else it has gone */
    struct inos_dnsaddr *lookup = question->lookup;
    for (GList *at = records; at; at = at->next)
      take_record (question, at->data);
    if (error && !lookup->error)
      lookup->error = g_steal_pointer (&error);
    if (--lookup->n_open == 0)
      finish (lookup);
  }
  g_list_free_full (records, (GDestroyNotify)g_variant_unref);
}

static void ask (struct inos_dnsaddr *lookup, const struct inos_multiaddr *address, unsigned depth)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default();
  struct inos_multiaddr_part part;
  size_t at = 0;

  if (lookup->n_lookups == INOS_DNSADDR_LOOKUPS || !inos_multiaddr_next (address, &at, &part))
    return;
  struct question *question = g_new (struct question, 1);
  *question = (struct question){lookup, *address, depth};
  g_autofree char *name =
    g_strdup_printf (SUBDOMAIN "%.*s", (int)part.len, (const char *)part.value);
  lookup->n_lookups++;
  lookup->n_open++;
  g_main_context_push_thread_default (lookup->context);
  g_resolver_lookup_records_async (resolver, name, G_RESOLVER_RECORD_TXT, lookup->cancel, on_answer,
                                   question);
  g_main_context_pop_thread_default (lookup->context);
}

struct inos_dnsaddr *inos_dnsaddr_resolve (GMainContext *context,
                                           const struct inos_multiaddr *address,
                                           inos_dnsaddr_done done, void *data)
{
  struct inos_dnsaddr *lookup = g_new0 (struct inos_dnsaddr, 1);

  lookup->context = g_main_context_ref (context);
  lookup->cancel = g_cancellable_new();
  lookup->done = done;
  lookup->data = data;
  lookup->asked = *address;
  inos_timer_set (&lookup->deadline, context, INOS_DNSADDR_TIMEOUT, on_late, lookup);
  ask (lookup, address, 0);
  return lookup;
}

/*
 * Addresses in DNS: what records say, and how a lookup goes. The resolver is a stand-in in the
 * place of GLib's, since a test may not ask the network.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/dnsaddr.h"

#include <gio/gio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define A "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"
#define B "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"

struct _TestResolver {
  GResolver parent;
  unsigned lookups;
};
#define TEST_TYPE_RESOLVER (test_resolver_get_type())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)
G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static const struct {
  const char *name, *text;
} zone[] = {
  {"_dnsaddr.example.org", "dnsaddr=/ip4/192.0.2.1/tcp/4001/p2p/" A},
  {"_dnsaddr.example.org", "dnsaddr=/ip4/192.0.2.2/tcp/4001/p2p/" B},
  {"_dnsaddr.example.org", "dnsaddr=/dnsaddr/more.example.org/p2p/" A},
  {"_dnsaddr.example.org", "v=spf1"},
  {"_dnsaddr.more.example.org", "dnsaddr=/ip6/2001:db8::1/tcp/4001/p2p/" A},
  {"_dnsaddr.loop.example.org", "dnsaddr=/dnsaddr/loop.example.org"},
  {"_dnsaddr.loop.example.org", "dnsaddr=/dnsaddr/loop.example.org"},
  {"_dnsaddr.loop.example.org", "dnsaddr=/dnsaddr/loop.example.org"},
};

static void free_records (void *records)
{
  g_list_free_full (records, (GDestroyNotify)g_variant_unref);
}

static void look_up (GResolver *resolver, const char *name, GResolverRecordType type,
                     GCancellable *cancel, GAsyncReadyCallback done, gpointer data)
{
  GTask *task = g_task_new (resolver, cancel, done, data);
  GList *found = NULL;

  TEST_RESOLVER (resolver)->lookups++;
  for (size_t i = 0; i < G_N_ELEMENTS (zone); i++)
    if (strcmp (zone[i].name, name) == 0) {
      g_autofree char *half = g_strndup (zone[i].text, 9); /* two strings of one record */
      const char *parts[] = {half, zone[i].text + strlen (half), NULL};
      found = g_list_append (found, g_variant_ref_sink (g_variant_new ("(^as)", parts)));
    }
  if (found)
    g_task_return_pointer (task, found, free_records);
  else
    g_task_return_new_error_literal (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "none");
  g_object_unref (task);
}

static GList *look_up_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_records_async = look_up;
  G_RESOLVER_CLASS (klass)->lookup_records_finish = look_up_finish;
}

static void test_resolver_init (TestResolver *self)
{
}

struct outcome {
  bool done;
  unsigned n;
  struct inos_multiaddr found[INOS_DNSADDR_RESULTS];
  GError *error;
};

static void on_done (void *data, const struct inos_multiaddr *addresses, unsigned n_addresses,
                     const GError *error)
{
  struct outcome *outcome = data;

  assert_false (outcome->done);
  outcome->done = true;
  outcome->n = n_addresses;
  memcpy (outcome->found, addresses, n_addresses * sizeof *addresses);
  outcome->error = error ? g_error_copy (error) : NULL;
}

static struct inos_multiaddr parse (const char *text)
{
  struct inos_multiaddr address = {0};

  assert_true (inos_multiaddr_parse (&address, text, NULL));
  return address;
}

static struct outcome resolve (const char *text)
{
  g_autoptr (GMainContext) context = g_main_context_new();
  struct inos_multiaddr address = parse (text);
  struct outcome outcome = {0};

  inos_dnsaddr_resolve (context, &address, on_done, &outcome);
  assert_false (outcome.done); /* never from inside */
  while (!outcome.done)
    g_main_context_iteration (context, TRUE);
  return outcome;
}

static void test_judge (void **state)
{
  struct inos_multiaddr any = parse ("/dnsaddr/example.org"), address;
  struct inos_multiaddr one = parse ("/dnsaddr/example.org/p2p/" A);

  assert_true (inos_dnsaddr_is (&any));
  assert_int_equal (inos_dnsaddr_judge (zone[0].text, &any, &address), INOS_DNSADDR_ADDRESS);
  assert_false (inos_dnsaddr_is (&address));
  assert_int_equal (inos_dnsaddr_judge (zone[0].text, &one, &address), INOS_DNSADDR_ADDRESS);
  assert_int_equal (inos_dnsaddr_judge (zone[1].text, &one, &address), INOS_DNSADDR_NOTHING);
  assert_int_equal (inos_dnsaddr_judge (zone[2].text, &one, &address), INOS_DNSADDR_MORE);
  assert_int_equal (inos_dnsaddr_judge ("/ip4/1.2.3.4", &any, &address), INOS_DNSADDR_NOTHING);
  assert_int_equal (inos_dnsaddr_judge ("dnsaddr=x", &any, &address), INOS_DNSADDR_NOTHING);
  assert_int_equal (inos_dnsaddr_judge ("", &any, &address), INOS_DNSADDR_NOTHING);
}

static void test_resolve (void **state)
{
  struct outcome all = resolve ("/dnsaddr/example.org"),
                 one = resolve ("/dnsaddr/example.org/p2p/" A);
  struct outcome none = resolve ("/dnsaddr/none.example.org");

  assert_int_equal (all.n, 3);
  assert_int_equal (one.n, 2); /* also what another name says of it */
  assert_null (one.error);
  g_autofree char *text = inos_multiaddr_text (&one.found[1]);
  assert_string_equal (text, "/ip6/2001:db8::1/tcp/4001/p2p/" A);
  assert_int_equal (none.n, 0);
  assert_true (g_error_matches (none.error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND));
  g_clear_error (&none.error);
}

/* Names that lead to each other end, and soon. */
static void test_loop (void **state)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default();
  unsigned before = TEST_RESOLVER (resolver)->lookups;
  struct outcome outcome = resolve ("/dnsaddr/loop.example.org");

  assert_int_equal (outcome.n, 0);
  assert_non_null (outcome.error);
  assert_true (TEST_RESOLVER (resolver)->lookups - before <= INOS_DNSADDR_LOOKUPS);
  g_clear_error (&outcome.error);
}

static void test_cancel (void **state)
{
  g_autoptr (GMainContext) context = g_main_context_new();
  struct inos_multiaddr address = parse ("/dnsaddr/example.org");
  struct outcome outcome = {0};

  inos_dnsaddr_cancel (inos_dnsaddr_resolve (context, &address, on_done, &outcome));
  inos_dnsaddr_cancel (NULL);
  while (g_main_context_iteration (context, FALSE))
    ;
  assert_false (outcome.done);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_judge),
    cmocka_unit_test (test_resolve),
    cmocka_unit_test (test_loop),
    cmocka_unit_test (test_cancel),
  };
  g_autoptr (GResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);

  g_resolver_set_default (resolver);
  return cmocka_run_group_tests (tests, NULL, NULL);
}

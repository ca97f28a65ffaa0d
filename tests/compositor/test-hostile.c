/* Clients that break the rules: no crash, and nobody else is disturbed. */

#include "fixture.h"
#include "locker.h"
#include "said.h"
#include "verify.h"
#include "view.h"
#include "wire.h"

enum { WIRES = 4 };

static bool is_long (void)
{
  const char *text = g_getenv ("INOS_LONG");
  return text && *text;
}

/* A screen that is locked by nobody who can be asked stays locked: as it should. */
static void leave_the_lock (GPtrArray *globals)
{
  for (guint i = globals->len; i-- > 0;) {
    const struct wire_global *global = globals->pdata[i];
    if (g_str_equal (global->interface, "ext_session_lock_manager_v1"))
      g_ptr_array_remove_index (globals, i);
  }
}

/* Requests that are almost right, with the same numbers each time. */
static void test_almost_right (void **state)
{
  /* What a virtual keyboard is bound to start is not to be found. */
  g_setenv ("PATH", "/nonexistent", TRUE);
  said_begin();
  g_autoptr (GRand) rand = g_rand_new_with_seed (0x1705);
  struct inos_compositor *compositor = start_compositor (1);
  g_autoptr (GPtrArray) globals = wire_globals (compositor);
  leave_the_lock (globals);
  struct client *good = client_connect (compositor);
  struct window *window = window_open (good, "good", "undisturbed");
  struct wire *wires[WIRES] = {0};
  unsigned int most = is_long() ? 1000000 : 60000, sent = 0, dropped = 0, said = 0;
  for (unsigned int round = 0; sent < most; round++) {
    struct wire **wire = &wires[round % WIRES];
    if (*wire && !wire_is_alive (*wire)) {
      dropped++;
      g_clear_pointer (wire, wire_disconnect);
    }
    if (!*wire) {
      *wire = wire_connect (compositor, globals, rand);
      pump();
    }
    unsigned int n = wire_talk (*wire, rand);
    sent += n;
    pump();
    if (n == 0)
      g_clear_pointer (wire, wire_disconnect);
    if (round % 100 == 0) {
      client_roundtrip (good);
      assert_int_equal (wl_display_get_error (good->display), 0);
      assert_true (inos_view_find (compositor, 1)->mapped);
      said += said_count (NULL, "loses its connection: ");
      said_forget();
    }
  }
  said += said_count (NULL, "loses its connection: ");
  for (int i = 0; i < WIRES; i++)
    dropped += wires[i] && !wire_is_alive (wires[i]);
  print_message ("# %u requests, %u connections lost\n", sent, dropped);
  assert_true (dropped > most / 10000);
  assert_int_equal (said, dropped);
  for (int i = 0; i < WIRES; i++)
    g_clear_pointer (&wires[i], wire_disconnect);
  pump();
  window_close (window);
  client_disconnect (good);
  inos_compositor_destroy (compositor);
  said_end();
}

/* Also from those that lock the screen, and lie about that: it stays locked until one comes that
 * does it as it should, and that one finds all as it was. */
static void test_almost_right_lockers (void **state)
{
  said_begin();
  g_autoptr (GRand) rand = g_rand_new_with_seed (0x10c8);
  struct inos_compositor *compositor = start_compositor (2);
  g_autoptr (GPtrArray) globals = wire_globals (compositor);
  struct client *good = client_connect (compositor);
  struct window *window = window_open (good, "good", "undisturbed");
  struct wire *wires[WIRES] = {0};
  unsigned int most = is_long() ? 200000 : 10000, sent = 0, locked = 0;
  for (unsigned int round = 0; sent < most; round++) {
    struct wire **wire = &wires[round % WIRES];
    if (*wire && !wire_is_alive (*wire))
      g_clear_pointer (wire, wire_disconnect);
    if (!*wire)
      *wire = wire_connect (compositor, globals, rand);
    pump();
    unsigned int n = wire_talk (*wire, rand);
    sent += n;
    pump();
    locked += compositor->locked;
    if (n == 0)
      g_clear_pointer (wire, wire_disconnect);
    if (round % 20 == 0) {
      client_roundtrip (good);
      g_autofree char *wrong = inos_verify_invariants (compositor);
      if (wrong)
        fail_msg ("after %u requests: %s", sent, wrong);
    }
  }
  for (int i = 0; i < WIRES; i++)
    g_clear_pointer (&wires[i], wire_disconnect);
  pump();
  assert_true (locked > 0);
  assert_true (compositor->locked);
  struct locker *locker = locker_start (compositor);
  for (int i = 0; i < 2; i++)
    locker_try_cover (locker, i);
  locker_wait (locker);
  locker_unlock (locker);
  assert_false (compositor->locked);
  client_roundtrip (good);
  assert_true (inos_view_find (compositor, 1)->mapped);
  window_close (window);
  client_disconnect (good);
  inos_compositor_destroy (compositor);
  said_end();
}

/* Five hundred windows open and close, each to be found. */
static void test_five_hundred_windows (void **state)
{
  enum { COUNT = 500 };
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *windows[COUNT];
  for (int i = 0; i < COUNT; i++)
    windows[i] = window_open (client, "many", "one of many");
  assert_int_equal (wl_list_length (&compositor->views), COUNT);
  assert_null (inos_verify_invariants (compositor));
  for (int i = 0; i < COUNT; i++)
    window_close (windows[(i * 7) % COUNT]);
  assert_int_equal (wl_list_length (&compositor->views), 0);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_almost_right),
    cmocka_unit_test (test_almost_right_lockers),
    cmocka_unit_test (test_five_hundred_windows),
  };
  return run_compositor_tests (tests);
}

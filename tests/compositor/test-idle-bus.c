/* What programs and the session say of idleness over D-Bus, and the program that locks. */

#include <signal.h>
#include <wlr/types/wlr_output.h>

#include "bus-peer.h"
#include "client.h"
#include "idle.h"
#include "idle_stage.h"
#include "lock.h"
#include "locker.h"
#include "output.h"
#include "reload.h"
#include "screen_saver.h"

#define SAVER "org.freedesktop.ScreenSaver"
#define IDLE_INTERFACE "org.inos.Compositor1.Idle"

static const char *const paths[] = {"/org/freedesktop/ScreenSaver", "/ScreenSaver"};

static char *inhibit (struct peer *peer, const char *application)
{
  return peer_call (peer, paths[0], SAVER, "Inhibit", g_variant_new ("(ss)", application, "why"));
}

static char *uninhibit (struct peer *peer, guint32 cookie)
{
  return peer_call (peer, paths[1], SAVER, "UnInhibit", g_variant_new ("(u)", cookie));
}

static void begin (struct peer *peer)
{
  peer_begin (peer, start_configured ("[idle]\ndim=10\nblank=20\n[lock]\ncommand=\n"));
}

static void test_programs_keep_awake (void **state)
{
  struct peer peer;
  int64_t now = 1000;
  begin (&peer);
  struct inos_stages *stages = peer.compositor->stages;
  inos_stages_set_clock (stages, &now);
  now += 25000;
  inos_stages_run (stages);
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "Reached"), "(<['dim', 'blank']>,)");
  assert_answer (peer_call (&peer, paths[0], SAVER, "GetActive", NULL), "(true,)");
  assert_answer (inhibit (&peer, "film"), "(1,)");
  assert_answer (inhibit (&peer, "game"), "(2,)");
  assert_true (inos_idle_inhibited (peer.compositor));
  assert_answer (peer_call (&peer, paths[1], SAVER, "GetActive", NULL), "(false,)");
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "Reached"), "(<@as []>,)");
  assert_says (peer_get (&peer, PATH, IDLE_INTERFACE, "Programs"), "('film', 'why')");
  assert_int_equal (inos_stages_run (stages), -1);
  assert_answer (uninhibit (&peer, 1), "()");
  assert_true (inos_idle_inhibited (peer.compositor));
  assert_says (uninhibit (&peer, 1), "no inhibitor 1");
  assert_says (uninhibit (&peer, 0), "no inhibitor 0");
  assert_answer (uninhibit (&peer, 2), "()");
  assert_false (inos_idle_inhibited (peer.compositor));
  assert_int_equal (inos_stages_run (stages), 10000);
  now += 15000;
  inos_stages_run (stages);
  assert_true (inos_stages_reached (stages, INOS_STAGE_DIM));
  assert_answer (peer_call (&peer, paths[0], SAVER, "SimulateUserActivity", NULL), "()");
  assert_false (inos_stages_reached (stages, INOS_STAGE_DIM));
  peer_end (&peer);
}

static void test_programs_are_bounded (void **state)
{
  struct peer peer;
  begin (&peer);
  g_autofree char *name = g_strnfill (100000, 'n');
  for (int i = 0; i < INOS_SAVER_EACH_MOST; i++)
    assert_says (inhibit (&peer, name), ",)");
  assert_says (inhibit (&peer, name), "too many");
  g_autofree char *programs = peer_get (&peer, PATH, IDLE_INTERFACE, "Programs");
  assert_true (strlen (programs) < (size_t)INOS_SAVER_EACH_MOST * 200);
  assert_answer (uninhibit (&peer, 7), "()");
  assert_says (inhibit (&peer, "\xc3\xa4"), ",)");
  peer_end (&peer);
}

static void test_the_session_says_what_the_machine_does (void **state)
{
  struct peer peer;
  begin (&peer);
  assert_says (peer_get (&peer, PATH, IDLE_INTERFACE, "Times"),
               "'dim': uint32 10, 'blank': 20, 'lock': 0");
  assert_answer (
    peer_call (&peer, PATH, IDLE_INTERFACE, "SetMachine", g_variant_new ("(bb)", TRUE, TRUE)),
    "()");
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "OnBattery"), "(<true>,)");
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "LogindInhibited"), "(<true>,)");
  assert_answer (peer_get (&peer, PATH, ROOT_INTERFACE, "IdleInhibited"), "(<true>,)");
  assert_says (peer_get (&peer, PATH, IDLE_INTERFACE, "Times"), "'dim': uint32 0");
  assert_answer (
    peer_call (&peer, PATH, IDLE_INTERFACE, "SetMachine", g_variant_new ("(bb)", FALSE, FALSE)),
    "()");
  assert_answer (peer_get (&peer, PATH, ROOT_INTERFACE, "IdleInhibited"), "(<false>,)");
  peer_end (&peer);
}

/* "Everywhere" is later than "locked": the picture has to be on every monitor first. */
static void test_locked_everywhere (void **state)
{
  struct peer peer;
  begin (&peer);
  struct client *client = client_connect (peer.compositor);
  client_wait (client, 30);
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "LockedEverywhere"), "(<false>,)");
  struct locker *locker = locker_start (peer.compositor);
  for (int i = 0; i < 400 && !inos_lock_is_shown (peer.compositor); i++)
    client_wait (client, 5);
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "LockedEverywhere"), "(<true>,)");
  struct inos_output *second = inos_output_add_virtual (peer.compositor, 800, 600);
  assert_false (inos_lock_is_shown (peer.compositor));
  for (int i = 0; i < 400 && !inos_lock_is_shown (peer.compositor); i++)
    client_wait (client, 5);
  assert_true (inos_lock_is_shown (peer.compositor));
  wlr_output_destroy (second->wlr);
  locker_unlock (locker);
  assert_answer (peer_get (&peer, PATH, IDLE_INTERFACE, "LockedEverywhere"), "(<false>,)");
  client_disconnect (client);
  peer_end (&peer);
}

/* How often the lock's program, which writes a line each time, has been started. */
static int starts (const char *mark)
{
  g_autofree char *text = NULL;
  int lines = 0;
  if (!g_file_get_contents (mark, &text, NULL, NULL))
    return 0;
  for (const char *c = text; *c; c++)
    lines += *c == '\n';
  return lines;
}

static void wait_for_starts (const char *mark, int wanted)
{
  for (int i = 0; i < 3000 && starts (mark) < wanted; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (5000);
  }
  assert_int_equal (starts (mark), wanted);
}

static struct inos_compositor *start_with_locker (const char *mark, const char *end)
{
  g_autofree char *text =
    g_strdup_printf ("[lock]\ncommand=sh -c 'echo started >> %s; %s'\n", mark, end);
  return start_configured (text);
}

static void settle (int ms)
{
  for (gint64 until = g_get_monotonic_time() + ms * 1000; g_get_monotonic_time() < until;) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

/* One that fails before it locks is tried again, and not for ever. */
static void test_a_locker_that_cannot_lock (void **state)
{
  g_autofree char *mark = write_config ("");
  struct inos_compositor *compositor = start_with_locker (mark, "exit 3");
  assert_true (inos_lock_now (compositor, NULL));
  wait_for_starts (mark, 3);
  settle (900);
  assert_int_equal (starts (mark), 3);
  assert_false (compositor->locked);
  /* A new wish is tried anew. */
  assert_true (inos_lock_now (compositor, NULL));
  wait_for_starts (mark, 6);
  inos_compositor_destroy (compositor);
  unlink (mark);
}

/* The session is locked and the locker dies: there is a new one, as long as nobody else unlocks. */
static void test_a_locker_that_dies (void **state)
{
  g_autofree char *mark = write_config ("");
  struct inos_compositor *compositor = start_with_locker (mark, "exit 1");
  struct locker *locker = locker_start (compositor);
  locker_kill (locker);
  assert_true (compositor->locked);
  wait_for_starts (mark, 4);
  assert_true (compositor->locked);
  locker = locker_start (compositor);
  settle (50);
  int before = starts (mark);
  settle (2500); /* longer than the pause that was due */
  assert_true (starts (mark) <= before + 1);
  locker_unlock (locker);
  assert_false (compositor->locked);
  inos_compositor_destroy (compositor);
  unlink (mark);
}

static struct locker *start_and_wait (struct inos_compositor *compositor)
{
  struct locker *locker = locker_start (compositor);
  for (int i = 0; i < 400 && !locker->locked; i++)
    client_wait (locker->client, 5);
  assert_int_equal (locker->locked, 1);
  return locker;
}

/* logind unlocks: the locker is told, and none is started any more. */
static void test_a_lock_that_is_released (void **state)
{
  g_autofree char *mark = write_config ("");
  struct inos_compositor *compositor = start_with_locker (mark, "exit 1");
  inos_lock_release (compositor);
  struct locker *locker = locker_start (compositor);
  inos_lock_release (compositor);
  assert_false (compositor->locked);
  client_roundtrip (locker->client);
  assert_int_equal (locker->finished, 1);
  ext_session_lock_v1_destroy (locker->lock);
  client_roundtrip (locker->client);
  assert_int_equal (wl_display_get_error (locker->client->display), 0);
  locker_free (locker);
  /* One that died meanwhile is not replaced. */
  locker_kill (locker_start (compositor));
  inos_lock_release (compositor);
  settle (400);
  assert_int_equal (starts (mark), 0);
  /* The next one locks as ever. */
  locker = start_and_wait (compositor);
  assert_true (compositor->locked);
  locker_unlock (locker);
  inos_compositor_destroy (compositor);
  unlink (mark);
}

/* What it says when it ends, once it has locked, is no reason to lock again. */
static void test_a_locker_that_ends_badly (void **state)
{
  g_autofree char *mark = write_config ("");
  g_autofree char *told = write_config ("");
  g_autofree char *end = g_strdup_printf ("while [ -e %s ]; do sleep 0.01; done; exit 9", told);
  struct inos_compositor *compositor = start_with_locker (mark, end);
  assert_true (inos_lock_now (compositor, NULL));
  wait_for_starts (mark, 1);
  struct locker *locker = start_and_wait (compositor);
  locker_unlock (locker);
  unlink (told);
  settle (600);
  assert_int_equal (starts (mark), 1);
  assert_false (compositor->locked);
  inos_compositor_destroy (compositor);
  unlink (mark);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_programs_keep_awake),
    cmocka_unit_test (test_programs_are_bounded),
    cmocka_unit_test (test_the_session_says_what_the_machine_does),
    cmocka_unit_test (test_locked_everywhere),
    cmocka_unit_test (test_a_locker_that_cannot_lock),
    cmocka_unit_test (test_a_locker_that_dies),
    cmocka_unit_test (test_a_lock_that_is_released),
    cmocka_unit_test (test_a_locker_that_ends_badly),
  };
  return run_compositor_tests (tests);
}

/* Things in an order that nobody thought of, from seeds: after each one everything that must be
 * true of the compositor is looked at. Each step has a random number generator of its own, so that
 * steps can be left out: a run that fails is cut down to the steps that it takes.
 *
 * INOS_LONG=1 runs more and longer; INOS_SEED=N runs that seed alone; INOS_TRACE=1 says each step
 * before it is done, for what ends the process. */

#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>

#include "fixture.h"
#include "layer_surface.h"
#include "random.h"
#include "seat.h"
#include "verify.h"
#include "view.h"

enum { LONG_RUN = 10000, SHORT_RUN = 1000 };

#ifdef __SANITIZE_THREAD__
#define THREAD_SANITIZER true
#else
#define THREAD_SANITIZER false
#endif

static void run_operation (struct world *world)
{
  int all = 0, n = 0;
  for (size_t i = 0; operations[i].name; i++)
    all += operations[i].weight;
  size_t which = 0;
  for (n = random_pick (world, all); n >= operations[which].weight; which++)
    n -= operations[which].weight;
  g_string_assign (world->told, operations[which].name);
  if (g_getenv ("INOS_TRACE"))
    g_printerr ("%s…\n", world->told->str);
  operations[which].run (world);
  if (g_getenv ("INOS_TRACE"))
    g_printerr ("  %s\n", world->told->str);
}

/* Lets everybody act on what was said; who was dropped for an error is forgotten. */
static void settle (struct world *world)
{
  bool all = random_pick (world, 2);
  for (guint i = 0; i < world->actors->len; i++) {
    struct actor *actor = world->actors->pdata[i];
    if (all)
      client_roundtrip (actor->client);
    else
      wl_display_flush (actor->client->display);
  }
  random_lock_settle (world, all);
  pump();
  for (guint i = world->actors->len; i-- > 0;) {
    struct actor *actor = world->actors->pdata[i];
    if (!actor->client->server_side) {
      g_ptr_array_remove_index (world->actors, i);
      actor_destroy (actor);
    }
  }
}

/* Who has the keyboard: for the story of a run. */
static void tell_focus (struct world *world)
{
  struct wlr_surface *surface = world->compositor->seat->wlr->keyboard_state.focused_surface;
  struct inos_view *view = inos_view_from_surface (surface);
  struct inos_layer_surface *exclusive = inos_layer_exclusive (world->compositor->seat);
  g_string_append_printf (world->told, " (keyboard: %s %u%s)",
                          view      ? "window"
                          : surface ? "layer surface"
                                    : "nobody",
                          view ? view->id : 0, exclusive ? ", wanted" : "");
  if (world->compositor->locked)
    g_string_append (world->told, " (locked)");
}

static char *step (struct world *world, uint32_t seed, uint32_t number)
{
  const guint32 seeds[] = {seed, number};
  world->rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  run_operation (world);
  settle (world);
  tell_focus (world);
  g_clear_pointer (&world->rand, g_rand_free);
  return inos_verify_invariants (world->compositor);
}

/* Does the steps. Returns NULL, or what went wrong after `failed` of them; `story` gets a line for
 * each. */
static char *play (uint32_t seed, GArray *steps, guint *failed, GString *story)
{
  struct world world = {
    .config = write_config ("[lock]\ncommand=\n"),
    .actors = g_ptr_array_new(),
    .devices = g_ptr_array_new(),
    .told = g_string_new (NULL),
  };
  world.compositor = start_with_file (world.config);
  char *wrong = NULL;
  for (guint i = 0; i < steps->len && !wrong; i++) {
    wrong = step (&world, seed, g_array_index (steps, uint32_t, i));
    *failed = i + 1;
    if (story)
      g_string_append_printf (story, "  %s\n", world.told->str);
  }
  for (guint i = 0; i < world.actors->len; i++)
    actor_destroy (world.actors->pdata[i]);
  for (guint i = 0; i < world.devices->len; i++)
    device_free (world.devices->pdata[i]);
  random_lock_end (&world);
  g_ptr_array_unref (world.actors);
  g_ptr_array_unref (world.devices);
  g_string_free (world.told, TRUE);
  inos_compositor_destroy (world.compositor);
  unlink (world.config);
  g_free (world.config);
  return wrong;
}

/* Leaves steps out, ever smaller groups of them, as long as it still goes wrong. */
static void shrink (uint32_t seed, GArray *steps)
{
  enum { SECONDS = 60 };
  gint64 end = g_get_monotonic_time() + SECONDS * G_USEC_PER_SEC;
  for (guint group = steps->len / 2; group > 0; group /= 2) {
    for (guint at = 0; at + group <= steps->len && g_get_monotonic_time() < end;) {
      g_autoptr (GArray) fewer = g_array_copy (steps);
      g_array_remove_range (fewer, at, group);
      guint failed = 0;
      g_autofree char *wrong = play (seed, fewer, &failed, NULL);
      if (wrong) {
        g_array_set_size (steps, 0);
        g_array_append_vals (steps, fewer->data, failed);
      } else {
        at += group;
      }
    }
  }
}

static void run_seed (uint32_t seed, uint32_t length)
{
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  for (uint32_t i = 0; i < length; i++)
    g_array_append_val (steps, i);
  guint failed = 0;
  g_autofree char *wrong = play (seed, steps, &failed, NULL);
  if (!wrong)
    return;
  g_array_set_size (steps, failed);
  shrink (seed, steps);
  g_autoptr (GString) story = g_string_new (NULL);
  guint in_short = 0;
  g_autofree char *again = play (seed, steps, &in_short, story);
  /* Not by fail_msg, which cuts long texts. */
  g_printerr ("seed %u goes wrong with step %u: %s\nin short, %s:\n%s", seed, failed, wrong,
              again ? again : "(not again)", story->str);
  fail_msg ("seed %u: %s", seed, wrong);
}

static void test_random (void **state)
{
  /* Keys that start programs find none. */
  g_setenv ("PATH", "/nonexistent", TRUE);
  const char *one = g_getenv ("INOS_SEED"), *longer = g_getenv ("INOS_LONG");
  bool is_long = longer && *longer;
  uint32_t from = one ? (uint32_t)g_ascii_strtoull (one, NULL, 10) : 1;
  uint32_t count = one ? 1 : is_long ? 20 : 4;
  /* The first of each run goes all the way, but for TSan, which has nothing to see here. */
  for (uint32_t seed = from; seed < from + count; seed++)
    run_seed (seed, is_long || (seed == from && !THREAD_SANITIZER) ? LONG_RUN : SHORT_RUN);
}

/* What a client draws after the graphics were reset is seen. */
static void test_draws_with_the_new_renderer (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct client *client = client_connect (compositor);
  struct window *window = window_open (client, "a", "a");
  const struct wlr_renderer *before = compositor->renderer;
  wl_signal_emit_mutable (&compositor->renderer->events.lost, NULL);
  pump();
  assert_ptr_not_equal (compositor->renderer, before);
  window_draw (window);
  assert_non_null (wlr_surface_get_texture (inos_view_find (compositor, 1)->surface));
  window_close (window);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_draws_with_the_new_renderer),
    cmocka_unit_test (test_random),
  };
  return run_compositor_tests (tests);
}

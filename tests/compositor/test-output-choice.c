/* What is chosen for an output over the bus where compositor.ini says something else: it holds when
 * that is read again, and in the next session, until it says another thing. */

#include "bus-peer.h"
#include "client.h"
#include "fake-output.h"
#include "mirror.h"
#include "reload.h"
#include "repaint.h"

#define OUTPUT "org.inos.Compositor1.Output"
#define TV PATH "/output/TV"
#define MS 1000000

static void set (struct peer *peer, const char *method, const char *value)
{
  assert_answer (peer_call (peer, TV, OUTPUT, method, g_variant_new ("(s)", value)), "()");
}

/* The file is another one than before, in any case. */
static void read_again (struct peer *peer, const char *path, const char *text)
{
  static int edits;
  g_autofree char *edited = g_strdup_printf ("# %d\n%s", ++edits, text);
  assert_true (g_file_set_contents (path, edited, -1, NULL));
  assert_true (inos_reload (peer->compositor));
}

/* Two monitors, each time the same: a virtual one has another number. */
static struct inos_compositor *start_with_monitors (const char *path)
{
  struct inos_compositor *compositor = start_with_file (path);
  struct inos_output *virtual = inos_output_active (compositor);
  fake_output_plug (compositor, "DESK");
  fake_output_plug (compositor, "TV");
  wlr_output_destroy (virtual->wlr);
  pump();
  return compositor;
}

static struct inos_output *find (struct inos_compositor *compositor, const char *name)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (g_str_equal (output->wlr->name, name))
      return output;
  }
  fail_msg ("there is no %s", name);
  return NULL;
}

static struct inos_output *begin (struct peer *peer, const char *path)
{
  struct inos_compositor *compositor = start_with_monitors (path);
  peer_begin (peer, compositor);
  return find (compositor, "TV");
}

/* Ends what the tests below leave. */
static void end (struct peer *peer, const char *path)
{
  peer_end (peer);
  unlink (path);
  g_autofree char *kept = g_build_filename (g_get_user_state_dir(), "inos", "outputs.ini", NULL);
  unlink (kept);
}

static void test_render_time (void **state)
{
  const char *text = "[output TV]\nmax-render-time=7\n";
  g_autofree char *path = write_config (text);
  struct peer peer;
  struct inos_output *tv = begin (&peer, path);
  assert_int_equal (inos_repaint_kept (tv), 7 * MS);
  set (&peer, "SetMaxRenderTime", "9");
  read_again (&peer, path, text);
  assert_int_equal (inos_repaint_kept (tv), 9 * MS);
  assert_answer (peer_get (&peer, TV, OUTPUT, "MaxRenderTime"), "(<'9'>,)");
  peer_end (&peer);

  tv = begin (&peer, path);
  assert_int_equal (inos_repaint_kept (tv), 9 * MS);
  assert_answer (peer_get (&peer, TV, OUTPUT, "MaxRenderTime"), "(<'9'>,)");
  read_again (&peer, path, "[output TV]\nmax-render-time=5\n");
  assert_int_equal (inos_repaint_kept (tv), 5 * MS);
  assert_answer (peer_get (&peer, TV, OUTPUT, "MaxRenderTime"), "(<'5'>,)");
  /* The choice is over, also where the file is again what it was chosen instead of. */
  read_again (&peer, path, text);
  assert_int_equal (inos_repaint_kept (tv), 7 * MS);
  peer_end (&peer);

  tv = begin (&peer, path);
  assert_int_equal (inos_repaint_kept (tv), 7 * MS);
  end (&peer, path);
}

static void test_mirror (void **state)
{
  g_autofree char *path = write_config ("");
  struct peer peer;
  struct inos_output *tv = begin (&peer, path);
  assert_null (tv->mirror);
  set (&peer, "SetMirror", "DESK");
  assert_ptr_equal (inos_mirror_shown (tv), find (peer.compositor, "DESK"));
  read_again (&peer, path, "");
  assert_ptr_equal (inos_mirror_shown (tv), find (peer.compositor, "DESK"));
  peer_end (&peer);

  tv = begin (&peer, path);
  assert_ptr_equal (inos_mirror_shown (tv), find (peer.compositor, "DESK"));
  set (&peer, "SetMirror", "");
  read_again (&peer, path, "");
  assert_null (tv->mirror);
  end (&peer, path);
}

/* Where the file wants a mirror, none is a choice as well. */
static void test_no_mirror (void **state)
{
  g_autofree char *path = write_config ("[output TV]\nmirror=DESK\n");
  struct peer peer;
  struct inos_output *tv = begin (&peer, path);
  assert_non_null (tv->mirror);
  set (&peer, "SetMirror", "");
  read_again (&peer, path, "[output TV]\nmirror=DESK\nmax-render-time=3\n");
  assert_null (tv->mirror);
  assert_int_equal (inos_repaint_kept (tv), 3 * MS);
  read_again (&peer, path, "[output TV]\nmirror=NONE\n");
  assert_null (tv->mirror);
  read_again (&peer, path, "[output TV]\nmirror=DESK\n");
  assert_non_null (tv->mirror);
  end (&peer, path);
}

/* Beside other monitors it is another choice. */
static void test_of_that_set_of_monitors (void **state)
{
  g_autofree char *path = write_config ("");
  struct peer peer;
  begin (&peer, path);
  set (&peer, "SetMaxRenderTime", "9");
  peer_end (&peer);

  struct inos_compositor *compositor = start_with_file (path);
  fake_output_plug (compositor, "TV");
  pump();
  assert_int_not_equal (inos_repaint_kept (find (compositor, "TV")), 9 * MS);
  inos_compositor_destroy (compositor);

  assert_int_equal (inos_repaint_kept (begin (&peer, path)), 9 * MS);
  end (&peer, path);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_render_time),
    cmocka_unit_test (test_mirror),
    cmocka_unit_test (test_no_mirror),
    cmocka_unit_test (test_of_that_set_of_monitors),
  };
  return run_compositor_tests (tests);
}

/* [output NAME] of compositor.ini: how an output is set up, which outputs a name fits, and what
 * becomes of that where a person chooses something else over the bus. */

#include "bus-peer.h"
#include "client.h"
#include "fake-output.h"
#include "output_power.h"
#include "output_profile.h"
#include "output_settings.h"
#include "reload.h"

#define OUTPUT "org.inos.Compositor1.Output"

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

/* Two monitors, each time the same. */
static struct inos_compositor *start (const char *path)
{
  struct inos_compositor *compositor = start_with_file (path);
  struct inos_output *virtual = inos_output_active (compositor);
  fake_output_plug_monitor (compositor, "DP-1", "one");
  fake_output_plug_monitor (compositor, "DP-2", "two");
  wlr_output_destroy (virtual->wlr);
  pump();
  return compositor;
}

static char *kept_path (void)
{
  return g_build_filename (g_get_user_state_dir(), "inos", "outputs.ini", NULL);
}

/* Ends what a test leaves. */
static void end (struct inos_compositor *compositor, char *path)
{
  inos_compositor_destroy (compositor);
  unlink (path);
  g_free (path);
  g_autofree char *kept = kept_path();
  unlink (kept);
}

static void read_again (struct inos_compositor *compositor, const char *path, const char *text)
{
  assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_true (inos_reload (compositor));
  pump();
}

static void assert_mode (struct inos_output *output, int width, int height, int refresh)
{
  assert_int_equal (output->wlr->width, width);
  assert_int_equal (output->wlr->height, height);
  assert_int_equal (output->wlr->refresh, refresh);
}

static void assert_at (struct inos_output *output, int x, int y)
{
  struct wlr_box box = inos_output_box (output);
  assert_int_equal (box.x, x);
  assert_int_equal (box.y, y);
}

static void test_all_of_it_at_the_start (void **state)
{
  char *path = write_config ("[output DP-1]\nmode=1280x720@59.94\nscale=1.5\ntransform=90\n"
                             "position=100,50\n[output DP-2]\nenabled=false\n");
  struct inos_compositor *compositor = start (path);
  struct inos_output *first = find (compositor, "DP-1"), *second = find (compositor, "DP-2");
  assert_mode (first, 1280, 720, 59940);
  assert_true (first->wlr->scale == 1.5F);
  assert_int_equal (first->wlr->transform, WL_OUTPUT_TRANSFORM_90);
  assert_at (first, 100, 50);
  assert_false (second->wlr->enabled);
  struct wlr_box box = inos_output_box (second);
  assert_true (wlr_box_empty (&box));
  end (compositor, path);
}

static void test_words_for_modes (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  struct inos_output *output = find (compositor, "DP-1");
  assert_mode (output, 1920, 1080, 60000);
  read_again (compositor, path, "[output DP-1]\nmode=highest-rate\n");
  assert_mode (output, 1920, 1080, 144000);
  read_again (compositor, path, "[output DP-1]\nmode=1280x720\n");
  assert_mode (output, 1280, 720, 60000);
  read_again (compositor, path, "[output DP-1]\nmode=1280x720@50\n");
  assert_mode (output, 1280, 720, 59940);
  read_again (compositor, path, "[output DP-1]\nmode=preferred\n");
  assert_mode (output, 1920, 1080, 60000);
  end (compositor, path);
}

/* One that the monitor does not have takes the rest of the section along. */
static void test_a_size_that_cannot_be (void **state)
{
  char *path = write_config ("[output DP-1]\nmode=1000x1000\nscale=2\n");
  struct inos_compositor *compositor = start (path);
  struct inos_output *output = find (compositor, "DP-1");
  assert_mode (output, 1920, 1080, 60000);
  assert_true (output->wlr->scale == 2);
  end (compositor, path);
}

static void test_what_is_no_more_said (void **state)
{
  char *path = write_config ("[output DP-1]\nmode=1280x720\nscale=2\ntransform=180\n"
                             "[output DP-2]\nenabled=false\n");
  struct inos_compositor *compositor = start (path);
  struct inos_output *output = find (compositor, "DP-1");
  assert_true (output->wlr->scale == 2);
  read_again (compositor, path, "[output DP-1]\nscale=2\n");
  assert_mode (output, 1920, 1080, 60000);
  assert_int_equal (output->wlr->transform, WL_OUTPUT_TRANSFORM_NORMAL);
  assert_true (output->wlr->scale == 2);
  assert_true (find (compositor, "DP-2")->wlr->enabled);
  end (compositor, path);
}

static float scale_of (const char *text, const char *name)
{
  char *path = write_config (text);
  struct inos_compositor *compositor = start (path);
  float scale = find (compositor, name)->wlr->scale;
  end (compositor, path);
  return scale;
}

static void test_names (void **state)
{
  assert_true (scale_of ("[output DP-*]\nscale=2\n", "DP-2") == 2);
  assert_true (scale_of ("[output HDMI-*]\nscale=2\n", "DP-2") == 1);
  assert_true (scale_of ("[output ACME One two]\nscale=2\n", "DP-2") == 2);
  assert_true (scale_of ("[output ACME One two]\nscale=2\n", "DP-1") == 1);
  assert_true (scale_of ("[output ACME*]\nscale=2\n", "DP-1") == 2);
  /* The later one in the file has the last word, but only on what it speaks of. */
  assert_true (scale_of ("[output DP-1]\nscale=2\n[output *]\nscale=1.5\n", "DP-1") == 1.5F);
  assert_true (scale_of ("[output *]\nscale=1.5\n[output DP-1]\ntransform=90\n", "DP-1") == 1.5F);
}

/* Another monitor at the same plug is another one. */
static void test_another_monitor (void **state)
{
  char *path = write_config ("[output ACME One three]\nscale=2\n");
  struct inos_compositor *compositor = start (path);
  assert_true (find (compositor, "DP-2")->wlr->scale == 1);
  wlr_output_destroy (find (compositor, "DP-2")->wlr);
  pump();
  fake_output_plug_monitor (compositor, "DP-2", "three");
  pump();
  assert_true (find (compositor, "DP-2")->wlr->scale == 2);
  end (compositor, path);
}

static void test_the_last_one_stays (void **state)
{
  char *path = write_config ("[output *]\nenabled=false\n");
  struct inos_compositor *compositor = start (path);
  assert_true (find (compositor, "DP-1")->wlr->enabled != find (compositor, "DP-2")->wlr->enabled);
  end (compositor, path);
}

static void test_wrong_lines (void **state)
{
  static const struct {
    const char *line, *why;
  } cases[] = {
    {"enabled=perhaps\n", "true or false"},
    {"mode=large\n", "1920x1080@59.94"},
    {"mode=0x1080\n", "1920x1080@59.94"},
    {"mode=1920x1080@\n", "1920x1080@59.94"},
    {"mode=1920x1080@1e9\n", "1920x1080@59.94"},
    {"mode=99999x1080\n", "1920x1080@59.94"},
    {"scale=0\n", "0.25 to 8"},
    {"scale=nan\n", "0.25 to 8"},
    {"scale=1.5x\n", "0.25 to 8"},
    {"position=left\n", "1920,0"},
    {"position=1,2,3\n", "1920,0"},
    {"position=99999999,0\n", "1920,0"},
    {"transform=45\n", "flipped-270"},
    {"mirror=DP-1\n", "must name another output"},
    {"brightness=4\n", "there is no setting [output DP-1] brightness"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_line_refused ("output DP-1", cases[i].line, cases[i].why);
}

static void test_a_mistake_changes_nothing (void **state)
{
  char *path = write_config ("[output DP-1]\nscale=2\n");
  struct inos_compositor *compositor = start (path);
  assert_true (g_file_set_contents (path, "[output DP-1]\nscale=1\nmode=tall\n", -1, NULL));
  assert_false (inos_reload (compositor));
  assert_int_equal (compositor->config_error.line, 3);
  assert_true (find (compositor, "DP-1")->wlr->scale == 2);
  end (compositor, path);
}

static void set_scale (struct inos_compositor *compositor, double scale)
{
  struct inos_output *output = find (compositor, "DP-1");
  struct inos_output_settings settings = inos_output_settings_of (output);
  settings.scale = scale;
  assert_true (inos_output_settings_apply (output, &settings));
  assert_true (inos_output_profiles_save (compositor, NULL, NULL));
}

/* What a person chose holds, here and in the next session, until the file says another thing. */
static void test_a_choice (void **state)
{
  const char *text = "[output DP-1]\nscale=1.5\nmode=1280x720\n";
  char *path = write_config (text);
  struct inos_compositor *compositor = start (path);
  set_scale (compositor, 2);
  read_again (compositor, path, "# mine\n[output DP-1]\nscale=1.5\nmode=1280x720\n");
  assert_true (find (compositor, "DP-1")->wlr->scale == 2);
  inos_compositor_destroy (compositor);

  compositor = start (path);
  assert_true (find (compositor, "DP-1")->wlr->scale == 2);
  assert_mode (find (compositor, "DP-1"), 1280, 720, 60000);
  /* Of what was not chosen the file has the word. */
  read_again (compositor, path, "[output DP-1]\nscale=1.5\nmode=1920x1080@144\n");
  assert_true (find (compositor, "DP-1")->wlr->scale == 2);
  assert_mode (find (compositor, "DP-1"), 1920, 1080, 144000);
  read_again (compositor, path, "[output DP-1]\nscale=3\n");
  assert_true (find (compositor, "DP-1")->wlr->scale == 3);
  assert_mode (find (compositor, "DP-1"), 1920, 1080, 60000);
  /* The choice is over, also where the file is again what it was chosen instead of. */
  read_again (compositor, path, text);
  assert_true (find (compositor, "DP-1")->wlr->scale == 1.5F);
  end (compositor, path);
}

/* Who removes a line does not get back what was chosen instead of it. */
static void test_a_choice_and_no_line (void **state)
{
  char *path = write_config ("[output DP-1]\nscale=1.5\n");
  struct inos_compositor *compositor = start (path);
  set_scale (compositor, 2);
  read_again (compositor, path, "");
  assert_true (find (compositor, "DP-1")->wlr->scale == 1);
  inos_compositor_destroy (compositor);
  compositor = start (path);
  assert_true (find (compositor, "DP-1")->wlr->scale == 1);
  /* Without a line a choice is what it was before there were lines. */
  set_scale (compositor, 2);
  read_again (compositor, path, "[keyboard]\nrepeat-rate=30\n");
  assert_true (find (compositor, "DP-1")->wlr->scale == 2);
  /* And a line written later goes before it, as long as it is there. */
  read_again (compositor, path, "[output DP-1]\nscale=3\n");
  assert_true (find (compositor, "DP-1")->wlr->scale == 3);
  read_again (compositor, path, "");
  assert_true (find (compositor, "DP-1")->wlr->scale == 2);
  end (compositor, path);
}

/* Dark because nobody is there: other lines of the file light nothing, and it is not off later. */
static void test_dark_is_not_off (void **state)
{
  char *path = write_config ("");
  struct inos_compositor *compositor = start (path);
  struct inos_output *output = find (compositor, "DP-1");
  assert_true (inos_output_set_power (output, false));
  read_again (compositor, path, "[keyboard]\nrepeat-rate=30\n");
  assert_false (output->wlr->enabled);
  wlr_output_destroy (find (compositor, "DP-2")->wlr);
  pump();
  fake_output_plug_monitor (compositor, "DP-2", "two");
  pump();
  struct wlr_box box = inos_output_box (output);
  assert_false (wlr_box_empty (&box));
  end (compositor, path);
}

static void test_the_bus (void **state)
{
  char *path = write_config ("[output ACME*]\nscale=1.5\nmode=1280x720\n");
  struct peer peer;
  peer_begin (&peer, start (path));
  const char *one = PATH "/output/DP_1";
  assert_answer (peer_get (&peer, one, OUTPUT, "Scale"), "(<1.5>,)");
  assert_answer (peer_call (&peer, one, OUTPUT, "SetScale", g_variant_new ("(d)", 2.0)), "()");
  assert_true (inos_reload (peer.compositor));
  assert_answer (peer_get (&peer, one, OUTPUT, "Scale"), "(<2.0>,)");
  g_autofree char *dump = peer_call (&peer, PATH, ROOT_INTERFACE ".Config", "Dump", NULL);
  assert_non_null (g_strstr_len (dump, -1, "[output ACME*]\\nmode=1280x720\\nscale=1.5\\n"));
  assert_answer (peer_call (&peer, PATH, ROOT_INTERFACE ".Config", "Change",
                            g_variant_new_parsed ("([('output ACME*', 'scale', ['3'])],)")),
                 "([('output ACME*', 'scale', ['1.5'])],)");
  assert_answer (peer_get (&peer, one, OUTPUT, "Scale"), "(<3.0>,)");
  assert_says (peer_call (&peer, PATH, ROOT_INTERFACE ".Config", "Change",
                          g_variant_new_parsed ("([('output ACME*', 'scale', ['many'])],)")),
               "a number from 0.25 to 8");
  peer_end (&peer);
  unlink (path);
  g_free (path);
  g_autofree char *kept = kept_path();
  unlink (kept);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_all_of_it_at_the_start),
    cmocka_unit_test (test_words_for_modes),
    cmocka_unit_test (test_a_size_that_cannot_be),
    cmocka_unit_test (test_what_is_no_more_said),
    cmocka_unit_test (test_names),
    cmocka_unit_test (test_another_monitor),
    cmocka_unit_test (test_the_last_one_stays),
    cmocka_unit_test (test_wrong_lines),
    cmocka_unit_test (test_a_mistake_changes_nothing),
    cmocka_unit_test (test_a_choice),
    cmocka_unit_test (test_a_choice_and_no_line),
    cmocka_unit_test (test_dark_is_not_off),
    cmocka_unit_test (test_the_bus),
  };
  return run_compositor_tests (tests);
}

/* Night light: the sun, the colours, when they change, and what outputs are given. */

#include <math.h>
#include <string.h>
#include <sys/mman.h>

#include "bus-peer.h"
#include "bus_output.h"
#include "client.h"
#include "color_temperature.h"
#include "fake-output.h"
#include "night_light.h"
#include "night_schedule.h"
#include "sun.h"
#include "wlr_interfaces.h"

#define NIGHT "org.inos.Compositor1.NightLight"
#define OUTPUT "org.inos.Compositor1.Output"
#define FIXED "[night-light]\nenabled=true\nfrom=20:00\nto=06:00\nnight=3000\ntransition=30\n"

enum { DAY = 24 * 60 * 60 };

static gint64 utc (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);
  assert_non_null (time);
  return g_date_time_to_unix (time);
}

static void assert_minutes (gint64 time, const char *expected, int minutes)
{
  gint64 away = ABS (time - utc (expected));
  if (away > minutes * 60)
    fail_msg ("%s: away by %d s", expected, (int)away);
}

/* What almanacs print, which round to minutes and differ by one. */
static void test_sun (void **state)
{
  static const struct {
    const char *noon, *rise, *set;
    double latitude, longitude;
  } days[] = {
    /* London, New York, Sydney, Reykjavik */
    {"2024-06-20T12:00:00Z", "2024-06-20T03:43:00Z", "2024-06-20T20:21:00Z", 51.5074, -0.1278},
    {"2024-12-21T12:00:00Z", "2024-12-21T08:04:00Z", "2024-12-21T15:53:00Z", 51.5074, -0.1278},
    {"2024-03-20T17:00:00Z", "2024-03-20T10:59:00Z", "2024-03-20T23:08:00Z", 40.7128, -74.006},
    {"2024-12-21T02:00:00Z", "2024-12-20T18:41:00Z", "2024-12-21T09:05:00Z", -33.8688, 151.2093},
    {"2024-12-21T13:00:00Z", "2024-12-21T11:22:00Z", "2024-12-21T15:29:00Z", 64.1466, -21.9426},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (days); i++) {
    struct inos_sun_day day =
      inos_sun_day (utc (days[i].noon), days[i].latitude, days[i].longitude);
    assert_minutes (day.rise, days[i].rise, 2);
    assert_minutes (day.set, days[i].set, 2);
  }
}

/* Tromso: the sun does not set from May to July, and does not rise around New Year. */
static void test_polar_sun (void **state)
{
  struct inos_sun_day summer = inos_sun_day (utc ("2024-06-21T11:00:00Z"), 69.65, 18.96);
  struct inos_sun_day winter = inos_sun_day (utc ("2024-12-21T11:00:00Z"), 69.65, 18.96);
  assert_in_range (summer.set - summer.rise, DAY - 60, DAY + 60);
  assert_int_equal (winter.rise, winter.set);
  assert_minutes (winter.rise, "2024-12-21T10:42:00Z", 5);
  for (int i = 0; i < 366; i++) {
    for (int latitude = -90; latitude <= 90; latitude += 15) {
      struct inos_sun_day day =
        inos_sun_day (utc ("2024-01-01T12:00:00Z") + i * DAY, latitude, 180);
      assert_in_range (day.set - day.rise, 0, DAY + 60);
    }
  }
}

static void test_colours (void **state)
{
  double last[3] = {1, 0, 0}, light[3];
  for (int kelvin = INOS_TEMPERATURE_LEAST; kelvin <= INOS_TEMPERATURE_NEUTRAL; kelvin += 50) {
    inos_color_temperature_light (kelvin, light);
    assert_true (light[0] == 1);
    assert_true (light[1] > last[1] && light[2] >= last[2] && light[1] <= 1 && light[2] <= 1);
    memcpy (last, light, sizeof last);
  }
  assert_true (light[1] == 1 && light[2] == 1);
  inos_color_temperature_light (10000, light);
  assert_true (light[2] == 1 && light[0] < 0.9);
  /* The CIE's illuminant A, 2856 K, has X, Y, Z of 1.0985, 1, 0.3558; a body of 6500 K has 0.9685,
   * 1, 1.1208: in sRGB's primaries 1.845, 0.826, 0.233 and 1.043, 0.984, 1.035. */
  inos_color_temperature_light (2856, light);
  assert_true (fabs (light[1] - 0.474) < 0.01 && fabs (light[2] - 0.127) < 0.01);
  uint16_t table[3 * 256];
  inos_color_temperature_fill (INOS_TEMPERATURE_NEUTRAL, table, 256);
  for (int i = 0; i < 3 * 256; i++)
    assert_int_equal (table[i], i % 256 * 257);
  inos_color_temperature_fill (3000, table, 256);
  assert_int_equal (table[255], 65535);
  assert_true (table[0] == 0 && table[512] == 0 && table[767] < table[511] && table[511] < 65535);
}

static struct inos_night_schedule fixed (int from, int to)
{
  struct inos_night_schedule schedule;
  inos_night_schedule_defaults (&schedule);
  schedule.enabled = true;
  schedule.from = from * 60;
  schedule.to = to * 60;
  return schedule;
}

static int at (const struct inos_night_schedule *schedule, const char *time)
{
  gint64 next;
  return inos_night_schedule_at (schedule, utc (time), &next);
}

static void test_fixed_times (void **state)
{
  struct inos_night_schedule schedule = fixed (20, 6);
  assert_int_equal (at (&schedule, "2024-05-05T12:00:00Z"), 6500);
  assert_int_equal (at (&schedule, "2024-05-05T19:59:59Z"), 6500);
  assert_in_range (at (&schedule, "2024-05-05T20:15:00Z"), 4800, 5100);
  assert_int_equal (at (&schedule, "2024-05-05T20:31:00Z"), 4000);
  assert_int_equal (at (&schedule, "2024-05-05T00:00:00Z"), 4000);
  assert_int_equal (at (&schedule, "2024-05-05T05:29:00Z"), 4000);
  assert_in_range (at (&schedule, "2024-05-05T05:45:00Z"), 4800, 5100);
  assert_int_equal (at (&schedule, "2024-05-05T06:00:00Z"), 6500);
  /* A person who works at night. */
  schedule = fixed (1, 9);
  assert_int_equal (at (&schedule, "2024-05-05T00:59:00Z"), 6500);
  assert_int_equal (at (&schedule, "2024-05-05T05:00:00Z"), 4000);
  assert_int_equal (at (&schedule, "2024-05-05T23:00:00Z"), 6500);
  schedule.transition = 0;
  assert_int_equal (at (&schedule, "2024-05-05T01:00:01Z"), 4000);
  schedule.enabled = false;
  assert_int_equal (at (&schedule, "2024-05-05T05:00:00Z"), 6500);
}

/* Summer time begins in Berlin on 31 March 2024: 06:00 is an hour earlier. */
static void test_summer_time (void **state)
{
  struct inos_night_schedule schedule = fixed (20, 6);
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  int before = at (&schedule, "2024-03-30T04:20:00Z"), on = at (&schedule, "2024-03-31T04:20:00Z");
  int after = at (&schedule, "2024-03-31T03:20:00Z");
  g_setenv ("TZ", "UTC", TRUE);
  assert_int_equal (before, 4000);
  assert_int_equal (on, 6500);
  assert_int_equal (after, 4000);
}

/* Follows what the schedule says for days, from one wake-up to the next. */
static int count_wakeups (const struct inos_night_schedule *schedule, const char *from, int days,
                          int *least, int *most)
{
  gint64 time = utc (from), end = time + days * DAY, next;
  int wakeups = 0, last = inos_night_schedule_at (schedule, time, &next);
  *least = *most = last;
  while (time < end) {
    gint64 ignored;
    assert_true (next > time);
    assert_int_equal (inos_night_schedule_at (schedule, next - 1, &ignored), last);
    time = next;
    int kelvin = inos_night_schedule_at (schedule, time, &next);
    assert_true (fabs (1e6 / kelvin - 1e6 / last) < 4);
    last = kelvin;
    *least = MIN (*least, kelvin);
    *most = MAX (*most, kelvin);
    wakeups++;
  }
  return wakeups;
}

static void test_wakeups (void **state)
{
  struct inos_night_schedule schedule = fixed (20, 6);
  int least, most;
  /* 96 mireds twice a day in steps of 2. */
  assert_in_range (count_wakeups (&schedule, "2024-05-05T12:00:00Z", 10, &least, &most), 960, 1000);
  assert_true (least == 4000 && most == 6500);
  schedule.by_sun = true;
  schedule.latitude = 69.65;
  schedule.longitude = 18.96;
  /* Neither in the polar day nor in the polar night is there anything to do. */
  assert_in_range (count_wakeups (&schedule, "2024-06-10T12:00:00Z", 10, &least, &most), 20, 22);
  assert_true (least == 6500 && most == 6500);
  assert_in_range (count_wakeups (&schedule, "2024-12-10T12:00:00Z", 10, &least, &most), 20, 22);
  assert_true (least == 4000 && most == 4000);
  /* The year around, all over the world, no step can be seen. */
  for (int latitude = -90; latitude <= 90; latitude += 60) {
    schedule.latitude = latitude;
    assert_in_range (count_wakeups (&schedule, "2024-01-01T00:00:00Z", 366, &least, &most), 366,
                     100 * 366);
  }
}

static void test_settings (void **state)
{
  static const struct {
    const char *text, *says;
  } wrong[] = {
    {"from=24:00\n", "[night-light] from must be a time"},
    {"from=8\n", "[night-light] from must be a time"},
    {"night=1000\n", "[night-light] night must be a whole number of kelvins"},
    {"latitude=91\nlongitude=0\n", "[night-light] latitude must be"},
    {"latitude=nan\nlongitude=0\n", "[night-light] latitude must be"},
    {"latitude=50\n", "[night-light] latitude needs longitude beside it"},
    {"enabled=perhaps\n", "[night-light] enabled must be true or false"},
    {"transition=-1\n", "[night-light] transition must be"},
    {"color=red\n", "there is no setting [night-light] color"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_line_refused ("night-light", wrong[i].text, wrong[i].says);
}

static gint64 test_now (void *data)
{
  return *(gint64 *)data;
}

static void assert_tint (struct fake_output *output, int kelvin)
{
  uint16_t table[3 * FAKE_GAMMA_SIZE];
  pump();
  assert_true (output->tinted);
  inos_color_temperature_fill (kelvin, table, FAKE_GAMMA_SIZE);
  assert_memory_equal (output->gamma, table, sizeof table);
}

static void test_outputs (void **state)
{
  struct inos_compositor *compositor = start_configured (FIXED);
  struct inos_night_light *light = compositor->night_light;
  gint64 now = utc ("2024-05-05T12:00:00Z");
  inos_night_light_set_clock (light, test_now, &now);
  struct fake_output *output = fake_output_plug (compositor, "DP-1");
  pump();
  assert_false (output->tinted);
  assert_int_equal (output->tints, 0);
  assert_minutes (inos_night_light_next (light), "2024-05-05T20:00:00Z", 1);
  while (inos_night_light_temperature (light) != 3000) {
    int tints = output->tints;
    now = inos_night_light_next (light);
    inos_night_light_tick (light);
    assert_tint (output, inos_night_light_temperature (light));
    assert_int_equal (output->tints, tints + 1);
  }
  assert_minutes (now, "2024-05-05T20:30:00Z", 1);
  /* Nothing is drawn and nothing told while nothing changes. */
  int frames = output->frames;
  inos_night_light_tick (light);
  pump();
  assert_int_equal (output->frames, frames);
  /* One that comes at night, and one that was off. */
  struct fake_output *second = fake_output_plug (compositor, "DP-2");
  assert_tint (second, 3000);
  struct wlr_output_state off;
  for (int on = 0; on < 2; on++) {
    memset (second->gamma, 0, sizeof second->gamma);
    wlr_output_state_init (&off);
    wlr_output_state_set_enabled (&off, on);
    assert_true (wlr_output_commit_state (&second->base, &off));
    wlr_output_state_finish (&off);
  }
  assert_tint (second, 3000);
  /* The clock is set to noon; then the machine sleeps until the next evening. */
  now = utc ("2024-05-05T12:00:00Z");
  inos_night_light_tick (light);
  pump();
  assert_false (output->tinted);
  now = utc ("2024-05-06T23:00:00Z");
  inos_night_light_tick (light);
  assert_tint (output, 3000);
  inos_compositor_destroy (compositor);
}

static void on_size (void *data, struct wl_proxy *control, uint32_t size)
{
  assert_int_equal (size, FAKE_GAMMA_SIZE);
}

static void on_failed (void *data, struct wl_proxy *control)
{
  *(bool *)data = true;
}

static struct wl_proxy *control_of (struct client *client, int nth, bool *failed)
{
  static const struct gamma_control_listener listener = {on_size, on_failed};
  struct wl_output *output = client_bind_nth (client, &wl_output_interface, 1, nth);
  struct wl_proxy *manager = client_bind (client, &zwlr_gamma_control_manager_v1_interface, 1);
  struct wl_proxy *control = wl_proxy_marshal_flags (
    manager, GAMMA_MANAGER_GET, &zwlr_gamma_control_v1_interface, 1, 0, NULL, output);
  wl_proxy_add_listener (control, (void (**) (void))&listener, failed);
  wl_proxy_destroy (manager);
  wl_output_destroy (output);
  client_roundtrip (client);
  return control;
}

static void set_table (struct client *client, struct wl_proxy *control, uint16_t value)
{
  uint16_t table[3 * FAKE_GAMMA_SIZE];
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    table[i] = value;
  int fd = memfd_create ("gamma", MFD_CLOEXEC);
  assert_int_equal (write (fd, table, sizeof table), sizeof table);
  lseek (fd, 0, SEEK_SET);
  wl_proxy_marshal_flags (control, GAMMA_CONTROL_SET, NULL, 1, 0, fd);
  close (fd);
  client_roundtrip (client);
  pump();
}

static void test_programs_win (void **state)
{
  struct peer peer;
  bool failed = false;
  gint64 now = utc ("2024-05-05T23:00:00Z");
  struct inos_compositor *compositor = start_configured (FIXED);
  inos_night_light_set_clock (compositor->night_light, test_now, &now);
  struct fake_output *output = fake_output_plug (compositor, "DP-1");
  peer_begin (&peer, compositor);
  assert_tint (output, 3000);
  assert_answer (peer_get (&peer, PATH "/output/DP_1", OUTPUT, "Tint"), "(<'night-light'>,)");
  struct client *client = client_connect (compositor);
  struct wl_proxy *control = control_of (client, 1, &failed);
  set_table (client, control, 777);
  assert_int_equal (output->gamma[5], 777);
  assert_answer (peer_get (&peer, PATH "/output/DP_1", OUTPUT, "Tint"), "(<'program'>,)");
  /* A night that ends changes nothing. */
  now = utc ("2024-05-06T05:50:00Z");
  int tints = output->tints;
  inos_night_light_tick (compositor->night_light);
  pump();
  assert_int_equal (output->gamma[5], 777);
  assert_int_equal (output->tints, tints);
  assert_false (failed);
  now = utc ("2024-05-06T03:00:00Z");
  inos_night_light_tick (compositor->night_light);
  wl_proxy_marshal_flags (control, GAMMA_CONTROL_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  client_roundtrip (client);
  assert_tint (output, 3000);
  client_disconnect (client);
  peer_end (&peer);
}

static void test_bus (void **state)
{
  struct peer peer;
  gint64 now = utc ("2024-05-05T12:00:00Z");
  struct inos_compositor *compositor = start_configured (FIXED);
  inos_night_light_set_clock (compositor->night_light, test_now, &now);
  struct fake_output *output = fake_output_plug (compositor, "DP-1");
  peer_begin (&peer, compositor);
  assert_answer (peer_get (&peer, PATH, NIGHT, "Active"), "(<false>,)");
  assert_answer (peer_get (&peer, PATH, NIGHT, "Schedule"), "(<'times'>,)");
  struct inos_output *headless = inos_output_active (compositor);
  g_autofree char *path = inos_bus_output_path (headless->wlr->name);
  assert_answer (peer_get (&peer, path, OUTPUT, "Tint"), "(<'unsupported'>,)");
  assert_answer (peer_get (&peer, PATH "/output/DP_1", OUTPUT, "Tint"), "(<'none'>,)");
  assert_answer (peer_call (&peer, PATH, NIGHT, "SetTemporarily", g_variant_new ("(uu)", 2000, 60)),
                 "()");
  assert_tint (output, 2000);
  assert_answer (peer_get (&peer, PATH, NIGHT, "Temperature"), "(<uint32 2000>,)");
  assert_answer (peer_get (&peer, PATH, NIGHT, "Active"), "(<true>,)");
  now += 59;
  inos_night_light_tick (compositor->night_light);
  assert_tint (output, 2000);
  now = inos_night_light_next (compositor->night_light);
  inos_night_light_tick (compositor->night_light);
  pump();
  assert_false (output->tinted);
  assert_says (peer_call (&peer, PATH, NIGHT, "SetTemporarily", g_variant_new ("(uu)", 100, 60)),
               "100 K for 60 s cannot be");
  assert_says (
    peer_call (&peer, PATH, NIGHT, "SetTemporarily", g_variant_new ("(uu)", 3000, 1u << 31)),
    "cannot be");
  now = utc ("2024-05-05T23:00:00Z");
  inos_night_light_tick (compositor->night_light);
  assert_tint (output, 3000);
  assert_answer (peer_call (&peer, PATH, NIGHT, "SetEnabled", g_variant_new ("(b)", FALSE)), "()");
  pump();
  assert_false (output->tinted);
  assert_answer (peer_get (&peer, PATH, NIGHT, "NextChange"), "(<int64 0>,)");
  peer_end (&peer);
}

/* An output that has a table and refuses it is told as one that has none, and asked only once. */
static void test_refusal (void **state)
{
  struct peer peer;
  gint64 now = utc ("2024-05-05T12:00:00Z");
  struct inos_compositor *compositor = start_configured (FIXED);
  inos_night_light_set_clock (compositor->night_light, test_now, &now);
  struct fake_output *output = fake_output_plug (compositor, "DP-1");
  output->refuses_gamma = true;
  peer_begin (&peer, compositor);
  pump();
  now = utc ("2024-05-05T23:00:00Z");
  inos_night_light_tick (compositor->night_light);
  pump();
  assert_answer (peer_get (&peer, PATH "/output/DP_1", OUTPUT, "Tint"), "(<'unsupported'>,)");
  int frames = output->frames;
  now = utc ("2024-05-06T12:00:00Z");
  inos_night_light_tick (compositor->night_light);
  pump();
  assert_int_equal (output->frames, frames);
  peer_end (&peer);
}

/* With the clock of the wall the timer ends a preview. */
static void test_timer (void **state)
{
  struct inos_compositor *compositor = start_compositor (1);
  struct fake_output *output = fake_output_plug (compositor, "DP-1");
  assert_true (inos_night_light_preview (compositor->night_light, 2000, 1));
  assert_tint (output, 2000);
  while (output->tinted)
    g_main_context_iteration (NULL, TRUE);
  assert_int_equal (inos_night_light_temperature (compositor->night_light), 6500);
  assert_int_equal (inos_night_light_next (compositor->night_light), 0);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_sun),          cmocka_unit_test (test_polar_sun),
    cmocka_unit_test (test_colours),      cmocka_unit_test (test_fixed_times),
    cmocka_unit_test (test_summer_time),  cmocka_unit_test (test_wakeups),
    cmocka_unit_test (test_settings),     cmocka_unit_test (test_outputs),
    cmocka_unit_test (test_programs_win), cmocka_unit_test (test_bus),
    cmocka_unit_test (test_refusal),      cmocka_unit_test (test_timer),
  };
  g_setenv ("TZ", "UTC", TRUE);
  return run_compositor_tests (tests);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/progress.h"
#include "node/sim/report.h"
#include "node/sim/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

/* The reference's first numbers from the state 1, 2, 3, 4. */
static void test_random (void **state)
{
  static const uint64_t right[] = {11520, 0, 1509978240, UINT64_C (1215971899390074240)};
  struct inos_sim_random random = {{1, 2, 3, 4}};

  for (unsigned i = 0; i < G_N_ELEMENTS (right); i++)
    assert_true (inos_sim_random_next (&random) == right[i]);
  for (unsigned i = 0; i < 1000; i++)
    assert_true (inos_sim_random_below (&random, 7) < 7);
}

/* By time, and what was added first where that is the same. */
static void test_queue (void **state)
{
  struct inos_sim_queue *queue = inos_sim_queue_new();
  struct inos_sim_random random;
  uint64_t time, last = 0;
  uint32_t last_number = 0;

  inos_sim_random_init (&random, 1);
  for (unsigned i = 0; i < 10000; i++) {
    struct inos_sim_event *event = inos_sim_queue_event (queue, 0);
    event->from = i;
    inos_sim_queue_add (queue, inos_sim_random_below (&random, 500), event);
  }
  for (unsigned i = 0; i < 10000; i++) {
    struct inos_sim_event *event = inos_sim_queue_take (queue, &time);
    assert_true (time > last || (time == last && (i == 0 || event->from > last_number)));
    last = time;
    last_number = event->from;
    inos_sim_queue_drop (queue, event);
  }
  assert_null (inos_sim_queue_take (queue, &time));
  inos_sim_queue_free (queue);
}

static struct inos_sim_scenario *load (const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.ini", SCENARIOS, name);
  g_autoptr (GError) error = NULL;
  struct inos_sim_scenario *scenario = inos_sim_scenario_load (path, &error);

  if (!scenario)
    fail_msg ("%s", error->message);
  return scenario;
}

/* Returns: the digest. @nodes 0: as many as the scenario says. */
static uint64_t run (const char *name, unsigned nodes, uint64_t seed)
{
  struct inos_sim_scenario *scenario = load (name);

  if (nodes > 0)
    scenario->nodes = nodes;
  struct inos_sim_world *world = inos_sim_world_new (scenario, seed);
  inos_sim_world_run (world);
  uint64_t digest = world->digest;
  if (world->failures->len > 0)
    fail_msg ("%s, seed %" G_GUINT64_FORMAT ": %s", name, seed,
              (const char *)world->failures->pdata[0]);
  inos_sim_world_free (world);
  inos_sim_scenario_free (scenario);
  return digest;
}

/* The same seed, the same run; another one, another. */
static void test_digest (void **state)
{
  uint64_t digest = run ("faults", 60, 5);

  assert_true (digest == run ("faults", 60, 5));
  assert_true (digest != run ("faults", 60, 6));
}

static void test_loss (void **state)
{
  run ("loss", 300, 1);
}

static void test_crash (void **state)
{
  run ("crash", 200, 1);
}

static void test_partition (void **state)
{
  run ("partition", 0, 1);
}

static void test_long_partition (void **state)
{
  run ("long-partition", 40, 1);
}

static void test_churn (void **state)
{
  run ("churn", 100, 1);
}

static void test_slow (void **state)
{
  run ("slow", 100, 1);
}

static void test_lies (void **state)
{
  run ("lies", 100, 1);
}

static void test_faults (void **state)
{
  for (uint64_t seed = 1; seed <= 3; seed++)
    run ("faults", 100, seed);
}

static void test_overlay (void **state)
{
  run ("overlay", 0, 1);
}

/* With these seeds those that had left came back, before whoever knows better said so. */
static void test_shrink (void **state)
{
  run ("shrink", 0, 82);
  run ("shrink", 0, 88);
}

/* With these seeds those that had gone came back from what neighbours had put aside. */
static void test_hearsay (void **state)
{
  run ("shrink", 0, 56);
  run ("shrink", 0, 100);
}

/* With this seed nodes that came back took the sample of others for everybody, as long as nothing
 * but hearsay told them of more. */
static void test_levels (void **state)
{
  run ("overlay", 0, 33);
}

/* With these seeds some were still in parts after a minute and a half. */
static void test_decimated (void **state)
{
  run ("decimated", 0, 1);
  run ("decimated", 0, 15);
  run ("decimated", 0, 84);
}

static void test_state (void **state)
{
  uint64_t digest = 0;

  for (uint64_t seed = 1; seed <= 6; seed++)
    digest = run ("state", 0, seed);
  assert_true (digest == run ("state", 0, 6));
}

static void test_primaries (void **state)
{
  uint64_t digest = 0;

  for (uint64_t seed = 1; seed <= 10; seed++)
    digest = run ("primaries", 0, seed);
  assert_true (digest == run ("primaries", 0, 10));
}

/* A file is as it was written, as it was some writes before, or a part of that. */
static void test_disk (void **state)
{
  struct inos_sim_disk disk = {0};
  struct inos_sim_random random;
  unsigned whole = 0, earlier = 0, cut = 0;

  inos_sim_random_init (&random, 1);
  assert_null (inos_sim_disk_read (&disk, INOS_SIM_FILE_DOCUMENT));
  for (unsigned i = 0; i < 300; i++) {
    inos_sim_disk_write (&disk, INOS_SIM_FILE_DOCUMENT, g_bytes_new ("before", 6));
    inos_sim_disk_write (&disk, INOS_SIM_FILE_DOCUMENT, g_bytes_new ("now", 3));
    inos_sim_disk_write (&disk, INOS_SIM_FILE_GROUP, g_bytes_new ("before", 6));
    inos_sim_disk_write (&disk, INOS_SIM_FILE_GROUP, g_bytes_new ("now", 3));
    inos_sim_disk_tear (&disk, &random);
    GBytes *group = inos_sim_disk_read (&disk, INOS_SIM_FILE_GROUP);
    GBytes *document = inos_sim_disk_read (&disk, INOS_SIM_FILE_DOCUMENT);
    assert_memory_equal (g_bytes_get_data (group, NULL), "now", g_bytes_get_size (group));
    size_t len = document ? g_bytes_get_size (document) : 0;
    whole += len == 3;
    earlier += len == 6;
    cut += len < 3;
    inos_sim_disk_clear (&disk);
  }
  assert_true (whole > 0 && earlier > 0 && cut > 0);
}

static void test_torn (void **state)
{
  for (uint64_t seed = 1; seed <= 3; seed++)
    run ("torn", 0, seed);
}

static void test_lies_of_groups (void **state)
{
  for (uint64_t seed = 1; seed <= 3; seed++)
    run ("lies-groups", 0, seed);
}

/* Whatever a third of those who share a document say of it, the others have the same in the end. */
static void test_lies_of_documents (void **state)
{
  for (uint64_t seed = 1; seed <= 3; seed++)
    run ("lies-state", 0, seed);
}

/* In the midst of the partition documents differ, and that is found; so are clocks too far apart.
 */
static void test_finds_split_groups (void **state)
{
  unsigned split = 0;

  for (uint64_t seed = 1; seed <= 20; seed++) {
    struct inos_sim_scenario *scenario = load (seed % 2 ? "state" : "primaries");
    for (unsigned i = 0; i < scenario->steps->len; i++) {
      struct inos_sim_step *step = &g_array_index (scenario->steps, struct inos_sim_step, i);
      if (step->is_check && seed % 2)
        step->at = 110;
      step->drift_ppm *= seed % 2 ? 1 : 15;
    }
    struct inos_sim_world *world = inos_sim_world_new (scenario, seed);
    bool holds = inos_sim_world_run (world);
    if (seed % 2)
      assert_false (holds);
    else
      split += !holds;
    inos_sim_world_free (world);
    inos_sim_scenario_free (scenario);
  }
  assert_true (split > 0);
}

/* An invariant that does not hold is found: a third is away, and there is no time to notice. */
static void test_finds_failures (void **state)
{
  struct inos_sim_scenario *scenario = load ("partition");
  struct inos_sim_step *step = NULL;

  scenario->nodes = 30;
  for (unsigned i = 0; i < scenario->steps->len; i++) {
    step = &g_array_index (scenario->steps, struct inos_sim_step, i);
    if (step->is_check)
      step->at = 100; /* in the midst of the partition */
  }
  struct inos_sim_world *world = inos_sim_world_new (scenario, 1);
  assert_false (inos_sim_world_run (world));
  assert_true (world->failures->len > 0);
  inos_sim_world_free (world);
  inos_sim_scenario_free (scenario);
}

static void test_scenario_errors (void **state)
{
  static const struct {
    const char *text, *says;
  } wrong[] = {
    {"[scenario]\nnodes=many\n", "nodes"},
    {"[scenario]\nloss=2\n", "from 0 to 1"},
    {"[fault x]\nat=1\nkind=flood\n", "partition"},
    {"[check x]\nat=1\n", "what"},
    {"[check x]\nat=1\nwhat=peace\n", "agreed"},
    {"[other]\nat=1\n", "[fault NAME]"},
    {"nodes=3\n", ""},
  };
  g_autofree char *folder = g_dir_make_tmp ("inos-sim-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "wrong.ini", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    assert_true (g_file_set_contents (path, wrong[i].text, -1, NULL));
    assert_null (inos_sim_scenario_load (path, &error));
    assert_non_null (strstr (error->message, wrong[i].says));
    assert_non_null (strstr (error->message, path));
  }
  g_remove (path);
  g_rmdir (folder);
}

/* The page has its charts, and nothing that it loads from elsewhere. */
static void test_report (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-sim-XXXXXX", NULL), *text = NULL;
  g_autofree char *path = g_build_filename (folder, "plain-9.html", NULL);
  struct inos_sim_scenario *scenario = inos_sim_scenario_new();
  g_autoptr (GError) error = NULL;

  scenario->nodes = 5;
  scenario->seconds = 20;
  struct inos_sim_world *world = inos_sim_world_new (scenario, 9);
  assert_true (inos_sim_world_run (world));
  assert_true (inos_sim_report (world, folder, &error));
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_non_null (strstr (text, "<polyline"));
  assert_null (strstr (text, "<script"));
  assert_null (strstr (text, "http"));
  inos_sim_world_free (world);
  inos_sim_scenario_free (scenario);
  g_remove (path);
  g_rmdir (folder);
}

static void count_second (const struct inos_sim_world *world)
{
  static const char *const names[] = {"second", "of",       "up",   "least",     "mean",  "most",
                                      "bytes",  "messages", "dead", "suspected", "failed"};
  g_autofree char *line = inos_sim_progress_second (world);

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *member = g_strdup_printf ("\"%s\":", names[i]);
    assert_non_null (strstr (line, member));
  }
  assert_null (strchr (line, '\n'));
}

static void test_progress (void **state)
{
  struct inos_sim_scenario *scenario = inos_sim_scenario_new();

  scenario->nodes = 5;
  scenario->seconds = 20;
  struct inos_sim_world *world = inos_sim_world_new (scenario, 9);
  world->on_second = count_second;
  assert_true (inos_sim_world_run (world));
  assert_true (world->seconds->len >= 19 && world->seconds->len <= 20);
  inos_sim_world_fail (world, "a \"word\"\n\\");
  inos_sim_world_fail (world, "another");
  g_autofree char *line = inos_sim_progress_end (world, 0.5, 1);
  assert_true (g_str_has_prefix (line, "{\"end\":\"failed\",\"seed\":\"9\","));
  assert_non_null (strstr (line, "\"failed\":2,\"failures\":[\""));
  assert_true (g_str_has_suffix (line, ": a \\\"word\\\"\\u000a\\\\\"]}"));
  inos_sim_world_free (world);
  inos_sim_scenario_free (scenario);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_random),
    cmocka_unit_test (test_queue),
    cmocka_unit_test (test_digest),
    cmocka_unit_test (test_loss),
    cmocka_unit_test (test_crash),
    cmocka_unit_test (test_partition),
    cmocka_unit_test (test_long_partition),
    cmocka_unit_test (test_churn),
    cmocka_unit_test (test_slow),
    cmocka_unit_test (test_lies),
    cmocka_unit_test (test_faults),
    cmocka_unit_test (test_overlay),
    cmocka_unit_test (test_shrink),
    cmocka_unit_test (test_hearsay),
    cmocka_unit_test (test_levels),
    cmocka_unit_test (test_decimated),
    cmocka_unit_test (test_state),
    cmocka_unit_test (test_disk),
    cmocka_unit_test (test_torn),
    cmocka_unit_test (test_lies_of_groups),
    cmocka_unit_test (test_lies_of_documents),
    cmocka_unit_test (test_primaries),
    cmocka_unit_test (test_finds_split_groups),
    cmocka_unit_test (test_finds_failures),
    cmocka_unit_test (test_scenario_errors),
    cmocka_unit_test (test_progress),
    cmocka_unit_test (test_report),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/settings_calls.h"
#include "app/settings_config.h"
#include "app/settings_keys.h"
#include "app/settings_machine.h"
#include "app/settings_output.h"
#include "app/settings_password.h"
#include "app/settings_session.h"
#include "app/settings_undo.h"

#include "test.h"

#include <string.h>

#define TEN "éééééééééé"
#define LONG TEN TEN TEN TEN

/* What the compositor would be told, as GVariant prints it; NULL where the page is refused. */
static char *told (const char *args)
{
  g_autoptr (JsonNode) node = json_from_string (args, NULL);
  g_autoptr (GError) error = NULL;
  GVariant *settings = inos_settings_take (json_node_get_object (node), &error);
  char *text = settings ? g_variant_print (settings, FALSE) : NULL;

  assert_true ((settings == NULL) == (error != NULL));
  if (settings)
    g_variant_unref (g_variant_ref_sink (settings));
  return text;
}

static void what_is_open_is_written (void **state)
{
  g_autofree char *one = told ("{\"settings\":[[\"keyboard\",\"repeat-rate\",\"30\"]]}");
  g_autofree char *two = told ("{\"settings\":[[\"idle\",\"dim\",null],"
                               "[\"device A mouse\",\"acceleration\",\"0.5\"]]}");

  g_autofree char *three =
    told ("{\"settings\":[[\"device A pen\",\"map-to-region\",\"0,0,960x1080\"],"
          "[\"mouse\",\"scroll-button\",\"274\"],[\"touchpad\",\"drag-lock\",null]]}");

  assert_string_equal (three,
                       "[('device A pen', 'map-to-region', ['0,0,960x1080']), "
                       "('mouse', 'scroll-button', ['274']), ('touchpad', 'drag-lock', [])]");
  assert_string_equal (one, "[('keyboard', 'repeat-rate', ['30'])]");
  assert_string_equal (two, "[('idle', 'dim', []), ('device A mouse', 'acceleration', ['0.5'])]");
}

static void what_runs_programs_is_not (void **state)
{
  static const char *const wrong[] = {
    "{}",
    "{\"settings\":[]}",
    "{\"settings\":{}}",
    "{\"settings\":[[\"lock\",\"command\",\"true\"]]}",
    "{\"settings\":[[\"protocols\",\"allow\",\"x\"]]}",
    "{\"settings\":[[\"bindings\",\"Super+x\",\"exec rm\"]]}",
    "{\"settings\":[[\"switches\",\"lid-close\",\"exec rm\"]]}",
    "{\"settings\":[[\"device \",\"acceleration\",\"0\"]]}",
    "{\"settings\":[[\"mouse\",\"seat\",\"x\"]]}",
    "{\"settings\":[[\"keyboard\",\"rules\",\"x\"]]}",
    "{\"settings\":[[\"keyboard\",\"repeat-rate\",30]]}",
    "{\"settings\":[[\"keyboard\",\"repeat-rate\"]]}",
    "{\"settings\":[\"keyboard\"]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *text = told (wrong[i]);

    if (text)
      fail_msg ("%s is taken", wrong[i]);
  }
}

static void what_is_not_open_is_not_shown (void **state)
{
  g_autoptr (JsonNode) node =
    inos_settings_from_dump ("[keyboard]\nlayout=de\nmodel=pc105\n[lock]\ncommand=secret\n"
                             "[device B]\nleft-handed=true\n");
  g_autofree char *text = json_to_string (node, FALSE);

  assert_string_equal (
    text, "{\"keyboard\":{\"layout\":\"de\"},\"device B\":{\"left-handed\":\"true\"}}");
}

static char *bound (const char *args)
{
  g_autoptr (GVariant) bindings = g_variant_ref_sink (
    g_variant_new_parsed ("[('', 'Super+q', 'close'), ('', 'Super+Return', 'exec foot'), "
                          "('', 'shift + LOGO+X', 'lock'), ('', 'Super+Prior', 'exec " LONG "'), "
                          "('game', 'Super+w', 'close')]"));
  g_autoptr (GVariant) actions = g_variant_ref_sink (
    g_variant_new_parsed ("[('close', false), ('exec', true), ('lock', false)]"));
  g_autoptr (JsonNode) node = json_from_string (args, NULL);
  g_autoptr (GError) error = NULL;
  GVariant *settings = inos_binding_take (json_node_get_object (node), bindings, actions, &error);
  char *text = settings ? g_variant_print (settings, FALSE) : g_strdup (error->message);

  if (settings)
    g_variant_unref (g_variant_ref_sink (settings));
  return text;
}

static void assert_bound (const char *args, const char *expected)
{
  g_autofree char *text = bound (args);

  assert_string_equal (text, expected);
}

static void assert_unbound (const char *args, const char *part)
{
  g_autofree char *text = bound (args);

  if (!strstr (text, part))
    fail_msg ("%s: %s", args, text);
}

static void a_shortcut_takes_what_it_does_along (void **state)
{
  assert_bound ("{\"from\":\"super+Q\",\"to\":\"Super+w\"}",
                "[('bindings', 'Super+q', ['']), ('bindings', 'Super+w', ['close'])]");
  assert_bound (
    "{\"from\":\"Super+Return\",\"to\":\"Super+Shift+t\"}",
    "[('bindings', 'Super+Return', ['']), ('bindings', 'Super+Shift+t', ['exec foot'])]");
  assert_bound ("{\"from\":\"Super+q\"}", "[('bindings', 'Super+q', [''])]");
  assert_bound ("{\"action\":\"lock\",\"to\":\"Super+l\"}", "[('bindings', 'Super+l', ['lock'])]");
  assert_bound ("{\"action\":\"lock\",\"to\":\"Super+Return\",\"replace\":true}",
                "[('bindings', 'Super+Return', ['lock'])]");
}

static void a_page_makes_up_no_program (void **state)
{
  assert_unbound ("{\"action\":\"exec rm\",\"to\":\"Super+l\"}", "nothing that a shortcut");
  assert_unbound ("{\"action\":\"dance\",\"to\":\"Super+l\"}", "nothing that a shortcut");
  assert_unbound ("{\"to\":\"Super+l\"}", "nothing that a shortcut");
  assert_unbound ("{\"from\":\"Super+z\",\"to\":\"Super+l\"}", "does nothing");
  assert_unbound ("{\"from\":\"Super+q\",\"to\":\"Super+Return\"}", "already does");
  assert_unbound ("{\"from\":\"Super+q\",\"to\":\"Hyper+w\"}", "not a combination");
  assert_unbound ("{\"from\":\"Super+q\",\"to\":\"Super+nokey\"}", "not a combination");
  assert_unbound ("{\"from\":\"Super+q\",\"to\":\"Super+\"}", "not a combination");
  assert_unbound ("{\"from\":7}", "not a string");
}

static void a_combination_is_one_in_any_order (void **state)
{
  assert_unbound ("{\"from\":\"Super+q\",\"to\":\"Super+Shift+x\"}", "already does");
  assert_unbound ("{\"from\":\"Super+q\",\"to\":\"Super+Page_Up\"}", "already does");
  assert_bound ("{\"from\":\"Super+q\",\"to\":\"Super+Shift+x\",\"replace\":true}",
                "[('bindings', 'Super+q', ['']), ('bindings', 'shift + LOGO+X', ['close'])]");
  assert_bound ("{\"from\":\"Shift+Super+x\"}", "[('bindings', 'shift + LOGO+X', [''])]");
  assert_unbound ("{\"from\":\"Hyper+q\"}", "does nothing");
  assert_unbound ("{\"from\":\"Ctrl+Super+x\"}", "does nothing");
}

static void letters_are_for_typing (void **state)
{
  static const char *const wrong[] = {"a", "Shift+a", "Return", "space", "1", "Tab", "Shift+Left"};
  static const char *const good[] = {
    "F5", "Shift+F12", "Print", "Alt+a", "XF86AudioRaiseVolume", "Ctrl+Shift+a"};

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *args = g_strdup_printf ("{\"from\":\"Super+q\",\"to\":\"%s\"}", wrong[i]);

    assert_unbound (args, "not a combination");
  }
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *args = g_strdup_printf ("{\"from\":\"Super+q\",\"to\":\"%s\"}", good[i]);
    g_autofree char *expected =
      g_strdup_printf ("[('bindings', 'Super+q', ['']), ('bindings', '%s', ['close'])]", good[i]);

    assert_bound (args, expected);
  }
}

/* The bus takes no half of one. */
static void errors_cut_no_character (void **state)
{
  static const char *const args[] = {
    "{\"action\":\"x" LONG "\"}",
    "{\"from\":\"x" LONG "\"}",
    "{\"from\":\"Super+q\",\"to\":\"x" LONG "\"}",
    "{\"from\":\"Super+q\",\"to\":\"Super+Prior\"}",
  };
  static const char *const settings[] = {
    "{\"settings\":[[\"x" LONG "\",\"x" LONG "\",\"\"]]}",
    "{\"settings\":[[\"device x" LONG "\",\"acceleration\",7]]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (args); i++) {
    g_autofree char *text = bound (args[i]);

    if (!strstr (text, TEN) || strstr (text, LONG) || !g_utf8_validate (text, -1, NULL))
      fail_msg ("%s: %s", args[i], text);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autoptr (JsonNode) node = json_from_string (settings[i], NULL);
    g_autoptr (GError) error = NULL;

    assert_null (inos_settings_take (json_node_get_object (node), &error));
    if (!strstr (error->message, TEN) || strstr (error->message, LONG) ||
        !g_utf8_validate (error->message, -1, NULL))
      fail_msg ("%s: %s", settings[i], error->message);
  }
}

/* A page has no program of its own run by a corner. */
static void corners_do_what_is_known (void **state)
{
  static const struct {
    const char *args;
    gboolean good;
  } cases[] = {
    {"{\"settings\":[[\"corners\",\"top-left\",\"overview\"]]}", TRUE},
    {"{\"settings\":[[\"corners\",\"top-left\",null],[\"corners\",\"delay\",\"500\"]]}", TRUE},
    {"{\"settings\":[[\"corners\",\"top-left\",\"exec foot\"]]}", FALSE},
    {"{\"settings\":[[\"corners\",\"bottom-right\",\"--locked exec foot\"]]}", FALSE},
    {"{\"settings\":[[\"corners\",\"middle\",\"overview\"]]}", FALSE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = json_from_string (cases[i].args, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GVariant) taken = inos_settings_take (json_node_get_object (node), &error);

    assert_true ((taken != NULL) == cases[i].good);
    assert_true ((error == NULL) == cases[i].good);
    if (taken)
      g_variant_ref_sink (taken);
  }
}

static gboolean take_display (const char *args, gboolean *risky)
{
  g_autoptr (GVariant) output = g_variant_ref_sink (g_variant_new_parsed (
    "{'Width': <1280>, 'Height': <800>, 'Refresh': <60000>, 'Scale': <1.0>, 'Transform': <0>, "
    "'X': <0>, 'Y': <0>, 'Powered': <true>, 'Mirror': <''>, 'AdaptiveSync': <false>, "
    "'VariableRefresh': <'off'>}"));
  g_autoptr (JsonNode) node = json_from_string (args, NULL);
  g_autoptr (GDBusConnection) bus = g_object_new (G_TYPE_DBUS_CONNECTION, NULL);
  g_autoptr (InosCalls) calls = inos_calls_new (bus);
  g_autoptr (InosCalls) back = inos_calls_new (bus);
  g_autoptr (GError) error = NULL;
  gboolean good;

  *risky = FALSE;
  good = inos_display_change_take (json_node_get_object (node), "/o", output, calls, back, risky,
                                   &error);
  assert_true (good == (error == NULL));
  assert_int_equal (inos_calls_count (calls), good ? 1 : 0);
  assert_int_equal (inos_calls_count (back), good ? 1 : 0);
  return good;
}

static void what_may_leave_a_screen_dark_is_on_trial (void **state)
{
  static const char *const risky[] = {
    "{\"output\":\"/o\",\"mode\":[1920,1080,60000]}",
    "{\"output\":\"/o\",\"on\":false}",
    "{\"output\":\"/o\",\"mirror\":\"DP-1\"}",
    "{\"output\":\"/o\",\"adaptive\":\"on-demand\"}",
  };
  static const char *const safe[] = {
    "{\"output\":\"/o\",\"scale\":1.5}",
    "{\"output\":\"/o\",\"position\":[-10,20]}",
    "{\"output\":\"/o\",\"transform\":3}",
    "{\"output\":\"/o\",\"on\":true}",
  };
  static const char *const wrong[] = {
    "{\"output\":\"/o\"}",
    "{\"output\":\"/o\",\"mode\":[1920,1080]}",
    "{\"output\":\"/o\",\"mode\":\"1920x1080\"}",
    "{\"output\":\"/o\",\"mode\":[1920,1080,1e9]}",
    "{\"output\":\"/o\",\"scale\":0}",
    "{\"output\":\"/o\",\"scale\":1,\"on\":true}",
    "{\"output\":\"/o\",\"transform\":8}",
    "{\"output\":\"/o\",\"mirror\":7}",
    "{\"output\":\"/o\",\"on\":\"yes\"}",
    "{\"output\":\"/o\",\"adaptive\":true}",
    "{\"output\":\"/o\",\"adaptive\":\"sometimes\"}",
    "{\"output\":\"/o\",\"dance\":true}",
  };
  gboolean is_risky;

  for (gsize i = 0; i < G_N_ELEMENTS (risky); i++)
    assert_true (take_display (risky[i], &is_risky) && is_risky);
  for (gsize i = 0; i < G_N_ELEMENTS (safe); i++)
    assert_true (take_display (safe[i], &is_risky) && !is_risky);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (take_display (wrong[i], &is_risky))
      fail_msg ("%s is taken", wrong[i]);
}

/* Ways back */

static void on_reply (const char *json, const char *error, gpointer data)
{
  g_string_append (data, error ? "no " : "yes ");
}

static int tries;

static void go_back (gpointer data, InosReply *reply)
{
  if (tries++ == 0)
    inos_reply_fail (reply, "not yet");
  else
    inos_reply_ok (reply, NULL);
}

static void a_way_back_is_gone_once (void **state)
{
  g_autoptr (InosUndos) undos = inos_undos_new();
  GString *said = g_string_new (NULL);
  guint serial = inos_undos_add (undos, go_back, g_strdup ("data"), g_free);

  tries = 0;
  inos_undos_run (undos, serial + 1, inos_reply_new (on_reply, said));
  inos_undos_run (undos, serial,
                  inos_reply_new (on_reply, said)); /* fails, and can be tried again */
  inos_undos_run (undos, serial, inos_reply_new (on_reply, said));
  inos_undos_run (undos, serial, inos_reply_new (on_reply, said));
  assert_string_equal (said->str, "no no yes no ");
  for (guint i = 0; i < 200; i++)
    inos_undos_add (undos, go_back, g_strdup ("data"), g_free);
  g_string_free (said, TRUE);
}

static void layouts_are_read (void **state)
{
  g_autoptr (JsonNode) node = inos_layouts_parse (
    "! model\n  pc105   Generic\n\n! layout\n  us              English (US)\n  de  German\n\n"
    "! variant\n  nodeadkeys      de: German (no dead keys)\n  odd\n  other  nothing\n"
    "! option\n  grp  Switching\n");
  g_autofree char *text = json_to_string (node, FALSE);

  assert_string_equal (text, "[[\"us\",\"\",\"English (US)\"],[\"de\",\"\",\"German\"],"
                             "[\"de\",\"nodeadkeys\",\"German (no dead keys)\"]]");
}

static void keys_have_names (void **state)
{
  g_autofree char *one = inos_keys_name (GDK_KEY_Q, GDK_SUPER_MASK | GDK_SHIFT_MASK);
  g_autofree char *two = inos_keys_name (GDK_KEY_F5, GDK_LOCK_MASK);
  g_autofree char *three = inos_keys_name (GDK_KEY_AudioMute, 0);

  assert_string_equal (one, "Super+Shift+q");
  assert_string_equal (two, "F5");
  assert_string_equal (three, "XF86AudioMute");
  assert_null (inos_keys_name (GDK_KEY_Shift_L, 0));
  assert_null (inos_keys_name (GDK_KEY_Super_R, GDK_SUPER_MASK));
}

static void locales_are_of_utf8 (void **state)
{
  g_autoptr (JsonArray) found =
    inos_locales_parse ("C\nC.utf8\nde_AT@euro\nde_DE\nde_DE.iso88591\nde_DE.utf8\nsr_RS.utf8@"
                        "latin\nde_DE.UTF-8\nPOSIX\n");

  assert_int_equal (json_array_get_length (found), 2);
  assert_string_equal (json_array_get_string_element (found, 0), "de_DE.UTF-8");
  assert_string_equal (json_array_get_string_element (found, 1), "sr_RS.UTF-8@latin");
}

/* Asks as passwd does; the old one is "old", and a new one has four letters at least. */
static const char stand_in[] =
  "#!/bin/sh\n"
  "echo 'Changing password for user.' >&2\n"
  "printf 'Current password: ' >&2; read -r old\n"
  "[ \"$old\" = old ] || { echo 'passwd: Authentication token manipulation error' >&2;\n"
  "  echo 'passwd: password unchanged' >&2; exit 10; }\n"
  "printf 'New password: ' >&2; read -r new\n"
  "printf 'Retype new password: ' >&2; read -r again\n"
  "[ ${#new} -ge 4 ] || { echo 'You must choose a longer password.' >&2;\n"
  "  printf 'New password: ' >&2; read -r new; }\n"
  "[ \"$new\" = \"$again\" ] && printf %s \"$new\" >\"$0.is\"\n";

typedef struct {
  gboolean done;
  char *error;
} Changed;

static void on_changed (const char *error, gpointer data)
{
  *(Changed *)data = (Changed){TRUE, g_strdup (error)};
}

/* NULL where it was changed. */
static char *change (const char *old, const char *wanted)
{
  Changed changed = {0};

  inos_password_change (old, wanted, on_changed, &changed);
  while (!changed.done)
    g_main_context_iteration (NULL, TRUE);
  return changed.error;
}

static void a_password_is_changed_by_the_system (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-test-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "passwd", NULL);
  g_autofree char *kept = g_strconcat (program, ".is", NULL);
  g_autofree char *path = g_strconcat (folder, ":", g_getenv ("PATH"), NULL);
  g_autofree char *before = g_strdup (g_getenv ("PATH"));
  g_autofree char *wrong = NULL, *brief = NULL, *right = NULL, *text = NULL;

  assert_true (
    g_file_set_contents_full (program, stand_in, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  g_setenv ("PATH", path, TRUE);
  assert_true (inos_password_can_change());
  wrong = change ("another", "long enough");
  assert_non_null (strstr (wrong, "present password"));
  brief = change ("old", "abc");
  assert_non_null (strstr (brief, "You must choose a longer password."));
  assert_false (g_file_test (kept, G_FILE_TEST_EXISTS));
  right = change ("old", "long $(enough) \"'");
  assert_null (right);
  assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  assert_string_equal (text, "long $(enough) \"'");
  g_setenv ("PATH", before, TRUE);
  remove (kept);
  remove (program);
  remove (folder);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_is_open_is_written),
    cmocka_unit_test (what_runs_programs_is_not),
    cmocka_unit_test (what_is_not_open_is_not_shown),
    cmocka_unit_test (a_shortcut_takes_what_it_does_along),
    cmocka_unit_test (a_page_makes_up_no_program),
    cmocka_unit_test (a_combination_is_one_in_any_order),
    cmocka_unit_test (letters_are_for_typing),
    cmocka_unit_test (errors_cut_no_character),
    cmocka_unit_test (corners_do_what_is_known),
    cmocka_unit_test (what_may_leave_a_screen_dark_is_on_trial),
    cmocka_unit_test (a_way_back_is_gone_once),
    cmocka_unit_test (layouts_are_read),
    cmocka_unit_test (keys_have_names),
    cmocka_unit_test (locales_are_of_utf8),
    cmocka_unit_test (a_password_is_changed_by_the_system),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify.h"

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static gboolean parse (const char *text, gsize length, char buffer[256],
                       struct inos_notify_message *message)
{
  memset (buffer, 0, 256);
  memcpy (buffer, text, length);
  return inos_notify_parse (buffer, length, message);
}

static void test_reads_what_it_knows (void **state)
{
  char buffer[256];
  struct inos_notify_message message;
  const char text[] =
    "STATUS=a=b c\nREADY=1\nX_OTHER=7\nX_INOS_WAYLAND_DISPLAY=wayland-1\nX_INOS_DISPLAY=:7\n"
    "X_INOS_CURSOR_THEME=Big Red\nX_INOS_CURSOR_SIZE=32\nX_INOS_RENDERER=software\n";
  assert_true (parse (text, strlen (text), buffer, &message));
  assert_true (message.ready);
  assert_string_equal (message.status, "a=b c");
  assert_string_equal (message.wayland_display, "wayland-1");
  assert_string_equal (message.x11_display, ":7");
  assert_string_equal (message.cursor_theme, "Big Red");
  assert_string_equal (message.cursor_size, "32");
  assert_true (message.software);
  assert_true (parse ("EXTEND_TIMEOUT_USEC=60000000", 28, buffer, &message));
  assert_int_equal (message.more_time, 60000);
  assert_true (parse ("X_INOS_RENDERER=gpu", 19, buffer, &message));
  assert_false (message.software);
}

static void test_refuses_malformed (void **state)
{
  static const struct {
    const char *text;
    gsize length;
  } bad[] = {
    {"", 0},
    {"READY=1\0X=", 10},
    {"READY", 5},
    {"=1", 2},
    {"READY=1\n\xff=1", 11},
    {"READY=1\nX_INOS_WAYLAND_DISPLAY=", 31},
    {"X_INOS_WAYLAND_DISPLAY=../bus", 29},
    {"X_INOS_WAYLAND_DISPLAY=..", 25},
    {"X_INOS_WAYLAND_DISPLAY=a b", 26},
    {"X_INOS_DISPLAY=7", 16},
    {"X_INOS_DISPLAY=:x", 17},
    {"X_INOS_CURSOR_THEME=", 20},
    {"X_INOS_CURSOR_THEME=../x", 24},
    {"X_INOS_CURSOR_THEME=a/b", 23},
    {"X_INOS_CURSOR_SIZE=big", 22},
    {"X_INOS_CURSOR_SIZE=0", 20},
    {"EXTEND_TIMEOUT_USEC=-1", 22},
    {"EXTEND_TIMEOUT_USEC=9999999999999", 33},
  };
  char buffer[256];
  struct inos_notify_message message;
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_false (parse (bad[i].text, bad[i].length, buffer, &message));
}

static void test_ready_is_exactly_one (void **state)
{
  char buffer[256];
  struct inos_notify_message message;
  assert_true (parse ("READY=0", 7, buffer, &message));
  assert_false (message.ready);
  assert_true (parse ("READY=11", 8, buffer, &message));
  assert_false (message.ready);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_reads_what_it_knows),
    cmocka_unit_test (test_refuses_malformed),
    cmocka_unit_test (test_ready_is_exactly_one),
  };
  cmocka_set_message_output (CM_OUTPUT_TAP);
  return cmocka_run_group_tests_name ("notify", tests, NULL, NULL);
}

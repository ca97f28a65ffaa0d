/* What every test of the compositor starts from. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>
#include <wlr/util/log.h>

#include "compositor.h"

/* A headless compositor that no file configures and no socket reaches. */
static inline struct inos_compositor *start_compositor (int outputs)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = outputs,
    .width = 1280,
    .height = 800,
    .socket = "",
    .config_path = "/nonexistent/compositor.ini",
  };
  struct inos_compositor *compositor = inos_compositor_create (&options, &error);
  if (!compositor)
    fail_msg ("%s", error->message);
  /* No locker of this machine is to take over where a test's one dies. */
  g_free (compositor->config.lock_command);
  compositor->config.lock_command = g_strdup ("");
  return compositor;
}

/* Writes a file of its own; the name is the caller's to free, the file to unlink. */
static inline char *write_config (const char *text)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("compositor-XXXXXX.ini", &path, NULL);
  assert_true (fd >= 0);
  close (fd);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* Settings of that group with that one line in it are not taken, and why names the line. */
static inline void assert_line_refused (const char *group, const char *line, const char *why)
{
  g_autofree char *text = g_strdup_printf ("[%s]\n%s", group, line);
  g_autofree char *path = write_config (text);
  g_autoptr (GError) error = NULL;
  struct inos_config config;
  assert_false (inos_config_load (&config, path, &error));
  assert_int_equal (config.wrong_line, 2);
  assert_true (g_strstr_len (error->message, -1, why));
  inos_config_finish (&config);
  unlink (path);
}

/* A headless compositor that the file configures, which must live as long. */
static inline struct inos_compositor *start_with_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  struct inos_options options = {
    .headless = true,
    .outputs = 1,
    .width = 1280,
    .height = 800,
    .socket = "",
    .config_path = path,
  };
  struct inos_compositor *compositor = inos_compositor_create (&options, &error);
  if (!compositor)
    fail_msg ("%s", error->message);
  return compositor;
}

/* The same with that text in it. */
static inline struct inos_compositor *start_configured (const char *text)
{
  g_autofree char *path = write_config (text);
  struct inos_compositor *compositor = start_with_file (path);
  unlink (path);
  return compositor;
}

/* Not ours: fontconfig keeps what it has read, and the test's own client ends with events of
 * objects that it never looked at. */
const char *__lsan_default_suppressions (void);
__attribute__ ((weak)) const char *__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\nleak:libwayland-client\n";
}

#define run_compositor_tests(tests) run_test_group (#tests, tests, G_N_ELEMENTS (tests))

static inline int run_test_group (const char *name, const struct CMUnitTest *tests, size_t count)
{
  setenv ("WLR_RENDERER", "pixman", 1);
  setenv ("GSETTINGS_BACKEND", "memory", 1);
  g_autofree char *runtime = g_dir_make_tmp ("inos-test-XXXXXX", NULL);
  setenv ("XDG_RUNTIME_DIR", runtime, 1);
  /* Nothing is remembered from one test program to the next. */
  setenv ("XDG_STATE_HOME", runtime, 1);
  wlr_log_init (WLR_ERROR, NULL);
  int failed = _cmocka_run_group_tests (name, tests, count, NULL, NULL);
  g_autofree char *state = g_build_filename (runtime, "inos", NULL);
  const char *const remembered[] = {"outputs.ini", "windows.ini"};
  for (size_t i = 0; i < G_N_ELEMENTS (remembered); i++) {
    g_autofree char *path = g_build_filename (state, remembered[i], NULL);
    unlink (path);
  }
  rmdir (state);
  rmdir (runtime);
  return failed;
}

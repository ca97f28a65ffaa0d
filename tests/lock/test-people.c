/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the greeter offers, of files that anybody may have written. */
#include "people.h"
#include "test.h"

#include <glib/gstdio.h>
#include <string.h>

#define DEFS "# UID_MIN 1\nUID_MIN\t\t  1000\nUID_MAX 60000\nSYS_UID_MIN 100\n"

struct files {
  char *folder, *passwd, *defs;
};

static int set_up (void **state)
{
  struct files *files = g_new0 (struct files, 1);
  files->folder = g_dir_make_tmp ("inos-people-XXXXXX", NULL);
  files->passwd = g_build_filename (files->folder, "passwd", NULL);
  files->defs = g_build_filename (files->folder, "login.defs", NULL);
  *state = files;
  return 0;
}

static int tear_down (void **state)
{
  struct files *files = *state;
  g_remove (files->passwd);
  g_remove (files->defs);
  g_rmdir (files->folder);
  g_free (files->folder);
  g_free (files->passwd);
  g_free (files->defs);
  g_free (files);
  return 0;
}

static GPtrArray *read_people (struct files *files, const char *passwd, gssize length,
                               const char *defs)
{
  assert_true (g_file_set_contents (files->passwd, passwd, length, NULL));
  g_remove (files->defs);
  if (defs)
    assert_true (g_file_set_contents (files->defs, defs, -1, NULL));
  return inos_people_read (files->passwd, files->defs);
}

static const struct inos_person *at (GPtrArray *people, guint i)
{
  return g_ptr_array_index (people, i);
}

static void people_are_offered_and_nobody_else (void **state)
{
  static const char passwd[] = "root:x:0:0:root:/root:/bin/bash\n"
                               "daemon:x:1:1::/:/usr/sbin/nologin\n"
                               "zoe:x:1001:1001:Zoë Ångström,Room 1,,:/home/zoe:/bin/bash\n"
                               "ada:x:1000:1000:Ada Lovelace,,,:/home/ada:\n"
                               "mallory:x:1002:1002::/home/mallory:/bin/zsh\n"
                               "git:x:1003:1003::/srv/git:/usr/bin/false\n"
                               "web:x:1004:1004::/srv/web:/usr/sbin/nologin\n"
                               "inos:x:999:999::/var/lib/inos:/bin/sh\n"
                               "nobody:x:65534:65534:nobody:/:/bin/sh\n";
  GPtrArray *people = read_people (*state, passwd, -1, DEFS);
  assert_int_equal (people->len, 3);
  assert_string_equal (at (people, 0)->account, "ada");
  assert_string_equal (at (people, 0)->title, "Ada Lovelace");
  assert_string_equal (at (people, 1)->title, "mallory");
  assert_string_equal (at (people, 2)->title, "Zoë Ångström");
  g_ptr_array_unref (people);
  /* The machine says otherwise, or nothing. */
  people = read_people (*state, passwd, -1, "UID_MIN 500\nUID_MAX 1000\n");
  assert_int_equal (people->len, 2);
  assert_string_equal (at (people, 1)->account, "inos");
  g_ptr_array_unref (people);
  people = read_people (*state, passwd, -1, NULL);
  assert_int_equal (people->len, 3);
  g_ptr_array_unref (people);
}

static void a_crowd_is_not_offered (void **state)
{
  for (unsigned count = INOS_PEOPLE_MOST; count <= INOS_PEOPLE_MOST + 1; count++) {
    g_autoptr (GString) passwd = g_string_new (NULL);
    for (unsigned i = 0; i < count; i++)
      g_string_append_printf (passwd, "u%u:x:%u:100::/:/bin/sh\n", i, 1000 + i);
    GPtrArray *people = read_people (*state, passwd->str, -1, DEFS);
    assert_int_equal (people->len, count > INOS_PEOPLE_MOST ? 0 : count);
    g_ptr_array_unref (people);
  }
}

static void what_people_call_themselves_is_a_line (void **state)
{
  static const char passwd[] = "a:x:1000:1:\xff\xfe:/:/bin/sh\nb:x:1001:1:\t "
                               "\x1b[31mred\xe2\x80\xae\x07 :/:/bin/sh\nc:x:1002:1: ,x:/:/bin/sh\n";
  GPtrArray *people = read_people (*state, passwd, -1, DEFS);
  assert_int_equal (people->len, 3);
  assert_string_equal (at (people, 0)->title, "[31mred");
  assert_string_equal (at (people, 1)->title, "a");
  assert_string_equal (at (people, 2)->title, "c");
  g_ptr_array_unref (people);
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *longest =
    g_strdup_printf ("a:x:1000:1:%s:/:/bin/sh\n%s:x:1001:1::/:/bin/sh\n", name, name);
  people = read_people (*state, longest, -1, DEFS);
  assert_int_equal (people->len, 1);
  assert_int_equal (g_utf8_strlen (at (people, 0)->title, -1), 80);
  g_ptr_array_unref (people);
}

static void rubbish_is_nobody (void **state)
{
  struct files *files = *state;
  guint8 bytes[4096];
  for (unsigned seed = 1; seed <= 200; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    for (size_t i = 0; i < sizeof bytes; i++) {
      guint32 any = g_rand_int (random);
      bytes[i] = any % 4 ? (guint8) "a:0x1\n/:"[any / 4 % 8] : (guint8)(any >> 8);
    }
    GPtrArray *people = read_people (files, (const char *)bytes, sizeof bytes, DEFS);
    assert_true (people->len <= INOS_PEOPLE_MOST);
    g_ptr_array_unref (people);
  }
  GPtrArray *people = inos_people_read ("/nonexistent/passwd", files->defs);
  assert_int_equal (people->len, 0);
  g_ptr_array_unref (people);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (people_are_offered_and_nobody_else, set_up, tear_down),
    cmocka_unit_test_setup_teardown (a_crowd_is_not_offered, set_up, tear_down),
    cmocka_unit_test_setup_teardown (what_people_call_themselves_is_a_line, set_up, tear_down),
    cmocka_unit_test_setup_teardown (rubbish_is_nobody, set_up, tear_down),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}

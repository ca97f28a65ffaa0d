/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scheme.h"

#include "test.h"

static void assert_target (const char *uri, InosSchemeKind kind, const char *name, int size)
{
  g_auto (InosSchemeTarget) target = inos_scheme_resolve (uri);

  assert_int_equal (target.kind, kind);
  assert_int_equal (target.size, size);
  if (name)
    assert_string_equal (target.name, name);
  else
    assert_null (target.name);
}

static void finds_files_and_icons (void **state)
{
  assert_target ("inos://shell/panel.html", INOS_SCHEME_RESOURCE, "/org/inos/shell/ui/panel.html",
                 0);
  assert_target ("inos://shell/icon/foot", INOS_SCHEME_ICON, "foot", 48);
  assert_target ("inos://shell/icon/org.gtk.Demo4.desktop?size=32", INOS_SCHEME_ICON,
                 "org.gtk.Demo4.desktop", 32);
  assert_target ("inos://shell/icon/a%20b?size=16", INOS_SCHEME_ICON, "a b", 16);
}

static void finds_pictures (void **state)
{
  g_auto (InosSchemeTarget) target = inos_scheme_resolve ("inos://shell/picture/17");

  assert_int_equal (target.kind, INOS_SCHEME_PICTURE);
  assert_int_equal (target.id, 17);
}

static void finds_streams (void **state)
{
  g_auto (InosSchemeTarget) target = inos_scheme_resolve ("inos://shell/stream/17");

  assert_int_equal (target.kind, INOS_SCHEME_STREAM);
  assert_int_equal (target.id, 17);
}

static void finds_nothing_else (void **state)
{
  static const char *const uris[] = {
    "",
    "inos:",
    "inos://shell",
    "inos://shell/",
    "inos://other/panel.html",
    "inos://user@shell/panel.html",
    "inos://shell:80/panel.html",
    "file:///etc/passwd",
    "http://shell/panel.html",
    "inos://shell/../panel.html",
    "inos://shell/..%2fpanel.html",
    "inos://shell/%2e%2e/panel.html",
    "inos://shell/.hidden",
    "inos://shell/a..b",
    "inos://shell//etc/passwd",
    "inos://shell/sub/panel.html",
    "inos://shell/panel.html%00.js",
    "inos://shell/panel.html?x=1",
    "inos://shell/..\\panel.html",
    "inos://shell/picture/",
    "inos://shell/picture/x.png",
    "inos://shell/stream/",
    "inos://shell/stream/0",
    "inos://shell/stream/-1",
    "inos://shell/stream/1x",
    "inos://shell/stream/1?x=1",
    "inos://shell/stream/99999999999999999999",
    "inos://shell/icon/",
    "inos://shell/icon/..",
    "inos://shell/icon/../foot",
    "inos://shell/icon/%2fetc%2fpasswd",
    "inos://shell/icon//etc/passwd",
    "inos://shell/icon/foot?size=",
    "inos://shell/icon/foot?size=15",
    "inos://shell/icon/foot?size=257",
    "inos://shell/icon/foot?size=-48",
    "inos://shell/icon/foot?size=48&x=1",
    "inos://shell/icon/foot?scale=2",
  };
  g_autofree char *tail = g_strnfill (4096, 'a');
  g_autofree char *huge = g_strconcat ("inos://shell/icon/", tail, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    assert_target (uris[i], INOS_SCHEME_NOT_FOUND, NULL, 0);
  assert_target (huge, INOS_SCHEME_NOT_FOUND, NULL, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (finds_files_and_icons),
    cmocka_unit_test (finds_pictures),
    cmocka_unit_test (finds_streams),
    cmocka_unit_test (finds_nothing_else),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}

/*
 * Fuzz target of what the bridge reads of applications: the file of grants, /.flatpak-info and the
 * control group of a process. Whatever is in them, ids can be shown and written into a line,
 * nothing is granted that cannot be, and what was read is written so that it is read again.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "guard/app_id.h"
#include "bridge/permit/capabilities.h"
#include "bridge/permit/grants.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_id (enum inos_sandbox found, const char *id)
{
  if ((found == INOS_SANDBOX_APP) != inos_app_id_is_valid (id))
    g_error ("an id that is none was taken");
}

static void check_grants (const char *text, size_t size)
{
  struct inos_grants *grants = inos_grants_new (NULL), *again = inos_grants_new (NULL);
  GPtrArray *list = inos_grants_list (grants);
  g_autofree char *written = NULL, *rewritten = NULL;

  inos_grants_parse (grants, text, size);
  for (guint i = 0; i < list->len; i++) {
    const struct inos_grant *grant = g_ptr_array_index (list, i);

    if (!inos_app_id_is_valid (grant->app) || inos_grantable_find (grant->capability) == NULL)
      g_error ("something is granted that cannot be");
  }
  written = inos_grants_write (grants);
  if (inos_grants_parse (again, written, strlen (written)) != 0)
    g_error ("what was written cannot be read");
  rewritten = inos_grants_write (again);
  if (strcmp (written, rewritten) != 0)
    g_error ("what was written is read as something else");
  inos_grants_free (grants);
  inos_grants_free (again);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char id[INOS_APP_ID_MAX + 1] = "";
  g_autofree char *text = g_malloc (size + 1); /* g_strndup() reads on to a zero */
  enum inos_sandbox found;

  memcpy (text, data, size);
  text[size] = '\0';
  check_grants (text, size);
  found = inos_app_id_from_flatpak (text, size, id);
  check_id (found, id);
  found = inos_app_id_from_cgroup (text, size, id);
  check_id (found, id);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "org.example.App node.mesh 1763800000000000\norg.example.B node.terminals.control 1\n",
    "[Application]\nname=org.example.App\nruntime=runtime/x/y/1\n\n[Context]\nshared=network;\n",
    "0::/user.slice/app.slice/app-flatpak-org.example.My\\x2dApp-42.scope\n",
    "12:freezer:/snap.firefox\n0::/user.slice/app.slice/snap.firefox.firefox-0a1b.scope\n",
    "org.example.App node.actors 0\n",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new_static (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "permissions", make_corpus());
}

#endif

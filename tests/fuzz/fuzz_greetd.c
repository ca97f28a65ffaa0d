/*
 * Fuzz target of what greetd says to the greeter: whatever comes is an answer whose text can be
 * shown, or an error that says so.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "lock/greetd.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_greetd_reply reply;
  g_autoptr (GError) error = NULL;
  bool good = inos_greetd_parse ((const char *)data, size, &reply, &error);
  if (good == (error != NULL))
    g_error ("it is neither an answer nor an error");
  if (good && (!reply.text || !g_utf8_validate (reply.text, -1, NULL)))
    g_error ("an answer's text cannot be shown");
  inos_greetd_reply_clear (&reply);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

#include <string.h>

static GPtrArray *make_corpus (void)
{
  static const char *const seeds[] = {
    "{\"type\":\"success\"}",
    "{\"type\":\"auth_message\",\"auth_message_type\":\"secret\",\"auth_message\":\"Password: \"}",
    "{\"type\":\"auth_message\",\"auth_message_type\":\"info\",\"auth_message\":\"\\u00fcber\\n\"}",
    "{\"type\":\"error\",\"error_type\":\"auth_error\",\"description\":\"no\"}",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (size_t i = 0; i < G_N_ELEMENTS (seeds); i++)
    g_ptr_array_add (corpus, g_bytes_new_static (seeds[i], strlen (seeds[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "greetd", make_corpus());
}

#endif

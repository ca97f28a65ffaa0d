/*
 * Fuzz target of what another node says of remote actors: the bytes as one message, and cut into
 * messages (a byte says how long each is) for both sides of a session. What was read can be written
 * and read again as it was. See fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/remote/session.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct world {
  struct inos_remote_session *session;
  bool over;
  unsigned hellos;
};

static uint64_t now (void *data)
{
  return 1;
}

static void on_write (void *data, const void *bytes, size_t len)
{
  struct inos_remote_message message;

  if (!inos_remote_message_read (&message, bytes, len))
    g_error ("what it says is no message");
  inos_remote_message_clear (&message);
}

static void on_over (void *data, struct inos_remote_over why)
{
  struct world *world = data;

  if (world->over)
    g_error ("it is over twice");
  world->over = true;
}

static void on_room (void *data, uint32_t units)
{
}

static void on_answer (void *data, uint64_t id, enum inos_remote_status status, GVariant *body)
{
  if ((status == INOS_REMOTE_REPLIED) != (body != NULL))
    g_error ("an answer without what it says");
}

static void on_hello (void *data, const char *name)
{
  struct world *world = data;

  if (world->hellos++ > 0 || !inos_remote_name_is_right (name))
    g_error ("that is no hello");
  inos_remote_session_welcome (world->session);
}

static void on_letter (void *data, const struct inos_remote_message *letter)
{
  struct world *world = data;

  if (!letter->body || inos_remote_body_fits (letter->body))
    g_error ("that is no letter");
  if (letter->id)
    inos_remote_session_answer (world->session, letter->id, INOS_REMOTE_REPLIED, letter->body);
  else
    inos_remote_session_taken (world->session, inos_remote_units (letter->body));
}

static void on_cancel (void *data, uint64_t id)
{
}

static const struct inos_remote_events events = {on_write, on_over,   on_room,  on_answer,
                                                 on_hello, on_letter, on_cancel};

static void check_message (const uint8_t *data, size_t size)
{
  struct inos_remote_message message, again;
  struct inos_buffer out = {0};

  if (!inos_remote_message_read (&message, data, size))
    return;
  inos_remote_message_write (&out, &message);
  if (!inos_remote_message_read (&again, inos_buffer_data (&out), inos_buffer_len (&out)) ||
      again.kind != message.kind || again.id != message.id || again.amount != message.amount ||
      strcmp (again.name, message.name) != 0 || !again.body != !message.body ||
      (again.body && !g_variant_equal (again.body, message.body)))
    g_error ("it is another one when it is written");
  inos_remote_message_clear (&again);
  inos_remote_message_clear (&message);
  inos_buffer_clear (&out);
}

static void speak (bool caller, const uint8_t *data, size_t size)
{
  static const struct inos_mesh_env env = {.now = now};
  struct world world = {0};

  world.session = inos_remote_session_new (&(struct inos_remote_setup){
    .env = &env, .name = caller ? "door" : NULL, .events = &events, .data = &world});
  while (size > 0 && !world.over) {
    size_t len = MIN (data[0], size - 1);
    inos_remote_session_receive (world.session, data + 1, len);
    data += len + 1;
    size -= len + 1;
  }
  inos_remote_session_free (world.session);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  check_message (data, size);
  speak (true, data, size);
  speak (false, data, size);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, const struct inos_remote_message *message)
{
  struct inos_buffer out = {0}, framed = {0};

  inos_remote_message_write (&out, message);
  uint8_t len = (uint8_t)inos_buffer_len (&out);
  inos_buffer_append (&framed, &len, 1);
  inos_buffer_append (&framed, inos_buffer_data (&out), len);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&out), len));
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&framed), inos_buffer_len (&framed)));
  inos_buffer_clear (&out);
  inos_buffer_clear (&framed);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (GVariant) text = g_variant_ref_sink (g_variant_new_string ("text"));
  g_autoptr (GVariant) tree =
    g_variant_ref_sink (g_variant_new_parsed ("({'a': <1>, 'b': <[<'c'>]>}, [1, 2])"));

  add (corpus, &(struct inos_remote_message){.kind = INOS_REMOTE_HELLO, .name = "door"});
  add (corpus, &(struct inos_remote_message){.kind = INOS_REMOTE_WELCOME, .amount = 64});
  add (corpus,
       &(struct inos_remote_message){.kind = INOS_REMOTE_LETTER, .name = "note", .body = tree});
  add (corpus,
       &(struct inos_remote_message){
         .kind = INOS_REMOTE_LETTER, .name = "note", .id = 1, .remaining = 1000, .body = text});
  add (corpus, &(struct inos_remote_message){.kind = INOS_REMOTE_TAKEN, .amount = 1});
  add (corpus, &(struct inos_remote_message){.kind = INOS_REMOTE_ANSWER, .id = 1, .body = text});
  add (corpus, &(struct inos_remote_message){.kind = INOS_REMOTE_CANCEL, .id = 1});
  add (corpus, &(struct inos_remote_message){.kind = INOS_REMOTE_DOWN, .amount = 3, .code = -1});
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_remote", make_corpus());
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

/* The volume of what plays, with a server that answers when the test says so. */

#include "quick/audio_streams.h"

#include "test.h"

#include <string.h>

enum { MOST_ANSWERS = 8 };

static struct {
  guint32 percent[3]; /* of each stream */
  int answers;        /* that are owed */
  pa_context_success_cb_t set[MOST_ANSWERS];
  void *data;
  pa_sink_input_info_cb_t list; /* NULL while it is not asked for */
  guint32 listed[3];            /* as it was when that was asked */
  int changes;
} server;

pa_context *inos_audio_link_get (InosAudioLink *self)
{
  return (pa_context *)&server;
}

void inos_audio_link_let_go (pa_operation *operation)
{
}

pa_operation *pa_context_get_sink_input_info_list (pa_context *context,
                                                   pa_sink_input_info_cb_t done, void *data)
{
  server.list = done;
  server.data = data;
  memcpy (server.listed, server.percent, sizeof server.listed);
  return NULL;
}

pa_operation *pa_context_set_sink_input_volume (pa_context *context, uint32_t id,
                                                const pa_cvolume *volume,
                                                pa_context_success_cb_t done, void *data)
{
  server.percent[id] = (guint32)(100.0 * pa_cvolume_max (volume) / PA_VOLUME_NORM + 0.5);
  assert_true (server.answers < MOST_ANSWERS);
  server.set[server.answers++] = done;
  server.data = data;
  return NULL;
}

pa_operation *pa_context_set_sink_input_mute (pa_context *context, uint32_t id, int muted,
                                              pa_context_success_cb_t done, void *data)
{
  return NULL;
}

static void on_changed (gpointer data)
{
  server.changes++;
}

/* The server says what it read when it was asked. */
static void give_list (void)
{
  pa_sink_input_info_cb_t list = g_steal_pointer (&server.list);

  for (guint32 id = 1; id <= 2; id++) {
    pa_sink_input_info info = {
      .index = id, .name = "A song", .has_volume = 1, .volume_writable = 1, .client = 5};

    info.proplist = pa_proplist_new();
    pa_proplist_sets (info.proplist, PA_PROP_APPLICATION_NAME, "Jukebox");
    pa_cvolume_set (&info.volume, 2, (pa_volume_t)(PA_VOLUME_NORM * server.listed[id] / 100));
    list (NULL, &info, 0, server.data);
    pa_proplist_free (info.proplist);
  }
  list (NULL, NULL, 1, server.data);
}

static void answer_set (void)
{
  pa_context_success_cb_t set = server.set[0];

  assert_true (server.answers-- > 0);
  memmove (server.set, server.set + 1, sizeof server.set - sizeof *server.set);
  set (NULL, 1, server.data);
}

static void wait_until_asked (void)
{
  while (!server.list)
    g_main_context_iteration (NULL, TRUE);
}

static guint known (InosAudioStreams *streams, guint32 id)
{
  g_autoptr (GVariant) list = g_variant_ref_sink (inos_audio_streams_list (streams));
  guint32 found, percent;
  gboolean muted;

  g_variant_get_child (list, id - 1, "(u&s&sub)", &found, NULL, NULL, &percent, &muted);
  assert_int_equal (found, id);
  return percent;
}

static InosAudioStreams *create (void)
{
  InosAudioStreams *streams = inos_audio_streams_create (NULL, on_changed, NULL);

  memset (&server, 0, sizeof server);
  server.percent[1] = server.percent[2] = 100;
  inos_audio_streams_update (streams);
  wait_until_asked();
  give_list();
  assert_int_equal (server.changes, 1);
  return streams;
}

/* A list from before it was set does not undo it. */
static void an_old_list_is_none (void **state)
{
  InosAudioStreams *streams = create();

  inos_audio_streams_update (streams);
  wait_until_asked();
  assert_true (inos_audio_streams_set_volume (streams, 1, 40));
  answer_set();
  give_list();
  assert_int_equal (known (streams, 1), 40);
  wait_until_asked(); /* again */
  give_list();
  assert_int_equal (known (streams, 1), 40);
  inos_audio_streams_destroy (streams);
}

/* The answer for the one before says nothing of the one that is moved now. */
static void two_are_moved_in_turn (void **state)
{
  InosAudioStreams *streams = create();

  assert_true (inos_audio_streams_set_volume (streams, 1, 40));
  assert_true (inos_audio_streams_set_volume (streams, 1, 30));
  assert_true (inos_audio_streams_set_volume (streams, 2, 60));
  assert_true (inos_audio_streams_set_volume (streams, 2, 70));
  assert_int_equal (server.answers, 3); /* 40, 30, 60 */
  answer_set();
  answer_set();
  assert_int_equal (server.answers, 1);
  answer_set();
  assert_int_equal (server.answers, 1); /* 70 */
  answer_set();
  assert_int_equal (server.answers, 0);
  assert_int_equal (server.percent[1], 30);
  assert_int_equal (server.percent[2], 70);
  assert_false (inos_audio_streams_set_volume (streams, 3, 70));
  inos_audio_streams_destroy (streams);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (an_old_list_is_none),
    cmocka_unit_test (two_are_moved_in_turn),
  };

  return cmocka_run_group_tests_name ("streams", tests, NULL, NULL);
}

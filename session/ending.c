/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ending.h"

#include "reaper.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GRACE 3000 /* ms from SIGTERM to SIGKILL, and from there to giving up */

struct stage {
  pid_t pid; /* of this process; 0: of all that are left but those in `skip` */
  struct inos_reaper_skip skip[2];
  gsize n_skip;
};

struct inos_ending {
  GArray *stages;     /* of struct stage */
  guint stage;        /* the current one */
  GPtrArray *targets; /* of struct target, owned: who is to end in this stage and lives */
  GHashTable *told;   /* pids that got SIGTERM in this stage */
  guint timer, idle;
  gboolean killing; /* the time of grace is over */
  inos_ending_func done;
  void *data;
};

struct target {
  struct inos_ending *ending;
  pid_t pid;
  int fd;
  guint source;
};

static void look_again (struct inos_ending *ending);

static void target_free (struct target *target)
{
  g_clear_handle_id (&target->source, g_source_remove);
  close (target->fd);
  g_free (target);
}

static gboolean on_idle (gpointer data)
{
  struct inos_ending *ending = data;
  ending->idle = 0;
  look_again (ending);
  return G_SOURCE_REMOVE;
}

/* After the reaper had its turn: the dead of this moment are then nobody's parents any more. */
static void look_again_later (struct inos_ending *ending)
{
  if (ending->idle == 0)
    ending->idle = g_idle_add (on_idle, ending);
}

static gboolean on_ended (gint fd, GIOCondition condition, gpointer data)
{
  struct target *target = data;
  struct inos_ending *ending = target->ending;
  target->source = 0;
  g_ptr_array_remove_fast (ending->targets, target);
  if (ending->targets->len == 0)
    look_again_later (ending);
  return G_SOURCE_REMOVE;
}

/* SIGTERM, or SIGKILL when the time of grace is over, to one process. */
static void tell (struct inos_ending *ending, pid_t pid)
{
  if (!ending->killing && g_hash_table_contains (ending->told, GINT_TO_POINTER (pid)))
    return;
  int fd = pidfd_open (pid, 0);
  if (fd < 0)
    return; /* gone already */
  g_hash_table_add (ending->told, GINT_TO_POINTER (pid));
  struct target *target = g_new0 (struct target, 1);
  *target = (struct target){.ending = ending, .pid = pid, .fd = fd};
  target->source = g_unix_fd_add (fd, G_IO_IN, on_ended, target);
  g_ptr_array_add (ending->targets, target);
  pidfd_send_signal (fd, ending->killing ? SIGKILL : SIGTERM, NULL, 0);
  /* One that is stopped would not see the request. */
  pidfd_send_signal (fd, SIGCONT, NULL, 0);
}

static void tell_all (struct inos_ending *ending)
{
  const struct stage *stage = &g_array_index (ending->stages, struct stage, ending->stage);
  if (stage->pid != 0) {
    tell (ending, stage->pid);
    return;
  }
  g_autoptr (GArray) pids = inos_reaper_descendants (stage->skip, stage->n_skip);
  for (guint i = 0; i < pids->len; i++)
    tell (ending, g_array_index (pids, pid_t, i));
}

static void next_stage (struct inos_ending *ending);

static gboolean on_timeout (gpointer data)
{
  struct inos_ending *ending = data;
  ending->timer = 0;
  g_ptr_array_set_size (ending->targets, 0);
  if (ending->killing) {
    g_message ("some processes do not end even by SIGKILL; leaving them");
    next_stage (ending);
    return G_SOURCE_REMOVE;
  }
  ending->killing = TRUE;
  ending->timer = g_timeout_add (GRACE, on_timeout, ending);
  look_again (ending);
  return G_SOURCE_REMOVE;
}

static void next_stage (struct inos_ending *ending)
{
  g_clear_handle_id (&ending->timer, g_source_remove);
  g_hash_table_remove_all (ending->told);
  ending->killing = FALSE;
  ending->stage++;
  look_again_later (ending);
}

/* Tells those who have not been told; when nobody is left, the stage is over. */
static void look_again (struct inos_ending *ending)
{
  if (ending->stage >= ending->stages->len) {
    ending->done (ending->data);
    return;
  }
  tell_all (ending);
  if (ending->targets->len == 0)
    next_stage (ending);
  else if (ending->timer == 0)
    ending->timer = g_timeout_add (GRACE, on_timeout, ending);
}

static void add_stage (struct inos_ending *ending, pid_t pid)
{
  struct stage stage = {.pid = pid};
  if (pid > 0)
    g_array_append_val (ending->stages, stage);
}

struct inos_ending *inos_ending_new (const pid_t *components, gsize n, pid_t compositor, pid_t bus,
                                     inos_ending_func done, void *data)
{
  struct inos_ending *ending = g_new0 (struct inos_ending, 1);
  *ending = (struct inos_ending){
    .stages = g_array_new (FALSE, TRUE, sizeof (struct stage)),
    .targets = g_ptr_array_new_with_free_func ((GDestroyNotify)target_free),
    .told = g_hash_table_new (NULL, NULL),
    .done = done,
    .data = data,
  };
  for (gsize i = 0; i < n; i++)
    add_stage (ending, components[i]);
  struct stage clients = {
    .skip = {{compositor, TRUE}, {bus, FALSE}},
    .n_skip = 2,
  };
  g_array_append_val (ending->stages, clients);
  add_stage (ending, compositor);
  add_stage (ending, bus);
  struct stage rest = {0};
  g_array_append_val (ending->stages, rest);
  look_again_later (ending);
  return ending;
}

void inos_ending_free (struct inos_ending *ending)
{
  if (ending == NULL)
    return;
  g_clear_handle_id (&ending->timer, g_source_remove);
  g_clear_handle_id (&ending->idle, g_source_remove);
  g_ptr_array_unref (ending->targets);
  g_array_unref (ending->stages);
  g_hash_table_unref (ending->told);
  g_free (ending);
}

#include "locker.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wlr/util/log.h>

#include "inos-config.h"
#include "lock.h"
#include "notice.h"
#include "privilege.h"
#include "program.h"

#define OWN INOS_BINDIR "/inos-lock"
#define GREETER INOS_BINDIR "/inos-greeter"

enum {
  FIRST_PAUSE = 100, /* ms, doubled with each death */
  LAST_PAUSE = 30000,
  STEADY = 10000, /* ms; one that lived so long begins anew */
  TRIES = 3,      /* of one that does not get as far as to lock */
};

struct inos_locker {
  struct inos_compositor *compositor;
  GPid pid;       /* 0: none of ours runs */
  GSource *watch; /* NULL likewise */
  struct wl_event_source *timer;
  bool pausing;
  gint64 started; /* µs */
  unsigned int pause, deaths;
  bool has_held; /* somebody has had the lock since it was started */
};

static bool is_needed (const struct inos_locker *locker)
{
  return locker->compositor->locked && !inos_lock_has_locker (locker->compositor);
}

static void on_gone (GPid pid, int status, void *data);

/* option: NULL for none. */
static bool spawn_own (struct inos_locker *locker, const char *program, const char *option,
                       GError **error)
{
  struct inos_compositor *compositor = locker->compositor;
  const char *const argv[] = {program, option, NULL};
  int pair[2];
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                 _ ("no socket for %s: %s"), program, g_strerror (errno));
    return false;
  }
  struct wl_client *client = wl_client_create (compositor->display, pair[0]);
  if (!client)
    close (pair[0]);
  else
    inos_privilege_grant (client);
  /* Where there is no client it finds its socket closed, ends, and is started again. */
  bool spawned = inos_program_spawn_client (compositor, argv, pair[1], &locker->pid, error);
  close (pair[1]);
  return spawned;
}

static bool spawn_command (struct inos_locker *locker, const char *command, GError **error)
{
  return inos_program_spawn_locker (locker->compositor, command, &locker->pid, error);
}

static bool spawn_any (struct inos_locker *locker, GError **error)
{
  const char *command = locker->compositor->config.lock_command;
  if (locker->compositor->options.greeter)
    return spawn_own (locker, GREETER,
                      locker->compositor->config.greeter_people ? NULL : "--no-people", error);
  if (command && command[0])
    return spawn_command (locker, command, error);
  if (!command && g_file_test (OWN, G_FILE_TEST_IS_EXECUTABLE))
    return spawn_own (locker, OWN, NULL, error);
  g_autofree char *found = command ? NULL : g_find_program_in_path ("swaylock");
  g_autofree char *quoted = found ? g_shell_quote (found) : NULL;
  if (quoted)
    return spawn_command (locker, quoted, error);
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("no program locks the session: there is neither %s nor swaylock, and %s names "
                  "none as [lock] command"),
               OWN, locker->compositor->config_path);
  return false;
}

static bool spawn (struct inos_locker *locker, GError **error)
{
  locker->started = g_get_monotonic_time();
  locker->has_held = false;
  if (!spawn_any (locker, error)) {
    locker->pid = 0;
    return false;
  }
  locker->watch = g_child_watch_source_new (locker->pid);
  g_source_set_callback (locker->watch, G_SOURCE_FUNC (on_gone), locker, NULL);
  g_source_attach (locker->watch, g_main_context_get_thread_default());
  return true;
}

static void stop_watching (struct inos_locker *locker)
{
  if (locker->watch)
    g_source_destroy (locker->watch);
  g_clear_pointer (&locker->watch, g_source_unref);
}

static int on_pause_over (void *data)
{
  struct inos_locker *locker = data;
  g_autoptr (GError) error = NULL;
  locker->pausing = false;
  if (spawn (locker, &error))
    return 0;
  wlr_log (WLR_ERROR, "%s", error->message);
  inos_locker_replace (locker);
  return 0;
}

static void start_later (struct inos_locker *locker)
{
  if (locker->pausing)
    return;
  if (g_get_monotonic_time() - locker->started > (gint64)STEADY * 1000)
    locker->pause = FIRST_PAUSE;
  locker->pausing = true;
  wl_event_source_timer_update (locker->timer, (int)locker->pause);
  locker->pause = MIN (locker->pause * 2, (unsigned int)LAST_PAUSE);
}

void inos_locker_replace (struct inos_locker *locker)
{
  if (!locker->pid && is_needed (locker))
    start_later (locker);
}

/* It may live on as a child of its own (swaylock -f), or have unlocked. */
static void on_gone (GPid pid, int status, void *data)
{
  struct inos_locker *locker = data;
  g_autoptr (GError) error = NULL;
  stop_watching (locker);
  locker->pid = 0;
  g_spawn_close_pid (pid);
  if (locker->compositor->options.greeter && g_spawn_check_wait_status (status, NULL)) {
    wlr_log (WLR_INFO, "somebody was let in: the greeter's compositor ends");
    wl_signal_emit_mutable (&locker->compositor->events.greeted, locker->compositor);
  } else if (locker->compositor->locked) {
    inos_locker_replace (locker);
  } else if (!locker->has_held && !g_spawn_check_wait_status (status, &error)) {
    wlr_log (WLR_ERROR, "the lock screen ended before it locked the session: %s", error->message);
    if (++locker->deaths < TRIES)
      start_later (locker);
    else
      inos_notice_say (
        locker->compositor->notice, _ ("The session is not locked."),
        _ ("The lock screen ended before it locked; the compositor's log says why."));
  }
}

bool inos_locker_start (struct inos_locker *locker, GError **error)
{
  if (locker->pid || locker->pausing)
    return true;
  locker->deaths = 0;
  locker->pause = FIRST_PAUSE;
  return spawn (locker, error);
}

void inos_locker_stop_waiting (struct inos_locker *locker)
{
  locker->pausing = false;
  wl_event_source_timer_update (locker->timer, 0);
}

void inos_locker_holds (struct inos_locker *locker)
{
  locker->has_held = true;
  inos_locker_stop_waiting (locker);
}

struct inos_locker *inos_locker_create (struct inos_compositor *compositor)
{
  struct inos_locker *locker = g_new0 (struct inos_locker, 1);
  locker->compositor = compositor;
  locker->pause = FIRST_PAUSE;
  locker->timer = wl_event_loop_add_timer (compositor->loop, on_pause_over, locker);
  return locker;
}

void inos_locker_destroy (struct inos_locker *locker)
{
  if (!locker)
    return;
  stop_watching (locker);
  wl_event_source_remove (locker->timer);
  g_free (locker);
}

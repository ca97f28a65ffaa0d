/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inos-polkit-agent: what polkit asks for a password goes through this, started by the shell, which
 * draws it, and heard over the socket that is descriptor 3. A process of its own, with neither
 * toolkit nor pages in it, that ends with the shell. Where there is no polkit it waits for one and
 * does nothing.
 */
#include "agent.h"
#include "inos-config.h"
#include "talk.h"

#include <errno.h>
#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define POLKIT "org.freedesktop.PolicyKit1"
#define AGENT_PATH "/org/inos/PolkitAgent1"

enum { TIMEOUT = 300 /* s */, AGAIN_MOST = 60 /* s */, FREED = 0x5a };

typedef struct {
  GMainLoop *loop;
  InosPolkitAgent *agent;
  gpointer registration; /* NULL: none */
  guint again;           /* the next try */
  guint pause;           /* s, before it; 0: there was none */
  int status;
} Run;

/* The shell that does not hear ends us. */
static void on_publish (GVariant *state, gpointer data)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (state);
  gssize sent;

  do
    sent = send (INOS_POLKIT_SOCKET, g_variant_get_data (owned), g_variant_get_size (owned),
                 MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent < 0)
    g_warning ("the shell was not told what polkit asks: %s", g_strerror (errno));
}

static void do_word (Run *run, const struct inos_polkit_word *word)
{
  switch (word->kind) {
  case INOS_POLKIT_LOCKED:
    inos_polkit_agent_set_locked (run->agent, word->value != 0);
    break;
  case INOS_POLKIT_CHOOSE:
    inos_polkit_agent_choose (run->agent, word->id, word->value);
    break;
  case INOS_POLKIT_ANSWER:
    inos_polkit_agent_answer (run->agent, word->id, word->text);
    break;
  case INOS_POLKIT_CANCEL:
    inos_polkit_agent_cancel (run->agent, word->id);
    break;
  default:
    break;
  }
}

static gboolean on_readable (int fd, GIOCondition condition, gpointer data)
{
  Run *run = data;
  struct inos_polkit_word word = {0};
  gssize size = recv (fd, &word, sizeof word, MSG_DONTWAIT | MSG_TRUNC);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (size < (gssize)offsetof (struct inos_polkit_word, text) || size > (gssize)sizeof word) {
    g_main_loop_quit (run->loop);
    return G_SOURCE_REMOVE;
  }
  word.text[INOS_POLKIT_ANSWER_MAX] = '\0';
  do_word (run, &word);
  explicit_bzero (&word, sizeof word);
  return G_SOURCE_CONTINUE;
}

static gboolean on_terminate (gpointer data)
{
  g_main_loop_quit (((Run *)data)->loop);
  return G_SOURCE_CONTINUE;
}

/* The session whose programs may be asked for. */
static PolkitSubject *find_session (GError **error)
{
  const char *id = g_getenv ("XDG_SESSION_ID");

  return id && *id ? polkit_unix_session_new (id)
                   : polkit_unix_session_new_for_process_sync (getpid(), NULL, error);
}

static gboolean register_agent (gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PolkitSubject) session = NULL;

  run->again = 0;
  if (run->registration)
    return G_SOURCE_REMOVE;
  session = find_session (&error);
  if (session)
    run->registration = polkit_agent_listener_register (inos_polkit_agent_get_listener (run->agent),
                                                        POLKIT_AGENT_REGISTER_FLAGS_NONE, session,
                                                        AGENT_PATH, NULL, &error);
  if (run->registration)
    return G_SOURCE_REMOVE;
  if (run->pause == 0)
    g_warning ("polkit does not ask this desktop for passwords, it is tried again: %s",
               error ? error->message : "this is no session that logind knows");
  /* polkitd may not have seen yet that the agent before this one is gone. */
  run->pause = CLAMP (run->pause * 2, 1, AGAIN_MOST);
  run->again = g_timeout_add_seconds (run->pause, register_agent, run);
  return G_SOURCE_REMOVE;
}

static void on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  Run *run = data;

  g_clear_handle_id (&run->again, g_source_remove);
  run->pause = 0;
  register_agent (run);
}

static void on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  Run *run = data;

  /* The connection itself is gone, or there never was one. */
  if (!bus || g_dbus_connection_is_closed (bus)) {
    run->status = INOS_POLKIT_STATUS_NO_BUS;
    g_main_loop_quit (run->loop);
  }
  /* A new polkitd is registered with by polkit's library. */
}

static int serve (guint timeout)
{
  Run run = {.loop = g_main_loop_new (NULL, FALSE)};
  guint watch;

  run.agent = inos_polkit_agent_new (timeout, on_publish, NULL);
  g_unix_fd_add (INOS_POLKIT_SOCKET, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, &run);
  g_unix_signal_add (SIGTERM, on_terminate, &run);
  g_unix_signal_add (SIGINT, on_terminate, &run);
  watch = g_bus_watch_name (G_BUS_TYPE_SYSTEM, POLKIT, G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                            on_appeared, on_vanished, &run, NULL);
  g_main_loop_run (run.loop);
  g_bus_unwatch_name (watch);
  g_clear_handle_id (&run.again, g_source_remove);
  if (run.registration)
    polkit_agent_listener_unregister (run.registration);
  inos_polkit_agent_free (run.agent);
  g_main_loop_unref (run.loop);
  return run.status;
}

int main (int argc, char **argv)
{
  int type, timeout = TIMEOUT;
  socklen_t size = sizeof type;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    {"timeout", 0, 0, G_OPTION_ARG_INT, &timeout, "Give up after so many seconds", "SECONDS"},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version and exit", NULL},
    {0},
  };
  g_autoptr (GOptionContext) options = g_option_context_new ("- asks for passwords for polkit");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error)) {
    g_printerr ("inos-polkit-agent: %s\n", error->message);
    return 2;
  }
  if (version) {
    g_print ("inos-polkit-agent %s\n", INOS_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc != 1 || timeout < 1 ||
      getsockopt (INOS_POLKIT_SOCKET, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
      type != SOCK_SEQPACKET) {
    g_printerr ("inos-polkit-agent is started by inos-shell, which draws what polkit asks.\n");
    return 2;
  }
  /* No core file and no debugger of the same person's. */
  prctl (PR_SET_DUMPABLE, 0);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  mallopt (M_PERTURB, FREED);
  return serve ((guint)timeout);
}

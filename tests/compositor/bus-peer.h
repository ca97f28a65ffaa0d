/* The compositor's D-Bus object at the other end of a socketpair, and what it answers as text. */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <sys/socket.h>

#include "bus.h"
#include "fixture.h"

#define PATH "/org/inos/Compositor1"
#define ROOT_INTERFACE "org.inos.Compositor1"

struct peer {
  struct inos_compositor *compositor;
  struct inos_bus *bus;
  GDBusConnection *ours, *theirs;
};

static inline void on_peer_ready (GObject *source, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  *(GDBusConnection **)data = g_dbus_connection_new_finish (result, &error);
  assert_null (error);
}

/* Takes over the compositor. */
static inline void peer_begin (struct peer *peer, struct inos_compositor *compositor)
{
  int pair[2];
  GDBusConnection **const ends[] = {&peer->ours, &peer->theirs};
  g_autofree char *guid = g_dbus_generate_guid();
  *peer = (struct peer){.compositor = compositor};
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  for (int i = 0; i < 2; i++) {
    g_autoptr (GSocket) socket = g_socket_new_from_fd (pair[i], NULL);
    g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);
    g_dbus_connection_new (G_IO_STREAM (stream), i == 0 ? guid : NULL,
                           i == 0 ? G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                                  : G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT,
                           NULL, NULL, on_peer_ready, ends[i]);
  }
  while (!peer->ours || !peer->theirs)
    g_main_context_iteration (NULL, TRUE);
  peer->bus = inos_bus_create (compositor, peer->ours);
}

static inline void peer_end (struct peer *peer)
{
  inos_bus_destroy (peer->bus);
  g_object_unref (peer->theirs);
  g_object_unref (peer->ours);
  inos_compositor_destroy (peer->compositor);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

struct peer_reply {
  bool done;
  char *text;
};

static inline void on_peer_reply (GObject *source, GAsyncResult *result, void *data)
{
  struct peer_reply *reply = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (source), NULL, result, &error);
  reply->text =
    value ? g_variant_print (value, FALSE) : g_strdup_printf ("error: %s", error->message);
  reply->done = true;
}

/* The answer as text, or "error: MESSAGE". fd: goes along, -1 for none. */
static inline char *peer_call_fd (struct peer *peer, const char *path, const char *interface,
                                  const char *method, GVariant *arguments, int fd)
{
  struct peer_reply reply = {0};
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new();
  if (fd >= 0)
    assert_int_equal (g_unix_fd_list_append (fds, fd, NULL), 0);
  g_dbus_connection_call_with_unix_fd_list (peer->theirs, NULL, path, interface, method, arguments,
                                            NULL, G_DBUS_CALL_FLAGS_NONE, 20000,
                                            fd >= 0 ? fds : NULL, NULL, on_peer_reply, &reply);
  while (!reply.done)
    g_main_context_iteration (NULL, TRUE);
  return reply.text;
}

static inline char *peer_call (struct peer *peer, const char *path, const char *interface,
                               const char *method, GVariant *arguments)
{
  return peer_call_fd (peer, path, interface, method, arguments, -1);
}

static inline char *peer_get (struct peer *peer, const char *path, const char *interface,
                              const char *property)
{
  return peer_call (peer, path, "org.freedesktop.DBus.Properties", "Get",
                    g_variant_new ("(ss)", interface, property));
}

/* Both take what peer_call or peer_get returned, and free it. */
static inline void assert_answer (char *answer, const char *expected)
{
  assert_string_equal (answer, expected);
  g_free (answer);
}

static inline void assert_says (char *answer, const char *part)
{
  if (!g_strstr_len (answer, -1, part))
    fail_msg ("%s does not say %s", answer, part);
  g_free (answer);
}

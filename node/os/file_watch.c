/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/file_watch.h"

#include "node/os/argument.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CHANGED (IN_CLOSE_WRITE | IN_ATTRIB)
#define ADDED (IN_CREATE | IN_MOVED_TO)
#define REMOVED (IN_DELETE | IN_MOVED_FROM)
#define GONE (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)

INOS_PROTOCOL_DEFINE (inos_file_watch, INOS_FILE_WATCH);

struct file_watch {
  int fd;
  bool open, waits, gone;
  GSource *watch;
  struct inos_address receiver;
  inos_event on_change;
};

void inos_file_change_clear (void *message)
{
  struct inos_file_change *change = message;

  g_clear_pointer (&change->name, g_free);
}

void inos_file_change_copy (void *to, const void *from)
{
  const struct inos_file_change *change = from;

  *(struct inos_file_change *)to =
    (struct inos_file_change){g_strdup (change->name), change->changes};
}

static uint32_t changes_of (uint32_t mask)
{
  return (mask & CHANGED ? INOS_FILE_CHANGED : 0) | (mask & ADDED ? INOS_FILE_ADDED : 0) |
         (mask & REMOVED ? INOS_FILE_REMOVED : 0) | (mask & GONE ? INOS_FILE_GONE : 0) |
         (mask & IN_Q_OVERFLOW ? INOS_FILE_MISSED : 0);
}

static void tell (struct file_watch *self, struct inos_context *context,
                  const struct inotify_event *event)
{
  struct inos_file_change change = {.changes = changes_of (event->mask)};

  if (event->mask & (GONE | IN_IGNORED))
    self->gone = true;
  if (!change.changes)
    return;
  change.name = event->len > 0 ? g_strdup (event->name) : NULL;
  if (inos_send (context, self->receiver, self->on_change, &change, NULL) == INOS_NO_MEMORY)
    inos_file_change_clear (&change);
}

static enum inos_outcome on_readable (void *state, struct inos_context *context);

/* Reads no more while the receiver has no room; the kernel's queue is bounded, and says so. */
static enum inos_outcome go_on (struct file_watch *self, struct inos_context *context)
{
  if (inos_wait_for_room (context, &self->waits, &inos_file_watch_again_type)) {
    inos_watch_end (&self->watch);
    return INOS_OK;
  }
  if (!self->watch)
    self->watch = inos_watch_fd (context, self->fd, G_IO_IN, on_readable);
  return self->gone ? INOS_DONE : INOS_OK;
}

static enum inos_outcome on_readable (void *state, struct inos_context *context)
{
  struct file_watch *self = state;
  _Alignas (struct inotify_event) char buffer[sizeof (struct inotify_event) + NAME_MAX + 1];
  ssize_t size = read (self->fd, buffer, sizeof buffer);

  for (ssize_t at = 0; at < size;) {
    const struct inotify_event *event = (const struct inotify_event *)(const void *)(buffer + at);
    tell (self, context, event);
    at += (ssize_t)(sizeof *event + event->len);
  }
  return go_on (self, context);
}

/* What is watched is what was opened, whatever has its name by now. */
static bool add (int notify, int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);

  return inotify_add_watch (notify, path, CHANGED | ADDED | REMOVED | GONE) >= 0;
}

static enum inos_outcome start (struct file_watch *self, struct inos_context *context,
                                const struct inos_file_watch *watch)
{
  int fd;
  struct inos_os_result result =
    inos_security_open (watch->security, watch->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, &fd);

  if (result.error == INOS_OS_OK) {
    self->fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
    self->open = self->fd >= 0;
    result = inos_os_result_of (self->open && add (self->fd, fd) ? 0 : errno);
    close (fd);
  }
  if (result.error != INOS_OS_OK)
    return inos_fail (context, (int32_t)result.error, "%s cannot be watched: %s", watch->path,
                      inos_os_text (result));
  self->receiver = watch->receiver;
  self->on_change = watch->on_change;
  return go_on (self, context);
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  gboolean is_packed;
  const struct inos_file_watch *table = inos_argument_table (argument, &is_packed);

  if (!is_packed)
    return start (state, context, table);
  struct inos_file_watch watch = *table;
  g_autofree const char **path = inos_argument_list (argument, sizeof watch, 0);
  watch.path = path[0];
  return start (state, context, &watch);
}

INOS_HANDLE (inos_file_watch, again, struct file_watch)
{
  self->waits = false;
  return go_on (self, context);
}

static void clear (void *state)
{
  struct file_watch *self = state;

  inos_watch_end (&self->watch);
  if (self->open)
    close (self->fd);
}

INOS_BEHAVIOUR (inos_file_watch, INOS_FILE_WATCH, struct file_watch, .on_edge = true,
                .pre_start = pre_start, .clear = clear);

inos_actor_id inos_file_watch_spawn (struct inos_context *context,
                                     const struct inos_file_watch *watch,
                                     const struct inos_spawn *how)
{
  const char *const path[] = {watch->path, NULL};
  const char *const *const lists[] = {path};
  g_autoptr (GByteArray) argument = inos_argument_new (watch, sizeof *watch, lists, 1);
  const struct inos_spawn spawn = inos_argument_spawn (&inos_file_watch_behaviour, argument, how);

  return inos_spawn_actor (context, &spawn);
}

#include "control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <wlr/util/log.h>

#include "lock.h"
#include "roll.h"

/* A number follows it, and the answer is the request's own text. */
#define SHELL "shell "
/* Has no answer. */
#define UNLOCK "unlock"
/* The session ends, and with it the windows; likewise. */
#define ENDING "ending"
#define REQUEST_MAX 31

struct inos_control {
  struct inos_compositor *compositor;
  int fd;
  struct wl_event_source *source;
};

/* Sends `fd` along with the answer. */
static bool send_descriptor (int socket, const char *answer, size_t length, int fd)
{
  struct iovec text = {.iov_base = (void *)answer, .iov_len = length};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof (int))];
  } control = {0};
  struct msghdr message = {
    .msg_iov = &text,
    .msg_iovlen = 1,
    .msg_control = control.space,
    .msg_controllen = sizeof control.space,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &fd, sizeof fd);
  return sendmsg (socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

static void connect_shell (struct inos_control *control, const char *request, size_t length)
{
  int pair[2];
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
    wlr_log_errno (WLR_ERROR, "control: no socket for the shell");
    return;
  }
  if (inos_compositor_adopt_shell (control->compositor, pair[0]) &&
      !send_descriptor (control->fd, request, length, pair[1]))
    wlr_log_errno (WLR_ERROR, "control: the shell's socket could not be sent");
  close (pair[1]);
}

static int handle_readable (int fd, uint32_t mask, void *data)
{
  struct inos_control *control = data;
  char request[64];
  ssize_t length = recv (fd, request, sizeof request, MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;
  if (length <= 0) {
    /* The session is gone; whether that ends us is for main to say. */
    wl_event_source_remove (control->source);
    control->source = NULL;
    return 0;
  }
  if ((size_t)length > strlen (SHELL) && length <= REQUEST_MAX &&
      memcmp (request, SHELL, strlen (SHELL)) == 0)
    connect_shell (control, request, (size_t)length);
  else if ((size_t)length == strlen (UNLOCK) && memcmp (request, UNLOCK, strlen (UNLOCK)) == 0)
    inos_lock_release (control->compositor);
  else if ((size_t)length == strlen (ENDING) && memcmp (request, ENDING, strlen (ENDING)) == 0)
    inos_roll_freeze (control->compositor->roll);
  else
    wlr_log (WLR_ERROR,
             "control: a request of %zd bytes that is neither '" SHELL "NUMBER', '" UNLOCK
             "' nor '" ENDING "' is ignored",
             length);
  return 0;
}

struct inos_control *inos_control_create (struct inos_compositor *compositor, int fd)
{
  struct inos_control *control = g_new0 (struct inos_control, 1);
  control->compositor = compositor;
  control->fd = fd;
  control->source =
    wl_event_loop_add_fd (compositor->loop, fd, WL_EVENT_READABLE, handle_readable, control);
  return control;
}

void inos_control_destroy (struct inos_control *control)
{
  if (!control)
    return;
  if (control->source)
    wl_event_source_remove (control->source);
  close (control->fd);
  g_free (control);
}

#include "nofile.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <wlr/util/log.h>

/* Of the process, as the limit itself is. */
static struct rlimit original;
static bool raised;

void inos_nofile_restore (void *data)
{
  if (raised)
    setrlimit (RLIMIT_NOFILE, &original);
}

static void on_fork (void)
{
  inos_nofile_restore (NULL);
}

void inos_nofile_raise (void)
{
  if (raised || getrlimit (RLIMIT_NOFILE, &original) != 0)
    return;
  struct rlimit wanted = {original.rlim_max, original.rlim_max};
  if (setrlimit (RLIMIT_NOFILE, &wanted) != 0) {
    wlr_log (WLR_ERROR, "the limit of %llu file descriptors cannot be raised: %s",
             (unsigned long long)original.rlim_cur, strerror (errno));
    return;
  }
  raised = true;
  /* The X server is started by wlroots. */
  pthread_atfork (NULL, NULL, on_fork);
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/dial_ending.h"

#include "node/mesh/host/error.h"
#include "node/mesh/link/link_error.h"

#include <gio/gio.h>

static enum inos_dial_ending of_io (int code)
{
  switch (code) {
  case G_IO_ERROR_CONNECTION_REFUSED:
    return INOS_DIAL_REFUSED;
  case G_IO_ERROR_TIMED_OUT:
    return INOS_DIAL_TIMED_OUT;
  case G_IO_ERROR_HOST_UNREACHABLE:
  case G_IO_ERROR_NETWORK_UNREACHABLE:
    return INOS_DIAL_NO_ROUTE;
  case G_IO_ERROR_HOST_NOT_FOUND:
    return INOS_DIAL_NO_NAME;
  case G_IO_ERROR_CONNECTION_CLOSED: /* CONNECTION_RESET is the same */
    return INOS_DIAL_CLOSED;
  default:
    return INOS_DIAL_FAILED;
  }
}

static enum inos_dial_ending of_link (int code)
{
  switch (code) {
  case INOS_LINK_ERROR_IDENTITY:
    return INOS_DIAL_WRONG_PEER;
  case INOS_LINK_ERROR_CLOSED:
    return INOS_DIAL_CLOSED;
  case INOS_LINK_ERROR_PROTOCOL:
  case INOS_LINK_ERROR_TIMEOUT:
  case INOS_LINK_ERROR_FLOOD:
  default:
    return INOS_DIAL_STRANGE;
  }
}

enum inos_dial_ending inos_dial_ending_of (const GError *error)
{
  if (!error)
    return INOS_DIAL_CLOSED;
  if (error->domain == G_IO_ERROR)
    return of_io (error->code);
  if (error->domain == G_RESOLVER_ERROR)
    return INOS_DIAL_NO_NAME;
  if (error->domain == INOS_LINK_ERROR)
    return of_link (error->code);
  return INOS_DIAL_FAILED;
}

const char *inos_dial_ending_name (enum inos_dial_ending ending)
{
  static const char *const names[] = {
    [INOS_DIAL_NEVER] = "never",           [INOS_DIAL_WORKED] = "worked",
    [INOS_DIAL_REFUSED] = "refused",       [INOS_DIAL_TIMED_OUT] = "timed-out",
    [INOS_DIAL_NO_ROUTE] = "no-route",     [INOS_DIAL_NO_NAME] = "no-name",
    [INOS_DIAL_WRONG_PEER] = "wrong-peer", [INOS_DIAL_STRANGE] = "strange",
    [INOS_DIAL_CLOSED] = "closed",         [INOS_DIAL_NO_NETWORK] = "no-network",
    [INOS_DIAL_NO_CIRCUIT] = "no-circuit", [INOS_DIAL_FAILED] = "failed",
  };

  return names[ending];
}

/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/router.h"

#include <arpa/inet.h>
#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>
#include <miniupnpc/upnperrors.h>
#include <natpmp.h>
#include <poll.h>

#define PATIENCE_MS 2000        /* with an answer */
#define TTL 2                   /* of UPnP's multicasts: its own recommendation */
#define DESCRIPTION "inos-node" /* of a mapping, in the router's own pages */
#define ONLY_FOR_EVER 725       /* OnlyPermanentLeasesSupported */
#define PORT_TEXT 6

struct inos_router {
  enum inos_router_kind kind;
  bool has_outside;
  struct in_addr outside;
  natpmp_t natpmp;
  struct UPNPUrls urls;
  struct IGDdatas data;
  char here[64]; /* this machine's address towards it */
};

/* NAT-PMP */

/* The answer to what was sent last; the library repeats it. Returns: whether one came in time. */
static bool await (natpmp_t *natpmp, natpmpresp_t *response)
{
  gint64 end = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;

  for (;;) {
    struct pollfd wait = {.fd = natpmp->s, .events = POLLIN};
    struct timeval step = {0};
    gint64 left = (end - g_get_monotonic_time()) / G_TIME_SPAN_MILLISECOND;
    if (left <= 0 || getnatpmprequesttimeout (natpmp, &step) < 0)
      return false;
    gint64 next = step.tv_sec * 1000 + step.tv_usec / 1000 + 1;
    poll (&wait, 1, (int)CLAMP (next, 1, left));
    int result = readnatpmpresponseorretry (natpmp, response);
    if (result != NATPMP_TRYAGAIN)
      return result == 0;
  }
}

static bool find_natpmp (struct inos_router *router)
{
  natpmpresp_t response;

  if (initnatpmp (&router->natpmp, 0, 0) < 0)
    return false;
  if (sendpublicaddressrequest (&router->natpmp) >= 0 && await (&router->natpmp, &response) &&
      response.type == NATPMP_RESPTYPE_PUBLICADDRESS) {
    router->kind = INOS_ROUTER_NAT_PMP;
    router->outside = response.pnu.publicaddress.addr;
    router->has_outside = true;
    return true;
  }
  closenatpmp (&router->natpmp);
  return false;
}

/* @lifetime 0: not any more. */
static bool natpmp_map (struct inos_router *router, uint16_t inside, uint16_t *outside,
                        uint32_t lifetime)
{
  natpmpresp_t response;

  if (sendnewportmappingrequest (&router->natpmp, NATPMP_PROTOCOL_TCP, inside, *outside, lifetime) <
        0 ||
      !await (&router->natpmp, &response) || response.type != NATPMP_RESPTYPE_TCPPORTMAPPING ||
      response.pnu.newportmapping.privateport != inside)
    return false;
  *outside = response.pnu.newportmapping.mappedpublicport;
  return true;
}

/* UPnP */

static bool find_upnp (struct inos_router *router)
{
  char outside[64] = "", told[64] = "";
  int error;
  struct UPNPDev *devices =
    upnpDiscover (PATIENCE_MS, NULL, NULL, UPNP_LOCAL_PORT_ANY, 0, TTL, &error);
  /* 1: connected; 2: the same, with an address that is not public, which we judge ourselves */
  int found = UPNP_GetValidIGD (devices, &router->urls, &router->data, router->here,
                                sizeof router->here, told, sizeof told);

  freeUPNPDevlist (devices);
  if (found != 1 && found != 2) {
    if (found > 0)
      FreeUPNPUrls (&router->urls);
    return false;
  }
  router->kind = INOS_ROUTER_UPNP;
  /* an array of 16 bytes is what it writes to */
  router->has_outside =
    UPNP_GetExternalIPAddress (router->urls.controlURL, router->data.first.servicetype, outside) ==
      UPNPCOMMAND_SUCCESS &&
    inet_pton (AF_INET, outside, &router->outside) == 1;
  return true;
}

static int add (struct inos_router *router, const char *inside, const char *outside,
                const char *lifetime)
{
  return UPNP_AddPortMapping (router->urls.controlURL, router->data.first.servicetype, outside,
                              inside, router->here, DESCRIPTION, "TCP", NULL, lifetime);
}

/* Where the port is somebody else's, the next few are tried. */
static bool upnp_map (struct inos_router *router, uint16_t inside, uint16_t *outside)
{
  char in[PORT_TEXT], out[PORT_TEXT], lifetime[16];

  g_snprintf (in, sizeof in, "%u", inside);
  g_snprintf (lifetime, sizeof lifetime, "%u", INOS_ROUTER_LIFETIME);
  for (unsigned i = 0; i < 4 && *outside + i <= UINT16_MAX; i++) {
    g_snprintf (out, sizeof out, "%u", *outside + i);
    int result = add (router, in, out, lifetime);
    if (result == ONLY_FOR_EVER)
      result = add (router, in, out, "0");
    if (result == UPNPCOMMAND_SUCCESS) {
      *outside = (uint16_t)(*outside + i);
      return true;
    }
    g_debug ("The router does not map port %s to %s: %s", out, in, strupnperror (result));
  }
  return false;
}

/* Both */

struct inos_router *inos_router_find (void)
{
  struct inos_router *router = g_new0 (struct inos_router, 1);

  if (!find_natpmp (router))
    find_upnp (router);
  return router;
}

void inos_router_free (struct inos_router *router)
{
  if (!router)
    return;
  if (router->kind == INOS_ROUTER_NAT_PMP)
    closenatpmp (&router->natpmp);
  else if (router->kind == INOS_ROUTER_UPNP)
    FreeUPNPUrls (&router->urls);
  g_free (router);
}

enum inos_router_kind inos_router_kind (const struct inos_router *router)
{
  return router->kind;
}

bool inos_router_outside (const struct inos_router *router, struct in_addr *address)
{
  *address = router->outside;
  return router->has_outside;
}

bool inos_router_map (struct inos_router *router, uint16_t inside, uint16_t *outside)
{
  switch (router->kind) {
  case INOS_ROUTER_NAT_PMP:
    return natpmp_map (router, inside, outside, INOS_ROUTER_LIFETIME);
  case INOS_ROUTER_UPNP:
    return upnp_map (router, inside, outside);
  case INOS_ROUTER_NONE:
  default:
    return false;
  }
}

void inos_router_unmap (struct inos_router *router, uint16_t inside, uint16_t outside)
{
  char out[PORT_TEXT];
  uint16_t none = 0;

  if (router->kind == INOS_ROUTER_NAT_PMP) {
    natpmp_map (router, inside, &none, 0);
  } else if (router->kind == INOS_ROUTER_UPNP) {
    g_snprintf (out, sizeof out, "%u", outside);
    UPNP_DeletePortMapping (router->urls.controlURL, router->data.first.servicetype, out, "TCP",
                            NULL);
  }
}

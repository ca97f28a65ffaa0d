/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What network.c and network_join.c share.
 */

#include "network.h"

#define NM "org.freedesktop.NetworkManager"
#define NM_PATH "/org/freedesktop/NetworkManager"
#define NM_DEVICE NM ".Device"
#define NM_WIRELESS NM ".Device.Wireless"
#define NM_POINT NM ".AccessPoint"
#define NM_CONNECTION NM ".Settings.Connection"

struct InosNetwork {
  InosObjects *objects;
  gboolean wrong; /* the last password was */
  void (*changed) (gpointer data);
  gpointer data;
};

typedef enum {
  INOS_SECURITY_OPEN,
  INOS_SECURITY_OWE, /* encrypted, without a password */
  INOS_SECURITY_PSK,
  INOS_SECURITY_SAE,
  INOS_SECURITY_ENTERPRISE,
  INOS_SECURITY_WEP,
} InosSecurity;

InosSecurity inos_network_security (InosNetwork *self, const char *point);
/* The bytes of an access point's name; NULL where it has none. Transfer full. */
GVariant *inos_network_ssid (InosNetwork *self, const char *point);
/* Path of the device that hears an access point, or NULL. Belongs to self. */
const char *inos_network_device_of (InosNetwork *self, const char *point);

/* Of inos_network_connect(), where id is an access point. */
void inos_network_join (InosNetwork *self, const char *device, const char *point,
                        const char *password, InosReply *reply);

/*
 * The names of the errors that the bridge's methods answer with.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#define INOS_BUS_INVALID_ARGUMENT "org.inos.Error.InvalidArgument"
#define INOS_BUS_ACCESS_DENIED "org.inos.Error.AccessDenied"
#define INOS_BUS_TOO_MANY "org.inos.Error.TooMany"
#define INOS_BUS_NOT_CONNECTED "org.inos.Error.NotConnected"
#define INOS_BUS_FAILED "org.inos.Error.Failed"
#define INOS_BUS_NOT_FOUND "org.inos.Error.NotFound"
#define INOS_BUS_NOT_SUPPORTED "org.inos.Error.NotSupported" /* by another node */
#define INOS_BUS_UNREACHABLE "org.inos.Error.Unreachable"    /* another node */

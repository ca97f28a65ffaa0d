/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "../reply.h"
#include "app.h"

/*
 * What a person sees at the first log-in: language, look, keyboard, the mesh, what the keys do. The
 * session opens it (session/welcome.h) unless the file in the state says that it was seen, which it
 * does as soon as it is there to be seen.
 */
extern const InosAppKind inos_welcome_app;

/* Shows it again. */
void inos_welcome_open (GDBusConnection *bus, InosReply *reply);

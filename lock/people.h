/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people whom the greeter offers to those who need not type their name. */
#pragma once

#include <glib.h>

/* Where more people have an account, none is offered: a list of strangers is no help. */
enum { INOS_PEOPLE_MOST = 6 };

struct inos_person {
  char *account;
  char *title; /* what people call them; never empty */
};

/* struct inos_person of each account of the file `passwd` that is a person's, as the numbers in
 * `login_defs` say, and has a login shell, by title; empty where there are none, or more than
 * INOS_PEOPLE_MOST. Owned. Accounts that come from elsewhere (a directory on the network) are not
 * asked for: that may take minutes. */
GPtrArray *inos_people_read (const char *passwd, const char *login_defs);

/* Who may use the protocols that reach beyond a program's own windows: the shell and our own lock
 * screen, by their sockets, and the programs that [protocols] allow names, by their executable. A
 * program in a sandbox never may.
 *
 * What a client may is found out when it first looks, and then holds for as long as it stays: a
 * global that was offered must not be taken away. */
#pragma once

#include "compositor.h"

/* Whether `list` is "all", or names and absolute paths of programs with ; in between, "" for none.
 * NULL is "all". Sets error where it is neither. */
bool inos_privilege_check (const char *list, GError **error);

/* Whether a program with that executable is on the list. A name alone means a program of that name
 * which only root can have put where it is. executable: may be NULL, where it is not known. */
bool inos_privilege_lists (const char *list, const char *executable);

/* Whether the client came through a security context, from a sandbox that is. */
bool inos_privilege_is_sandboxed (struct inos_compositor *compositor,
                                  const struct wl_client *client);
/* Whether the client may use the privileged protocols. */
bool inos_privilege_has (struct inos_compositor *compositor, const struct wl_client *client);
/* Lets the client use them from now on: one that has the other end of a socket which was made for
 * it. */
void inos_privilege_grant (struct wl_client *client);

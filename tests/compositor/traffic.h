/* What a client and the compositor say to each other, as text that is compared with a file. */
#pragma once

#include "client.h"

struct traffic;

/* Listens to one client from now on. Left out is what says nothing of windows: the registry,
 * buffers, callbacks; serials, times and file descriptors are not written, since they differ from
 * run to run. */
struct traffic *traffic_listen (struct client *client);

/* A heading in the text: what a person or a client does next. */
void traffic_heading (struct traffic *traffic, const char *text);

/* Compares the text with traffic/NAME.txt and ends; with INOS_WRITE_GOLDEN the file is written. */
void traffic_assert (struct traffic *traffic, const char *name);

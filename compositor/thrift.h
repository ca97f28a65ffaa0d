/* Gives memory back that many windows took and left: what malloc keeps of it lies in between what
 * is still used, and would stay with the compositor for good. */
#pragma once

#include "compositor.h"

struct inos_thrift;

struct inos_thrift *inos_thrift_create (struct inos_compositor *compositor);
/* NULL does nothing. */
void inos_thrift_destroy (struct inos_thrift *thrift);

/* For tests: how often that was done, and whether it is about to be. */
unsigned int inos_thrift_times (const struct inos_thrift *thrift);
bool inos_thrift_waits (const struct inos_thrift *thrift);

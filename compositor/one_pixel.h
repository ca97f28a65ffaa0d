/* Surfaces of one pixel that are drawn large: a colour behind a film, a desktop of one colour. */
#pragma once

#include "compositor.h"

/* Draws them as one even colour, and all others as is usual. pixman takes what is beside a picture
 * for transparent and mixes it in by how near it is: of one pixel only the middle would be whole.
 */
void inos_one_pixel_refresh (struct inos_compositor *compositor);

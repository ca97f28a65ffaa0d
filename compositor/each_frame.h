/* What runs for each frame of a window, and little else does in between: marked so, it lies side by
 * side in the program. After the wait for the next frame all of it comes from memory again, by
 * pages and cache lines. */
#pragma once

#define INOS_EACH_FRAME __attribute__ ((hot))

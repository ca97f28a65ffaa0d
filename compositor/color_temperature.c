#include "color_temperature.h"

#include <math.h>

#define DISPLAY_GAMMA 2.2 /* of monitors: light is the value to this power */

/* The Planckian locus in CIE 1931 x and y, by the cubic splines of Kim et al., "Design of advanced
 * color temperature control system for HDTV applications", Journal of the Korean Physical Society
 * 41 (2002), 865-871: from 1667 K to 25000 K. */
static void locus (double t, double *x, double *y)
{
  if (t <= 4000)
    *x = ((-0.2661239e9 / t - 0.2343589e6) / t + 0.8776956e3) / t + 0.179910;
  else
    *x = ((-3.0258469e9 / t + 2.1070379e6) / t + 0.2226347e3) / t + 0.240390;
  double c = *x;
  if (t <= 2222)
    *y = ((-1.1063814 * c - 1.34811020) * c + 2.18555832) * c - 0.20219683;
  else if (t <= 4000)
    *y = ((-0.9549476 * c - 1.37418593) * c + 2.09137015) * c - 0.16748867;
  else
    *y = ((3.0817580 * c - 5.87338670) * c + 3.75112997) * c - 0.37001483;
}

/* The linear light of the sRGB primaries (IEC 61966-2-1) that makes that colour. */
static void primaries (double t, double rgb[3])
{
  static const double matrix[3][3] = {
    {3.2404542, -1.5371385, -0.4985314},
    {-0.9692660, 1.8760108, 0.0415560},
    {0.0556434, -0.2040259, 1.0572252},
  };
  double x, y;
  locus (t, &x, &y);
  const double xyz[3] = {x / y, 1, (1 - x - y) / y};
  for (int i = 0; i < 3; i++)
    rgb[i] = MAX (0, matrix[i][0] * xyz[0] + matrix[i][1] * xyz[1] + matrix[i][2] * xyz[2]);
}

void inos_color_temperature_light (int kelvin, double light[3])
{
  double white[3], most = 0;
  kelvin = CLAMP (kelvin, INOS_TEMPERATURE_LEAST, INOS_TEMPERATURE_MOST);
  /* A monitor's white is daylight and not on the locus: what counts is the way from there. */
  primaries (INOS_TEMPERATURE_NEUTRAL, white);
  primaries (kelvin, light);
  for (int i = 0; i < 3; i++) {
    light[i] /= white[i];
    most = MAX (most, light[i]);
  }
  for (int i = 0; i < 3; i++)
    light[i] /= most;
}

void inos_color_temperature_fill (int kelvin, uint16_t *table, size_t size)
{
  double light[3];
  inos_color_temperature_light (kelvin, light);
  for (int channel = 0; channel < 3; channel++) {
    double share = pow (light[channel], 1 / DISPLAY_GAMMA);
    for (size_t i = 0; i < size; i++)
      table[(size_t)channel * size + i] =
        (uint16_t)lround (share * UINT16_MAX * (double)i / (double)MAX (size - 1, 1));
  }
}

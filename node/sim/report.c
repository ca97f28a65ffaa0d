/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/report.h"

#include <math.h>

#define WIDTH 720.0
#define HEIGHT 160.0
#define LEFT 70.0
#define TICKS 4u

typedef double (*value_of) (const struct inos_sim_second *second);

static double up (const struct inos_sim_second *second)
{
  return second->up;
}

static double known_least (const struct inos_sim_second *second)
{
  return second->known_least;
}

static double known_mean (const struct inos_sim_second *second)
{
  return second->known_mean;
}

static double known_most (const struct inos_sim_second *second)
{
  return second->known_most;
}

static double datagrams (const struct inos_sim_second *second)
{
  return second->up > 0 ? (double)second->datagrams / second->up : 0;
}

static double messages (const struct inos_sim_second *second)
{
  return second->up > 0 ? (double)second->messages / second->up : 0;
}

static double kilobytes (const struct inos_sim_second *second)
{
  return second->up > 0 ? (double)second->bytes / second->up / 1000 : 0;
}

static double suspicions (const struct inos_sim_second *second)
{
  return (double)second->suspicions;
}

static double deaths (const struct inos_sim_second *second)
{
  return (double)second->deaths;
}

struct line {
  const char *name, *colour;
  value_of value;
};

struct chart {
  const char *title;
  struct line lines[4];
};

static const struct chart charts[] = {
  {"Nodes that are up, and how many others think there are",
   {{"up", "#222", up},
    {"least", "#d55e00", known_least},
    {"mean", "#0072b2", known_mean},
    {"most", "#009e73", known_most}}},
  {"Sent by a node in a second",
   {{"datagrams", "#0072b2", datagrams}, {"messages", "#d55e00", messages}}},
  {"Sent by a node in a second, kB", {{"kB", "#0072b2", kilobytes}}},
  {"Verdicts of all nodes in a second",
   {{"suspected", "#e69f00", suspicions}, {"dead", "#d55e00", deaths}}},
};

static double most (const struct chart *chart, const GArray *seconds)
{
  double max = 0;

  for (unsigned l = 0; l < G_N_ELEMENTS (chart->lines) && chart->lines[l].name; l++)
    for (unsigned i = 0; i < seconds->len; i++)
      max = MAX (max, chart->lines[l].value (&g_array_index (seconds, struct inos_sim_second, i)));
  return max > 0 ? max : 1;
}

static void put_axes (GString *out, double max, unsigned seconds)
{
  for (unsigned i = 0; i <= TICKS; i++) {
    double y = HEIGHT - HEIGHT * i / TICKS, x = LEFT + WIDTH * i / TICKS;
    g_string_append_printf (out,
                            "<line x1='%g' x2='%g' y1='%g' y2='%g' stroke='#ddd'/>"
                            "<text x='%g' y='%g' text-anchor='end'>%.4g</text>"
                            "<text x='%g' y='%g' text-anchor='middle'>%.4g s</text>\n",
                            LEFT, LEFT + WIDTH, y, y, LEFT - 6, y + 4, max * i / TICKS, x,
                            HEIGHT + 16, (double)seconds * i / TICKS);
  }
}

static void put_line (GString *out, const struct line *line, const GArray *seconds, double max)
{
  g_string_append_printf (out, "<polyline fill='none' stroke='%s' points='", line->colour);
  for (unsigned i = 0; i < seconds->len; i++)
    g_string_append_printf (
      out, "%.1f,%.1f ", LEFT + WIDTH * (i + 1) / seconds->len,
      HEIGHT - HEIGHT * line->value (&g_array_index (seconds, struct inos_sim_second, i)) / max);
  g_string_append (out, "'/>\n");
}

static void put_chart (GString *out, const struct chart *chart, const GArray *seconds)
{
  double max = most (chart, seconds);

  g_string_append_printf (out, "<h2>%s</h2>\n<p>", chart->title);
  for (unsigned i = 0; i < G_N_ELEMENTS (chart->lines) && chart->lines[i].name; i++)
    g_string_append_printf (out, "<b style='color:%s'>%s</b> ", chart->lines[i].colour,
                            chart->lines[i].name);
  g_string_append_printf (out, "</p>\n<svg viewBox='0 -10 %g %g' role='img'>\n", LEFT + WIDTH + 30,
                          HEIGHT + 34);
  put_axes (out, max, seconds->len);
  for (unsigned i = 0; i < G_N_ELEMENTS (chart->lines) && chart->lines[i].name; i++)
    put_line (out, &chart->lines[i], seconds, max);
  g_string_append (out, "</svg>\n");
}

static void put_row (GString *out, const char *name, uint64_t value)
{
  g_string_append_printf (out, "<tr><td>%s<td>%" G_GUINT64_FORMAT "\n", name, value);
}

static void put_table (GString *out, const struct inos_sim_world *world)
{
  const struct inos_sim_counts *counts = &world->counts;

  g_string_append (out, "<table>\n");
  put_row (out, "events", counts->events);
  put_row (out, "datagrams", counts->datagrams);
  put_row (out, "messages", counts->messages);
  put_row (out, "lost", counts->lost);
  put_row (out, "crashes", counts->crashes);
  put_row (out, "suspected", counts->suspicions);
  put_row (out, "cleared of it", counts->cleared);
  put_row (out, "called dead", counts->deaths);
  put_row (out, "called dead and there", counts->false_deaths);
  put_row (out, "ms from a crash to the last verdict", counts->death_delay_max / INOS_SIM_MS);
  put_row (out, "members in the largest table", counts->known_max);
  g_string_append (out, "</table>\n");
}

static void put_failures (GString *out, const struct inos_sim_world *world)
{
  for (unsigned i = 0; i < world->failures->len; i++) {
    g_autofree char *text = g_markup_escape_text (world->failures->pdata[i], -1);
    g_string_append_printf (out, "<p class='bad'>%s</p>\n", text);
  }
  if (world->n_failures > world->failures->len)
    g_string_append_printf (out, "<p class='bad'>and %" G_GUINT64_FORMAT " more</p>\n",
                            world->n_failures - world->failures->len);
}

bool inos_sim_report (const struct inos_sim_world *world, const char *folder, GError **error)
{
  const char *name = *world->scenario->name ? world->scenario->name : "plain";
  g_autofree char *title = g_strdup_printf ("%s, seed %" G_GUINT64_FORMAT, name, world->seed);
  g_autofree char *safe = g_markup_escape_text (title, -1);
  g_autofree char *file = g_strdup_printf ("%s-%" G_GUINT64_FORMAT ".html", name, world->seed);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (
    out,
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>%s</title>\n"
    "<style>body{font:15px sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "svg{width:100%%}svg text{font:11px sans-serif}td{padding:0 1rem 0 0}.bad{color:#b00}"
    "</style>\n<h1>%s</h1>\n<p>%u nodes, %g virtual seconds, digest %016" G_GINT64_MODIFIER
    "x</p>\n",
    safe, safe, world->n_nodes, world->scenario->seconds, world->digest);
  put_failures (out, world);
  put_table (out, world);
  for (unsigned i = 0; i < G_N_ELEMENTS (charts); i++)
    put_chart (out, &charts[i], world->seconds);
  g_string_append (out, "</html>\n");
  if (g_mkdir_with_parents (folder, 0755) != 0) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s cannot be made", folder);
    return false;
  }
  return g_file_set_contents (path, out->str, (gssize)out->len, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh invite: the code as a picture for a telephone's camera. */
#include "mesh.h"

#include <glib/gi18n.h>
#include <qrencode.h>

enum { QUIET = 2 }; /* modules of margin; the standard's four are not needed on a screen */

static bool is_dark (const QRcode *code, int x, int y)
{
  bool inside = x >= 0 && y >= 0 && x < code->width && y < code->width;

  return inside && (code->data[y * code->width + x] & 1);
}

/* Two rows of modules in a line of characters: what is light is drawn, for terminals are dark;
 * where there are colours, they are said. */
static void draw_rows (const struct ctl *ctl, const QRcode *code, int y, GString *out)
{
  static const char *const blocks[] = {"█", "▀", "▄", " "};

  if (ctl->color)
    g_string_append (out, "\033[97;40m");
  for (int x = -QUIET; x < code->width + QUIET; x++)
    g_string_append (out, blocks[is_dark (code, x, y) * 2 + is_dark (code, x, y + 1)]);
  g_string_append (out, ctl->color ? "\033[0m\n" : "\n");
}

void ctl_mesh_draw_code (const struct ctl *ctl, const char *text)
{
  g_autofree char *capitals = g_ascii_strup (text, -1); /* which take less room */
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;
  QRcode *code = QRcode_encodeString (capitals, 0, QR_ECLEVEL_L, QR_MODE_8, 0);

  if (code == NULL)
    return;
  ctl_text_terminal_size (&width, &height);
  if (width > 0 && width < code->width + 2 * QUIET) {
    g_print (_ ("A terminal of %d columns shows it as a QR code too.\n"), code->width + 2 * QUIET);
  } else {
    for (int y = -QUIET; y < code->width + QUIET; y += 2)
      draw_rows (ctl, code, y, out);
    g_print ("%s", out->str);
  }
  QRcode_free (code);
}

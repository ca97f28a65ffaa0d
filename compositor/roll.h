/* The roll of open windows: kept in a file, so that the session can start their programs again, and
 * taken back from it, so that the windows of those go where the old ones were. Private windows and
 * dialogs are not on it. */
#pragma once

#include "view.h"

struct inos_roll;

/* path: NULL to keep no file. */
struct inos_roll *inos_roll_create (struct inos_compositor *compositor, const char *path);
/* NULL does nothing. */
void inos_roll_destroy (struct inos_roll *roll);

/* The roll as it is now, as session/desk_file.h has it; to be freed with g_free(). */
char *inos_roll_describe (struct inos_roll *roll);
/* The session ends, and programs with it: the file stays as it is now. */
void inos_roll_freeze (struct inos_roll *roll);

/* For a while windows of these programs open where `windows`, which is taken, says. */
void inos_roll_expect (struct inos_roll *roll, GPtrArray *windows);
/* The size at which the view, which is not mapped yet, is expected. Returns false where it is not.
 */
bool inos_roll_foresee (struct inos_view *view, struct wlr_box *box);
/* The view is mapped: puts it where it is expected, if it is. */
void inos_roll_place (struct inos_view *view);
/* The view ends: another one may be what was expected. */
void inos_roll_forget (struct inos_view *view);

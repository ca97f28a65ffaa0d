/* Which window is above which: a window with its dialogs is one family that moves together. */
#pragma once

#include "view.h"

/* The window that this one belongs to, or NULL. */
struct inos_view *inos_stack_parent (struct inos_view *view);

/* The window at the top of the family: the view itself where it belongs to none. */
struct inos_view *inos_stack_root (struct inos_view *view);

/* Whether `view` belongs to `ancestor`, directly or not. */
bool inos_stack_belongs (struct inos_view *view, struct inos_view *ancestor);

/* The modal dialog that has to be answered before the view, or the view itself. */
struct inos_view *inos_stack_modal (struct inos_view *view);

/* Brings the view's family to the front, dialogs above what they belong to. */
void inos_stack_raise (struct inos_view *view);

/* Puts the view's family directly before or behind the sibling's, or all others where that is NULL,
 * as far as they are in one layer and until windows are gone through with Alt+Tab. */
void inos_stack_put_above (struct inos_view *view, struct inos_view *sibling);
void inos_stack_put_below (struct inos_view *view, struct inos_view *sibling);

/* Whether the view is drawn after the other one. */
bool inos_stack_is_above (struct inos_view *view, struct inos_view *other);

/* Stacks every window by the order of use. */
void inos_stack_restore (struct inos_compositor *compositor);

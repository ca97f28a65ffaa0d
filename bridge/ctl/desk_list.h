/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desk's commands list, as a table or JSON. Each returns the exit status. */
#pragma once

#include "ctl.h"
#include "text.h"

int desk_list_actions (struct ctl *ctl);
int desk_list_config (struct ctl *ctl);
int desk_list_layouts (struct ctl *ctl);
int desk_list_night_light (struct ctl *ctl);
int desk_list_profiles (struct ctl *ctl);
int desk_list_rules (struct ctl *ctl);
/* The rules that fit a window of that application and title. */
int desk_list_matching (struct ctl *ctl, const char *app_id, const char *title);

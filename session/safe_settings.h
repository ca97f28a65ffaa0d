/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * In safe mode (INOS_SAFE in the environment, see inos-session(1)): GSettings of this process are
 * the defaults, and what is changed is forgotten with it. Programs that it starts have the person's
 * own. To be called before anything reads a setting.
 */
void inos_safe_settings (void);

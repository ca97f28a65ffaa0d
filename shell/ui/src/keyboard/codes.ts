// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's numbers of the keys around the letters.
export const codes = {
  escape: 1, backspace: 14, tab: 15, enter: 28, space: 57, up: 103, left: 105, right: 106, down: 108, home: 102, end: 107, pageUp: 104, pageDown: 109,
  delete: 111, logo: 125, grave: 41, yen: 124,
} as const;

/** F1 to F12. */
export const functionKeys: readonly number[] = [59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88];

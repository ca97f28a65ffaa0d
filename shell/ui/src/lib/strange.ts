// SPDX-License-Identifier: GPL-3.0-or-later
// What strangers wrote, as a person may be shown it.

// Controls, ends of lines, what turns the direction of the text around it, and what cannot be seen. Not U+200C and U+200D: Persian
// and Indic words are written with them, and pictures of families.
// eslint-disable-next-line no-control-regex -- those are what is taken out
const harmful = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** One line of at most so many characters; of what is cut off an ellipsis is left. */
export function cleanLine(text: string, most: number): string {
  const whole = text.slice(0, 4 * most).replace(harmful, "");
  return whole.length > most ? `${whole.slice(0, most)}…` : whole;
}

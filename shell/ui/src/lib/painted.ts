// SPDX-License-Identifier: GPL-3.0-or-later
// The host shows nothing of a page before its picture is whole.

/** Runs it when what was drawn last is on the page's picture: a frame begins with its callbacks, so in the second one
 * the first frame has been drawn. */
export function afterPaint(run: () => void): void {
  // eslint-disable-next-line no-restricted-globals -- nothing is animated
  const next = requestAnimationFrame;
  next(() => next(run));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the host that what it opened is on the page's picture; the host shows nothing before.
import { tell } from "../lib/host";

/** A frame begins with its callbacks, so in the second one the first frame has been drawn. */
export function tellPainted(serial: number): void {
  // eslint-disable-next-line no-restricted-globals -- nothing is animated
  const next = requestAnimationFrame;
  next(() => next(() => tell("overlay.painted", { serial })));
}

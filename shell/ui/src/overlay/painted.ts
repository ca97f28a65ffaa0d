// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the host that what it opened is on the page's picture; the host shows nothing before.
import { tell } from "../lib/host";
import { afterPaint } from "../lib/painted";

export function tellPainted(serial: number): void {
  afterPaint(() => tell("overlay.painted", { serial }));
}

// SPDX-License-Identifier: GPL-3.0-or-later
// uPlot asks for numbers in the browser's language as soon as it is loaded, before anybody can say
// another, and where the session's locale is "C" there is none of that name: all of the page would end
// there. Numbers and times in charts are formatted by lib/format.ts all the same.

try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}

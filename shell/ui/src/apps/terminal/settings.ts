// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can set; what the file holds is not trusted to be that.

export interface Settings {
  /** Pixels. */
  fontSize: number;
  theme: string;
  /** Lines. */
  scrollback: number;
  /** A program may put text on the clipboard (OSC 52); none may read it. */
  programsCopy: boolean;
  bell: boolean;
  cursorBlink: boolean;
  screenReader: boolean;
}

export const fontSizes = { least: 6, most: 48 };
export const scrollbacks = [1000, 10000, 50000, 100000];

export const defaults: Settings = {
  fontSize: 14,
  theme: "auto",
  scrollback: 10000,
  programsCopy: false,
  bell: true,
  cursorBlink: false,
  screenReader: false,
};

export function readSettings(value: Record<string, unknown> | undefined): Settings {
  const given = value ?? {};
  const number = (name: "fontSize" | "scrollback", least: number, most: number): number => {
    const found = given[name];
    return typeof found === "number" && Number.isFinite(found)
      ? Math.min(most, Math.max(least, Math.round(found)))
      : defaults[name];
  };
  const truth = (name: "programsCopy" | "bell" | "cursorBlink" | "screenReader"): boolean => {
    const found = given[name];
    return typeof found === "boolean" ? found : defaults[name];
  };
  return {
    fontSize: number("fontSize", fontSizes.least, fontSizes.most),
    theme: typeof given["theme"] === "string" ? given["theme"] : defaults.theme,
    scrollback: number("scrollback", 0, 100000),
    programsCopy: truth("programsCopy"),
    bell: truth("bell"),
    cursorBlink: truth("cursorBlink"),
    screenReader: truth("screenReader"),
  };
}

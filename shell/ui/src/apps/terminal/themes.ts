// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of the terminal's text. "auto" follows the desktop.
import type { ITheme } from "@xterm/xterm";

const names = [
  "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  "brightBlack", "brightRed", "brightGreen", "brightYellow", "brightBlue", "brightMagenta", "brightCyan", "brightWhite",
] as const;

function theme(background: string, foreground: string, cursor: string, selection: string, colours: string): ITheme {
  const list = colours.split(" ");
  const sixteen = Object.fromEntries(names.map((name, at) => [name, `#${list[at] ?? "808080"}`]));
  return { background, foreground, cursor, cursorAccent: background, selectionBackground: selection, ...sixteen };
}

const inosLight = theme(
  "#ffffff", "#12171e", "#0b6e66", "#0b6e6633",
  "12171e b3261e 1b7040 8a5300 1f5fbf 8a3a9c 0b6e66 b8c0ca 5a6573 c8382f 237f4a 9a5f00 2c6fd1 9c4bb0 0f7f76 dfe3e9",
);
const inosDark = theme(
  "#12171d", "#e6ebf1", "#5fd0c0", "#5fd0c040",
  "1f2630 ff8a80 66cf92 eebb55 7fb2ff d7a0ea 5fd0c0 c6cfd9 7a8797 ffa9a1 8be0ad f7d17f a3c8ff e6bff4 8ee3d6 f4f7fa",
);
const solarized = "073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 586e75 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3";

export const themes: Record<string, ITheme> = {
  "inos-light": inosLight,
  "inos-dark": inosDark,
  "solarized-light": theme("#fdf6e3", "#586e75", "#586e75", "#586e7533", solarized),
  "solarized-dark": theme("#002b36", "#93a1a1", "#93a1a1", "#93a1a140", solarized),
  contrast: theme(
    "#000000", "#ffffff", "#ffffff", "#ffffff55",
    "000000 ff6d67 5af78e f3f99d 8fb8ff ff9cf5 9aedfe ffffff 8a8a8a ff8d87 7affae ffffb5 b0ceff ffbdf9 c2f5ff ffffff",
  ),
};

export function themeOf(name: string, dark: boolean): ITheme {
  return themes[name] ?? (dark ? inosDark : inosLight);
}

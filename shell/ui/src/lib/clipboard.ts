// SPDX-License-Identifier: GPL-3.0-or-later
// What was copied, as the host describes it (shell/clipboard). All texts are strangers'.
import { cleanLine } from "./strange";

export interface Clip {
  id: number;
  /** ms since 1970 */
  time: number;
  /** A person keeps it. */
  kept: boolean;
  /** The number of its picture; 0: it is a text. */
  picture: number;
  /** The beginning of a text. */
  text: string;
  /** Bytes of all of it. */
  size: number;
}

export interface ClipboardState {
  /** The compositor shows what is copied. */
  there: boolean;
  /** What is copied is kept. */
  keeps: boolean;
  now: number;
  /** The newest first. */
  clips: Clip[];
}

const shownLines = 3;
const shownCharacters = 160;

/** Its first lines that are not empty; a text that goes on ends in an ellipsis. */
export function linesOf(clip: Clip): string[] {
  const lines = clip.text.split(/\r\n|[\n\r\u2028\u2029]/).filter((line) => line.trim() !== "");
  const shown = lines.slice(0, shownLines).map((line) => cleanLine(line.trim(), shownCharacters));
  const last = shown.length - 1;
  if (lines.length > shownLines && last >= 0 && !shown[last]?.endsWith("…")) shown[last] = `${shown[last] ?? ""} …`;
  return shown;
}

/** Those that have all words of the query; kept ones first, else as they came. Pictures have no words. */
export function findClips(clips: readonly Clip[], query: string): Clip[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = clips.filter(({ text }) => words.every((word) => text.toLocaleLowerCase().includes(word)));
  return [...found.filter(({ kept }) => kept), ...found.filter(({ kept }) => !kept)];
}

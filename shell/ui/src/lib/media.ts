// SPDX-License-Identifier: GPL-3.0-or-later
// The programs that play, as the host describes them (shell/media). All texts are strangers'.

export interface Player {
  id: number;
  /** How it calls itself. */
  name: string;
  /** Its desktop entry, or empty. */
  entry: string;
  state: "stopped" | "paused" | "playing";
  title: string;
  artist: string;
  album: string;
  /** The number of its picture; 0: none. */
  picture: number;
  /** Seconds; 0: not known. */
  length: number;
  /** Seconds, when the host said so. */
  position: number;
  /** Seconds that it plays in a second. */
  rate: number;
  can: { toggle: boolean; next: boolean; previous: boolean; seek: boolean; raise: boolean };
}

/** Those that have something to show. One that is open and has nothing to play is none. */
export function shownPlayers(players: readonly Player[]): readonly Player[] {
  return players.filter(({ state, title }) => state !== "stopped" || title !== "");
}

/** What stands below its title. */
export function aboutTrack({ artist, album, name }: Player): string {
  return artist || album || name;
}

/** Where it is, so many seconds after the host said where it was. */
export function placeAfter({ state, position, rate, length }: Player, seconds: number): number {
  const place = state === "playing" ? position + seconds * rate : position;
  return length > 0 ? Math.min(place, length) : place;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Small pictures of what is seen, asked for once each.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Row } from "../../lib/files";
import { ask } from "../../lib/host";
import type { View } from "./view";

/** Number of a picture by what it is of; 0: there is none, or not yet. */
export type Thumbs = ReadonlyMap<string, number>;

/** The host keeps as many. */
const most = 400;
const pause = 60;
const sorts = new Set(["image", "video", "document"]);

function keyOf({ id, time, size }: Row): string {
  return `${id}:${time}:${size ?? 0}`;
}

export function pictureOf(thumbs: Thumbs, row: Row): number {
  return sorts.has(row.is) ? (thumbs.get(keyOf(row)) ?? 0) : 0;
}

/** And what to do where a picture is not kept any more: it is asked for once more. */
export function useThumbs(view: View, seen: readonly Row[], version: number): [Thumbs, (row: Row, picture: number) => void] {
  const [thumbs, setThumbs] = useState<Thumbs>(new Map());
  // One that comes back as it was is no picture.
  const broken = useRef(new Map<string, number>());
  useEffect(() => {
    const timer = window.setTimeout(() => {
      const wanted = seen.filter((row) => sorts.has(row.is) && !thumbs.has(keyOf(row)));
      if (wanted.length === 0) return;
      setThumbs((now) => new Map([...[...now].slice(-most), ...wanted.map((row): [string, number] => [keyOf(row), 0])]));
      for (const row of wanted) {
        ask<number>("files.thumb", { view: view.state.view, item: row.id }).then(
          (picture) => picture > 0 && picture !== broken.current.get(keyOf(row)) && setThumbs((now) => new Map(now).set(keyOf(row), picture)),
          () => undefined,
        );
      }
    }, pause);
    return () => window.clearTimeout(timer);
  }, [view, seen, version, thumbs]);
  const lost = useCallback((row: Row, picture: number) => {
    broken.current = new Map([...[...broken.current].slice(-most), [keyOf(row), picture]]);
    setThumbs((now) => new Map([...now].filter(([key]) => key !== keyOf(row))));
  }, []);
  return [thumbs, lost];
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The card of an overlay is as high as what it says.
import { useEffect, useRef, type RefObject } from "react";
import { ask, tell } from "../lib/host";
import { tellPainted } from "./painted";

function heightOf(element: HTMLElement): { height: number } {
  return { height: Math.ceil(element.getBoundingClientRect().height) };
}

/** Of the element that it is given to. */
export function useFit<T extends HTMLElement>(serial: number): RefObject<T | null> {
  const place = useRef<T>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => tell("overlay.fit", heightOf(element)));
    observer.observe(element);
    ask("overlay.fit", heightOf(element))
      .then(() => tellPainted(serial))
      .catch((error: unknown) => console.warn(error));
    return () => observer.disconnect();
  }, [serial]);
  return place;
}

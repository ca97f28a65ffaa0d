// SPDX-License-Identifier: GPL-3.0-or-later
// The fingers of a keyboard that is drawn.
import { useEffect, useLayoutEffect, useState, useSyncExternalStore } from "react";
import { Fingers, type Typed } from "./fingers";

export type Typing = Typed & Pick<Fingers, "tap" | "toggle" | "touchKey" | "touchModifier" | "lift" | "leave" | "choose" | "close">;

/** serial: how often it was raised; writes: a text field takes what no key types. */
export function useTyping(serial: number, writes: boolean): Typing {
  const [fingers] = useState(() => new Fingers());
  const typed = useSyncExternalStore(fingers.subscribe, fingers.get);
  useLayoutEffect(() => fingers.raise(serial), [fingers, serial]);
  useLayoutEffect(() => fingers.setWrites(writes), [fingers, writes]);
  // A key that has gone does not hear of it.
  useEffect(() => {
    const lift = ({ pointerId }: PointerEvent) => fingers.lift(pointerId, true);
    window.addEventListener("pointerup", lift);
    window.addEventListener("pointercancel", lift);
    return () => {
      window.removeEventListener("pointerup", lift);
      window.removeEventListener("pointercancel", lift);
    };
  }, [fingers]);
  const { tap, toggle, touchKey, touchModifier, lift, leave, choose, close } = fingers;
  return { ...typed, tap, toggle, touchKey, touchModifier, lift, leave, choose, close };
}

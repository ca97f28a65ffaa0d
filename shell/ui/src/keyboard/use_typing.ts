// SPDX-License-Identifier: GPL-3.0-or-later
// Fingers on keys. A key is down as long as its finger is, so that it repeats as on any keyboard; one that offers
// variants types when it is let go, or when the next finger comes.
import { useCallback, useEffect, useRef, useState } from "react";
import { tell } from "../lib/host";
import { afterKey, levelOf, maskOf, nothingHeld, press, variantsOf, type Cap, type Holds, type Modifier, type Variant } from "../lib/keyboard";

/** How often the host is told that a key is still held; it lets go of one of which it hears nothing (typist.h). */
const renewTime = 1000;
const longPress = 450;

export interface Offer {
  code: number;
  variants: Variant[];
  /** The key, in the page's pixels. */
  x: number;
  y: number;
}

/** What is under one finger. */
interface Finger {
  code?: number;
  modifier?: Modifier;
  /** A key was typed while the finger was on the modifier. */
  used?: boolean;
  /** It types when it is let go. */
  waits?: boolean;
  timer?: number;
}

export function useTyping(serial: number) {
  const [holds, setHolds] = useState<Holds>(nothingHeld);
  const [down, setDown] = useState<ReadonlySet<number>>(new Set());
  const [offer, setOffer] = useState<Offer | null>(null);
  const fingers = useRef(new Map<number, Finger>());
  const held = useRef(holds);

  const hold = useCallback((next: Holds) => {
    held.current = next;
    setHolds(next);
  }, []);
  const showDown = useCallback(() => {
    setDown(new Set([...fingers.current.values()].flatMap(({ code }) => (code === undefined ? [] : [code]))));
  }, []);
  const typed = useCallback(() => {
    const touched = new Set<Modifier>();
    for (const finger of fingers.current.values()) {
      if (!finger.modifier) continue;
      finger.used = true;
      touched.add(finger.modifier);
    }
    hold(afterKey(held.current, touched));
  }, [hold]);

  /** Presses a key and lets it go. */
  const tap = useCallback(
    (code: number, mask = maskOf(held.current)) => {
      tell("keyboard.press", { code, modifiers: mask });
      tell("keyboard.release", { code });
      typed();
    },
    [typed],
  );
  const write = useCallback(
    (text: string) => {
      tell("keyboard.write", { text });
      typed();
    },
    [typed],
  );
  const toggle = useCallback((modifier: Modifier) => hold(press(held.current, modifier)), [hold]);

  /** Keys that wait are typed in the order in which they were touched. */
  const settle = useCallback(() => {
    for (const finger of fingers.current.values()) {
      if (!finger.waits || finger.code === undefined) continue;
      window.clearTimeout(finger.timer);
      finger.waits = false;
      tap(finger.code);
    }
  }, [tap]);

  const touchModifier = useCallback(
    (id: number, modifier: Modifier) => {
      settle();
      fingers.current.set(id, { modifier });
      toggle(modifier);
    },
    [settle, toggle],
  );

  const touchKey = useCallback(
    (id: number, code: number, cap: Cap | undefined, box: DOMRect) => {
      settle();
      setOffer(null);
      const finger: Finger = { code };
      const variants = cap && (maskOf(held.current) & ~3) === 0 ? variantsOf(cap, levelOf(held.current)) : [];
      fingers.current.set(id, finger);
      if (variants.length > 0) {
        finger.waits = true;
        finger.timer = window.setTimeout(() => {
          finger.waits = false;
          setOffer({ code, variants, x: box.left + box.width / 2, y: box.top });
        }, longPress);
      } else {
        const mask = maskOf(held.current);
        const renew = () => tell("keyboard.press", { code, modifiers: mask });
        renew();
        finger.timer = window.setInterval(renew, renewTime);
        typed();
      }
      showDown();
    },
    [settle, showDown, typed],
  );

  /** cancelled: the finger has left without a word, and nothing waits for it. */
  const lift = useCallback(
    (id: number, cancelled: boolean) => {
      const finger = fingers.current.get(id);
      if (!finger) return;
      fingers.current.delete(id);
      window.clearTimeout(finger.timer);
      window.clearInterval(finger.timer);
      if (finger.modifier && finger.used) hold({ ...held.current, [finger.modifier]: "off" });
      if (finger.code !== undefined) {
        if (finger.waits && !cancelled) tap(finger.code);
        else if (!finger.waits) tell("keyboard.release", { code: finger.code });
      }
      showDown();
    },
    [hold, showDown, tap],
  );

  const choose = useCallback(
    ({ text, mask }: Variant, code: number) => {
      setOffer(null);
      if (mask === undefined) write(text);
      else tap(code, mask);
    },
    [tap, write],
  );

  // Raised anew it holds nothing.
  useEffect(() => {
    const all = fingers.current;
    return () => {
      for (const id of [...all.keys()]) lift(id, true);
      hold(nothingHeld);
      setOffer(null);
    };
  }, [serial, lift, hold]);

  return { holds, down, offer, tap, toggle, touchKey, touchModifier, lift, choose, close: () => setOffer(null) };
}

export type Typing = ReturnType<typeof useTyping>;

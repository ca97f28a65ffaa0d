// SPDX-License-Identifier: GPL-3.0-or-later
// Fingers on keys. A key is down as long as its finger is, so that it repeats as on any keyboard; one that offers
// variants types when it is let go, or when the next finger comes.
import { tell } from "../lib/host";
import { afterKey, levelOf, maskOf, nothingHeld, press, variantsOf, type Cap, type Holds, type Modifier, type Variant } from "../lib/keyboard";

/** How often the host is told that a key is still held; it lets go of one of which it hears nothing (typist.h). */
export const renewTime = 1000;
export const longPress = 450;

export interface Offer {
  code: number;
  variants: Variant[];
  /** The key, in the page's pixels. */
  x: number;
  y: number;
}

/** What is seen of it. */
export interface Typed {
  holds: Holds;
  down: ReadonlySet<number>;
  offer: Offer | null;
}

/** A key, as the page has it; none comes back once it has gone. */
export type Owner = object;

/** What is under one finger. */
interface Finger {
  owner: Owner;
  code?: number;
  modifier?: Modifier;
  /** A key was typed while the finger was on the modifier. */
  used?: boolean;
  /** It types when it is let go. */
  waits?: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

export class Fingers {
  private state: Typed = { holds: nothingHeld, down: new Set(), offer: null };
  private readonly listeners = new Set<() => void>();
  private readonly fingers = new Map<number, Finger>();
  private serial = 0;
  private writes = false;

  readonly get = (): Typed => this.state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Raised anew it holds nothing. */
  readonly raise = (serial: number): void => {
    for (const id of [...this.fingers.keys()]) this.lift(id, true);
    this.serial = serial;
    this.change({ holds: nothingHeld, offer: null });
  };

  /** Whether there is a text field that takes what no key types. */
  readonly setWrites = (writes: boolean): void => {
    this.writes = writes;
    const { offer } = this.state;
    const left = offer?.variants.filter(({ mask }) => writes || mask !== undefined);
    if (offer && left && left.length < offer.variants.length) this.change({ offer: left.length > 0 ? { ...offer, variants: left } : null });
  };

  /** Presses a key and lets it go. */
  readonly tap = (code: number, mask = maskOf(this.state.holds)): void => {
    this.press(code, mask);
    tell("keyboard.release", { code });
    this.typed();
  };

  readonly toggle = (modifier: Modifier): void => this.change({ holds: press(this.state.holds, modifier) });

  readonly touchModifier = (id: number, owner: Owner, modifier: Modifier): void => {
    // A mouse has one number, and may have gone up where nobody heard of it.
    this.lift(id, true);
    this.settle();
    this.fingers.set(id, { owner, modifier });
    this.toggle(modifier);
  };

  readonly touchKey = (id: number, owner: Owner, code: number, cap: Cap | undefined, box: DOMRect): void => {
    this.lift(id, true);
    this.settle();
    this.close();
    const { holds } = this.state;
    const finger: Finger = { owner, code };
    const variants = cap && (maskOf(holds) & ~3) === 0 ? variantsOf(cap, levelOf(holds), this.writes) : [];
    this.fingers.set(id, finger);
    if (variants.length > 0) {
      finger.waits = true;
      finger.timer = setTimeout(() => {
        finger.waits = false;
        this.change({ offer: { code, variants, x: box.left + box.width / 2, y: box.top } });
      }, longPress);
    } else {
      const mask = maskOf(holds);
      const { serial } = this;
      const renew = () => this.press(code, mask, serial);
      renew();
      finger.timer = setInterval(renew, renewTime);
      this.typed();
    }
    this.showDown();
  };

  /** cancelled: the finger has left without a word, and nothing waits for it. */
  readonly lift = (id: number, cancelled: boolean): void => {
    const finger = this.fingers.get(id);
    if (!finger) return;
    this.fingers.delete(id);
    clearTimeout(finger.timer);
    clearInterval(finger.timer);
    if (finger.modifier && finger.used) this.change({ holds: { ...this.state.holds, [finger.modifier]: "off" } });
    if (finger.code !== undefined) {
      if (finger.waits && !cancelled) this.tap(finger.code);
      else if (!finger.waits) tell("keyboard.release", { code: finger.code });
    }
    this.showDown();
  };

  /** A key is there no more, and hears no finger go up. */
  readonly leave = (owner: Owner): void => {
    for (const [id, finger] of [...this.fingers]) if (finger.owner === owner) this.lift(id, true);
  };

  readonly choose = ({ text, mask }: Variant, code: number): void => {
    this.close();
    if (mask !== undefined) return this.tap(code, mask);
    tell("keyboard.write", { text, serial: this.serial });
    this.typed();
  };

  readonly close = (): void => {
    if (this.state.offer) this.change({ offer: null });
  };

  private change(change: Partial<Typed>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  private press(code: number, modifiers: number, serial = this.serial): void {
    tell("keyboard.press", { code, modifiers, serial });
  }

  private showDown(): void {
    this.change({ down: new Set([...this.fingers.values()].flatMap(({ code }) => (code === undefined ? [] : [code]))) });
  }

  private typed(): void {
    const touched = new Set<Modifier>();
    for (const finger of this.fingers.values()) {
      if (!finger.modifier) continue;
      finger.used = true;
      touched.add(finger.modifier);
    }
    this.change({ holds: afterKey(this.state.holds, touched) });
  }

  /** Keys that wait are typed in the order in which they were touched. */
  private settle(): void {
    for (const finger of this.fingers.values()) {
      if (!finger.waits || finger.code === undefined) continue;
      clearTimeout(finger.timer);
      finger.waits = false;
      this.tap(finger.code);
    }
  }
}

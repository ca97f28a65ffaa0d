// SPDX-License-Identifier: GPL-3.0-or-later
// One key. Fingers are followed one by one; who has none, as a screen reader, clicks.
import { useEffect, useState, type PointerEvent, type ReactNode } from "react";
import { t } from "../lib/i18n";
import { cornersOf, levelOf, symbolOf, type Cap, type Modifier } from "../lib/keyboard";
import type { Owner } from "./fingers";
import type { Typing } from "./use_typing";

interface KeyProps {
  typing: Typing;
  label: string;
  /** How wide, in letters; the widest of a row takes what is left. */
  width?: number;
  wide?: boolean;
  className?: string;
  children: ReactNode;
}

function shape({ width = 1, wide, className = "" }: Pick<KeyProps, "width" | "wide" | "className">, state = "") {
  return {
    className: `key ${wide ? "wide" : ""} ${className} ${state}`,
    style: { "--width": width } as React.CSSProperties,
  };
}

/** The finger is the key's until it is lifted, wherever it goes. */
function capture(event: PointerEvent<HTMLElement>): boolean {
  if (event.button !== 0) return false;
  event.preventDefault();
  event.currentTarget.setPointerCapture(event.pointerId);
  return true;
}

/** A button that went up while the keyboard was hidden is still down to WebKit, and its next press a move. */
function again({ button, buttons }: PointerEvent<HTMLElement>): boolean {
  return button === 0 && (buttons & 1) !== 0;
}

/** What a key's fingers are known by; they are lifted when it goes. */
function useOwner({ leave }: Typing): Owner {
  const [owner] = useState<Owner>(() => ({}));
  useEffect(() => () => leave(owner), [leave, owner]);
  return owner;
}

export function CodeKey({ typing, code, cap, ...rest }: KeyProps & { code: number; cap?: Cap }) {
  const owner = useOwner(typing);
  const touch = (event: PointerEvent<HTMLElement>) => {
    if (capture(event)) typing.touchKey(event.pointerId, owner, code, cap, event.currentTarget.getBoundingClientRect());
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={rest.label}
      {...shape(rest, typing.down.has(code) ? "down" : "")}
      onPointerDown={touch}
      onPointerMove={(event) => again(event) && touch(event)}
      onPointerUp={(event) => typing.lift(event.pointerId, false)}
      onPointerCancel={(event) => typing.lift(event.pointerId, true)}
      onLostPointerCapture={(event) => typing.lift(event.pointerId, true)}
      onClick={(event) => {
        if (event.detail === 0) typing.tap(code);
      }}
    >
      {rest.children}
    </button>
  );
}

export function LetterKey({ typing, cap }: { typing: Typing; cap: Cap }) {
  const level = levelOf(typing.holds);
  const { text, dead, faint } = symbolOf(cap, level);
  const corners = cornersOf(cap, level);
  return (
    <CodeKey typing={typing} code={cap.code} cap={cap} label={dead ? t("{accent} for the next letter", { accent: text }) : text} className={`letter ${dead ? "dead" : ""} ${faint ? "faint" : ""}`}>
      <span className="corner shifted">{corners.shift}</span>
      <span className="corner third">{corners.altGr}</span>
      <span className="symbol">{text}</span>
    </CodeKey>
  );
}

export function ModifierKey({ typing, modifier, ...rest }: KeyProps & { modifier: Modifier }) {
  const owner = useOwner(typing);
  const hold = typing.holds[modifier];
  const touch = (event: PointerEvent<HTMLElement>) => {
    if (capture(event)) typing.touchModifier(event.pointerId, owner, modifier);
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={hold === "locked" ? t("{key}, locked", { key: rest.label }) : rest.label}
      aria-pressed={hold !== "off"}
      {...shape(rest, `modifier ${hold}`)}
      onPointerDown={touch}
      onPointerMove={(event) => again(event) && touch(event)}
      onPointerUp={(event) => typing.lift(event.pointerId, false)}
      onPointerCancel={(event) => typing.lift(event.pointerId, true)}
      onLostPointerCapture={(event) => typing.lift(event.pointerId, true)}
      onClick={(event) => {
        if (event.detail === 0) typing.toggle(modifier);
      }}
    >
      {rest.children}
    </button>
  );
}

/** What is no key: the layout, the second row of keys, hide. */
export function DeedKey({ label, pressed, act, ...rest }: Omit<KeyProps, "typing"> & { pressed?: boolean; act: () => void }) {
  return (
    <button type="button" tabIndex={-1} title={label} aria-label={label} aria-pressed={pressed} {...shape(rest, `deed ${pressed ? "once" : ""}`)} onPointerDown={(event) => event.preventDefault()} onClick={act}>
      {rest.children}
    </button>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What the quick settings are made of: tiles, sliders, and pages behind a tile.
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from "react";
import { formatPercent } from "../lib/format";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";

/** How long a slider shows what the hand said and not what the machine says, ms. */
const handTime = 600;

interface TileProps {
  icon: ReactNode;
  title: string;
  /** How it is. */
  about: string;
  /** undefined: it opens something and is neither on nor off. */
  on?: boolean | undefined;
  disabled?: boolean | undefined;
  onPress: () => void;
  /** What is behind it, and how that is called. */
  more?: { label: string; open: () => void };
}

export function Tile({ icon, title, about, on, disabled, onPress, more }: TileProps) {
  return (
    <div className={`tile ${on ? "on" : ""}`}>
      <button
        type="button"
        className="tile-main"
        aria-pressed={on}
        disabled={disabled}
        onClick={onPress}
      >
        {icon}
        <span className="tile-words">
          <span className="tile-title">{title}</span>
          {about ? (
            <span className="tile-about" dir="auto">
              {about}
            </span>
          ) : null}
        </span>
      </button>
      {more ? (
        <button type="button" className="tile-more" title={more.label} aria-label={more.label} onClick={more.open}>
          <Icon name="forward" className="sided" />
        </button>
      ) : null}
    </div>
  );
}

interface SliderProps {
  label: string;
  value: number;
  /** What turns it off, and on. */
  button?: { label: string; pressed: boolean; press: () => void };
  icon: ReactNode;
  dim?: boolean;
  onChange: (percent: number) => void;
  more?: { label: string; open: () => void };
}

export function Slider({ label, value, button, icon, dim, onChange, more }: SliderProps) {
  const [held, setHeld] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const shown = Math.min(held ?? value, 100);
  const change = (percent: number) => {
    setHeld(percent);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(null), handTime);
    onChange(percent);
  };
  return (
    <div className={`slider ${dim ? "dim" : ""}`}>
      {button ? (
        <button
          type="button"
          className="tool"
          title={button.label}
          aria-label={button.label}
          aria-pressed={button.pressed}
          onClick={button.press}
        >
          {icon}
        </button>
      ) : (
        <span className="tool still">{icon}</span>
      )}
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={shown}
        aria-label={label}
        aria-valuetext={formatPercent(shown)}
        style={{ "--fill": `${shown}%` } as CSSProperties}
        onChange={(event) => change(Number(event.target.value))}
      />
      <span className="number">{formatPercent(held ?? value)}</span>
      {more ? (
        <button type="button" className="tool" title={more.label} aria-label={more.label} onClick={more.open}>
          <Icon name="forward" className="sided" />
        </button>
      ) : (
        <span className="tool still" />
      )}
    </div>
  );
}

interface SubpageProps {
  title: string;
  onBack: () => void;
  /** At the end of its head. */
  aside?: ReactNode;
  children: ReactNode;
}

/** Behind a tile. Escape leads back: what had the keyboard may go, as what plays does when it ends, and then the first has it. */
export function Subpage({ title, onBack, aside, children }: SubpageProps) {
  const page = useRef<HTMLDivElement>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current && document.activeElement && document.activeElement !== document.body) return;
    begun.current = true;
    const first = page.current?.querySelector<HTMLElement>("input, .row-main") ?? page.current?.querySelector("button");
    first?.focus();
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.nativeEvent.isComposing) {
      event.preventDefault();
      onBack();
    }
  };
  return (
    <div ref={page} className="subpage" role="group" aria-label={title} onKeyDown={onKeyDown}>
      <header className="subpage-head">
        <button type="button" className="tool" title={t("Back")} aria-label={t("Back")} onClick={onBack}>
          <Icon name="back" className="sided" />
        </button>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </div>
  );
}

export function Switch({ on, label, disabled, onChange }: { on: boolean; label: string; disabled?: boolean; onChange: (on: boolean) => void }) {
  return (
    <button type="button" role="switch" aria-checked={on} aria-label={label} title={label} disabled={disabled} className="switch" onClick={() => onChange(!on)}>
      <span className="track" aria-hidden="true" />
    </button>
  );
}

interface RowProps {
  /** By which the keyboard finds it again. */
  id?: string;
  icon?: ReactNode;
  name: string;
  about?: string;
  active: boolean;
  expanded?: boolean;
  /** At its end. */
  aside?: ReactNode;
  onPress: () => void;
  children?: ReactNode;
}

export function Row({ id, icon, name, about, active, expanded, aside, onPress, children }: RowProps) {
  return (
    <li className={active ? "row active" : "row"}>
      <button type="button" className="row-main" data-row={id} aria-current={active || undefined} aria-expanded={expanded} onClick={onPress}>
        {icon}
        <span className="row-words">
          <span className="row-name" dir="auto">
            {name}
          </span>
          {about ? <span className="row-about">{about}</span> : null}
        </span>
        {aside}
      </button>
      {children}
    </li>
  );
}

/** Up and down go from row to row, and to a field above them; on a slider they move that. */
export function moveAmongRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.nativeEvent.isComposing || (event.target as HTMLElement).matches("input[type=range]")) return;
  const places = [...event.currentTarget.querySelectorAll<HTMLElement>(".quick-search input, .row-main")];
  const at = places.findIndex((place) => place === document.activeElement || place.parentElement?.contains(document.activeElement));
  places[Math.min(Math.max(at + step, 0), places.length - 1)]?.focus();
  event.preventDefault();
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A setting on a line: what it is called, what it means, and what changes it.
import { useEffect, useId, useRef, useState, type CSSProperties, type ReactNode } from "react";
import { t } from "../../lib/i18n";

const answersWithin = 2000;
const settles = 350;

export interface Named {
  label: string;
  hint?: ReactNode;
  disabled?: boolean;
}

/** Says whether it was made. */
export type Change<T> = (value: T) => Promise<boolean>;

/** What was asked for is shown at once, and what was is shown again where it was refused. */
function useWanted<T>(value: T, onChange: Change<T>): [T, (to: T) => void] {
  const [wanted, setWanted] = useState<{ from: T; to: T } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const timer = window.setTimeout(() => setWanted(null), answersWithin);
    return () => window.clearTimeout(timer);
  }, [wanted]);
  const set = (to: T) => {
    setWanted({ from: value, to });
    void onChange(to).then((made) => made || setWanted(null));
  };
  return [wanted && wanted.from === value ? wanted.to : value, set];
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** While something is asked for; what is answered at once shows no such thing. */
export function Waiting() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), settles);
    return () => window.clearTimeout(timer);
  }, []);
  return late ? <p className="hint" role="status">{t("Looking…")}</p> : null;
}

export function Row({ label, hint, control, children }: Named & { control?: string; children: ReactNode }) {
  return (
    <div className="row">
      <div className="words">
        <label htmlFor={control}>{label}</label>
        {hint ? (
          <span className="hint" id={control ? `${control}-hint` : undefined}>
            {hint}
          </span>
        ) : null}
      </div>
      <div className="control">{children}</div>
    </div>
  );
}

function described(id: string, hint: ReactNode): { id: string; "aria-describedby"?: string } {
  return hint ? { id, "aria-describedby": `${id}-hint` } : { id };
}

export function Switch({ label, hint, disabled, value, onChange }: Named & { value: boolean; onChange: Change<boolean> }) {
  const id = useId();
  const [shown, set] = useWanted(value, onChange);
  return (
    <Row label={label} hint={hint} control={id}>
      <input {...described(id, hint)} className="switch" type="checkbox" role="switch" disabled={disabled} checked={shown} onChange={(event) => set(event.target.checked)} />
    </Row>
  );
}

export interface Option<T> {
  value: T;
  label: string;
}

export function Choice<T extends string | number>({ label, hint, disabled, value, options, onChange }: Named & { value: T; options: readonly Option<T>[]; onChange: Change<T> }) {
  const id = useId();
  const [shown, set] = useWanted(value, onChange);
  const at = options.findIndex((option) => option.value === shown);
  return (
    <Row label={label} hint={hint} control={id}>
      <select
        {...described(id, hint)}
        className="field"
        disabled={disabled}
        value={at}
        onChange={(event) => {
          const option = options[Number(event.target.value)];
          if (option) set(option.value);
        }}
      >
        {at < 0 ? <option value={-1}>–</option> : null}
        {options.map((option, i) => (
          <option key={option.value} value={i}>
            {option.label}
          </option>
        ))}
      </select>
    </Row>
  );
}

interface SliderProperties extends Named {
  value: number;
  least: number;
  most: number;
  step: number;
  format: (value: number) => string;
  onChange: Change<number>;
}

/** It changes what it is of when it has come to rest. */
export function Slider({ label, hint, disabled, value, least, most, step, format, onChange }: SliderProperties) {
  const id = useId();
  const [moved, setMoved] = useState<number | null>(null);
  const timer = useRef(0);
  const [shown, set] = useWanted(value, onChange);
  const at = moved ?? shown;
  const rest = (to: number) => {
    setMoved(to);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      setMoved(null);
      set(to);
    }, settles);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <Row label={label} hint={hint} control={id}>
      <input
        {...described(id, hint)}
        className="slider"
        type="range"
        disabled={disabled}
        min={least}
        max={most}
        step={step}
        value={at}
        style={{ "--fill": `${(100 * (Math.min(Math.max(at, least), most) - least)) / (most - least)}%` } as CSSProperties}
        aria-valuetext={format(at)}
        onChange={(event) => rest(event.target.valueAsNumber)}
      />
      <output htmlFor={id}>{format(at)}</output>
    </Row>
  );
}

/** It changes what it is of with Enter, and when it is left. */
export function Text({ label, hint, disabled, value, most = 32, wide = false, onChange }: Named & { value: string; most?: number; wide?: boolean; onChange: Change<string> }) {
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [shown, set] = useWanted(value, onChange);
  const done = () => {
    if (typed !== null && typed.trim() !== shown) set(typed.trim());
    setTyped(null);
  };
  return (
    <Row label={label} hint={hint} control={id}>
      <input
        {...described(id, hint)}
        className={wide ? "field" : "field short"}
        type="text"
        dir={wide ? "auto" : "ltr"}
        maxLength={most}
        disabled={disabled}
        data-typed={typed === null ? "no" : "yes"}
        value={typed ?? shown}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
          if (event.key === "Escape") setTyped(null);
        }}
      />
    </Row>
  );
}

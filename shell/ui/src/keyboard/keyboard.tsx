// SPDX-License-Identifier: GPL-3.0-or-later
// The on-screen keyboard: the keys of the layout that is typed in, and those around them.
import "./keyboard.css";
import { useEffect, useState } from "react";
import { tell } from "../lib/host";
import { t } from "../lib/i18n";
import { Icon } from "../lib/icons";
import { find, type Cap, type KeysState } from "../lib/keyboard";
import { useHost } from "../lib/page";
import { afterPaint } from "../lib/painted";
import { codes, functionKeys } from "./codes";
import type { Offer } from "./fingers";
import { CodeKey, DeedKey, LetterKey, ModifierKey } from "./key";
import { useTyping, type Typing } from "./use_typing";

/** A keyboard of a desk needs so much; below it is one of a telephone. */
const wideFrom = 720;

interface PartProps {
  typing: Typing;
  keys: KeysState;
  more: boolean;
  setMore: (more: boolean) => void;
}

const Letters = ({ typing, caps }: { typing: Typing; caps: readonly Cap[] }) => caps.map((cap) => <LetterKey key={cap.code} typing={typing} cap={cap} />);

function Arrows({ typing, names }: { typing: Typing; names: readonly ("left" | "up" | "down" | "right")[] }) {
  const rows = { left: [t("Left"), "←"], up: [t("Up"), "↑"], down: [t("Down"), "↓"], right: [t("Right"), "→"] } as const;
  return names.map((name) => (
    <CodeKey key={name} typing={typing} code={codes[name]} label={rows[name][0]} className="other">
      {rows[name][1]}
    </CodeKey>
  ));
}

function Hide() {
  return (
    <DeedKey label={t("Hide the keyboard")} width={1.25} act={() => tell("keyboard.hide")}>
      <Icon name="keyboard-hide" />
    </DeedKey>
  );
}

function LayoutKey({ keys }: { keys: KeysState }) {
  const { layout, layouts } = keys;
  const now = layouts[layout];
  if (layouts.length < 2 || !now) return null;
  return (
    <DeedKey label={t("Layout: {name}", { name: now.name })} width={1.25} act={() => tell("keyboard.layout", { index: (layout + 1) % layouts.length })}>
      {(now.code || now.name.slice(0, 2)).toLocaleUpperCase()}
    </DeedKey>
  );
}

/** What a mail's or a page's address needs, at one touch. */
function Special({ typing, keys }: { typing: Typing; keys: KeysState }) {
  const text = keys.purpose === "email" ? "@" : keys.purpose === "url" ? "/" : "";
  const key = text ? find(keys.rows, text) : undefined;
  if (!key) return null;
  return (
    <DeedKey label={text} act={() => typing.tap(key.code, key.mask)}>
      {text}
    </DeedKey>
  );
}

const Space = ({ typing, keys }: Pick<PartProps, "typing" | "keys">) => (
  <CodeKey typing={typing} code={codes.space} label={t("Space")} wide className="space">
    {keys.layouts[keys.layout]?.name ?? ""}
  </CodeKey>
);
const Backspace = ({ typing, width }: { typing: Typing; width: number }) => (
  <CodeKey typing={typing} code={codes.backspace} label={t("Backspace")} width={width} wide className="other">
    <Icon name="backspace" />
  </CodeKey>
);
const Enter = ({ typing, width }: { typing: Typing; width: number }) => (
  <CodeKey typing={typing} code={codes.enter} label={t("Enter")} width={width} wide={width > 1.5} className="other enter">
    <Icon name="enter" />
  </CodeKey>
);
const Shift = ({ typing, width, wide = false }: { typing: Typing; width: number; wide?: boolean }) => (
  <ModifierKey typing={typing} modifier="shift" label={t("Shift")} width={width} wide={wide}>
    <Icon name="shift" />
  </ModifierKey>
);
const More = ({ more, setMore, width }: Pick<PartProps, "more" | "setMore"> & { width: number }) => (
  <DeedKey label={t("More keys")} pressed={more} width={width} act={() => setMore(!more)}>
    Fn
  </DeedKey>
);

function Desk({ typing, keys, more, setMore }: PartProps) {
  const [digits = [], upper = [], middle = [], lower = []] = keys.rows;
  return (
    <>
      <div className="row">
        <CodeKey typing={typing} code={codes.escape} label={t("Esc")} className="other">
          {t("Esc")}
        </CodeKey>
        {more
          ? functionKeys.map((code, i) => (
              <CodeKey key={code} typing={typing} code={code} label={`F${i + 1}`} className="other">
                F{i + 1}
              </CodeKey>
            ))
          : <Letters typing={typing} caps={digits} />}
        <Backspace typing={typing} width={1.5} />
      </div>
      <div className="row">
        <CodeKey typing={typing} code={codes.tab} label={t("Tab")} width={1.5} className="other">
          {t("Tab")}
        </CodeKey>
        <Letters typing={typing} caps={upper} />
        <CodeKey typing={typing} code={codes.delete} label={t("Delete")} wide className="other">
          {t("Del")}
        </CodeKey>
      </div>
      <div className="row">
        <More more={more} setMore={setMore} width={1.75} />
        <Letters typing={typing} caps={middle} />
        <Enter typing={typing} width={1.75} />
      </div>
      <div className="row">
        <Shift typing={typing} width={lower.length > 10 ? 1.25 : 2.25} />
        <Letters typing={typing} caps={lower} />
        <Arrows typing={typing} names={["up"]} />
        <Shift typing={typing} width={1.25} wide />
      </div>
      <div className="row">
        <ModifierKey typing={typing} modifier="control" label={t("Ctrl")} width={1.25}>
          {t("Ctrl")}
        </ModifierKey>
        <ModifierKey typing={typing} modifier="logo" label={t("Super")} width={1.25}>
          <Icon name="mesh" />
        </ModifierKey>
        <ModifierKey typing={typing} modifier="alt" label={t("Alt")} width={1.25}>
          {t("Alt")}
        </ModifierKey>
        <Special typing={typing} keys={keys} />
        <Space typing={typing} keys={keys} />
        <ModifierKey typing={typing} modifier="altGr" label={t("AltGr")} width={1.25}>
          {t("AltGr")}
        </ModifierKey>
        <LayoutKey keys={keys} />
        <Arrows typing={typing} names={["left", "down", "right"]} />
        <Hide />
      </div>
    </>
  );
}

function Telephone({ typing, keys, more, setMore }: PartProps) {
  const [digits = [], upper = [], middle = [], lower = []] = keys.rows;
  return (
    <>
      <div className="row">
        {more ? (
          <>
            <CodeKey typing={typing} code={codes.escape} label={t("Esc")} wide className="other">
              {t("Esc")}
            </CodeKey>
            <CodeKey typing={typing} code={codes.tab} label={t("Tab")} wide className="other">
              {t("Tab")}
            </CodeKey>
            <ModifierKey typing={typing} modifier="logo" label={t("Super")} wide>
              <Icon name="mesh" />
            </ModifierKey>
            <ModifierKey typing={typing} modifier="alt" label={t("Alt")} wide>
              {t("Alt")}
            </ModifierKey>
            <Arrows typing={typing} names={["left", "up", "down", "right"]} />
          </>
        ) : (
          <Letters typing={typing} caps={digits.filter(({ code }) => code !== codes.grave && code !== codes.yen).slice(0, 10)} />
        )}
      </div>
      <div className="row">
        <Letters typing={typing} caps={upper} />
      </div>
      <div className="row">
        <Letters typing={typing} caps={middle} />
      </div>
      <div className="row">
        <Shift typing={typing} width={1.25} />
        <Letters typing={typing} caps={lower} />
        <Backspace typing={typing} width={1.25} />
      </div>
      <div className="row">
        <ModifierKey typing={typing} modifier="control" label={t("Ctrl")} width={1.25}>
          {t("Ctrl")}
        </ModifierKey>
        <More more={more} setMore={setMore} width={1.25} />
        <ModifierKey typing={typing} modifier="altGr" label={t("AltGr")} width={1.25}>
          …
        </ModifierKey>
        <LayoutKey keys={keys} />
        <Special typing={typing} keys={keys} />
        <Space typing={typing} keys={keys} />
        <Enter typing={typing} width={1.5} />
        <Hide />
      </div>
    </>
  );
}

const numberPads = {
  digits: [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], ["", "0", ""]],
  number: [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], ["-", "0", "."]],
  phone: [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], ["*", "0", "#"]],
};

function padOf(keys: KeysState): string[][] | null {
  const pad = keys.purpose === "pin" ? numberPads.digits : keys.purpose in numberPads ? numberPads[keys.purpose as keyof typeof numberPads] : null;
  // A layout whose digits are others types letters.
  return pad?.every((row) => row.every((text) => !text || find(keys.rows, text))) ? pad : null;
}

/** Digits alone, and the way to letters. */
function Pad({ typing, keys, pad, letters }: { typing: Typing; keys: KeysState; pad: string[][]; letters: () => void }) {
  const last = [
    <Backspace key="backspace" typing={typing} width={1} />,
    <Enter key="enter" typing={typing} width={2} />,
    <DeedKey key="letters" label={t("Letters")} wide act={letters}>
      {t("Letters")}
    </DeedKey>,
    <Hide key="hide" />,
  ];
  return pad.map((row, i) => (
    <div key={i} className="row pad">
      {row.map((text, j) => {
        const key = text ? find(keys.rows, text) : undefined;
        return key ? (
          <DeedKey key={j} label={text} wide className="digit" act={() => typing.tap(key.code, key.mask)}>
            {text}
          </DeedKey>
        ) : (
          <span key={j} className="key wide none" />
        );
      })}
      {last[i]}
    </div>
  ));
}

function Variants({ typing, offer }: { typing: Typing; offer: Offer }) {
  const size = 48;
  const width = offer.variants.length * size;
  const left = Math.min(Math.max(offer.x - width / 2, 4), window.innerWidth - width - 4);
  return (
    <div className="variants" role="menu" aria-label={t("More letters")} style={{ left, top: Math.max(offer.y - 54, 2) }}>
      {offer.variants.map((variant) => (
        <button key={variant.text} type="button" role="menuitem" className="variant" onPointerDown={(event) => event.preventDefault()} onClick={() => typing.choose(variant, offer.code)}>
          {variant.text}
        </button>
      ))}
    </div>
  );
}

function useWide(): boolean {
  const [wide, setWide] = useState(window.innerWidth >= wideFrom);
  useEffect(() => {
    const measure = () => setWide(window.innerWidth >= wideFrom);
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  return wide;
}

function Board({ keys }: { keys: KeysState }) {
  const typing = useTyping(keys.serial, keys.writes);
  const wide = useWide();
  const [more, setMore] = useState(false);
  /** When it was raised for a field of digits, and letters were wanted all the same. */
  const [letters, setLetters] = useState(-1);
  const { serial, purpose } = keys;
  const pad = letters === serial ? null : padOf(keys);
  const columns = Math.max(...keys.rows.slice(1).map((row, i) => row.length + (i === 2 ? 2.5 : 0)), 10);
  const part = { typing, keys, more, setMore };
  useEffect(() => afterPaint(() => tell("keyboard.painted", { serial })), [serial]);
  return (
    <main
      className={`board ${wide ? "desk" : "telephone"} ${purpose === "password" || purpose === "pin" ? "secret" : ""}`}
      dir="ltr"
      aria-label={t("On-screen keyboard")}
      style={{ "--columns": wide ? 15.5 : columns } as React.CSSProperties}
      onPointerDown={(event) => {
        if (typing.offer && !(event.target as Element).closest(".variants")) typing.close();
      }}
      onContextMenu={(event) => event.preventDefault()}
    >
      {pad ? <Pad typing={typing} keys={keys} pad={pad} letters={() => setLetters(serial)} /> : wide ? <Desk {...part} /> : <Telephone {...part} />}
      {typing.offer ? <Variants typing={typing} offer={typing.offer} /> : null}
    </main>
  );
}

export function Keyboard() {
  const { keys } = useHost();
  return keys ? <Board keys={keys} /> : null;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// All fields of one entry of a log.
import { useEffect, useState } from "react";
import { formatExactly } from "../../lib/format";
import { t } from "../../lib/i18n";
import { linesOfMessage, priorityText, type LogEntry, type SourceName } from "./log_rows";
import { clean, message as faultOf } from "./text";
import { ask } from "./where";

type Answer = [time: string, fields: [string, string][]];

interface Properties {
  source: SourceName;
  entry: LogEntry;
  /** Shows those of that unit or program alone. */
  onUnit: (unit: string) => void;
  onClose: () => void;
}

const fieldMost = 1024;
const copyMost = 16384;

export function fieldsOf(answer: Answer | null): [string, string][] {
  return (answer?.[1] ?? [])
    .filter(([name]) => name !== "MESSAGE")
    .map(([name, value]): [string, string] => [clean(name), linesOfMessage(value).join(" ").slice(0, fieldMost)])
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

export function LogPanel({ source, entry, onUnit, onClose }: Properties) {
  const { cursor } = entry;
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [fault, setFault] = useState("");
  const [said, setSaid] = useState("");
  useEffect(() => {
    let over = false;
    ask<Answer>("log.inspect", { source, cursor })
      .then((found) => !over && setAnswer(found))
      .catch((error: unknown) => !over && setFault(faultOf(error)));
    return () => {
      over = true;
    };
  }, [source, cursor]);
  const whole = answer?.[1].find(([name]) => name === "MESSAGE")?.[1] ?? entry.message;
  const lines = linesOfMessage(whole);
  const units = [...new Set([entry.unit, entry.program])].filter((name) => name !== "");
  const copy = () => {
    ask("clipboard.write", { text: lines.join("\n").slice(0, copyMost), more: false })
      .then(() => setSaid(t("Copied")))
      .catch((error: unknown) => setSaid(faultOf(error)));
  };
  return (
    <aside className="side log" role="region" aria-label={t("Details of the entry")} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2 dir="auto">{clean(entry.who)}</h2>
        <button type="button" className="push" aria-label={t("Close")} title={t("Close")} onClick={onClose}>
          ×
        </button>
      </header>
      <p className="hint">
        {formatExactly(new Date(entry.time))} · {priorityText(entry.priority)}
      </p>
      <pre className="text" dir="auto" tabIndex={0} aria-label={t("Message")}>{lines.join("\n")}</pre>
      <div className="deeds">
        {units.map((unit) => (
          <button key={unit} type="button" className="push" onClick={() => onUnit(unit)}>
            {t("Only {name}", { name: clean(unit) })}
          </button>
        ))}
        <button type="button" className="push" onClick={copy}>
          {said || t("Copy the message")}
        </button>
      </div>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      <h3>{t("Fields")}</h3>
      <dl className="facts fields">
        {fieldsOf(answer).flatMap(([name, value], i) => [
          <dt key={`${i}-name`} dir="ltr">{name}</dt>,
          <dd key={i}><bdi>{value}</bdi></dd>,
        ])}
      </dl>
    </aside>
  );
}

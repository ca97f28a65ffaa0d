// SPDX-License-Identifier: GPL-3.0-or-later
// Circles of actors that wait for each other, and so for ever.
import { useCallback, useEffect, useState } from "react";
import { formatSpan } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { clean, message } from "./text";
import { ask } from "./where";

/** Id, name, behaviour, whom it waits for, "reply" or "room", ns that it has waited. */
type Wait = [string, string, string, string, string, string];
type Answer = [unknown: number, cycles: [length: number, waits: Wait[]][]];

/** ms: actors ask each other all the time, and soon have their answers. */
const leastAge = 1000;
const most = 64;

export function Waits({ onShow }: { onShow: (id: string) => void }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [fault, setFault] = useState("");
  const look = useCallback(() => {
    ask<Answer>("actor.cycles", { age: leastAge, limit: most })
      .then((found) => {
        setAnswer(found);
        setFault("");
      })
      .catch((error: unknown) => setFault(message(error)));
  }, []);
  useEffect(look, [look]);
  const [unknown, cycles] = answer ?? [0, []];
  return (
    <>
      <div className="toolbar">
        <span className="count" role="status">
          {answer && tn("{n} circle", "{n} circles", cycles.length)}
          {unknown > 0 && ` · ${tn("{n} actor did not say for whom it waits", "{n} actors did not say for whom they wait", unknown)}`}
        </span>
        <button type="button" className="push" onClick={look}>
          {t("Look again")}
        </button>
      </div>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      {answer && cycles.length === 0 && (
        <p className="empty">{t("No actors wait for each other. Those that do for longer than a second would be shown here as a circle: each waits for the next, and none of them goes on.")}</p>
      )}
      <ul className="cycles">
        {cycles.map(([length, waits], i) => (
          <li key={i} className="card">
            <h2>{tn("{n} actor waits for itself", "{n} actors wait for each other", length)}</h2>
            <ol>
              {waits.map(([id, name, behaviour, , kind, age]) => (
                <li key={id}>
                  <button type="button" className="link" dir="auto" onClick={() => onShow(id)}>
                    {clean(name) || clean(behaviour) || id}
                  </button>{" "}
                  {kind === "room" ? t("waits for room in the mailbox of the next") : t("waits for an answer of the next")}
                  {Number(age) > 0 && `, ${t("for {time}", { time: formatSpan(Number(age)) })}`}
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ul>
    </>
  );
}

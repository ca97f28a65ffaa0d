// SPDX-License-Identifier: GPL-3.0-or-later
// Dead letters: messages that reached nobody, and can be sent again.
import { useCallback, useEffect, useMemo, useState, type FormEvent } from "react";
import { formatExactly, formatNumber } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { nameIn, type Tree } from "./actor_tree";
import type { Desk } from "./desk";
import { Grid, type Column } from "./grid";
import { clean, message } from "./text";
import { ask, useNode } from "./where";

/** Number, reason, sender, recipient, type, sent and died (µs since 1970). */
type Letter = [string, string, string, string, string, string, string];
type Answer = [total: string, counts: Record<string, string>, letters: Letter[]];

const page = 128;
const most = 1024;

function reasonText(reason: string): string {
  const texts: Record<string, string> = {
    gone: t("nobody is there"),
    unhandled: t("not understood"),
    failed: t("its reader failed"),
    late: t("the answer came too late"),
    refused: t("refused"),
    full: t("the mailbox was full"),
    oldest: t("made room for another"),
    expired: t("its time was over"),
  };
  return texts[reason] ?? clean(reason);
}

function resultText(result: string): string {
  const texts: Record<string, string> = {
    accepted: t("The letter has been sent again."),
    parked: t("The letter waits until there is room in the mailbox."),
    dropped: t("The letter was dropped: the mailbox is full."),
    full: t("The letter was not taken: the mailbox is full."),
    refused: t("The letter was refused."),
  };
  return texts[result] ?? clean(result);
}

function columnsOf(tree: Tree): Column<Letter>[] {
  return [
    { key: "type", label: t("Message"), className: "wide", cell: (letter) => <span dir="auto">{clean(letter[4])}</span>, title: (letter) => clean(letter[4]) },
    { key: "reason", label: t("Why"), cell: (letter) => reasonText(letter[1]), title: (letter) => reasonText(letter[1]) },
    { key: "sender", label: t("From"), className: "second", cell: (letter) => <span dir="auto">{nameIn(tree, letter[2])}</span> },
    { key: "recipient", label: t("To"), cell: (letter) => <span dir="auto">{nameIn(tree, letter[3])}</span> },
    { key: "died", label: t("When"), className: "second", cell: (letter) => formatExactly(new Date(Number(letter[6]) / 1000)) },
  ];
}

interface Properties {
  tree: Tree;
  desk: Desk;
  onShow: (id: string) => void;
}

export function Letters({ tree, desk, onShow }: Properties) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [fault, setFault] = useState("");
  const [selected, setSelected] = useState<string | null>(null);
  const [to, setTo] = useState("");
  const node = useNode();
  const columns = useMemo(() => columnsOf(tree), [tree]);

  const look = useCallback((before = "0") => {
    ask<Answer>("actor.letters", { before, limit: page })
      .then((found) => {
        setFault("");
        setAnswer((old) => (before === "0" || !old ? found : [found[0], found[1], [...old[2], ...found[2]].slice(0, most)]));
      })
      .catch((error: unknown) => setFault(message(error)));
  }, []);
  useEffect(() => look(), [look]);

  const letters = useMemo(() => {
    const words = desk.query.toLowerCase().split(/\s+/).filter(Boolean);
    return (answer?.[2] ?? []).filter((letter) => {
      const text = `${letter[4]} ${reasonText(letter[1])} ${nameIn(tree, letter[2])} ${nameIn(tree, letter[3])}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [answer, desk.query, tree]);
  const letter = letters.find((each) => each[0] === selected);
  const resend = (event?: FormEvent) => {
    event?.preventDefault();
    if (!letter) return;
    ask<[string]>("actor.resend", { number: letter[0], node, ...(to.trim() ? { to: to.trim() } : {}) })
      .then(([result]) => {
        desk.note(resultText(result));
        look();
      })
      .catch((error: unknown) => desk.note(message(error)));
  };
  const total = Number(answer?.[0] ?? 0);
  const counts = Object.entries(answer?.[1] ?? {}).filter(([, count]) => Number(count) > 0);
  return (
    <>
      <div className="toolbar">
        <span className="count" role="status">
          {answer && tn("{n} letter has reached nobody", "{n} letters have reached nobody", total)}
          {counts.map(([reason, count]) => ` · ${reasonText(reason)} ${formatNumber(Number(count))}`).join("")}
        </span>
        <button type="button" className="push" onClick={() => look()}>
          {t("Look again")}
        </button>
        {answer && answer[2].length >= page && answer[2].length < most && answer[2].length < total && (
          <button type="button" className="push" onClick={() => look(answer[2].at(-1)?.[0])}>
            {t("Older ones")}
          </button>
        )}
      </div>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      <div className="split rows-only">
        <Grid
          label={t("Dead letters")}
          className="letters"
          columns={columns}
          rows={letters}
          keyOf={(each) => each[0]}
          selected={selected}
          onSelect={setSelected}
          onOpen={() => resend()}
          empty={
            <p className="empty">
              {answer && answer[2].length === 0
                ? t("No letter has been lost. What is sent to an actor that has gone, or that does not take it, is kept here for a while and can be sent again.")
                : t("No letter is like that.")}
            </p>
          }
        />
        {letter && (
          <form className="bottom" onSubmit={resend}>
            <label>
              <span>{t("Send again to")}</span>
              <input className="field" value={to} placeholder={nameIn(tree, letter[3])} maxLength={200} dir="auto" onChange={(event) => setTo(event.target.value)} />
            </label>
            <button type="submit" className="push">
              {t("Send again")}
            </button>
            {tree.byId.has(letter[2]) && (
              <button type="button" className="push" onClick={() => onShow(letter[2])}>
                {t("Show the sender")}
              </button>
            )}
            <p className="hint">{t("What was a request is a message then: nobody waits for its answer any more. The name or id of another actor sends it there.")}</p>
          </form>
        )}
      </div>
    </>
  );
}

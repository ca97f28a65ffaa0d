// SPDX-License-Identifier: GPL-3.0-or-later
// Invitations: to make one, and to come in by one.
import { useState } from "react";
import { Dialog } from "../../lib/dialog";
import { formatExactly } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { Copyable } from "./copyable";
import type { Desk } from "./desk";
import { message } from "./text";

const hoursOffered = [1, 24, 168, 720];
const mostUses = 1000;

function hoursText(hours: number): string {
  return hours < 48 ? tn("{n} hour", "{n} hours", hours) : tn("{n} day", "{n} days", hours / 24);
}

/** founds: there is no mesh yet, and the invitation makes one. */
export function Invitation({ founds, onClose }: { founds: boolean; onClose: () => void }) {
  const [hours, setHours] = useState(24);
  const [uses, setUses] = useState(1);
  const [asks, setAsks] = useState(false);
  const [made, setMade] = useState<[string, string] | null>(null);
  const [fault, setFault] = useState("");
  const make = () => {
    setFault("");
    ask<[string, string]>("peer.invite", { hours, uses, ask: asks })
      .then(setMade)
      .catch((error: unknown) => setFault(message(error)));
  };
  if (made) {
    const until = formatExactly(new Date(Number(made[1])));
    return (
      <Dialog key="made" title={t("The invitation’s code")} leave={t("Done")} choices={[]} onCancel={onClose}>
        <p className="code">
          <Copyable text={made[0]} label={t("Copy the code")} />
        </p>
        <p>{t("Whoever has this code can come in until {time}. On the other machine choose “Join or connect”, or type:", { time: until })}</p>
        <p>
          <code dir="ltr">inosctl mesh join CODE</code>
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("Invite a node")} choices={[{ label: t("Make a code"), run: make }]} onCancel={onClose}>
      {founds && <p>{t("This begins a mesh with members. From then on strangers get only what is public from this node.")}</p>}
      <div className="form">
        <label>
          <span>{t("It counts for")}</span>
          <select className="field" value={hours} onChange={(event) => setHours(Number(event.target.value))}>
            {hoursOffered.map((each) => (
              <option key={each} value={each}>
                {hoursText(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t("How many may come")}</span>
          <input
            className="field"
            type="number"
            min={1}
            max={mostUses}
            value={uses}
            onChange={(event) => {
              const count = event.target.valueAsNumber;
              if (Number.isInteger(count) && count >= 1 && count <= mostUses) setUses(count);
            }}
          />
        </label>
        <label>
          <span>{t("Ask me about each")}</span>
          <input type="checkbox" checked={asks} onChange={(event) => setAsks(event.target.checked)} />
        </label>
      </div>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
    </Dialog>
  );
}

/** By a code, or where it is. */
export function Joining({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const [whom, setWhom] = useState("");
  const [work, setWork] = useState("");
  const [fault, setFault] = useState("");
  const text = whom.trim();
  const run = (what: string, deed: () => Promise<string>) => {
    if (!text || work) return;
    setFault("");
    setWork(what);
    deed()
      .then((sentence) => {
        desk.note(sentence);
        onClose();
      })
      .catch((error: unknown) => setFault(message(error)))
      .finally(() => setWork(""));
  };
  const join = () =>
    run(t("Asking to be let in…"), async () => {
      const [state] = await ask<[string]>("peer.join", { whom: text });
      return state === "member" ? t("This node is a member now.") : t("This node waits until somebody accepts it there. It goes on asking for a day.");
    });
  const connect = () =>
    run(t("Dialling…"), async () => {
      await ask("peer.connect", { whom: text });
      return t("Connected.");
    });
  return (
    <Dialog title={t("Join or connect")} choices={[{ label: t("Only connect"), run: connect }, { label: t("Join"), run: join }]} onCancel={onClose}>
      <p>{t("The code of an invitation, or the id or address of a node, such as /ip4/192.0.2.1/tcp/4630. To join is to become a member; without a code somebody there has to accept it.")}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          join();
        }}
      >
        <label>
          <span className="hidden-text">{t("Code or address")}</span>
          <input className="field" dir="ltr" value={whom} maxLength={500} placeholder={t("Code or address")} onChange={(event) => setWhom(event.target.value)} />
        </label>
      </form>
      {work && <p className="hint" role="status">{work}</p>}
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
    </Dialog>
  );
}

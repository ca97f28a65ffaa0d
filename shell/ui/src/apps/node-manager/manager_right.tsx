// SPDX-License-Identifier: GPL-3.0-or-later
// What a member may do with this computer from its own: nothing until a person says so.
import { useCallback, useEffect, useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import type { Desk } from "./desk";
import { message } from "./text";

const rights = ["none", "look", "all"] as const;
type Right = (typeof rights)[number];
type Answer = [managers: [peer: string, right: string, member: boolean][]];

export function ManagerRight({ peer, name, desk }: { peer: string; name: string; desk: Desk }) {
  const [right, setRight] = useState<Right | null>(null);
  const texts: Record<Right, string> = {
    none: t("Nothing"),
    look: t("See its actors, programs and logs"),
    all: t("See them, and stop and end them"),
  };
  const look = useCallback(() => {
    ask<Answer>("peer.managers")
      .then(([managers]) => setRight(rights.find((each) => each === managers.find(([id]) => id === peer)?.[1]) ?? "none"))
      .catch(() => setRight(null));
  }, [peer]);
  useEffect(look, [look]);
  const set = (wanted: Right) => {
    desk.answered();
    ask("peer.manage", { peer, right: wanted })
      .then(() => desk.note(wanted === "none" ? t("“{name}” may do nothing with this computer now.", { name }) : t("“{name}” has the right now, until you take it back or it leaves the mesh.", { name })))
      .catch((error: unknown) => desk.note(message(error)))
      .finally(look);
  };
  const choose = (wanted: Right) => {
    if (wanted !== "all") {
      set(wanted);
      return;
    }
    desk.ask({
      title: t("Let “{name}” steer this computer?", { name }),
      text: <p>{t("Who sits there can then read what runs here and what is in the logs, stop the node’s parts, and end your programs. All that is asked is written in the audit log.")}</p>,
      choices: [{ label: t("Let it"), destructive: true, run: () => set(wanted) }],
    });
  };
  if (right === null) return null;
  return (
    <label className="priority">
      <span>{t("With this computer it may")}</span>
      <select className="field" value={right} onChange={(event) => choose(event.currentTarget.value as Right)}>
        {rights.map((each) => (
          <option key={each} value={each}>
            {texts[each]}
          </option>
        ))}
      </select>
    </label>
  );
}

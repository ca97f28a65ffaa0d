// SPDX-License-Identifier: GPL-3.0-or-later
// Into a mesh: begin one, join one, or neither.
import "../settings/mesh.css";
import { useCallback, useEffect, useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { message } from "../settings/deeds";
import { Invitation, Joining } from "../node-manager/membership";
import type { StepProperties } from "./step";

type Roll = [mesh: string, access: string, standing: string, roll: unknown[]];

export function MeshStep({ fault }: StepProperties) {
  const { meshNews } = useHost();
  const [standing, setStanding] = useState<string | null>(null);
  const [asked, setAsked] = useState<"invite" | "join" | null>(null);
  const [said, setSaid] = useState("");
  const look = useCallback(() => {
    ask<Roll>("peer.roll").then(
      ([, , is]) => setStanding(is),
      (error: unknown) => fault(message(error)),
    );
  }, [fault]);
  useEffect(look, [look, meshNews]);
  const close = () => {
    setAsked(null);
    look();
  };
  const isMember = standing === "member";
  return (
    <>
      <p>{t("Machines of one mesh find each other wherever they are, and share what their people say. Nothing of yours is shared until you say so.")}</p>
      {isMember ? <p className="badge" role="status">{t("This machine is a member of a mesh.")}</p> : null}
      <div className="choices-large">
        <button type="button" className="push" onClick={() => setAsked("invite")}>
          <strong>{isMember ? t("Invite another machine…") : t("Begin a mesh…")}</strong>
          <span className="hint">{t("Makes a code that lets your other machines in.")}</span>
        </button>
        <button type="button" className="push" onClick={() => setAsked("join")}>
          <strong>{t("Join a mesh…")}</strong>
          <span className="hint">{t("With the code of an invitation, from another machine.")}</span>
        </button>
      </div>
      <p className="hint" role="status">{said || t("Or go on: it can be done at any time, in Settings.")}</p>
      {asked === "invite" ? <Invitation founds={!isMember} onClose={close} /> : null}
      {asked === "join" ? <Joining desk={{ note: setSaid, ask: () => undefined, answered: () => undefined, query: "" }} onClose={close} /> : null}
    </>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What applications in a sandbox were granted, and what was decided about them.
import "./privacy.css";
import { useCallback, useEffect, useState } from "react";
import { formatAgo, formatExactly } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { useHost } from "../../lib/page";
import { escapes, nameOf, wordsOf } from "../../lib/permissions";
import { message, type Deeds } from "./deeds";
import { listApps, type AuditLine, type Permit, type PermitState, type PermittedApp } from "./permits";
import { Section } from "./rows";
import type { PageProperties } from "./window";

const shownAtFirst = 10;

function decisionOf(decision: string): string {
  const words: Record<string, string> = {
    allowed: t("Allowed"), asked: t("Asked"), denied: t("Denied"), expired: t("No answer"), gone: t("It has gone"), granted: t("Granted"), once: t("Allowed once"), refused: t("Refused"), revoked: t("Revoked"),
  };
  return words[decision] ?? decision;
}

function whatOf({ capability, decision }: AuditLine): string {
  return capability || decision !== "revoked" ? wordsOf(capability) : t("all that it was granted");
}

function AppIcon({ desktop }: { desktop: string }) {
  const [failed, setFailed] = useState(false);
  if (!desktop || failed)
    return (
      <span className="app-icon plain" aria-hidden="true">
        <Icon name="service" />
      </span>
    );
  return <img className="app-icon" src={`icon/${encodeURIComponent(desktop)}?size=32`} alt="" draggable={false} onError={() => setFailed(true)} />;
}

function whenOf({ granted, since, used }: Permit, now: number): string {
  if (!granted) return t("Denied {when}", { when: formatAgo(since, now) });
  const given = t("Granted {when}", { when: formatAgo(since, now) });
  return used > 0 ? `${given} · ${t("last used {when}", { when: formatAgo(used, now) })}` : given;
}

function PermitRow({ app, permit, now, deeds }: { app: PermittedApp; permit: Permit; now: number; deeds: Deeds }) {
  const words = wordsOf(permit.capability);
  const label = permit.granted ? t("{app} may not: {what}", { app: app.name, what: words }) : t("{app} may ask: {what}", { app: app.name, what: words });
  return (
    <li className="permit">
      <span className="words">
        <span dir="auto">{words}</span>
        {permit.granted && escapes(permit.capability) ? (
          <span className="fault permit-danger">
            <Icon name="warning" />
            {t("Its sandbox keeps it from nothing.")}
          </span>
        ) : null}
        <span className="hint">{whenOf(permit, now)}</span>
      </span>
      <button type="button" className="push" aria-label={permit.granted ? t("Revoke from {app}: {what}", { app: app.name, what: words }) : t("Let {app} ask again: {what}", { app: app.name, what: words })} onClick={() => void deeds.revoke(label, app.app, permit.capability)}>
        {permit.granted ? t("Revoke") : t("Let it ask again")}
      </button>
    </li>
  );
}

function AppCard({ app, now, deeds }: { app: PermittedApp; now: number; deeds: Deeds }) {
  const granted = app.permits.filter((permit) => permit.granted).length;
  return (
    <section className="card permitted" aria-label={app.name}>
      <div className="permitted-head">
        <AppIcon desktop={app.desktop} />
        <div className="words">
          <h2>
            <bdi>{app.name}</bdi>
          </h2>
          {app.name === app.app ? null : (
            <span className="hint copyable-text">
              <bdi>{app.app}</bdi>
            </span>
          )}
        </div>
        {granted > 1 ? (
          <button type="button" className="push" aria-label={t("Revoke all from {app}", { app: app.name })} onClick={() => void deeds.revoke(t("{app} may do nothing of this", { app: app.name }), app.app)}>
            {t("Revoke all")}
          </button>
        ) : null}
      </div>
      <ul className="permits">
        {app.permits.map((permit) => (
          <PermitRow key={permit.capability} app={app} permit={permit} now={now} deeds={deeds} />
        ))}
      </ul>
    </section>
  );
}

function Decisions({ audit, apps }: Pick<PermitState, "audit" | "apps">) {
  const [all, setAll] = useState(false);
  const lines: AuditLine[] = audit.toReversed().slice(0, all ? audit.length : shownAtFirst);
  if (lines.length === 0) return <p className="hint">{t("Nothing yet.")}</p>;
  return (
    <>
      <ul className="decisions">
        {lines.map((line, i) => (
          <li key={audit.length - i}>
            <span className={`decision ${line.decision}`}>{decisionOf(line.decision)}</span>
            <span className="words">
              <span>
                <bdi className="who">{nameOf(apps[line.app]?.name ?? "", line.app || t("Unknown application"))}</bdi>
                {whatOf(line) ? <span dir="auto"> – {whatOf(line)}</span> : null}
              </span>
              <span className="hint">
                {formatExactly(new Date(line.time))}
                {line.times > 1 ? ` · ${tn("{n} time", "{n} times", line.times)}` : ""}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {audit.length > shownAtFirst ? (
        <button type="button" className="push" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("Show fewer") : t("Show more")}
        </button>
      ) : null}
    </>
  );
}

export function Privacy({ deeds, done }: PageProperties) {
  const { permitNews } = useHost();
  const [state, setState] = useState<(PermitState & { now: number }) | null>(null);
  const [fault, setFault] = useState("");
  const look = useCallback(() => {
    ask<PermitState>("permits.read")
      .then((read) => {
        setState({ ...read, now: Date.now() });
        setFault("");
      })
      .catch((error: unknown) => {
        setState(null);
        setFault(message(error));
      });
  }, []);
  // Also after a change, and after one that was taken back.
  useEffect(look, [look, done, permitNews]);
  if (fault) return <p className="absent" role="alert">{fault}</p>;
  if (!state) return null;
  const apps = listApps(state);
  return (
    <>
      <p className="hint">{t("Applications in a sandbox are asked about when they want more than their own. Programs in no sandbox can do all that you can, and are not in this list.")}</p>
      {apps.length === 0 ? (
        <Section title={t("Applications")}>
          <p className="hint">{t("Nothing was granted to any application.")}</p>
        </Section>
      ) : (
        apps.map((app) => <AppCard key={app.app} app={app} now={state.now} deeds={deeds} />)
      )}
      <Section title={t("What was decided")}>
        <Decisions audit={state.audit} apps={state.apps} />
      </Section>
    </>
  );
}

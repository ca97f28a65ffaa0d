// SPDX-License-Identifier: GPL-3.0-or-later
// Which program opens what.
import { useCallback, useEffect, useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { message } from "./deeds";
import { Choice, Row, Section } from "./rows";
import type { PageProperties } from "./window";

interface Kind {
  kind: string;
  chosen: string | null;
  apps: { id: string; name: string }[];
}

function names(): Record<string, string> {
  return {
    web: t("Web"), mail: t("Mail"), files: t("Files"), text: t("Text"), documents: t("PDF documents"), pictures: t("Pictures"), music: t("Music"), video: t("Video"),
  };
}

export function Defaults({ deeds, done }: PageProperties) {
  const [kinds, setKinds] = useState<Kind[] | null>(null);
  const [fault, setFault] = useState("");
  const look = useCallback(() => {
    ask<Kind[]>("apps.list")
      .then((list) => {
        setKinds(list);
        setFault("");
      })
      .catch((error: unknown) => setFault(message(error)));
  }, []);
  // Also after a change, and after one that was taken back.
  useEffect(look, [look, done]);
  const labels = names();
  return (
    <Section title={t("What opens with what")}>
      {fault ? <p className="fault" role="alert">{fault}</p> : null}
      {kinds?.map(({ kind, chosen, apps }) => {
        const label = labels[kind] ?? kind;
        if (apps.length === 0)
          return (
            <Row key={kind} label={label}>
              <span className="hint">{t("No application opens these yet.")}</span>
            </Row>
          );
        return (
          <Choice
            key={kind}
            label={label}
            value={chosen ?? ""}
            options={apps.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => deeds.app(t("{kind} opens with {app}", { kind: label, app: apps.find((app) => app.id === id)?.name ?? id }), kind, id)}
          />
        );
      })}
    </Section>
  );
}

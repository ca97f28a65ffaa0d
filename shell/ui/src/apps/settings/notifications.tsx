// SPDX-License-Identifier: GPL-3.0-or-later
// Which notifications pop up.
import { t } from "../../lib/i18n";
import { Section, Switch } from "./rows";
import type { PageProperties } from "./window";

export function Notifications({ desk: { notes }, deeds }: PageProperties) {
  if (!notes) return <p className="empty">{t("The desktop’s notifications are not there. They come back by themselves.")}</p>;
  const { DoNotDisturb: quiet, QuietInFullScreen: quietInFull, Muted: muted } = notes;
  return (
    <>
      <Section title={t("Do not disturb")}>
        <Switch label={t("Do not disturb")} hint={t("Only what is critical pops up; the rest is in the history.")} value={quiet} onChange={(on) => deeds.notes(t("Do not disturb"), { DoNotDisturb: on })} />
        <Switch label={t("Also while a window fills the screen")} value={quietInFull} onChange={(on) => deeds.notes(t("Quiet while a window fills the screen"), { QuietInFullScreen: on })} />
      </Section>
      <Section title={t("Muted programs")}>
        {muted.length === 0 ? (
          <p className="hint">{t("None. A program is muted in the history of notifications (Super+N).")}</p>
        ) : (
          <ul className="plain">
            {muted.map((name) => (
              <li key={name}>
                <span dir="auto">{name}</span>
                <button type="button" className="push" aria-label={t("Let “{name}” be heard again", { name })} onClick={() => void deeds.notes(t("“{name}” is muted no more", { name }), { Muted: muted.filter((other) => other !== name) })}>
                  {t("Let be heard")}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

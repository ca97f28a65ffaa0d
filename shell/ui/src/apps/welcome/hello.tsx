// SPDX-License-Identifier: GPL-3.0-or-later
// The first page: what this is, and in which language.
import { useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { message } from "../settings/deeds";
import { Choice } from "../settings/rows";
import { isSameLocale, nameOfLocale, sortedLocales, useSession } from "../settings/session";
import type { StepProperties } from "./step";

export function Hello({ fault }: StepProperties) {
  const [changes, setChanges] = useState(0);
  const { session } = useSession(changes);
  const set = (messages: string): Promise<boolean> =>
    ask("session.language", messages ? { messages } : {}).then(
      () => {
        setChanges((count) => count + 1);
        return true;
      },
      (error: unknown) => {
        fault(message(error));
        return false;
      },
    );
  const chosen = session?.messages;
  return (
    <>
      <p>{t("A calm desktop whose machines know each other. A few things are worth a choice; all of them are in Settings later. Esc skips the rest.")}</p>
      {session && chosen !== undefined ? (
        <div className="card">
          <Choice
            label={t("Language")}
            hint={t("What programs say, for you alone.")}
            value={chosen}
            options={[{ value: "", label: t("As this machine is set") }, ...sortedLocales([...new Set([...session.locales, chosen].filter(Boolean))])]}
            onChange={set}
          />
          {chosen && !isSameLocale(chosen, session.now.messages) ? (
            <p className="hint" role="status">{t("The new language is used from your next log-in. What runs now goes on in {language}.", { language: nameOfLocale(session.now.messages) })}</p>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

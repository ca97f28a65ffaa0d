// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the next sessions, and how dates and numbers are written in them.
import { t } from "../../lib/i18n";
import { Choice, Section, Waiting } from "./rows";
import { exampleOf, isSameLocale, nameOfLocale, sortedLocales, useSession } from "./session";
import type { PageProperties } from "./window";

export function Language({ deeds, done }: PageProperties) {
  const { session } = useSession(done);
  if (!session) return <Waiting />;
  const { messages, formats, now, locales } = session;
  if (messages === undefined || formats === undefined)
    return <p className="absent" role="status">{t("The session does not answer. Its settings appear again when it does.")}</p>;
  const known = sortedLocales([...new Set([...locales, messages, formats].filter(Boolean))]);
  const set = (label: string, next: { messages: string; formats: string }) =>
    deeds.language(label, { ...(next.messages ? { messages: next.messages } : {}), ...(next.formats ? { formats: next.formats } : {}) });
  const later = (messages !== "" && !isSameLocale(messages, now.messages)) || (formats !== "" && !isSameLocale(formats, now.formats));
  const written = formats || messages || now.formats;
  return (
    <>
      {later ? <p className="absent" role="status">{t("The new language is used from your next log-in. What runs now goes on in {language}.", { language: nameOfLocale(now.messages) })}</p> : null}
      <Section title={t("Language and formats")}>
        <Choice
          label={t("Language")}
          hint={t("What programs say, for you alone.")}
          value={messages}
          options={[{ value: "", label: t("As this machine is set") }, ...known]}
          onChange={(value) => set(t("Language: {name}", { name: value ? nameOfLocale(value) : t("As this machine is set") }), { messages: value, formats })}
        />
        <Choice
          label={t("Formats")}
          hint={<bdi>{exampleOf(written)}</bdi>}
          value={formats}
          options={[{ value: "", label: t("As the language has them") }, ...known]}
          onChange={(value) => set(t("Formats: {name}", { name: value ? nameOfLocale(value) : t("As the language has them") }), { messages, formats: value })}
        />
        <p className="hint">{t("A language that is missing here has to be added to the machine by an administrator: dpkg-reconfigure locales.")}</p>
      </Section>
    </>
  );
}

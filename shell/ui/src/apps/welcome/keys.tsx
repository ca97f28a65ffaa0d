// SPDX-License-Identifier: GPL-3.0-or-later
// The combinations to begin with, as they are bound here.
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { keysOf, type Binding } from "../../lib/shortcuts";

function wanted(): [action: RegExp, label: string][] {
  return [
    [/^launcher$/, t("Start programs, find anything")],
    [/^overview$/, t("See all windows")],
    [/^switch-next$/, t("Go to another window")],
    [/^close$/, t("Close the window")],
    [/^workspace next$/, t("The next workspace")],
    [/^quick-settings$/, t("Network, sound, brightness")],
    [/^notifications$/, t("What has been said")],
    [/^lock$/, t("Lock the screen")],
    [/^shortcuts$/, t("All the other keys")],
  ];
}

/** Rows for what has keys here, each with the first of them. */
export function firstKeys(bindings: readonly Binding[]): { label: string; keys: string[] }[] {
  return wanted().flatMap(([action, label]) => {
    const found = bindings.find(([mode, combination, does]) => !mode && action.test(does) && !/^(swipe|pinch|hold)\d/i.test(combination));
    return found ? [{ label, keys: keysOf(found[1]) }] : [];
  });
}

export function Keys() {
  const { desk } = useHost();
  const rows = firstKeys(desk?.input?.Bindings ?? []);
  return (
    <>
      <p>{t("Super is the key with the logo, beside the space bar.")}</p>
      {rows.length === 0 ? null : (
        <dl className="card first-keys">
          {rows.map(({ label, keys }) => (
            <div key={label} className="row">
              <dt>{label}</dt>
              <dd>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The places beside the files.
import type { KeyboardEvent as Key } from "react";
import type { FilesPlace } from "../../lib/files";
import { t } from "../../lib/i18n";
import { PlaceIcon } from "./pictograms";

interface Properties {
  places: readonly FilesPlace[];
  current: string;
  /** Where what is dragged would go. */
  over: string | undefined;
  onGo: (place: string, tab: boolean) => void;
}

export function Places({ places, current, over, onGo }: Properties) {
  const onKeyDown = (event: Key<HTMLElement>) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const all = [...event.currentTarget.querySelectorAll("button")];
    const at = all.findIndex((each) => each === document.activeElement);
    event.preventDefault();
    all[(at + by + all.length) % all.length]?.focus();
  };
  const stop = places.some(({ place }) => place === current) ? current : places[0]?.place;
  return (
    <nav className="places" aria-label={t("Places")} onKeyDown={onKeyDown}>
      {places.map(({ place, name, group }, k) => (
        <button
          key={place}
          type="button"
          className={`place${k > 0 && places[k - 1]?.group !== group ? " apart" : ""}${place === over ? " takes" : ""}`}
          data-place={place}
          aria-current={place === current ? "page" : undefined}
          tabIndex={place === stop ? 0 : -1}
          title={name}
          onClick={(event) => onGo(place, event.ctrlKey)}
          onAuxClick={(event) => event.button === 1 && onGo(place, true)}
        >
          <PlaceIcon place={place} />
          <span dir="auto">{name}</span>
          {place === "mesh" ? <em>{t("later")}</em> : null}
        </button>
      ))}
    </nav>
  );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Which computer is looked at: this one, or a member of the mesh.
import { t } from "../../lib/i18n";
import { clean, shortId } from "./text";
import type { Place } from "./where";

export function placeName({ id, name }: { id: string; name: string }): string {
  return clean(name) || shortId(id);
}

function optionText(place: Place, places: readonly Place[]): string {
  const name = placeName(place);
  const same = places.filter((each) => each.name === place.name).length > 1;
  const whole = same ? `${name} (${shortId(place.id)})` : name;
  return place.state === "alive" ? whole : t("{name} – not there now", { name: whole });
}

interface Properties {
  places: readonly Place[];
  /** A peer's id; "": this computer. */
  chosen: string;
  onChoose: (id: string) => void;
}

/** Nothing where there is no choice. One that has gone from the mesh stays chosen until the person says otherwise. */
export function PlaceChoice({ places, chosen, onChoose }: Properties) {
  if (places.length === 0 && chosen === "") return null;
  const gone = chosen !== "" && !places.some(({ id }) => id === chosen);
  return (
    <select className="field place" aria-label={t("Computer")} title={t("Computer that is shown")} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
      <option value="">{t("This computer")}</option>
      {places.map((place) => (
        <option key={place.id} value={place.id}>
          {optionText(place, places)}
        </option>
      ))}
      {gone && <option value={chosen}>{t("{name} – not there now", { name: shortId(chosen) })}</option>}
    </select>
  );
}

/** Says that what is shown is another computer's. */
export function PlaceBand({ name }: { name: string }) {
  return (
    <p className="band elsewhere" role="status" dir="auto">
      {t("This is “{name}”, as its node says it over the mesh.", { name })}
    </p>
  );
}

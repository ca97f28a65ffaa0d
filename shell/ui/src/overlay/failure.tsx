// SPDX-License-Identifier: GPL-3.0-or-later
// What could not be done, at the end of a sheet.
import { Icon } from "../lib/icons";

/** Nothing where there is no text. */
export function Failure({ text }: { text: string }) {
  return text ? (
    <div className="failure" role="alert">
      <Icon name="warning" />
      <span className="copyable">{text}</span>
    </div>
  ) : null;
}

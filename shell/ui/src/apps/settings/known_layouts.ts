// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard layouts that this machine knows.
import { useEffect, useState } from "react";
import { ask } from "../../lib/host";
import type { KnownLayout } from "./bindings";
import { message } from "./deeds";

/** By their names; none until they are known. `fault` says why they are not, and stays the same. */
export function useKnownLayouts(fault: (sentence: string) => void): readonly KnownLayout[] {
  const [known, setKnown] = useState<readonly KnownLayout[]>([]);
  useEffect(() => {
    ask<KnownLayout[]>("layouts.list")
      .then((list) => setKnown(list.sort((a, b) => a[2].localeCompare(b[2]))))
      .catch((error: unknown) => fault(message(error)));
  }, [fault]);
  return known;
}

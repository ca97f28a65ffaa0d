// SPDX-License-Identifier: GPL-3.0-or-later
import "../../lib/controls.css";
import { startPage } from "../../lib/page";
import { Window } from "./window";

void startPage(() => <Window />);

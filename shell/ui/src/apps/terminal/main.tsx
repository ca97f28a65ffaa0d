// SPDX-License-Identifier: GPL-3.0-or-later
import "./strict";
import "@xterm/xterm/css/xterm.css";
import { startPage } from "../../lib/page";
import { Window } from "./window";

void startPage(() => <Window />);

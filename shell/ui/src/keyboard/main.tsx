// SPDX-License-Identifier: GPL-3.0-or-later
import { startPage } from "../lib/page";
import { Keyboard } from "./keyboard";

void startPage(() => <Keyboard />);

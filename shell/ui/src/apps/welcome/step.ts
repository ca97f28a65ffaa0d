// SPDX-License-Identifier: GPL-3.0-or-later
export interface StepProperties {
  /** Shows what has failed, in a sentence. */
  fault: (sentence: string) => void;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What was changed, in its order, and how it is taken back.

export interface Done {
  undo: number;
  label: string;
}

const most = 50;

interface Placed extends Done {
  place: number;
}

/** One after the other: to take back is to wait for what is still being done, since Ctrl+Z is often faster than an answer. */
export class History {
  #done: readonly Placed[] = [];
  #places = 0;
  #settled: Promise<unknown> = Promise.resolve();
  readonly #show: (done: readonly Done[]) => void;

  /** `show` is told what can be taken back, the newest last, whenever that changes. */
  constructor(show: (done: readonly Done[]) => void) {
    this.#show = show;
  }

  /** Notes what `asked` gives once it is made, in the order in which it was asked, not answered: one may wait for a
   * password. What fails, or gives 0, is nothing to take back. */
  add(label: string, asked: Promise<number>): Promise<void> {
    const place = this.#places++;
    const ended = asked.then((undo) => {
      if (undo === 0) return;
      this.#keep([...this.#done, { undo, label, place }].sort((one, other) => one.place - other.place).slice(-most));
    });
    this.#settled = Promise.allSettled([this.#settled, ended]);
    return ended;
  }

  /** Has the newest taken back by `back`, when all before has ended. It stays where that fails. Gives null where there is none. */
  takeBack(back: (undo: number) => Promise<unknown>): Promise<Done | null> {
    const ended = this.#settled.then(async () => {
      const last = this.#done.at(-1);
      if (!last) return null;
      await back(last.undo);
      this.forget(last.undo);
      return last;
    });
    this.#settled = ended.catch(() => null);
    return ended;
  }

  /** Another has taken it back. */
  forget(undo: number): void {
    this.#keep(this.#done.filter((each) => each.undo !== undo));
  }

  #keep(done: readonly Placed[]): void {
    this.#done = done;
    this.#show(done);
  }
}

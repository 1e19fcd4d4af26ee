import type { Screen } from "../replay/progress.ts";

const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MS = 100;
/** Without a terminal there is a line for every quarter. */
const PARTS = 4;

/** One line that is drawn over and over on a terminal; elsewhere a few plain ones. */
export class Progress {
  readonly #screen: Screen;
  #drawnAt = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** A listener for the next step of the work. */
  step(name: string, total: number): (done: number) => void {
    let part = 0;
    if (!this.#screen.isTTY) this.#screen.write(`${name}\n`);
    return (done) => {
      const percent = `${Math.floor((100 * done) / total)}%`;
      if (!this.#screen.isTTY) {
        const reached = Math.floor((PARTS * done) / total);
        if (reached > part && done < total) this.#screen.write(`${name} ${percent}\n`);
        part = reached;
        return;
      }
      const now = performance.now();
      if (done < total && now - this.#drawnAt < REDRAW_MS) return;
      this.#drawnAt = now;
      this.#screen.write(CLEAR_LINE + `${name} ${percent}`.slice(0, (this.#screen.columns ?? 80) - 1));
    };
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE);
  }
}

import type { Listener } from "../replay/replay.ts";
import type { Screen } from "../replay/progress.ts";

const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MS = 100;

/** One line that is drawn over and over on a terminal; elsewhere one line for each run. */
export class Progress {
  readonly #screen: Screen;
  readonly #runs: number;
  #run = 0;
  #drawnAt = 0;

  constructor(screen: Screen, runs: number) {
    this.#screen = screen;
    this.#runs = runs;
  }

  /** A listener for the next run. */
  next(name: string): Listener {
    this.#run++;
    const title = `run ${this.#run} of ${this.#runs}  ${name}`;
    if (!this.#screen.isTTY) this.#screen.write(`${title}\n`);
    const draw = (label: string) => (done: number, total: number) => {
      const now = performance.now();
      if (!this.#screen.isTTY || (done < total && now - this.#drawnAt < REDRAW_MS)) return;
      this.#drawnAt = now;
      const line = `${title}  ${label} ${Math.floor((100 * done) / total)}%`;
      this.#screen.write(CLEAR_LINE + line.slice(0, (this.#screen.columns ?? 80) - 1));
    };
    return { settingUp: draw("set up"), pointReached: draw("prices") };
  }

  /** A remark above the line. */
  say(text: string): void {
    this.clear();
    this.#screen.write(`${text}\n`);
  }

  clear(): void {
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE);
  }
}

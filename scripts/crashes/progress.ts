import type { Listener } from "../replay/replay.ts";
import type { Screen } from "../replay/progress.ts";

const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MS = 100;

/** What the two runs of a crash report to. */
export interface Listeners {
  readonly on: Listener;
  readonly off: Listener;
}

/** One line that is drawn over and over on a terminal; elsewhere one line for each crash. */
export class Progress {
  readonly #screen: Screen;
  readonly #crashes: number;
  #crash = 0;
  #drawnAt = 0;

  constructor(screen: Screen, crashes: number) {
    this.#screen = screen;
    this.#crashes = crashes;
  }

  /** Listeners for the runs of the next crash, with risk control and without, which go side by side. */
  next(name: string): Listeners {
    this.#crash++;
    const title = `crash ${this.#crash} of ${this.#crashes}  ${name}`;
    if (!this.#screen.isTTY) this.#screen.write(`${title}\n`);
    const states = { on: "", off: "" };
    const draw = (run: keyof Listeners, label: string) => (done: number, total: number) => {
      states[run] = `${label} ${Math.floor((100 * done) / total)}%`;
      const now = performance.now();
      if (!this.#screen.isTTY || (done < total && now - this.#drawnAt < REDRAW_MS)) return;
      this.#drawnAt = now;
      const line = `${title}  control on: ${states.on}, off: ${states.off}`;
      this.#screen.write(CLEAR_LINE + line.slice(0, (this.#screen.columns ?? 80) - 1));
    };
    const listener = (run: keyof Listeners) => ({
      settingUp: draw(run, "set up"),
      pointReached: draw(run, "prices"),
    });
    return { on: listener("on"), off: listener("off") };
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

import { moment } from "./format.ts";
import { FEED_DECIMALS } from "./local.ts";
import type { Point } from "./path.ts";
import type { Listener } from "./replay.ts";

/** Where a progress bar is drawn. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const WIDTH = 28;
/** Without a terminal there is a line for every quarter, so that logs stay short. */
const PARTS = 4;
const REDRAW_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";

/** Progress of a replay: one line that is drawn over and over on a terminal, a few plain lines elsewhere. */
export class ProgressBar implements Listener {
  readonly #screen: Screen;
  #drawnAt = 0;
  #part = -1;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** A remark above the bar. */
  say(text: string): void {
    this.clear();
    this.#screen.write(`${text}\n`);
  }

  settingUp(done: number, total: number, note: string): void {
    this.#draw("set up ", done, total, note);
  }

  pointReached(done: number, total: number, { time, price }: Point): void {
    const dollars = (Number(price) / 10 ** FEED_DECIMALS).toFixed(2);
    this.#draw("replay ", done, total, `${moment(time)}  ETH ${dollars}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE);
  }

  #draw(label: string, done: number, total: number, note: string): void {
    const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
    if (!this.#screen.isTTY) {
      const part = Math.floor((PARTS * done) / total);
      if (part === this.#part || done < total / PARTS) return;
      this.#part = part;
      this.#screen.write(`${label}${percent}  ${note}\n`);
      if (done === total) this.#part = -1;
      return;
    }
    const now = performance.now();
    if (done < total && now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    const filled = Math.round((WIDTH * done) / total);
    const line = `${label}[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}]${percent}  ${note}`;
    this.#screen.write(CLEAR_LINE + line.slice(0, (this.#screen.columns ?? 80) - 1));
  }
}

import type { Screen } from "../replay/progress.ts";

const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MS = 200;
/** Without a terminal there is a line for every twentieth, so that logs stay short. */
const PARTS = 20;

/** `1:05` for a minute and five seconds. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return `${minutes}:${String(rest).padStart(2, "0")}`;
}

/** How far a step is, and how long it will take at the speed it had so far. */
export class Progress {
  readonly #screen: Screen;
  #started = 0;
  #drawnAt = 0;
  #part = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** A line that stays. */
  say(text: string): void {
    this.#screen.write(`${this.#screen.isTTY ? CLEAR_LINE : ""}${text}\n`);
  }

  start(): void {
    this.#started = performance.now();
    this.#part = 0;
  }

  step(name: string, done: number, total: number, note = ""): void {
    const now = performance.now();
    const left = done === 0 ? "" : `, ${clock(((now - this.#started) / 1000 / done) * (total - done))} left`;
    const line = `${name} ${done}/${total}${left}${note === "" ? "" : `  ${note}`}`;
    if (this.#screen.isTTY) {
      if (done < total && now - this.#drawnAt < REDRAW_MS) return;
      this.#drawnAt = now;
      this.#screen.write(CLEAR_LINE + line.slice(0, (this.#screen.columns ?? 80) - 1));
      if (done === total) this.#screen.write(CLEAR_LINE);
      return;
    }
    const part = Math.floor((PARTS * done) / Math.max(total, 1));
    if (part === this.#part) return;
    this.#part = part;
    this.#screen.write(`${line}\n`);
  }
}

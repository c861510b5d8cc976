/** How far a piece of work is, as a bar on a terminal's standard error; nothing where that is no terminal. */
const CELLS = 30
const EVERY_MS = 100

export class Progress {
  readonly #shown = process.stderr.isTTY
  #next = 0

  /** `share` from 0 to 1. */
  show(share: number): void {
    const now = performance.now()
    if (!this.#shown || now < this.#next) return
    this.#next = now + EVERY_MS
    const done = Math.floor(share * CELLS)
    const percent = String(Math.floor(share * 100)).padStart(3)
    process.stderr.write(`\r[${'#'.repeat(done)}${'.'.repeat(CELLS - done)}] ${percent} %`)
  }

  /** Wipes the bar, so that what follows stands alone. */
  end(): void {
    if (this.#shown && this.#next > 0) process.stderr.write(`\r${' '.repeat(CELLS + 8)}\r`)
  }
}

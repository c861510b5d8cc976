/** What went wrong, for every screen, until a person puts it away. */
import type { Notice } from '#contract/state.ts'
import type { Fault } from '#shared/result.ts'

const MAX_NOTICES = 50

export class Notices {
  #list: readonly Notice[] = []
  #nextId = 1

  get list(): readonly Notice[] {
    return this.#list
  }

  add(fault: Fault): void {
    // A disk that is full is not low any more.
    const others = this.#list.filter((n) => !(fault.code === 'disk-full' && n.fault.code === 'disk-low'))
    this.#list = [...others, { id: this.#nextId++, at: Date.now(), fault }].slice(-MAX_NOTICES)
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((n) => n.id !== id)
  }
}

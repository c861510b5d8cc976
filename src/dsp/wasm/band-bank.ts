import type { BandBank, BankPlan } from '#dsp/band-bank.ts'
import type { Face } from '#dsp/kernels.ts'
import type { KernelMemory } from './memory.ts'

const HEADER_BYTES = 16
/** Sections and energies of a group, and what each section takes: a1, a2 and two states of four bands. */
const GROUP_BYTES = 32
const SECTION_BYTES = 64
const LANES = 4
/** Mean squares below this, 30 dB below what any screen shows, are what is left of the filters' rounding. */
const SILENCE = 1e-28

/** Up to four bands of a stage with equally many sections. */
interface Group {
  readonly bands: readonly number[]
  readonly sections: number
}

function groupsOf({ filters }: BankPlan, first: number, end: number): Group[] {
  const groups: Group[] = []
  for (const sections of [3, 4]) {
    const bands = filters.flatMap(({ poles }, band) =>
      band >= first && band < end && poles.length === 2 * sections ? [band] : [],
    )
    for (let i = 0; i < bands.length; i += LANES) groups.push({ bands: bands.slice(i, i + LANES), sections })
  }
  return groups
}

/** 0 for a plan that the kernel does not do. */
export function bandBankBytes(memory: KernelMemory, plan: BankPlan): number {
  const { bandsMost, bandsKeptBytes } = memory.exports
  if (plan.block < LANES || plan.block > bandsMost.value) return 0
  let bytes = HEADER_BYTES
  for (const { first, end } of plan.stages) {
    bytes += HEADER_BYTES + bandsKeptBytes.value
    for (const { sections } of groupsOf(plan, first, end)) bytes += GROUP_BYTES + sections * SECTION_BYTES
  }
  return bytes
}

/** `BandBank` by a kernel, in single precision: within 2e-5 of a band's power, or 1e-11 of that of all. */
export class WasmBandBank implements Face<BandBank> {
  readonly #memory: KernelMemory
  readonly #plan: BankPlan
  readonly #at: number
  /** Of each band: the place of its energy, and what makes a mean square of it. */
  readonly #energy: Uint32Array
  readonly #scale: Float64Array
  /** Parts of the memory that hold states: from, to. */
  readonly #states: (readonly [number, number])[] = []

  /** `at`: cleared memory of `bandBankBytes(memory, plan)`. */
  constructor(memory: KernelMemory, at: number, plan: BankPlan) {
    this.#memory = memory
    this.#plan = plan
    this.#at = at
    this.#energy = new Uint32Array(plan.bands.length)
    this.#scale = new Float64Array(plan.bands.length)
    memory.i32[at >> 2] = plan.stages.length
    at += HEADER_BYTES
    plan.stages.forEach(({ first, end }, stage) => {
      const groups = groupsOf(plan, first, end)
      memory.i32[at >> 2] = groups.length
      at += HEADER_BYTES
      for (const group of groups) at = this.#layGroup(group, at, plan.block >> stage)
      this.#states.push([at >> 2, (at + memory.exports.bandsKeptBytes.value) >> 2])
      at += memory.exports.bandsKeptBytes.value
    })
  }

  process(block: Float32Array, power: Float64Array): boolean {
    const { f32, exports } = this.#memory
    const frames = this.#plan.block
    exports.bands(this.#at, this.#memory.place(block, 0, frames), frames)
    let finite = true
    for (let band = 0; band < power.length; band++) {
      const energy = f32[this.#energy[band]!]!
      const mean = energy * this.#scale[band]!
      power[band] = mean > SILENCE ? mean : 0
      finite &&= Number.isFinite(energy)
    }
    if (!finite) for (const [from, to] of this.#states) f32.fill(0, from, to)
    return finite
  }

  /** Returns where the next group begins. */
  #layGroup({ bands, sections }: Group, at: number, frames: number): number {
    const { f32, i32 } = this.#memory
    i32[at >> 2] = sections
    bands.forEach((band, lane) => {
      const { poles, gain } = this.#plan.filters[band]!
      this.#energy[band] = ((at + 16) >> 2) + lane
      this.#scale[band] = gain / frames
      for (let section = 0; section < sections; section++) {
        const place = ((at + GROUP_BYTES + section * SECTION_BYTES) >> 2) + lane
        f32[place] = poles[2 * section]!
        f32[place + LANES] = poles[2 * section + 1]!
      }
    })
    for (let section = 0; section < sections; section++) {
      const states = (at + GROUP_BYTES + section * SECTION_BYTES + SECTION_BYTES / 2) >> 2
      this.#states.push([states, states + 2 * LANES])
    }
    return at + GROUP_BYTES + sections * SECTION_BYTES
  }
}

/** The one memory of an instance of kernels.wasm, and who has which part of it. */

/** The part of the global WebAssembly that is used here: the pure layers have no types for it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { readonly exports: object }
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
}

/** Of src/dsp/wasm/assembly/index.ts, which says when it changes. */
const ABI = 1

/** Exports of kernels.wasm (src/dsp/wasm/assembly/index.ts). Pointers are bytes from the start of the memory. */
export interface Exports {
  readonly abi: { readonly value: number }
  readonly memory: { readonly buffer: ArrayBuffer }
  /** First byte that the kernels themselves do not use. */
  readonly free: { readonly value: number }
  readonly bandsMost: { readonly value: number }
  readonly bandsKeptBytes: { readonly value: number }
  bands(bank: number, x: number, frames: number): void
  spectrumScratchBytes(points: number): number
  addPowerSpectrum(
    scratch: number,
    twiddles: number,
    turns: number,
    points: number,
    samples: number,
    window: number,
    size: number,
    power: number,
    share: number,
    first: boolean,
  ): void
  fftTwiddleBytes(size: number): number
  convolverMost(): number
  convolverSharedBytes(partition: number, partitions: number): number
  convolverChannelBytes(partition: number, partitions: number): number
  convolverFilter(shared: number, twiddles: number, partition: number, partitions: number, taps: number): void
  convolve(
    shared: number,
    twiddles: number,
    channel: number,
    partition: number,
    partitions: number,
    x: number,
    y: number,
    frames: number,
  ): void
  logColumns(
    table: number,
    columns: number,
    last: number,
    dense: number,
    power: number,
    levels: number,
    peaks: number,
    out: number,
  ): void
  kWeightedEnergy(state: number, filter: number, x: number, frames: number): void
  decode(format: number, from: number, step: number, frames: number, to: number): number
  addLevels(x: number, captured: number, frames: number, sums: number): void
  clips(x: number, frames: number): number
  hearPowers(rows: number, bands: number, fast: number, slow: number, powers: number, counts: boolean): void
  hearTick(
    rows: number,
    fast: number,
    slow: number,
    impulse: number,
    fall: number,
    powers: number,
    counts: boolean,
  ): void
  powersToDb(values: number, count: number): void
  blend(average: number, values: number, count: number, share: number): void
  readonly weightedMost: { readonly value: number }
  weightedEnergy(state: number, filter: number, x: number, frames: number): void
  truePeakBytes(): number
  truePeakBegin(state: number, factor: number, prune: boolean): void
  truePeak(state: number, x: number, frames: number, recent: number, total: number): void
  truePeakSettle(state: number, recent: number, total: number): void
  truePeakGap(state: number): void
}

/** Frames that lie in the memory at once, of a plane that does not: longer blocks go in turns. */
export const TURN_FRAMES = 4096
/** Parts are powers of two, so that one that was given back fits whoever comes next; the least holds a cache line. */
const LEAST_BITS = 6

export class KernelMemory {
  readonly exports: Exports
  /** Views of the whole memory, which never grows. */
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly i32: Int32Array
  readonly #buffer: ArrayBuffer
  readonly #bytes: Uint8Array
  readonly #turn: number
  /** Tables that all share, made once. */
  readonly #tables = new Map<string, number>()
  #scratch = { at: 0, bytes: 0 }
  #top: number
  /** Parts given back, by the binary logarithm of their size. */
  readonly #free: number[][] = Array.from({ length: 32 }, () => [])

  private constructor(exports: Exports) {
    this.exports = exports
    const { buffer } = exports.memory
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.#buffer = buffer
    this.#bytes = new Uint8Array(buffer)
    this.#top = -(-exports.free.value >> LEAST_BITS) << LEAST_BITS
    this.#turn = this.allocate(4 * TURN_FRAMES)
  }

  /** Says why, instead, where this machine cannot run `bytes` or they are of another build. */
  static load(bytes: Uint8Array<ArrayBuffer>): KernelMemory | string {
    if (!WebAssembly.validate(bytes)) return 'this machine cannot run kernels.wasm, or it is damaged'
    const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Partial<Exports>
    const abi = exports.abi?.value
    if (abi === ABI) return new KernelMemory(exports as Exports)
    return `kernels.wasm is of another build (interface ${abi ?? 'unknown'}, needed ${ABI}); run "npm run build"`
  }

  /** Pointer to a zeroed part of at least `bytes`; 0 when the memory is full. */
  allocate(bytes: number): number {
    const bits = bitsOf(bytes)
    const at = this.#free[bits]!.pop() ?? this.#extend(2 ** bits)
    if (at > 0) this.#bytes.fill(0, at, at + 2 ** bits)
    return at
  }

  release(at: number, bytes: number): void {
    this.#free[bitsOf(bytes)]!.push(at)
  }

  /** Pointer to the twiddles of a transform of `size` points; 0 when the memory is full. */
  twiddles(size: number): number {
    return this.#table(`twiddles ${size}`, this.exports.fftTwiddleBytes(size), (at) => fillTwiddles(this.f32, at, size))
  }

  /** Pointer to the turns that split a complex transform of `points` into a real one; 0 when the memory is full. */
  turns(points: number): number {
    return this.#table(`turns ${points}`, 4 * points, (at) => {
      for (let k = 1; k <= points / 2; k++) {
        this.f32[at + k - 1] = Math.cos((Math.PI * k) / points)
        this.f32[at + points / 2 + k - 1] = -Math.sin((Math.PI * k) / points)
      }
    })
  }

  /** Pointer to at least `bytes` that hold nothing from one call of a kernel to the next; 0 when the memory is full. */
  scratch(bytes: number): number {
    if (bytes <= this.#scratch.bytes) return this.#scratch.at
    const at = this.allocate(bytes)
    if (at === 0) return 0
    if (this.#scratch.bytes > 0) this.release(this.#scratch.at, this.#scratch.bytes)
    this.#scratch = { at, bytes }
    return at
  }

  /** Puts `bytes` into the scratch and returns where; 0 when the memory is full. */
  stage(bytes: Uint8Array): number {
    const at = this.scratch(bytes.length)
    if (at > 0) this.#bytes.set(bytes, at)
    return at
  }

  has(plane: Float32Array): boolean {
    return plane.buffer === this.#buffer
  }

  /** Pointer to `plane[from..to)`, at most `TURN_FRAMES`: where it lies, or to a copy until the next call. */
  place(plane: Float32Array, from: number, to: number): number {
    if (this.has(plane)) return plane.byteOffset + 4 * from
    const { f32 } = this
    for (let i = from, j = this.#turn >> 2; i < to; i++, j++) f32[j] = plane[i]!
    return this.#turn
  }

  /** `fill` gets the place of the first float. */
  #table(name: string, bytes: number, fill: (at: number) => void): number {
    let at = this.#tables.get(name) ?? 0
    if (at > 0) return at
    at = this.allocate(bytes)
    if (at === 0) return 0
    this.#tables.set(name, at)
    fill(at >> 2)
    return at
  }

  #extend(bytes: number): number {
    const at = this.#top
    if (at + bytes > this.#bytes.length) return 0
    this.#top = at + bytes
    return at
  }
}

function bitsOf(bytes: number): number {
  return Math.max(LEAST_BITS, 32 - Math.clz32(bytes - 1))
}

/** In the order of src/dsp/wasm/assembly/fft.ts. */
function fillTwiddles(f32: Float32Array, at: number, size: number): void {
  for (let n = size; n >= 4; n >>= 2) {
    const quarter = n >> 2
    for (let p = 0; p < quarter; p++) {
      for (let k = 1; k <= 3; k++) {
        const angle = (2 * Math.PI * k * p) / n
        const row = 2 * (k - 1)
        const place = (i: number): number => (n === size ? at + i * quarter + p : at + 6 * p + i)
        f32[place(row)] = Math.cos(angle)
        f32[place(row + 1)] = -Math.sin(angle)
      }
    }
    at += 6 * quarter
  }
}

/** Plays one take at a time: its files in a row, over HTTP from the host of the page. Outside React; a component shows it. */
import { takeFilePath, type Heard } from '#contract/take-files.ts'
import type { TakeView } from '#contract/state.ts'
import { Emitter } from '#shared/lifecycle.ts'

export interface Playing {
  readonly take: string
  readonly playing: boolean
  /** From the beginning of the take. */
  readonly seconds: number
  /** Of the file that is open. */
  readonly file: number
  readonly heard: Heard
  /** Why nothing is heard, for the person. */
  readonly fault?: string
}

const VOLUME = 'farfield.volume'
/** Until somebody chose: never at once as loud as can be. */
const FIRST_VOLUME = 50
/** Whoever starts so near the end begins anew. */
const END_SECONDS = 0.05

export class TakePlayer {
  readonly #audio = new Audio()
  readonly #changed = new Emitter<void>()
  #now: Playing | undefined
  #lengths: readonly number[] = []
  #volume = kept()

  constructor() {
    const audio = this.#audio
    audio.preload = 'auto'
    this.#loud()
    audio.addEventListener('timeupdate', () => this.#set({ seconds: this.#seconds }))
    audio.addEventListener('play', () => this.#set({ playing: true }))
    // An element at its end pauses too; another file may follow.
    audio.addEventListener('pause', () => audio.ended || this.#set({ playing: false }))
    audio.addEventListener('ended', () => this.#next())
    audio.addEventListener('error', () => void this.#explain())
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const entry = this.#changed.on(listener)
    return () => void entry.dispose()
  }

  readonly snapshot = (): Playing | undefined => this.#now
  readonly volume = (): number => this.#volume

  /** Plays a take from a moment, in place of any other. */
  play(take: TakeView, seconds = 0): void {
    const other = this.#now?.take !== take.id
    this.#lengths = take.lengths
    if (other) this.#now = { take: take.id, playing: false, seconds, file: -1, heard: 'pair' }
    this.#go(seconds)
    this.#start()
  }

  toggle(): void {
    if (!this.#now) return
    if (!this.#audio.paused) return this.#audio.pause()
    if (this.#now.fault !== undefined || this.#atEnd) this.#go(this.#atEnd ? 0 : this.#now.seconds)
    this.#start()
  }

  /** Goes on playing where it did. */
  seek(seconds: number): void {
    const { paused } = this.#audio
    this.#go(seconds)
    if (!paused) this.#start()
  }

  hear(heard: Heard): void {
    if (!this.#now) return
    // What was asked for a moment ago counts, though the element has not told of it yet.
    const { paused } = this.#audio
    this.#now = { ...this.#now, heard, file: -1 }
    this.#go(this.#now.seconds)
    if (!paused) this.#start()
  }

  /** 0 to 100. */
  turn(volume: number): void {
    this.#volume = volume
    localStorage.setItem(VOLUME, String(volume))
    this.#loud()
    this.#changed.emit()
  }

  close(): void {
    this.#audio.pause()
    this.#audio.removeAttribute('src')
    this.#audio.load()
    this.#now = undefined
    this.#changed.emit()
  }

  get #total(): number {
    return this.#lengths.reduce((sum, length) => sum + length, 0)
  }

  get #seconds(): number {
    return this.#begin(this.#now?.file ?? 0) + this.#audio.currentTime
  }

  get #atEnd(): boolean {
    const { ended, currentTime, duration } = this.#audio
    return this.#now?.file === this.#lengths.length - 1 && (ended || currentTime > duration - END_SECONDS)
  }

  #begin(file: number): number {
    return this.#lengths.slice(0, file).reduce((sum, length) => sum + length, 0)
  }

  #go(wanted: number): void {
    const now = this.#now
    if (!now) return
    const seconds = Math.min(Math.max(0, wanted), this.#total)
    let file = 0
    while (file < this.#lengths.length - 1 && seconds >= this.#begin(file + 1)) file++
    if (file !== now.file || now.fault !== undefined)
      this.#audio.src = takeFilePath({ take: now.take, file, form: { heard: now.heard } })
    // Before the head was read it is where playing will begin.
    this.#audio.currentTime = seconds - this.#begin(file)
    const { fault: _, ...rest } = now
    this.#now = { ...rest, file, seconds }
    this.#changed.emit()
  }

  #start(): void {
    // What stands in the way is told by the error event; a seek in between is no fault.
    this.#audio.play().catch(() => undefined)
  }

  #next(): void {
    const { file = 0 } = this.#now ?? {}
    if (file >= this.#lengths.length - 1) return this.#set({ playing: false, seconds: this.#total })
    this.#go(this.#begin(file + 1))
    this.#start()
  }

  /** The element does not tell what the host said. */
  async #explain(): Promise<void> {
    const src = this.#audio.getAttribute('src')
    if (src === null || !this.#now) return
    const { take } = this.#now
    const answer = await fetch(src, { headers: { Range: 'bytes=0-0' } }).catch(() => undefined)
    const fault = !answer
      ? 'There is no connection to the workstation now.'
      : answer.ok
        ? 'This browser cannot play the recording. Download it and play it with another program.'
        : await answer.text()
    if (this.#now?.take === take) this.#set({ playing: false, fault })
  }

  /** As the ear hears it, the middle of the slider is half as loud. */
  #loud(): void {
    this.#audio.volume = (this.#volume / 100) ** 2
  }

  #set(change: Partial<Playing>): void {
    if (!this.#now) return
    this.#now = { ...this.#now, ...change }
    this.#changed.emit()
  }
}

function kept(): number {
  const text = localStorage.getItem(VOLUME)
  const volume = text === null ? Number.NaN : Number(text)
  return volume >= 0 && volume <= 100 ? volume : FIRST_VOLUME
}

/**
 * Checksums of sound that is written in any order. They follow the frames that are there from the beginning without a hole
 * and will not change any more; behind a hole that was filled they catch up by reading the disk.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Length of the pieces that have a checksum of their own, s: so that a changed sample can be told where it is. */
export const PIECE_SECONDS = 10

export interface Checksums {
  /** Of all the sound, hex. */
  readonly sha256: string
  /** Of each piece of PIECE_SECONDS, 8 hex digits each, in a row. */
  readonly crc32: string
}

export class RunningChecksum {
  readonly #sha = createHash('sha256')
  readonly #pieceBytes: number
  readonly #crcs: string[] = []
  #crc = 0
  #bytes = 0

  /** `pieceBytes`: PIECE_SECONDS of sound. */
  constructor(pieceBytes: number) {
    this.#pieceBytes = pieceBytes
  }

  /** How far it is, bytes of sound. */
  get bytes(): number {
    return this.#bytes
  }

  add(sound: Buffer): void {
    this.#sha.update(sound)
    for (let at = 0; at < sound.length;) {
      const piece = sound.subarray(at, at + this.#pieceBytes - (this.#bytes % this.#pieceBytes))
      this.#crc = crc32(piece, this.#crc)
      this.#bytes += piece.length
      at += piece.length
      if (this.#bytes % this.#pieceBytes === 0) this.#endPiece()
    }
  }

  /** Once, at the end. */
  end(): Checksums {
    if (this.#bytes % this.#pieceBytes !== 0) this.#endPiece()
    return { sha256: this.#sha.digest('hex'), crc32: this.#crcs.join('') }
  }

  #endPiece(): void {
    this.#crcs.push(this.#crc.toString(16).padStart(8, '0'))
    this.#crc = 0
  }
}

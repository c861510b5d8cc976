import { execFile } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { WavFile } from '#engine/recorder/wav-file.ts'
import { writeCount } from '#producer/sources/tone/count.ts'
import { frameBytes } from '#shared/pcm.ts'
import { readWavHead, WAV_HEAD_BYTES } from '#shared/wav.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const run = promisify(execFile)
const FORMAT = { format: 's32', channels: 2, rate: 192_000 } as const
const FRAME = frameBytes(FORMAT)
/** Of sound at each of the places that are written. */
const FRAMES = 4800
/** The position at which the sound itself is 4 GiB. */
const SEAM = 2 ** 32 / FRAME
const LENGTH = SEAM + 1_000_000

export const row: FaultRow = {
  number: 23,
  fault: 'a WAV file beyond 4 GiB',
  expected: 'opens as RF64 in sox, ffmpeg and libsndfile; the seam is exact; whole length',
  limitSeconds: 400,
  async run({ folder }) {
    const file = await WavFile.create(folder, 'long', { format: FORMAT, stream: 1n, first: 0n })
    const places = [0, SEAM - FRAMES / 2, LENGTH - FRAMES]
    for (const at of places) await file.write(BigInt(at), [count(at)])
    const audio = await file.finish()
    const path = join(folder, audio.name)

    const handle = await open(path)
    const start = Buffer.alloc(WAV_HEAD_BYTES)
    await handle.read(start, 0, start.length, 0)
    const head = readWavHead(start)
    if (!head.ok) throw new Error(head.fault.message)
    const { dataOffset, dataBytes } = head.value
    const exact = await Promise.all(
      places.map(async (at) => {
        const bytes = Buffer.alloc(FRAMES * FRAME)
        await handle.read(bytes, 0, bytes.length, dataOffset + at * FRAME)
        return bytes.equals(count(at))
      }),
    )
    await handle.close()
    const [sndfile, sox, ffprobe] = await Promise.all([
      run('sndfile-info', [path]),
      run('sox', ['--i', '-s', path]),
      run('ffprobe', ['-v', 'error', '-show_entries', 'stream=duration_ts', '-of', 'csv=p=0', path]),
    ])
    // Another program's samples across the seam.
    const samples = await run('sox', [path, '-t', 's32', '-', 'trim', `${SEAM - FRAMES / 2}s`, `${FRAMES}s`], {
      encoding: 'buffer',
      maxBuffer: 1 << 24,
    })
    const lengths = [Number(/Frames\s*: (\d+)/.exec(sndfile.stdout)?.[1]), Number(sox.stdout), Number(ffprobe.stdout)]
    return verdict(
      `${start.toString('latin1', 0, 4)} of ${dataBytes} bytes of sound; libsndfile, sox and ffmpeg read ${lengths.join(', ')} of ${LENGTH} frames; ` +
        `${exact.filter(Boolean).length} of ${places.length} places exact, the seam also as sox reads it`,
      {
        'RF64 with its exact size': start.toString('latin1', 0, 4) === 'RF64' && dataBytes === LENGTH * FRAME,
        'libsndfile, sox and ffmpeg read it all': lengths.every((frames) => frames === LENGTH),
        'every place exact': exact.every(Boolean),
        'the seam as sox reads it': samples.stdout.equals(count(SEAM - FRAMES / 2)),
      },
    )
  },
}

function count(from: number): Buffer {
  const bytes = Buffer.alloc(FRAMES * FRAME)
  writeCount(bytes, FORMAT, from)
  return bytes
}

/** Pictures of the pages: the few of docs/images, with at most 256 colours each. */
import { execFile } from 'node:child_process'
import { access, mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PUBLISHED } from './published.ts'

const run = promisify(execFile)
const IMAGES = fileURLToPath(new URL('../docs/images', import.meta.url))

/** ffmpeg's palette of this one picture; no dithering, which makes files large and lines uneven. */
const FEWER_COLOURS =
  'split[a][b];[a]palettegen=max_colors=256:stats_mode=single:reserve_transparent=0[p];[b][p]paletteuse=dither=none'
/** A page with its pictures is to be read over a slow line too. */
export const MAX_BYTES = 200_000

/** Writes those that are in `from`; prints what it wrote. Throws for one that is too large. */
export async function publish(from: string): Promise<void> {
  await mkdir(IMAGES, { recursive: true })
  for (const [name, picture] of Object.entries(PUBLISHED)) {
    const source = join(from, `${picture}.png`)
    const there = await access(source).then(
      () => true,
      () => false,
    )
    if (!there) continue
    const target = join(IMAGES, `${name}.png`)
    const fresh = `${target}.new.png`
    try {
      const args = [
        '-v',
        'error',
        '-y',
        '-i',
        source,
        '-vf',
        FEWER_COLOURS,
        '-pred',
        'none',
        '-compression_level',
        '100',
      ]
      await run('ffmpeg', [...args, fresh])
      const { size } = await stat(fresh)
      if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MAX_BYTES}.`)
      await rename(fresh, target)
      console.log(`${name}.png ${(size / 1000).toFixed(0)} kB`)
    } finally {
      await rm(fresh, { force: true })
    }
  }
}

/**
 * A sound device that does what it is told: a program named `arecord` that counts frames in real time (s32, 2 channels,
 * 48 kHz), overruns, and ends as the real one does when its device is pulled out.
 */
import { chmod, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const PROGRAM = `#!/usr/bin/python3
import os, signal, struct, sys, time
folder = os.path.dirname(os.path.abspath(__file__))
plugged = os.path.join(folder, 'plugged')
overrun = os.path.join(folder, 'overrun')
if not os.path.exists(plugged):
    sys.exit('arecord: main:831: audio open error: No such device')
PERIOD = 480
start = time.monotonic()
frame = 0
while True:
    time.sleep(max(0, start + (frame + PERIOD) / 48000 - time.monotonic()))
    if not os.path.exists(plugged):
        sys.exit('arecord: pcm_read:2221: read error: No such device')
    sys.stdout.buffer.write(b''.join(struct.pack('<II', p, p) for p in range(frame, frame + PERIOD)))
    sys.stdout.buffer.flush()
    frame += PERIOD
    if os.path.exists(overrun):
        ms = float(open(overrun).read())
        os.remove(overrun)
        frame += round(48 * ms)
        time.sleep(max(0, start + frame / 48000 - time.monotonic()))
        print('overrun!!! (at least %.3f ms long)' % ms, file=sys.stderr, flush=True)
`

export class FakeArecord {
  /** For the node that shall use it. */
  readonly env: Record<string, string>
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    this.env = { PATH: `${folder}:${process.env['PATH']}` }
  }

  /** Puts the program into `folder`, its device plugged in. */
  static async install(folder: string): Promise<FakeArecord> {
    const made = new FakeArecord(folder)
    await writeFile(join(folder, 'arecord'), PROGRAM)
    await chmod(join(folder, 'arecord'), 0o755)
    await made.plug()
    return made
  }

  async plug(): Promise<void> {
    await writeFile(join(this.#folder, 'plugged'), '')
  }

  async unplug(): Promise<void> {
    await rm(join(this.#folder, 'plugged'))
  }

  /** The next period is followed by a pause in which `ms` of sound are lost, told as arecord tells it. */
  async overrun(ms: number): Promise<void> {
    // Whole or not at all: the program looks every period.
    await writeFile(join(this.#folder, 'asked'), `${ms}`)
    await rename(join(this.#folder, 'asked'), join(this.#folder, 'overrun'))
  }
}

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { verify as verifyFile, type Verification } from '#engine/recorder/verify.ts'
import { interrupted, printJson, UsageError, type Command } from './command.ts'
import { Progress } from './progress.ts'

const RECORDING = /\.wav$/i
const CERTIFICATE = /\.wav\.json$/i

export const verify: Command = {
  name: 'verify',
  summary: 'Check that recordings are what was recorded, by their certificates.',
  usage: 'FILE|FOLDER [...] [--json]',
  help: `  --json   one object a file: file, state, sentence, differs, changed, and its certificate

Every recording has a certificate beside it, NAME.wav.json: what was recorded, what is missing and why, and the SHA-256
of its sound. This reads the recording again, of any size, and compares. Of a folder, all recordings in it and in the
folders inside it are checked, and certificates without a recording are named.

state: good, or changed (other samples), cut, longer, format (other channels, rate or kind of samples), no-certificate,
bad-certificate, unfinished, unreadable. What is in the file beside its sound, such as a title, may change freely.

Exit codes: 0 all are good, 1 at least one is not, 2 the command was not understood.`,
  options: { json: { type: 'boolean' } },
  positionals: true,

  async run(input) {
    if (input.positionals.length === 0) throw new UsageError('It needs a recording, or a folder of recordings.')
    const json = input.flag('json')
    let stopped = false
    void interrupted().then(() => (stopped = true))
    const files = await filesOf(input.positionals)
    const progress = new Progress()
    let good = 0
    for (const [i, file] of files.entries()) {
      const found: Verification =
        typeof file === 'string'
          ? await verifyFile(file, {
              progress: (share) => progress.show((i + share) / files.length),
              stopped: () => stopped,
            })
          : file
      progress.end()
      if (json) printJson(found)
      else print(found)
      if (found.state === 'stopped') return 1
      if (found.state === 'good') good++
    }
    if (files.length > 1 && !json)
      console.log(
        `${good} of ${files.length} recordings are good${good === files.length ? '.' : `, ${files.length - good} not.`}`,
      )
    return good === files.length ? 0 : 1
  },
}

function print({ file, state, sentence, certificate }: Verification): void {
  if (state !== 'good') {
    console.error(`farfield: ${file}: ${sentence}`)
    return
  }
  console.log(`${file}: good. ${sentence} ${certificate!.verdict.sentence}`)
  for (const gap of certificate!.gaps) console.log(`  ${gap.sentence}`)
}

/** Files as they were named; of folders what is in them, by name. */
async function filesOf(named: readonly string[]): Promise<(string | Verification)[]> {
  const out: (string | Verification)[] = []
  for (const path of named) {
    const isFolder = await stat(path).then(
      (s) => s.isDirectory(),
      () => false,
    )
    if (!isFolder) {
      out.push(path)
      continue
    }
    const inside = await recordingsIn(path)
    if (inside.length > 0) out.push(...inside)
    else out.push({ file: path, state: 'unreadable', sentence: 'There is no recording in this folder.' })
  }
  // A shell's `*` names certificates beside their recordings.
  return out.filter((f) => typeof f !== 'string' || !CERTIFICATE.test(f) || !out.includes(f.slice(0, -'.json'.length)))
}

async function recordingsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const names = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name))
  return names.filter((name) => RECORDING.test(name) || CERTIFICATE.test(name)).sort()
}

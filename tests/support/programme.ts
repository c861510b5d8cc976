/** Makes a stereo programme of speech over noise with other people's programs: 48 kHz, 32 bit. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const TEXT =
  'The quick brown fox jumps over the lazy dog. A recording that is true in time needs every sample, and a level that is true needs every decibel. Thank you for listening.'

/** Resolves with the path of the file, made in `folder`. */
export async function speechAndNoise(folder: string): Promise<string> {
  const file = (name: string): string => join(folder, name)
  await run('espeak-ng', ['-w', file('voice.wav'), TEXT])
  await run('sox', [
    file('voice.wav'),
    '-r',
    '48000',
    '-b',
    '32',
    '-c',
    '2',
    file('speech.wav'),
    'gain',
    '-n',
    '-9',
    'remix',
    '1',
    '1v0.6',
    'pad',
    '1',
    '1',
  ])
  const { stdout } = await run('soxi', ['-D', file('speech.wav')])
  const noise = ['synth', stdout.trim(), 'pinknoise', 'pinknoise', 'gain', '-30']
  await run('sox', ['-R', '-n', '-r', '48000', '-b', '32', '-c', '2', file('noise.wav'), ...noise])
  await run('sox', [
    '-D',
    '-m',
    '-v',
    '1',
    file('speech.wav'),
    '-v',
    '1',
    file('noise.wav'),
    '-b',
    '32',
    file('programme.wav'),
  ])
  return file('programme.wav')
}

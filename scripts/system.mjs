// The programs that the tests use and npm cannot bring: their Debian packages, installed when we are root.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Package, and a file that is there when it is installed. */
const PACKAGES = [
  ['chromium', '/usr/bin/chromium'],
  ['fonts-dejavu-core', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
  ['ffmpeg', '/usr/bin/ffmpeg'],
  ['sox', '/usr/bin/sox'],
  ['sndfile-programs', '/usr/bin/sndfile-info'],
  ['libebur128-1', '/usr/share/doc/libebur128-1'],
  ['espeak-ng', '/usr/bin/espeak-ng'],
  ['alsa-utils', '/usr/bin/arecord'],
  ['pulseaudio', '/usr/bin/pulseaudio'],
  ['pulseaudio-utils', '/usr/bin/pactl'],
  ['libasound2-plugins', '/usr/share/doc/libasound2-plugins'],
  ['python3-zmq', '/usr/lib/python3/dist-packages/zmq'],
  ['python3', '/usr/bin/python3'],
  ['iproute2', '/usr/bin/ip'],
  ['gcc', '/usr/bin/gcc'],
  ['libc6-dev', '/usr/include/stdio.h'],
]

function missing() {
  return PACKAGES.filter(([, file]) => !existsSync(file)).map(([name]) => name)
}

/** True when everything is there in the end. Says what is missing where it cannot install it. */
export function ensureSystem() {
  const names = missing()
  if (names.length === 0) return true
  const hint = `apt-get install -y --no-install-recommends ${names.join(' ')}`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`farfield: the tests need programs that are not here. On Debian: sudo ${hint}`)
    return false
  }
  console.error(`farfield: installing ${names.join(', ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...names)) {
    console.error(`farfield: that failed. By hand: ${hint}`)
    return false
  }
  return missing().length === 0
}

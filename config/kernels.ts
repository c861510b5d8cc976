/** Compiles the kernels of src/dsp/wasm/assembly (AssemblyScript) to WebAssembly, which takes about a second. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const COMPILER = join(ROOT, 'node_modules/assemblyscript/bin/asc.js')

/** Pages of 64 KiB. The memory never grows, so that views of it stay what they are; pages that nobody wrote to cost nothing. */
const PAGES = '2048'

const OPTIONS = `-O3 --noAssert --runtime stub --enable simd --enable relaxed-simd
  --initialMemory ${PAGES} --maximumMemory ${PAGES}`.split(/\s+/)

/** Rejects with what the compiler says. */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-kernels-'))
  const file = join(folder, 'kernels.wasm')
  try {
    await promisify(execFile)(process.execPath, [COMPILER, 'src/dsp/wasm/assembly/index.ts', '-o', file, ...OPTIONS], {
      cwd: ROOT,
    })
    return new Uint8Array(await readFile(file))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

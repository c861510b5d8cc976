/** Finds the WebAssembly kernels that the build makes. */
import { readFileSync } from 'node:fs'

/** Beside the built worker; for a worker that runs from its source, where the build puts them. */
const PLACES = ['./kernels.wasm', '../../../out/main/kernels.wasm']

/** Undefined when they were not built: the reference in TypeScript does their work then. */
export function readKernels(): Uint8Array<ArrayBuffer> | undefined {
  for (const place of PLACES) {
    try {
      return new Uint8Array(readFileSync(new URL(place, import.meta.url)))
    } catch {
      continue
    }
  }
  return undefined
}

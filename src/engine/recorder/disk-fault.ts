/** Places where nothing can be written, in words. */
import { randomUUID } from 'node:crypto'
import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Fault, type Result } from '#shared/result.ts'
import { makeFolder } from '#engine/folder.ts'

/** An empty file fits on a full disk; this does not. */
const PROBE = Buffer.alloc(64 << 10)

/** Makes sure that a file can be made in `folder`, by making and removing one. Faults: `folder-unwritable`, `disk-full`. */
export async function checkFolder(folder: string): Promise<Result<null>> {
  const probe = join(folder, `.farfield-${randomUUID()}`)
  try {
    await makeFolder(folder)
    await writeFile(probe, PROBE)
    return ok(null)
  } catch (error) {
    return { ok: false, fault: diskFault(folder, error) }
  } finally {
    await unlink(probe).catch(() => undefined)
  }
}

/** A sentence for a system error at the disk. */
export function diskFault(folder: string, error: unknown): Fault {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullFault(folder)
  const why: Record<string, string> = {
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'it is read-only',
    ENOTDIR: 'part of it is a file, not a folder',
    EEXIST: 'a file of that name is in the way',
    ENOENT: 'it is gone',
    EIO: 'the disk reports an error',
  }
  return fail(
    'folder-unwritable',
    `Nothing can be written in ${folder}: ${why[code] ?? (code || String(error))}. Choose another folder.`,
  ).fault
}

/** There is no room left, or too little to go on. */
export function fullFault(folder: string): Fault {
  return fail(
    'disk-full',
    `The disk that holds ${folder} is full. Recording was stopped and what was written is kept. Free some space or choose another folder.`,
  ).fault
}

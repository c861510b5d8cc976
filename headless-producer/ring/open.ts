/** Puts together what a node keeps: memory, disk, both or nothing. */
import { ok, type Result } from '#shared/result.ts'
import { MAX_RING_STREAMS, type NodeCounters, type RingMeta } from '#wire/meta.ts'
import type { Log } from '#producer/log.ts'
import { join } from 'node:path'
import { LayeredRing } from './layered.ts'
import { MemoryRing, type RingLimits } from './memory.ts'
import type { Ring } from './ring.ts'
import { Spool, type SpoolLimits } from './spool.ts'

/** 120 s of 48 kHz, 2 channels, s32 take 46 MB and 10 MB of bookkeeping; the limit bounds what more channels take. */
export const DEFAULT_RING: RingLimits = { seconds: 120, bytes: 128e6 }
/** A day of 48 kHz, 2 channels, s32 takes 34 GB. */
export const DEFAULT_SPOOL: RingLimits = { seconds: 24 * 3600, bytes: 40e9 }

export interface RingOptions {
  readonly ring?: RingLimits
  readonly spool?: SpoolLimits
  /** Node id: nodes that share a folder have one each in it. */
  readonly id: string
  /** Go on when the disk is not there yet. */
  readonly wait?: boolean
  readonly log: Log
}

export interface NodeRing {
  /** Absent when nothing is kept. */
  readonly kept: Ring | undefined
  readonly counters: Pick<NodeCounters, 'spoolDropped' | 'spoolErrors'>
  meta(): { readonly ring?: RingMeta }
  close(): Promise<void>
}

/** Fault: `folder-unwritable`, unless it may wait for the folder. */
export async function openRing(options: RingOptions): Promise<Result<NodeRing>> {
  const { ring = DEFAULT_RING, id, log } = options
  const memory = ring.seconds > 0 ? new MemoryRing(ring) : undefined
  const spool = options.spool && new Spool({ ...options.spool, folder: join(options.spool.folder, id) }, log)
  const opened = (await spool?.open(options.wait ?? false)) ?? ok(undefined)
  if (!opened.ok && !options.wait) return opened
  const kept = memory && spool ? new LayeredRing(memory, spool) : (memory ?? spool)
  return ok({
    kept,
    get counters() {
      return { spoolDropped: spool?.dropped ?? 0, spoolErrors: spool?.errors ?? 0 }
    },
    meta: () =>
      kept
        ? {
            ring: {
              kind: spool ? ('disk' as const) : ('memory' as const),
              streams: kept.streams(MAX_RING_STREAMS),
              ...(spool?.message === undefined ? {} : { message: spool.message }),
            },
          }
        : {},
    close: async () => spool?.close(),
  })
}

import { useCallback, useEffect } from 'react'
import type { FoundNode, ScanView } from '#contract/state.ts'
import { Dialog } from './dialog.tsx'
import { plural } from './format.ts'
import { useRun } from './hooks.ts'

/** Long enough for a node that answers the second question, asked after a second. */
const SCAN_SECONDS = 3

export interface ScanDialogProps {
  readonly scan: ScanView
  readonly onShow: (key: number) => void
  readonly onClose: () => void
}

export function ScanDialog({ scan, onShow, onClose }: ScanDialogProps) {
  const run = useRun()
  const start = useCallback(() => void run('scan', { seconds: SCAN_SECONDS }), [run])
  useEffect(start, [start])
  const add = async (address: string): Promise<void> => {
    const added = await run('node.add', { address })
    if (added) onShow(added.key)
  }
  return (
    <Dialog title="Scan for nodes" wide onClose={onClose}>
      <div className="dialog-body">
        <div className={scan.running ? 'progress progress-running' : 'progress'} aria-hidden="true">
          <div className="progress-bar" />
        </div>
        <p className="scan-summary" role="status">
          {summary(scan)}
        </p>
        {scan.fault && (
          <p className="error" role="alert">
            {scan.fault.message}
          </p>
        )}
        <ul className="found" aria-label="Nodes found">
          {scan.found.map((found) => (
            <Found
              key={`${found.id} ${found.address}`}
              found={found}
              onAdd={() => void add(found.address)}
              onShow={(key) => {
                onShow(key)
                onClose()
              }}
            />
          ))}
        </ul>
        <footer className="dialog-foot">
          <button type="button" className="button" disabled={scan.running} onClick={start}>
            Scan again
          </button>
          <button type="button" className="button button-primary" onClick={onClose}>
            Done
          </button>
        </footer>
      </div>
    </Dialog>
  )
}

function Found(props: { found: FoundNode; onAdd: () => void; onShow: (key: number) => void }) {
  const { found, onAdd, onShow } = props
  const { key } = found
  return (
    <li className="found-node">
      <div className="found-text">
        <strong className="clip">{found.name}</strong>
        <span className="muted clip">
          {found.address} · {found.software}
        </span>
      </div>
      {key === undefined ? (
        <button
          type="button"
          className="button button-primary found-action"
          aria-label={`Connect ${found.name}`}
          onClick={onAdd}
        >
          Connect
        </button>
      ) : (
        <button
          type="button"
          className="button found-action"
          aria-label={`Show ${found.name}`}
          onClick={() => onShow(key)}
        >
          Show
        </button>
      )}
    </li>
  )
}

function summary(scan: ScanView): string {
  const count = scan.found.length
  if (scan.running) return count === 0 ? 'Looking for nodes on this network…' : `Found ${plural(count, 'node')} so far…`
  if (scan.endedAt === undefined) return ''
  if (count > 0) return `Found ${plural(count, 'node')}.`
  return 'No node answered. Check that the node is switched on and on the same network; a node in another network can be added by its address.'
}

import { useCallback, useEffect, useState } from 'react'
import type { FoundNode, NodeView, ScanView } from '#contract/state.ts'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { plural } from '#renderer/format.ts'
import { useWorkstation } from '#renderer/hooks.ts'

/** Long enough for a node that answers the second question, asked after a second. */
const SCAN_SECONDS = 3

export interface ScanDialogProps {
  readonly scan: ScanView
  readonly nodes: readonly NodeView[]
  readonly onShow: (key: number) => void
  readonly onClose: () => void
}

export function ScanDialog({ scan, nodes, onShow, onClose }: ScanDialogProps) {
  const workstation = useWorkstation()
  // Shown here: a notice would lie behind the dialog.
  const [error, setError] = useState<string>()
  const start = useCallback(() => {
    const ask = async (): Promise<void> => {
      const result = await workstation.call('scan', { seconds: SCAN_SECONDS })
      setError(result.ok ? undefined : result.fault.message)
    }
    void ask()
  }, [workstation])
  useEffect(start, [start])
  const add = async (address: string): Promise<void> => {
    const result = await workstation.call('node.add', { address })
    setError(result.ok ? undefined : result.fault.message)
    if (result.ok) onShow(result.value.key)
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
        <p className="error" role="alert">
          {error ?? scan.fault?.message}
        </p>
        <ul className="found" aria-label="Nodes found">
          {scan.found.map((found) => (
            <Found
              key={`${found.id} ${found.address}`}
              found={found}
              shown={found.key ?? nodes.find((node) => node.address === found.address)?.key}
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
          <button type="button" className="button button-primary" data-first onClick={onClose}>
            Done
          </button>
        </footer>
      </div>
    </Dialog>
  )
}

interface FoundProps {
  readonly found: FoundNode
  /** Its key, where it was added already. */
  readonly shown: number | undefined
  readonly onAdd: () => void
  readonly onShow: (key: number) => void
}

function Found({ found, shown, onAdd, onShow }: FoundProps) {
  return (
    <li className="found-node">
      <div className="found-text">
        <strong className="clip">{found.name}</strong>
        <span className="muted clip">
          {found.address} · {found.software}
        </span>
      </div>
      {shown === undefined ? (
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
          onClick={() => onShow(shown)}
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
  return 'No node answered. Check that the node is switched on and on the same network; a node on another network can be added with Add address.'
}

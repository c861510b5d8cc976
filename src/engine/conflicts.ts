/** Two nodes that call themselves the same: what is kept for the one, such as its calibration, would be taken for the other. */
import type { NodeView } from '#contract/state.ts'
import type { Fault } from '#shared/result.ts'
import type { ManagedNode } from './nodes.ts'

/** `view` of `node`, with a warning `node-conflict` where another live node of the same id sends another stream. */
export function withConflict(view: NodeView, node: ManagedNode, nodes: Iterable<ManagedNode>): NodeView {
  const stream = liveStream(node)
  if (stream === undefined) return view
  for (const other of nodes) {
    const others = other.id === node.id ? liveStream(other) : undefined
    // The same stream is the same node, reached by another way.
    if (others === undefined || others === stream) continue
    return { ...view, link: { ...view.link, warnings: [conflict(node, other), ...view.link.warnings] } }
  }
  return view
}

function liveStream(node: ManagedNode): bigint | undefined {
  const { session } = node
  return session?.presence().presence === 'live' ? session.tracker.stream : undefined
}

function conflict(node: ManagedNode, other: ManagedNode): Fault {
  const at = ({ endpoint }: ManagedNode): string => endpoint.pub.replace(/^tcp:\/\//, '')
  return {
    code: 'node-conflict',
    message: `Two nodes call themselves "${node.id}": at ${at(node)} and at ${at(other)}. Give one of them another --id.`,
  }
}

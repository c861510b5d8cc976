/** What the node view is made of. A panel shows one thing of one node; which there are, and how large, the person arranges. */
import type { ComponentType } from 'react'
import type { NodeView } from '#contract/state.ts'

/** Of the grid of the node view: 24 columns wide, rows of one height. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface NodePanelProps {
  readonly node: NodeView
}

export interface PanelDefinition {
  /** Kept in the arrangements that people made: never changed. */
  readonly id: string
  readonly title: string
  /** For the list of panels to add: what one sees there. */
  readonly about: string
  /** When it is added. */
  readonly size: Size
  /** Below it, it cannot be read. */
  readonly least: Size
  /** It has nothing to show of a node that was never heard. */
  readonly needsSound: boolean
  /** Renders one `Panel` of this id. */
  readonly Component: ComponentType<NodePanelProps>
}

/** The panels of a node, as the person arranged them. */
import { memo, useCallback, useMemo, useRef, useSyncExternalStore, type CSSProperties } from 'react'
import type { NodeView } from '#contract/state.ts'
import { COLUMNS, placesOf, type Place } from './arrangement.ts'
import { definitionOf, mayOf, useArranger } from './arranger.ts'
import type { PanelDefinition } from './definition.ts'
import { EmptyArrangement } from './empty.tsx'
import { useHands } from './hands.ts'
import { BesideContext, PanelPlaceContext, type PanelPlace } from './place-context.ts'
import { useArrangements } from './store.ts'

/** Here panels stand one below the other; the style sheets know it too. */
const NARROW = '(max-width: 1180px)'

export function PanelGrid({ node }: { readonly node: NodeView }) {
  const { panels } = useArrangements().shown
  const arranger = useArranger()
  const narrow = useNarrow()
  const grid = useRef<HTMLDivElement>(null)
  const heard = node.format !== undefined
  const inSight = useMemo(() => {
    const some = panels.filter(({ id }) => heard || !definitionOf(id).needsSound)
    return narrow ? some.map((one) => ({ ...one, columns: COLUMNS })) : some
  }, [panels, heard, narrow])
  const { held, hands } = useHands(grid, inSight, narrow, arranger)
  const remove = useCallback(
    (id: string): void => {
      const cells = [...(grid.current?.children ?? [])]
      const at = cells.findIndex((cell) => cell instanceof HTMLElement && cell.dataset['panel'] === id)
      const next = cells[at + 1] ?? cells[at - 1]
      arranger.remove(id)
      next?.querySelector<HTMLElement>('.panel-menu')?.focus()
    },
    [arranger],
  )
  const { step, grow } = arranger
  // Every panel has the whole width of a narrow window, whatever it has elsewhere.
  const context = useMemo<PanelPlace>(
    () => ({ ...hands, step, grow, remove, may: (id) => mayOf(id, narrow) }),
    [hands, narrow, step, grow, remove],
  )
  const beside = useMemo(() => panels.map(({ id }) => id), [panels])
  if (inSight.length === 0) return <EmptyArrangement waits={panels.length > 0} />
  const places = placesOf(inSight)
  const preview = held && placesOf(held.panels)
  const previewOf = (id: string): Place | undefined => preview?.[held!.panels.findIndex((one) => one.id === id)]
  return (
    <div className={!heard || node.presence === 'live' ? 'panels-room' : 'panels-room panels-past'}>
      <PanelPlaceContext value={context}>
        <BesideContext value={beside}>
          <div className="panels" ref={grid} style={{ '--rows': rowsOf(places) } as CSSProperties}>
            {inSight.map(({ id }, i) => {
              const inHand = held?.id === id
              // The one that moves follows the pointer from where it was.
              const place = (inHand && held.kind === 'move' ? undefined : previewOf(id)) ?? places[i]!
              return (
                <div
                  key={id}
                  className={inHand ? `cell cell-${held.kind}` : 'cell'}
                  data-panel={id}
                  style={area(place)}
                >
                  <Content definition={definitionOf(id)} node={node} />
                  <span
                    className="cell-grip"
                    aria-hidden="true"
                    data-no-picture=""
                    onPointerDown={(event) => hands.stretch(id, event)}
                  />
                </div>
              )
            })}
            {held?.kind === 'move' && <div className="cell-drop" style={area(previewOf(held.id)!)} />}
          </div>
        </BesideContext>
      </PanelPlaceContext>
    </div>
  )
}

/** Arranging renders no panel. */
const Content = memo(({ definition, node }: { readonly definition: PanelDefinition; readonly node: NodeView }) => (
  <definition.Component node={node} />
))

function rowsOf(places: readonly Place[]): number {
  return Math.max(...places.map(({ row, rows }) => row + rows))
}

function area({ column, row, columns, rows }: Place): CSSProperties {
  return { gridColumn: `${column + 1} / span ${columns}`, gridRow: `${row + 1} / span ${rows}` }
}

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(NARROW)
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => matchMedia(NARROW).matches,
  )
}

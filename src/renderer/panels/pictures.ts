/** A panel that is not shown costs nothing: which meters run for the panels of the node view, and only for them. */
import { useMemo } from 'react'
import { METERS } from '#meters/registry.ts'
import { useArrangements } from './store.ts'

/** Ids of the meters that are pictures of the moment and have a panel; the same list while the panels are the same. */
export function useShownPictures(): readonly string[] {
  const { panels } = useArrangements().shown
  return useMemo(
    () =>
      METERS.filter(({ id, onlyWhileWatched }) => onlyWhileWatched && panels.some((one) => one.id === id)).map(
        ({ id }) => id,
      ),
    [panels],
  )
}

/** Which arrangement is shown, and what is done with arrangements. */
import { useCallback, useEffect, useState } from 'react'
import { AddIcon, MoreIcon } from '#renderer/parts/icons.tsx'
import { Menu, MenuCheck, MenuItem, MenuLine } from '#renderer/parts/menu.tsx'
import { Segments } from '#renderer/parts/segments.tsx'
import { useKeys } from '#renderer/shortcuts/keys.ts'
import { ARRANGEMENT_KEYS } from '#renderer/shortcuts/table.ts'
import { nameOf, said, useArranger } from './arranger.ts'
import { MOST_OWN } from './kept.ts'
import { NameDialog } from './name-dialog.tsx'
import { PANELS } from './registry.tsx'
import { useArrangements } from './store.ts'

export function ArrangementBar() {
  const { choices, shown, kept } = useArrangements()
  const arranger = useArranger()
  const [naming, setNaming] = useState<'save' | 'rename'>()
  const choose = useCallback(
    (action: string): void => {
      const choice = choices[ARRANGEMENT_KEYS.findIndex((one) => one.action === action)]
      if (choice) arranger.choose(choice.id)
    },
    [choices, arranger],
  )
  useKeys(ARRANGEMENT_KEYS, choose)
  return (
    <div className="arrange">
      <Segments
        title="Arrangement"
        values={choices.map(({ id }) => id)}
        value={shown.id}
        say={(id) => nameOf(choices.find((one) => one.id === id)!)}
        onChoose={arranger.choose}
      />
      <div className="arrange-tools">
        {shown.changed && (
          <button type="button" className="button button-small" onClick={arranger.back}>
            {shown.own ? 'Back to saved' : 'Back to preset'}
          </button>
        )}
        <AddPanelMenu className="button button-small" />
        <Menu label={<MoreIcon />} name="Arrangement" className="button button-quiet button-small arrange-more">
          {shown.own && (
            <MenuItem disabled={!shown.changed} onClick={() => arranger.save(shown.name)}>
              Save changes
            </MenuItem>
          )}
          <MenuItem disabled={kept.own.length >= MOST_OWN} onClick={() => setNaming('save')}>
            Save as…
          </MenuItem>
          <MenuItem disabled={!shown.changed} onClick={arranger.back}>
            {shown.own ? 'Back to saved' : 'Back to preset'}
          </MenuItem>
          {shown.own && (
            <>
              <MenuLine />
              <MenuItem onClick={() => setNaming('rename')}>Rename…</MenuItem>
              <MenuItem onClick={arranger.forget}>Delete</MenuItem>
            </>
          )}
        </Menu>
      </div>
      <Said />
      {naming === 'save' && (
        <NameDialog
          title="Save arrangement"
          initial=""
          act="Save"
          onName={arranger.save}
          onClose={() => setNaming(undefined)}
        />
      )}
      {naming === 'rename' && (
        <NameDialog
          title="Rename arrangement"
          initial={shown.name}
          act="Rename"
          onName={arranger.rename}
          onClose={() => setNaming(undefined)}
        />
      )}
    </div>
  )
}

/** All panels there are; those that are shown have a mark, and go when they are chosen again. */
export function AddPanelMenu({ className }: { readonly className: string }) {
  const { shown } = useArrangements()
  const { add, remove } = useArranger()
  const present = new Set(shown.panels.map(({ id }) => id))
  return (
    <Menu
      label={
        <>
          <AddIcon /> Add panel
        </>
      }
      className={className}
      wide
    >
      {PANELS.map(({ id, title, about }) => (
        <MenuCheck
          key={id}
          checked={present.has(id)}
          about={about}
          onChange={(checked) => (checked ? add(id) : remove(id))}
        >
          {title}
        </MenuCheck>
      ))}
    </Menu>
  )
}

/** Tells those who hear the screen what became of a panel. */
function Said() {
  const [text, setText] = useState('')
  useEffect(() => {
    const entry = said.on(setText)
    return () => void entry.dispose()
  }, [])
  return (
    <p className="unseen" role="status" data-testid="arranged">
      {text}
    </p>
  )
}

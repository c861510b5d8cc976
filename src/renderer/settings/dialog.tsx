import { Tabs } from '@base-ui/react/tabs'
import type { WorkstationState } from '#contract/state.ts'
import { Dialog } from '#renderer/parts/dialog.tsx'
import { AboutSettings } from './about.tsx'
import { AppearanceSettings } from './appearance.tsx'
import { NotificationSettings } from './notifications.tsx'
import { RecordingSettings } from './recording.tsx'

export interface SettingsDialogProps {
  readonly state: WorkstationState
  readonly onClose: () => void
}

const SECTIONS = [
  { title: 'Recording', Section: RecordingSettings },
  { title: 'Appearance', Section: AppearanceSettings },
  { title: 'Notifications', Section: NotificationSettings },
  { title: 'About', Section: AboutSettings },
] as const

export function SettingsDialog({ state, onClose }: SettingsDialogProps) {
  return (
    <Dialog title="Settings" wide onClose={onClose}>
      <Tabs.Root defaultValue={SECTIONS[0].title} className="settings-tabs">
        <Tabs.List className="tabs" activateOnFocus>
          {SECTIONS.map(({ title }) => (
            <Tabs.Tab key={title} value={title} className="tab">
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SECTIONS.map(({ title, Section }) => (
          <Tabs.Panel key={title} value={title} className="settings-section" tabIndex={-1}>
            <Section state={state} onClose={onClose} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}

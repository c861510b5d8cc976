/** Line icons on a 16 px grid, in the colour of the text. They are decoration: the words beside them say the same. */
import type { ReactNode } from 'react'
import type { Presence } from '#contract/state.ts'

function Icon({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <svg className={`icon ${className ?? ''}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  )
}

export const ScanIcon = () => (
  <Icon>
    <circle cx="4" cy="8" r="1.5" fill="currentColor" stroke="none" />
    <path d="M7.5 4.5a5 5 0 0 1 0 7M10.5 2.5a8.2 8.2 0 0 1 0 11" />
  </Icon>
)
export const AddIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
)
export const ConnectIcon = () => (
  <Icon>
    <path d="M6 2.5v3M10 2.5v3M4 5.5h8V8a4 4 0 0 1-8 0ZM8 12v2" />
  </Icon>
)
export const DisconnectIcon = () => (
  <Icon>
    <path d="M6 2.5v3M10 2.5v3M4 5.5h8V8a4 4 0 0 1-8 0ZM8 12v2M2 14 14 2" />
  </Icon>
)
export const RecordIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="4.5" fill="currentColor" stroke="none" />
  </Icon>
)
export const StopIcon = () => (
  <Icon>
    <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" stroke="none" />
  </Icon>
)
export const SnapshotIcon = () => (
  <Icon>
    <path d="M2 5h3l1.5-2h3L11 5h3v8.5H2Z" />
    <circle cx="8" cy="9" r="2.5" />
  </Icon>
)
export const PlayIcon = () => (
  <Icon>
    <path d="M5 3.2v9.6L13 8Z" fill="currentColor" />
  </Icon>
)
export const PauseIcon = () => (
  <Icon>
    <path d="M5.2 3.5v9M10.8 3.5v9" strokeWidth="2.6" />
  </Icon>
)
export const VolumeIcon = () => (
  <Icon>
    <path d="M2.5 6.2v3.6h2.3L8 12.5v-9L4.8 6.2ZM10.5 5.8a3.2 3.2 0 0 1 0 4.4M12.4 4a5.8 5.8 0 0 1 0 8" />
  </Icon>
)
export const ChooseIcon = () => (
  <Icon>
    <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
  </Icon>
)
export const SettingsIcon = () => (
  <Icon>
    <path d="M2 5h6M12 5h2M2 11h2M8 11h6" />
    <circle cx="10" cy="5" r="1.9" />
    <circle cx="6" cy="11" r="1.9" />
  </Icon>
)
export const ViewIcon = () => (
  <Icon>
    <rect x="2.5" y="2.5" width="4.6" height="4.6" rx="1" />
    <rect x="8.9" y="2.5" width="4.6" height="4.6" rx="1" />
    <rect x="2.5" y="8.9" width="4.6" height="4.6" rx="1" />
    <rect x="8.9" y="8.9" width="4.6" height="4.6" rx="1" />
  </Icon>
)
export const WallIcon = () => (
  <Icon>
    <path d="M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3" />
  </Icon>
)
export const MarkerIcon = () => (
  <Icon>
    <path d="M4 14V2.5h7.5L9.5 5.5l2 3H4" />
  </Icon>
)
export const WaitIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.2" />
    <path d="M8 5v3.2l2 1.4" />
  </Icon>
)
export const LostIcon = () => (
  <Icon>
    <path d="M8 2.5 14 13H2ZM8 6.5v3M8 11.2v.2" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon>
    <path d="m3.5 8.5 3 3 6-7" />
  </Icon>
)
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
)
export const MoreIcon = () => (
  <Icon>
    <circle cx="3" cy="8" r="1.2" fill="currentColor" stroke="none" />
    <circle cx="8" cy="8" r="1.2" fill="currentColor" stroke="none" />
    <circle cx="13" cy="8" r="1.2" fill="currentColor" stroke="none" />
  </Icon>
)
export const TrashIcon = () => (
  <Icon>
    <path d="M2.8 4.4h10.4M6.2 4.2V2.6h3.6v1.6M4.2 4.6l.6 8.8h6.4l.6-8.8" />
  </Icon>
)
export const DemoIcon = () => (
  <Icon>
    <path d="M1.5 8h2l1.5-4.5L7.5 13l2-8 1.5 3h3.5" />
  </Icon>
)

/** Each state has a shape of its own, so that colour is not the only sign. */
export function PresenceIcon({ presence }: { readonly presence: Presence }) {
  return (
    <Icon className={`presence presence-${presence}`}>
      {presence === 'live' && <circle cx="8" cy="8" r="4" fill="currentColor" stroke="none" />}
      {presence === 'connecting' && <path d="M8 3.5A4.5 4.5 0 1 1 3.5 8" />}
      {presence === 'stalled' && <path d="M5.8 4v8M10.2 4v8" strokeWidth="2.4" />}
      {presence === 'lost' && <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" strokeWidth="2.2" />}
      {presence === 'disconnected' && <circle cx="8" cy="8" r="3.6" />}
    </Icon>
  )
}

import { app, Menu, shell, type MenuItemConstructorOptions } from 'electron'
import { openOutside, STANDARDS } from './security.ts'

/** Small: everything about sound is in the window itself. */
export function setMenu(dataDir: string): void {
  const mac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    mac ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...(app.isPackaged ? [] : ([{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }] as const)),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      role: 'help',
      submenu: [
        { label: 'Loudness: ITU-R BS.1770', click: () => openOutside(STANDARDS.loudness) },
        { label: 'Meters: EBU Tech 3341', click: () => openOutside(STANDARDS.meters) },
        { type: 'separator' },
        { label: 'Show the data folder', click: () => void shell.openPath(dataDir) },
        ...(mac ? [] : ([{ role: 'about' }] as const)),
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  app.setAboutPanelOptions({ applicationName: 'Farfield', applicationVersion: app.getVersion() })
}

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { CSPProvider } from '@base-ui/react/csp-provider'
import '@fontsource-variable/inter/wght.css'
import 'uplot/dist/uPlot.min.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/toolbar.css'
import './styles/menus.css'
import './styles/notices.css'
import './styles/pane.css'
import './styles/panels.css'
import './styles/history.css'
import './styles/overview.css'
import './styles/wall.css'
import './styles/link.css'
import './styles/takes.css'
import './styles/takes-ended.css'
import './styles/player.css'
import './styles/dialogs.css'
import './styles/settings.css'
import './styles/calibration.css'
import { App } from './app.tsx'
import { connector } from './connect.ts'
import { WorkstationContext } from './hooks.ts'
import { applyTheme } from './theme.ts'
import { Workstation } from './workstation.ts'

applyTheme()
const workstation = new Workstation(connector())
// Canvases and widths are right from the first moment; without the face the page goes on with another.
await document.fonts.load("14px 'Inter Variable'").catch(() => [])
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    {/* The page's policy allows no inline style sheet. */}
    <CSPProvider disableStyleElements>
      <WorkstationContext value={workstation}>
        <App />
      </WorkstationContext>
    </CSPProvider>
  </StrictMode>,
)

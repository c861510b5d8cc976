import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { CSPProvider } from '@base-ui/react/csp-provider'
import 'uplot/dist/uPlot.min.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/node.css'
import './styles/takes.css'
import './styles/dialogs.css'
import './styles/calibration.css'
import { App } from './app.tsx'
import { connector } from './connect.ts'
import { WorkstationContext } from './hooks.ts'
import { applyTheme } from './theme.ts'
import { Workstation } from './workstation.ts'

applyTheme()
const workstation = new Workstation(connector())
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

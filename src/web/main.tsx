import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { applyTheme } from './settings.ts'
import './theme.css'

applyTheme()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme)
const root = document.getElementById('root')
if (root) createRoot(root).render(<App />)

/**
 * Asks again while somebody is looking: the page is visible and was touched within the last two minutes. A page left
 * alone goes quiet, or its questions would keep the session from ever falling idle.
 */
import { useEffect } from 'react'

const AWAKE = 120_000
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'scroll'] as const

export function usePolling(ask: () => Promise<void>, every: number): void {
  useEffect(() => {
    let touched = Date.now()
    const touch = () => {
      touched = Date.now()
    }
    for (const name of TOUCHES) window.addEventListener(name, touch, { passive: true })
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible' && Date.now() - touched < AWAKE) void ask()
    }, every)
    return () => {
      window.clearInterval(timer)
      for (const name of TOUCHES) window.removeEventListener(name, touch)
    }
  }, [ask, every])
}

/** A control under its name; controls of a row stand on one line where there is room. */
import type { ReactNode } from 'react'

export function Field({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  )
}

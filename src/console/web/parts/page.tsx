/** The head of a page: one title, one sentence that says what it is for, and what can be done at once. */
import type { ReactNode } from 'react'

interface PageProps {
  readonly title: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  readonly wide?: boolean
}

export function Page({ title, about, actions, children, wide }: PageProps) {
  return (
    <article className={wide ? 'page wide' : 'page'}>
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {about !== undefined && <p className="about">{about}</p>}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </div>
      {children}
    </article>
  )
}

/** A part of a page with its own heading. */
export function Section({ title, children, extra }: { title: ReactNode; children: ReactNode; extra?: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  )
}

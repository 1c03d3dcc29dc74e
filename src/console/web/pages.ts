/** Every page: its name in the address, who sees it (any of these operations is open to them), and its code, loaded when it is asked for. */
import { type ComponentType, lazy } from 'react'
import type { Key } from './i18n/catalogue.ts'

export interface PageEntry {
  readonly id: string
  readonly title: Key
  /** operationIds; with none the page is open to whoever is signed in */
  readonly needs: readonly string[]
  /** the group of the menu, none for pages reached from another page */
  readonly group?: 'rules' | 'release' | 'people' | 'watch'
  readonly part: ComponentType
}

export const PAGES: readonly PageEntry[] = [
  { id: 'home', title: 'nav.home', needs: [], group: 'rules', part: lazy(() => import('./pages/home.tsx')) },
  {
    id: 'matrix',
    title: 'nav.matrix',
    needs: ['getMatrix'],
    group: 'rules',
    part: lazy(() => import('./pages/matrix.tsx')),
  },
  {
    id: 'drafts',
    title: 'nav.drafts',
    needs: ['listDrafts'],
    group: 'rules',
    part: lazy(() => import('./pages/drafts.tsx')),
  },
  { id: 'edit', title: 'nav.edit', needs: ['listDrafts'], part: lazy(() => import('./pages/edit.tsx')) },
  {
    id: 'preview',
    title: 'nav.preview',
    needs: ['preview'],
    group: 'rules',
    part: lazy(() => import('./pages/preview.tsx')),
  },
  {
    id: 'dictionaries',
    title: 'nav.dictionaries',
    needs: ['listDrafts'],
    group: 'rules',
    part: lazy(() => import('./pages/dictionaries.tsx')),
  },
  {
    id: 'changes',
    title: 'nav.changes',
    needs: ['listProposals'],
    group: 'release',
    part: lazy(() => import('./pages/changes.tsx')),
  },
  { id: 'review', title: 'nav.review', needs: ['listProposals'], part: lazy(() => import('./pages/review.tsx')) },
  {
    id: 'history',
    title: 'nav.history',
    needs: ['getHistory'],
    group: 'release',
    part: lazy(() => import('./pages/history.tsx')),
  },
  {
    id: 'approvers',
    title: 'nav.approvers',
    needs: ['listApprovers'],
    group: 'people',
    part: lazy(() => import('./pages/approvers.tsx')),
  },
  {
    id: 'users',
    title: 'nav.users',
    needs: ['listUsers'],
    group: 'people',
    part: lazy(() => import('./pages/users.tsx')),
  },
  { id: 'ops', title: 'nav.ops', needs: ['getSummary'], group: 'watch', part: lazy(() => import('./pages/ops.tsx')) },
  {
    id: 'audit',
    title: 'nav.audit',
    needs: ['getAudit'],
    group: 'watch',
    part: lazy(() => import('./pages/audit.tsx')),
  },
  { id: 'account', title: 'nav.account', needs: [], part: lazy(() => import('./pages/account.tsx')) },
]

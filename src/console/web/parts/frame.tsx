/** What stands around every page: menu, language, account, and the warning when releases need no approval. */
import { Alert, Button, Drawer, Segmented } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Key } from '../i18n/catalogue.ts'
import { type Lang, useLanguage } from '../i18n/language.tsx'
import { PAGES } from '../pages.ts'
import { hrefOf, usePlace } from '../router.ts'
import { Hash } from './hash.tsx'

const GROUPS = ['rules', 'release', 'people', 'watch'] as const

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useLanguage()
  const { deployment } = useSignedIn()
  const { page } = usePlace()
  const [open, setOpen] = useState(false)
  // a new page is read from its top, and a reader's focus must not stay on a link that is gone
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the page changes
  useEffect(() => {
    setOpen(false)
    window.scrollTo(0, 0)
  }, [page])
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={toContent}>
        {t('app.skip')}
      </button>
      <header className="top">
        <Button className="menu-button" onClick={() => setOpen(true)} aria-label={t('app.menu')}>
          ☰
        </Button>
        <a className="brand" href={hrefOf('home')} aria-label={t('app.name')}>
          <img src="./mark.svg" alt="" width={28} height={28} />
          <span>{t('app.name')}</span>
        </a>
        <span className="spring" />
        <Languages />
        <Account />
      </header>
      {deployment.approval === 'off' && (
        <Alert className="no-approval" type="error" banner showIcon title={t('app.approvalOff')} role="status" />
      )}
      <div className="body">
        <nav className="side" aria-label={t('app.menu')}>
          <Menu />
        </nav>
        <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={260} title={t('app.menu')}>
          <Menu />
        </Drawer>
        <main id="main" tabIndex={-1}>
          {children}
          <footer className="foot">
            {t('app.node')} {deployment.node} · {t('app.active')} <Hash value={deployment.active} /> · {deployment.zone}
          </footer>
        </main>
      </div>
    </div>
  )
}

function toContent(): void {
  document.getElementById('main')?.focus()
}

function Menu() {
  const { t } = useLanguage()
  const { may } = useSession()
  const { page } = usePlace()
  const seen = PAGES.filter((each) => each.needs.length === 0 || each.needs.some(may))
  return (
    <ul className="menu">
      {GROUPS.map((group) => {
        const items = seen.filter((each) => each.group === group)
        if (items.length === 0) return null
        return (
          <li key={group}>
            <span className="menu-group">{t(`nav.group.${group}` as Key)}</span>
            <ul>
              {items.map((each) => (
                <li key={each.id}>
                  <a href={hrefOf(each.id)} aria-current={each.id === page ? 'page' : undefined}>
                    {t(each.title)}
                  </a>
                </li>
              ))}
            </ul>
          </li>
        )
      })}
    </ul>
  )
}

export function Languages() {
  const { lang, setLang, t } = useLanguage()
  return (
    <Segmented
      className="languages"
      aria-label={t('app.language')}
      size="small"
      value={lang}
      options={[
        { value: 'zh', label: '中文' },
        { value: 'en', label: 'EN' },
      ]}
      onChange={(value) => setLang(value as Lang)}
    />
  )
}

function Account() {
  const { t } = useLanguage()
  const { leave } = useSession()
  const { account } = useSignedIn()
  return (
    <span className="account">
      <a href={hrefOf('account')} title={account.roles.map((role) => t(`role.${role}`)).join(' · ')}>
        {account.displayName}
      </a>
      <Button size="small" onClick={() => void leave()}>
        {t('app.signOut')}
      </Button>
    </span>
  )
}

/** The frame: language and theme of the components, sign-in before anything else, then the page the address names. */
import { StyleProvider } from '@ant-design/cssinjs'
import { ConfigProvider, App as Messages, Spin } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { lazy, Suspense } from 'react'
import { useSession } from './api/session.tsx'
import { useLanguage } from './i18n/language.tsx'
import { PAGES } from './pages.ts'
import { Broken } from './parts/broken.tsx'
import { Frame } from './parts/frame.tsx'
import { usePlace } from './router.ts'
import { theme } from './theme.ts'

const SignIn = lazy(() => import('./pages/sign-in.tsx'))
const Enrol = lazy(() => import('./pages/enrol.tsx'))
const Missing = lazy(() => import('./pages/missing.tsx'))

export function App() {
  const { lang } = useLanguage()
  return (
    <StyleProvider layer>
      <ConfigProvider
        locale={lang === 'zh' ? zhCN : enUS}
        theme={theme}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <Messages>
          <Suspense fallback={<Waiting />}>
            <Door />
          </Suspense>
        </Messages>
      </ConfigProvider>
    </StyleProvider>
  )
}

function Waiting() {
  const { t } = useLanguage()
  return (
    <div className="waiting" role="status">
      <Spin /> <span>{t('app.loading')}</span>
    </div>
  )
}

function Door() {
  const { session, may } = useSession()
  const { page } = usePlace()
  if (session === undefined) return <Waiting />
  if (session === null) return <SignIn />
  if (session.stage === 'enrol') return <Enrol />
  const found = PAGES.find((each) => each.id === page)
  const open = found !== undefined && (found.needs.length === 0 || found.needs.some(may))
  const Page = open ? found.part : Missing
  return (
    <Frame>
      <Suspense fallback={<Waiting />}>
        <Broken key={page}>
          <Page />
        </Broken>
      </Suspense>
    </Frame>
  )
}

/** Accounts: who may do what here. A first password is shown once, to be handed over in person. */

import { Alert, App, Button, Form, Input, Modal, Popconfirm, Select, Switch, Tag } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Page, Section } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'

type User = Schemas['User']
type Role = Schemas['Role']

const ROLES: readonly Role[] = ['editor', 'approver', 'ops', 'auditor', 'admin']
const ALONE: readonly Role[] = ['auditor', 'admin']

/** admin and auditor stand alone: choosing one takes the others away. */
export function rolesAfter(chosen: readonly Role[], before: readonly Role[]): Role[] {
  const added = chosen.find((role) => !before.includes(role))
  if (added === undefined) return [...chosen]
  return ALONE.includes(added) ? [added] : chosen.filter((role) => !ALONE.includes(role))
}

export default function Users() {
  const { t } = useLanguage()
  const { may } = useSession()
  const users = useLoaded(() => call('GET /api/users', {}), 'users')
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [first, setFirst] = useState<{ user: User; firstPassword: string } | undefined>(undefined)
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act()
      setProblem(undefined)
      await users.reload()
      return true
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      return false
    }
  }
  return (
    <Page wide title={t('nav.users')} about={t('user.about')}>
      <Refusal problem={users.problem ?? problem} />
      {may('addUser') && (
        <NewUser add={(body) => attempt(async () => setFirst(await call('POST /api/users', { body })))} />
      )}
      <UserTable users={users.data?.users ?? []} attempt={attempt} shown={setFirst} />
      <Modal open={first !== undefined} title={t('user.first')} footer={null} onCancel={() => setFirst(undefined)}>
        {first !== undefined && (
          <>
            <p>{t('user.firstAbout', { name: first.user.displayName })}</p>
            <p className="first-password">
              <code data-testid="first-password">{first.firstPassword}</code>
            </p>
            <Alert type="warning" showIcon title={t('user.once')} />
          </>
        )}
      </Modal>
    </Page>
  )
}

function useRoleOptions() {
  const { t } = useLanguage()
  return ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))
}

function NewUser({ add }: { add: (body: Schemas['NewUser']) => Promise<boolean> }) {
  const { t } = useLanguage()
  const options = useRoleOptions()
  const [form] = Form.useForm<Schemas['NewUser']>()
  const [roles, setRoles] = useState<Role[]>(['editor'])
  return (
    <Section title={t('user.add')}>
      <Form
        form={form}
        layout="inline"
        className="new-line"
        requiredMark={false}
        onFinish={async ({ name, displayName }) => (await add({ name, displayName, roles })) && form.resetFields()}
      >
        <Form.Item
          name="name"
          label={t('signIn.name')}
          rules={[{ required: true, pattern: /^[a-z][a-z0-9.-]{1,31}$/, message: t('user.nameRule') }]}
        >
          <Input placeholder="chen.yu" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="displayName"
          label={t('user.displayName')}
          rules={[{ required: true, whitespace: true, message: t('user.needName') }]}
        >
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item label={t('user.roles')}>
          <Select
            mode="multiple"
            className="roles"
            aria-label={t('user.roles')}
            options={options}
            value={roles}
            onChange={(next) => setRoles(rolesAfter(next, roles))}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={roles.length === 0}>
          {t('user.addNow')}
        </Button>
      </Form>
    </Section>
  )
}

interface UserTableProps {
  readonly users: readonly User[]
  readonly attempt: (act: () => Promise<unknown>) => Promise<boolean>
  readonly shown: (first: { user: User; firstPassword: string }) => void
}

function UserTable({ users, attempt, shown }: UserTableProps) {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { account } = useSignedIn()
  const { message } = App.useApp()
  const options = useRoleOptions()
  const change = async (user: User, body: Schemas['UserChange']) => {
    const done = await attempt(() => call('PATCH /api/users/{userId}', { path: { userId: user.id }, body }))
    if (done) void message.success(t('user.changed'))
  }
  const reset = (user: User) =>
    attempt(async () => shown(await call('POST /api/users/{userId}/reset', { path: { userId: user.id } })))
  const editable = (user: User) => may('changeUser') && user.id !== account.id
  return (
    <DataTable<User>
      rowKey="id"
      dataSource={users}
      columns={[
        { title: t('user.displayName'), render: (_, user) => user.displayName },
        { title: t('signIn.name'), render: (_, user) => <code>{user.name}</code> },
        {
          title: t('user.roles'),
          render: (_, user) =>
            editable(user) ? (
              <Select
                mode="multiple"
                className="roles"
                aria-label={t('user.rolesOf', { name: user.displayName })}
                options={options}
                value={[...user.roles]}
                onChange={(next) => {
                  const roles = rolesAfter(next, user.roles)
                  if (roles.length > 0) void change(user, { roles })
                }}
              />
            ) : (
              user.roles.map((role) => <Tag key={role}>{t(`role.${role}`)}</Tag>)
            ),
        },
        {
          title: t('change.state'),
          render: (_, user) => (
            <>
              {!user.enrolled && <Tag color="warning">{t('user.notEnrolled')}</Tag>}
              {user.lockedUntil !== null && (
                <Tag color="error">{t('user.locked', { until: moment(user.lockedUntil) })}</Tag>
              )}
              {user.disabled && <Tag color="error">{t('user.disabled')}</Tag>}
              {user.enrolled && !user.disabled && <Tag color="success">{t('user.active')}</Tag>}
            </>
          ),
        },
        { title: t('user.last'), render: (_, user) => moment(user.lastSignIn ?? undefined) },
        {
          title: t('table.actions'),
          shown: may('changeUser'),
          render: (_, user) =>
            editable(user) && (
              <span className="row-actions">
                <Switch
                  checked={!user.disabled}
                  checkedChildren={t('user.on')}
                  unCheckedChildren={t('user.off')}
                  aria-label={t('user.switch', { name: user.displayName })}
                  onChange={(on) => void change(user, { disabled: !on })}
                />
                <Popconfirm
                  title={t('user.reset', { name: `${user.displayName} ${user.name}` })}
                  description={t('user.resetAbout')}
                  okText={t('user.resetShort')}
                  okButtonProps={{ danger: true }}
                  onConfirm={() => reset(user)}
                >
                  <Button size="small">{t('user.resetShort')}</Button>
                </Popconfirm>
              </span>
            ),
        },
      ]}
    />
  )
}

/** A button that deletes something after it was asked once more; a refusal is shown, and nothing is gone. */
import { App, Button, Popconfirm } from 'antd'
import { Refused } from '../api/client.ts'
import { useLanguage } from '../i18n/language.tsx'

interface DropButtonProps {
  readonly title: string
  readonly about: string
  readonly word: string
  readonly drop: () => Promise<void>
}

export function DropButton({ title, about, word, drop }: DropButtonProps) {
  const { pick } = useLanguage()
  const { message } = App.useApp()
  const confirmed = async () => {
    try {
      await drop()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      void message.error(pick({ zh: error.problem.messageZh, en: error.problem.messageEn }))
    }
  }
  return (
    <Popconfirm title={title} description={about} okText={word} okButtonProps={{ danger: true }} onConfirm={confirmed}>
      <Button size="small" danger>
        {word}
      </Button>
    </Popconfirm>
  )
}

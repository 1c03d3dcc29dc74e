/** Colours and sizes. Every text colour keeps 4.5:1 against its ground (WCAG 2.2 AA); test/console holds the pages to it. */
import type { ThemeConfig } from 'antd'

const SYSTEM_FONTS = [
  'system-ui',
  '-apple-system',
  '"Segoe UI"',
  '"PingFang SC"',
  '"Hiragino Sans GB"',
  '"Microsoft YaHei"',
  '"Noto Sans CJK SC"',
  '"Noto Sans SC"',
  '"WenQuanYi Micro Hei"',
  'sans-serif',
].join(', ')

export const MONOSPACE =
  'ui-monospace, "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", "Noto Sans CJK SC", monospace'

export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#0b5394',
    colorInfo: '#0b5394',
    colorLink: '#0b5394',
    colorSuccess: '#237804',
    colorWarning: '#ad4e00',
    colorError: '#b71c1c',
    colorText: '#1f2733',
    colorTextSecondary: '#4a5565',
    colorTextTertiary: '#5b6675',
    colorTextDescription: '#5b6675',
    colorTextPlaceholder: '#697484',
    colorTextDisabled: '#66707e',
    colorSuccessBg: '#edf8ea',
    colorSuccessBorder: '#b5dca7',
    colorWarningBg: '#fff5e6',
    colorWarningBorder: '#f3cd97',
    colorErrorBg: '#fdecee',
    colorErrorBorder: '#f0b3ba',
    colorInfoBg: '#eaf2fb',
    colorInfoBorder: '#b9d3ee',
    colorBgLayout: '#f4f6f9',
    colorBorderSecondary: '#e3e8ef',
    borderRadius: 6,
    fontFamily: SYSTEM_FONTS,
    fontFamilyCode: MONOSPACE,
    motionUnit: 0.06,
    // who asks for less of it gets none
    motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  },
  components: { Table: { headerBg: '#eef2f7' } },
}

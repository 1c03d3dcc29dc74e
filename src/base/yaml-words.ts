/** Problems of YAML syntax in the file's language: yaml.ts tells them in English, by code. */
import { type Position, ProblemList } from './problem.ts'
import type { Lang } from './vocabulary.ts'

const ZH: Readonly<Record<string, readonly [message: string, expected?: string]>> = {
  'yaml-empty': ['文件是空的', '“键: 值”的映射'],
  'yaml-documents': ['这里开始了第二个文档', '每个文件一个文档'],
  'yaml-tab': ['缩进用了制表符', '空格'],
  'yaml-syntax': ['YAML 语法错误'],
  'yaml-depth': ['嵌套过深', '至多 64 层'],
  'yaml-alias': ['不允许别名（*）', '把值写全'],
  'yaml-anchor': ['不允许锚点（&）', '值前没有 &'],
  'yaml-tag': ['不允许标签（!）', '普通值'],
  'yaml-node': ['不允许这种值', '映射、列表或单个值'],
  'yaml-key': ['键必须是普通文字', '冒号前的一个词'],
  'yaml-merge': ['不允许合并键（<<）', '把键写全'],
  'yaml-duplicate-key': ['这个键重复了', '每个键只写一次'],
}

/** A list for parseYaml whose entries arrive in `target` in the language given. */
export function yamlProblem(lang: Lang, target: ProblemList): ProblemList {
  if (lang === 'en') return target
  return new Translated(target)
}

class Translated extends ProblemList {
  readonly #target: ProblemList
  constructor(target: ProblemList) {
    super()
    this.#target = target
  }
  override error(at: Position, code: string, message: string, expected?: string): void {
    const words = ZH[code]
    if (words === undefined) this.#target.error(at, code, message, expected)
    else
      this.#target.error(at, code, code === 'yaml-syntax' ? `${words[0]}：${message}` : words[0], words[1] ?? expected)
  }
  override get failed(): boolean {
    return this.#target.failed
  }
}

/** Refusals of the API: problem+json (RFC 9457) with a code of a closed set; they never quote what was sent. */
import { RELEASE_CODES, type ReleaseCode } from '../../release/codes.ts'

interface Row {
  readonly status: number
  readonly zh: string
  readonly en: string
}
const row = (status: number, zh: string, en: string): Row => ({ status, zh, en })

export const CONSOLE_CODES = {
  // who
  NOT_SIGNED_IN: row(401, '尚未登录或会话已结束', 'There is no session, or it has ended; sign in.'),
  SIGN_IN_FAILED: row(401, '账号、口令或动态验证码不正确', 'Name, password or code are not right.'),
  TOO_MANY_ATTEMPTS: row(
    429,
    '尝试次数过多，请稍后再试',
    'There were too many attempts; try again after the given delay.',
  ),
  UNAUTHORIZED: row(401, '需要控制台密钥', 'The bearer secret of the console is needed.'),
  LOOPBACK_ONLY: row(403, '密钥只在本机有效', 'The bearer secret counts on this machine only.'),
  ENROL_FIRST: row(403, '请先设置口令、绑定验证器', 'Set a password and a second factor first.'),
  ROLE_FORBIDDEN: row(403, '当前角色无权进行此操作', "The caller's role does not admit this."),
  ORIGIN_FORBIDDEN: row(403, '请求来源不是本控制台', 'The request does not come from a page of this console.'),
  CSRF_MISSING: row(403, '缺少或错误的防伪令牌', 'The header x-veilgate-csrf is missing or wrong.'),
  NOT_YOURS: row(403, '只能由创建者更改', 'Only the person who made it may change it.'),
  // accounts
  TOTP_NOT_BEGUN: row(409, '请先获取验证器密钥', 'Ask for a TOTP secret first.'),
  TOTP_WRONG: row(422, '动态验证码不正确或已使用，请等下一个', 'The code is wrong or was used before.'),
  PASSWORD_WRONG: row(422, '当前口令不正确', 'The current password is not right.'),
  PASSWORD_WEAK: row(
    422,
    '口令过于简单：至少 12 个字符，不含账号名，不用常见口令',
    'The password is too easy: 12 characters or more, without the name.',
  ),
  PASSWORD_SAME: row(422, '新口令与原口令相同', 'The new password is the old one.'),
  NAME_INVALID: row(422, '账号名不符合要求', 'The name is not of the form that is needed.'),
  NAME_TAKEN: row(409, '账号名已存在', 'An account of this name exists.'),
  ROLES_EXCLUDE: row(422, '管理员、审计不得兼任其他角色', 'admin and auditor stand alone.'),
  ACCOUNT_UNKNOWN: row(404, '没有此账号', 'There is no such account.'),
  OWN_ACCOUNT: row(409, '不能更改自己的账号', "One's own account is changed by another administrator."),
  LAST_ADMIN: row(409, '至少保留一名管理员', 'The last administrator stays.'),
  KEY_NOT_YOURS: row(403, '签名密钥不属于本人', "The signature is not by one's own enrolled key."),
  KEY_PROOF: row(422, '未能证明持有该私钥', 'The proof does not show that the private key is there.'),
  // requests
  BAD_PARAMETER: row(400, '查询参数有误', 'A query parameter has a wrong value.'),
  BAD_BODY: row(400, '请求内容不合规', 'The body is not what this operation takes.'),
  BODY_TOO_LARGE: row(413, '请求内容过大', 'The body is too large.'),
  UNSUPPORTED_MEDIA_TYPE: row(415, '内容类型不支持', 'The content type is not one this operation takes.'),
  NOT_FOUND: row(404, '没有此内容', 'There is nothing here.'),
  METHOD_NOT_ALLOWED: row(405, '方法不被允许', 'This path does not have the method.'),
  // rules and drafts
  RULES_REFUSED: row(422, '规则有错误', 'The rules have errors.'),
  PATH_INVALID: row(422, '规则文件夹中没有这种文件', 'No file of this name belongs to a rules folder.'),
  PRECONDITION_REQUIRED: row(428, '缺少 If-Match', 'State what the text was read with: If-Match, or If-None-Match: *.'),
  CHANGED_MEANWHILE: row(412, '内容已被改动，请重新读取', 'The file was changed meanwhile; read it again.'),
  DRAFT_IN_PROPOSAL: row(
    409,
    '该草稿的变更仍待发布或已经生效，不能继续修改',
    'What became of the draft waits for its release or was released: begin a new one.',
  ),
  DRAFT_JUDGED: row(
    409,
    '这份草稿刚刚提交，正在检查；检查完会成为变更申请，或者重新打开',
    'The draft was just submitted and is being checked: it becomes a proposal, or is opened again.',
  ),
  DRAFT_CONFLICTS: row(
    409,
    '这些文件草稿和现行规则都改过，请新建草稿，把改动重做一遍',
    'Draft and rules in force both changed these files: begin a new draft and make the changes again.',
  ),
  DRAFT_CLOSED: row(409, '草稿已提交', 'The draft was submitted and is closed.'),
  TOO_MANY_DRAFTS: row(
    409,
    '您未提交的草稿已达 20 份的上限，没有新建：请先提交或丢弃其中一份',
    'You have 20 open drafts, as many as one account may have. None was begun: submit or discard one first.',
  ),
  DRAFTS_TOO_LARGE: row(
    409,
    '您的草稿合计将超过 256 MiB 的上限，这次没有写入，已有内容都在：请在草稿页丢弃不再需要的草稿（已提交的也计入），再试一次',
    'Your drafts would take more than 256 MiB together. Nothing was written and nothing is lost: discard drafts you no longer need, submitted ones too, and try again.',
  ),
  DRAFTS_FULL: row(
    409,
    '所有人的草稿合计已达上限（500 份或 1 GiB），这次没有写入，已有内容都在：请丢弃不再需要的草稿（已提交的、已停用账号的也计入），再试一次',
    'The drafts of everybody have reached 500 or 1 GiB. Nothing was written and nothing is lost: discard drafts nobody needs, submitted ones and those of disabled accounts too, and try again.',
  ),
  TOO_MANY_SAMPLES: row(
    409,
    '保存的样例已达 200 个的上限，没有保存：请在预览页删除不再需要的样例',
    'There are 200 saved samples, as many as there may be. It was not saved: delete one nobody needs on the preview page.',
  ),
  CELL_NOT_SIMPLE: row(409, '这一格只能在文本中修改', 'This cell can be changed in its text only.'),
  SAMPLE_HITS: row(
    422,
    '其中疑似含有个人信息：请去掉，或者勾选确认全部虚构',
    'It seems to hold identifiers of people: take them out, or state that every value is invented.',
  ),
  DICTIONARY_CONFLICTS: row(422, '字典批次有冲突', 'The batch has conflicts.'),
  TABLE_UNREADABLE: row(422, '表格无法读取', 'The table cannot be read.'),
  BATCH_MISSING: row(400, '缺少批次号', 'Name the batch.'),
  RELEASED_BY_FOLDER: row(
    409,
    '规则来自文件夹：请在其中提交并签名',
    'Rules come from a folder here: commit and sign them there.',
  ),
  NO_ACTIVE_RULES: row(409, '没有生效的规则', 'No rules are active.'),
  // the console itself
  BUSY: row(503, '控制台繁忙', 'The console is busy; try again.'),
  CALL_LOG_UNAVAILABLE: row(503, '调用记录暂不可读', 'The call log cannot be read now.'),
  STORE_UNAVAILABLE: row(503, '规则库暂不可用', 'The store of bundles cannot be reached now.'),
  CONSOLE_NOT_BUILT: row(503, '控制台页面尚未构建', 'The pages are not built; run: npm run console:build'),
  INTERNAL: row(500, '控制台内部错误', 'The console failed.'),
} as const satisfies Readonly<Record<string, Row>>

export type ConsoleCode = keyof typeof CONSOLE_CODES

/** Release codes that say the state is another one; all others: what was sent cannot be. */
const CONFLICT: ReadonlySet<ReleaseCode> = new Set([
  'APPROVAL_PARENT',
  'APPROVAL_TWICE',
  'APPROVAL_OWN',
  'APPROVAL_MISSING',
  'NOTHING_CHANGED',
  'PARENT_CHANGED',
  'ROLLBACK_NEVER_ACTIVE',
  'REVIEW_NOT_DUE',
  'PROPOSAL_CLOSED',
  'PROPOSAL_NOT_OPEN',
  'SHADOW_NOT_RUNNING',
  'RACE_LOST',
  'APPROVAL_IS_OFF',
])

export interface RefusalMore {
  /** seconds */
  readonly retryAfter?: number
  readonly problems?: readonly unknown[]
  readonly hits?: readonly unknown[]
  readonly etag?: string
  /** Allow of a 405 */
  readonly allow?: string
}

/** An answer that is a refusal. Throw it anywhere below the API. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ConsoleCode | ReleaseCode
  readonly more: RefusalMore
  constructor(code: ConsoleCode | ReleaseCode, more: RefusalMore = {}) {
    super(code)
    this.code = code
    this.more = more
  }

  get status(): number {
    return rowOf(this.code).status
  }
}

function rowOf(code: ConsoleCode | ReleaseCode): Row {
  if (Object.hasOwn(CONSOLE_CODES, code)) return CONSOLE_CODES[code as ConsoleCode]
  const known = code as ReleaseCode
  const status =
    known === 'BUNDLE_UNKNOWN' ? 404 : known === 'PROPOSAL_NOT_YOURS' ? 403 : CONFLICT.has(known) ? 409 : 422
  return { status, ...RELEASE_CODES[known] }
}

/** The body of a refusal. */
export function problemOf({ code, more }: Refusal): Readonly<Record<string, unknown>> {
  const { status, zh, en } = rowOf(code)
  const { allow: _allow, ...members } = more
  return { type: 'about:blank', title: en, status, code, messageZh: zh, messageEn: en, ...members }
}

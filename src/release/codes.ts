/** Why a bundle, a statement or a release is refused. Codes decide, sentences are for people; none holds content. */
export interface ReleaseSentence {
  readonly zh: string
  readonly en: string
}

const row = (zh: string, en: string): ReleaseSentence => ({ zh, en })

export const RELEASE_CODES = {
  // what was signed
  APPROVAL_MALFORMED: row('签名文件格式不正确', 'this is no statement: a compact JWS, ES256, with exactly its members'),
  APPROVAL_UNKNOWN_KEY: row('签名人不在审批人名单中', 'the key is not one of the enrolled approvers'),
  APPROVAL_SIGNATURE: row('签名无效', 'the signature does not belong to this statement and key'),
  APPROVAL_EXPIRED: row('签名已过期，请重新签名', 'the statement has expired; sign it again'),
  APPROVAL_NOT_YET: row(
    '签名或记录的时间在将来，请核对签名人和服务器的时钟',
    'the statement or entry is dated in the future; check the clocks of signer and servers',
  ),
  APPROVAL_REPLAYED: row('签名已使用过，不能再次使用', 'the statement was used before; sign a new one'),
  APPROVAL_BUNDLE: row('签名针对的是另一个规则包', 'the statement is about another bundle'),
  APPROVAL_PARENT: row(
    '签名后生效规则已变化，请基于当前规则重新签名',
    'other rules are in force than when it was signed; sign it again for those in force now',
  ),
  APPROVAL_CLASS: row(
    '签名所述的变更类别与实际不符',
    'the statement names another class of change than the one computed from the bundles',
  ),
  APPROVAL_ACT: row('签名不是为这一操作所签', 'the statement was signed for something else'),
  APPROVAL_TWICE: row('同一人已经签名', 'this person has signed already; another one is needed'),
  APPROVAL_OWN: row(
    '放宽须由编写人以外的人批准',
    'nobody approves a loosening of their own alone; another person must sign',
  ),
  APPROVAL_MISSING: row('签名人数不足', 'more people must sign'),
  // bundles and releases
  BUNDLE_UNKNOWN: row('没有这个规则包', 'no bundle of this id is kept'),
  BUNDLE_AMBIGUOUS: row('规则包编号不唯一，请多写几位', 'several bundles begin like this; write more of the id'),
  BUNDLE_ALTERED: row('规则包内容与编号不符', 'the files of the bundle do not have its id or hash'),
  BUNDLE_BROKEN: row('规则包不能编译', 'the bundle does not compile here'),
  BUNDLE_TOO_LARGE: row('规则包过大', 'the bundle is larger than 64 MiB or has more than 2000 files'),
  GATE_PROBLEMS: row('规则检查有错误', 'rules check finds errors'),
  GATE_TESTS: row('规则自测未通过', 'rule tests fail'),
  GATE_PROPOSED: row('仍有未确认的建议行 (status: proposed)', 'lines with status: proposed are not confirmed yet'),
  NOTHING_CHANGED: row('与生效规则相同', 'these files are in force already'),
  PARENT_CHANGED: row('草稿所依据的规则已不再生效', 'the draft was made from rules that are no longer in force'),
  ROLLBACK_NEVER_ACTIVE: row('该规则包从未生效，不能回退', 'only a bundle that was in force can be rolled back to'),
  PROPOSAL_CLOSED: row(
    '该变更已被驳回或撤回，修改后可重新提交',
    'the proposal was refused or withdrawn; submit it again when it is mended',
  ),
  PROPOSAL_NOT_OPEN: row(
    '该变更不在待发布状态',
    'only a proposal that is not released yet can be refused or withdrawn',
  ),
  PROPOSAL_NOT_YOURS: row('只有提交人可以撤回', 'only the person who submitted a proposal withdraws it'),
  SHADOW_NOT_RUNNING: row('没有正在进行的试运行', 'no shadow run is on'),
  REVIEW_NOT_DUE: row('没有待复核的发布', 'nothing of this bundle waits for a review'),
  RACE_LOST: row('同时有他人发布，请重试', 'somebody else released at the same moment; try again'),
  ROSTER_SIZE: row('审批人须有 2 至 50 名', 'there must be 2 to 50 approvers'),
  ROSTER_KNOWN: row('该人员或密钥已在名单中', 'this person or key is enrolled already'),
  ROSTER_UNKNOWN: row('名单中没有此人', 'nobody of this id is enrolled'),
  ROSTER_KEY: row('不是有效的 P-256 公钥', 'the key is no point of P-256'),
  HISTORY_BROKEN: row('发布历史被改动', 'the history of releases was rewritten: hashes do not follow each other'),
  APPROVAL_IS_OFF: row('审批已关闭', 'approvals are switched off here'),
} as const satisfies Readonly<Record<string, ReleaseSentence>>

export type ReleaseCode = keyof typeof RELEASE_CODES

export class ReleaseError extends Error {
  override readonly name = 'ReleaseError'
  readonly code: ReleaseCode
  constructor(code: ReleaseCode) {
    super(`${code}: ${RELEASE_CODES[code].en}`)
    this.code = code
  }
}

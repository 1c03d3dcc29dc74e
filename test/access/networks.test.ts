import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { describe, it } from 'node:test'
import { canonicalAddress, isWithin, type Network, parseCidr } from '../../src/access/networks.ts'

const net = (...cidrs: string[]): Network[] =>
  cidrs.map((c) => {
    const parsed = parseCidr(c)
    assert.notEqual(typeof parsed, 'string', c)
    return parsed as Network
  })

describe('X14: addresses against an institution’s networks', () => {
  it('normalises IPv4-mapped IPv6 before comparing', () => {
    const list = net('10.1.0.0/16')
    for (const a of ['10.1.2.3', '::ffff:10.1.2.3', '::FFFF:10.1.2.3', '::ffff:a01:203', '0:0:0:0:0:ffff:10.1.2.3'])
      assert.equal(isWithin(a, list), true, a)
    assert.equal(isWithin('::ffff:10.2.2.3', list), false)
    assert.equal(isWithin('::10.1.2.3', list), false)
    assert.equal(isWithin('64:ff9b::10.1.2.3', list), false)
  })
  it('takes odd spellings for no address at all', () => {
    const list = net('0.0.0.0/0', '::/0')
    for (const a of [
      '010.1.2.3',
      '10.01.2.3',
      '0x0a.1.2.3',
      '167838211',
      '10.1.515',
      '10.1.2.3.',
      '10.1.2.3 ',
      ' 10.1.2.3',
      '10.1.2.256',
      '1.2.3.4/32',
      '::ffff:010.1.2.3',
      'fe80::1%eth0',
      '[::1]',
      '1::2::3',
      ':1::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      '',
      'localhost',
      '１0.1.2.3',
    ])
      assert.equal(isWithin(a, list), false, a)
  })
  it('does not let an IPv6 network stand for IPv4', () => {
    assert.equal(isWithin('10.1.2.3', net('::/0')), false)
    assert.equal(isWithin('::ffff:10.1.2.3', net('::/64')), false)
    assert.equal(isWithin('10.1.2.3', net('::ffff:10.1.0.0/112')), true)
    assert.equal(isWithin('2001:db8::1', net('0.0.0.0/0')), false)
  })
  it('holds boundaries', () => {
    assert.equal(isWithin('127.0.0.2', net('127.0.0.2/32')), true)
    assert.equal(isWithin('127.0.0.3', net('127.0.0.2/32')), false)
    assert.equal(isWithin('10.0.0.127', net('10.0.0.0/25')), true)
    assert.equal(isWithin('10.0.0.128', net('10.0.0.0/25')), false)
    assert.equal(isWithin('255.255.255.255', net('128.0.0.0/1')), true)
    assert.equal(isWithin('2001:db8:0:1::', net('2001:db8::/64')), false)
    assert.equal(isWithin('::1', net('::1/128')), true)
    assert.equal(isWithin('127.0.0.1', []), false)
  })
  it('agrees with net.BlockList on well-formed addresses', () => {
    const cidrs = ['10.0.0.0/9', '192.168.4.0/22', '172.16.0.0/13', '2001:db8:80::/41', 'fd00::/8']
    const reference = new BlockList()
    for (const c of cidrs) {
      const [base, bits] = c.split('/') as [string, string]
      reference.addSubnet(base, Number(bits), base.includes(':') ? 'ipv6' : 'ipv4')
    }
    const list = net(...cidrs)
    for (let i = 0; i < 2000; i++) {
      const n = Math.imul(i + 1, 2654435761) >>> 0
      const v4 = `${[10, 192, 172, 8][n % 4]}.${[168, 16, 127, 128, 23, 24][n % 6]}.${(n >>> 8) % 256}.${(n >>> 16) % 256}`
      const v6 = `${['2001', 'fd00', 'fc00'][n % 3]}:db8:${(n % 256).toString(16)}::${(n >>> 16).toString(16)}`
      assert.equal(isWithin(v4, list), reference.check(v4, 'ipv4'), v4)
      assert.equal(isWithin(v6, list), reference.check(v6, 'ipv6'), v6)
    }
  })
})

it('refuses networks that are misspelt or have bits behind the prefix', () => {
  for (const c of [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '010.0.0.0/8',
    '10.0.0/8',
    '::/129',
    'x/8',
    '10.0.0.0/-1',
    '',
  ])
    assert.equal(parseCidr(c), 'syntax', c)
  for (const c of ['10.1.2.3/8', '10.0.0.1/31', '2001:db8::1/64']) assert.equal(parseCidr(c), 'host-bits', c)
})

it('writes one text form for records', () => {
  assert.equal(canonicalAddress('::ffff:10.1.2.3'), '10.1.2.3')
  assert.equal(canonicalAddress('2001:0DB8:0:0:1:0:0:1'), '2001:db8::1:0:0:1')
  assert.equal(canonicalAddress('0:0:0:0:0:0:0:1'), '::1')
  assert.equal(canonicalAddress('::'), '::')
  assert.equal(canonicalAddress('1:0:2:3:4:5:6:7'), '1:0:2:3:4:5:6:7')
  assert.equal(canonicalAddress('10.1.2.03'), null)
})

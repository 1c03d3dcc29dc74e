/** X16: which hosts a request may name. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { type OwnNames, ownNames } from '../../src/gateway/own-names.ts'
import { mint } from '../fixtures/consortium.ts'

describe('own names', () => {
  let names: OwnNames
  before(async () => {
    const { server } = await mint({ dns: ['gateway.example.org', '*.hospital.test'], ips: ['10.1.2.3', '::1'] })
    names = ownNames(new X509Certificate(server.chain), ['192.0.2.7', 'Old-Name', '2001:db8::1'])
  })

  test("the certificate's names and those stated, with or without port, in any case", () => {
    for (const host of [
      'gateway.example.org',
      'Gateway.Example.ORG:8443',
      'gateway.example.org.',
      'a.hospital.test',
      '10.1.2.3',
      '10.1.2.3:8443',
      '[::1]:8443',
      '192.0.2.7:1',
      'old-name',
      '[2001:db8::1]',
    ])
      for (const _ of [1, 2]) assert.equal(names(host), true, host)
  })

  test('others', () => {
    for (const host of [
      '',
      'other',
      'example.org',
      'b.a.hospital.test',
      'gateway.example.org:8443:1',
      'gateway.example.org@other',
      'gateway.example.org/..',
      'gateway.example.org#',
      '10.1.2.4',
      '[::2]',
      '::1]',
      '[gateway.example.org]',
      'gateway.example.org:port',
      ' gateway.example.org',
    ])
      for (const _ of [1, 2]) assert.equal(names(host), false, host)
    for (let i = 0; i < 10_000; i++) assert.equal(names(`n${i}.test`), false)
  })
})

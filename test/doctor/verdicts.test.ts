import { describe, expect, test } from 'vitest'
import { DAY, HOUR } from '../../src/clock.ts'
import { nameCheck } from '../../src/doctor/address.ts'
import { count, size, span } from '../../src/doctor/check.ts'
import { fontCheck } from '../../src/doctor/drawing.ts'
import { clockCheck, keyCheck } from '../../src/doctor/karibu.ts'
import { runningCheck, signedPostCheck, stateChecks } from '../../src/doctor/service.ts'
import { shopChecks } from '../../src/doctor/shops.ts'
import { backupCheck, databaseChecks, folderChecks, pagesCheck } from '../../src/doctor/storage.ts'
import { invitationsOf, templateChecks } from '../../src/doctor/templates.ts'
import type { WebAnswer } from '../../src/doctor/web.ts'
import { webhookChecks } from '../../src/doctor/webhook.ts'
import { checkImage } from '../../src/receipts/image-check.ts'
import { MEDIA_TOKEN } from '../../src/receipts/media-files.ts'
import { PROBE_IMAGE, probeToken } from '../../src/receipts/probe.ts'

const PUBLIC = { addresses: ['41.59.1.2', '2c0f:f8f0::1'] }
const answer = (status: number, body = ''): WebAnswer => ({
  kind: 'answer',
  status,
  headers: {},
  body: Buffer.from(body),
})
const picture: WebAnswer = { kind: 'answer', status: 200, headers: {}, body: PROBE_IMAGE.bytes }
const none: WebAnswer = { kind: 'none', code: 'ECONNREFUSED' }

describe('public_url by its name', () => {
  test.each<[string, Parameters<typeof nameCheck>[1], boolean, string, RegExp]>([
    ['https://risiti.duka.example', PUBLIC, false, 'ok', /public address/],
    ['http://risiti.duka.example', PUBLIC, false, 'fail', /plain http/],
    ['http://127.0.0.1:8787', { addresses: ['127.0.0.1'] }, false, 'fail', /on this machine/],
    ['http://localhost:8787', { addresses: ['127.0.0.1'] }, true, 'warn', /for trying/],
    ['https://192.168.1.5', { addresses: ['192.168.1.5'] }, false, 'fail', /no public address/],
    ['https://[fd00::1]', { addresses: ['fd00::1'] }, false, 'fail', /no public address/],
    ['https://risiti.duka.example', { addresses: ['41.59.1.2', '10.0.0.7'] }, false, 'warn', /10\.0\.0\.7 from here/],
    ['https://risiti.duka.example', { code: 'ENOTFOUND' }, false, 'fail', /has no address/],
    ['https://risiti.duka.example', { code: 'timeout' }, false, 'fail', /too long/],
  ])('%s with %j, trying %s, is %s', (url, found, trying, status, says) => {
    expect(nameCheck(url, found, trying)).toMatchObject({ status, text: expect.stringMatching(says) })
  })
})

describe('the service', () => {
  const address = 'http://127.0.0.1:8787'
  test.each<[string, Parameters<typeof runningCheck>[0], string, RegExp]>([
    ['runs and answers', { address, locked: true, probe: picture }, 'ok', /runs and answers/],
    ['answers on another folder', { address, locked: false, probe: picture }, 'warn', /another data folder/],
    ['runs elsewhere', { address, locked: true, probe: none }, 'fail', /does not answer at/],
    ['runs with other settings', { address, locked: true, probe: answer(404) }, 'fail', /other settings/],
    ['runs at a port nobody knows', { address: null, locked: true, probe: null }, 'ok', /left open/],
    ['does not run', { address, locked: false, probe: none }, 'warn', /does not run$/],
    ['does not run, its port is taken', { address, locked: false, probe: answer(200, 'hi') }, 'fail', /something else/],
  ])('%s', (_, facts, status, says) => {
    expect(runningCheck(facts)).toMatchObject({ check: 'service.running', status, text: expect.stringMatching(says) })
  })

  test('each thing /readyz tells is passed on, with four digits of a number at most', () => {
    const ready = {
      database: 'ok',
      disk: 'almost full',
      paused_senders: [{ sender: '255700000001', code: 'karibu.http_401', until: '2026-11-20T09:05:00Z' }],
      inbound_refused: { detail: 'x', since: 'y' },
      paused_shops: [{ shop: 'malipo', code: 'api.key_refused' }],
      budgets: [
        { sender: '255700000001', month: '2026-11', state: 'spent' },
        { sender: '255700000002', month: '2026-11', state: 'near' },
      ],
      notify: [
        { target: 'duka-backend', off_since: '2026-11-20T09:00:00Z' },
        { target: 'other', off_since: null },
      ],
      waiting_for_a_person: 2,
    }
    const checks = stateChecks(answer(503, JSON.stringify(ready)))
    expect(checks.map(({ status }) => status)).toEqual(['fail', 'warn', 'warn', 'warn', 'warn', 'warn', 'warn'])
    expect(JSON.stringify(checks)).not.toContain('255700')
    expect(stateChecks(answer(200, 'x'))[0]?.status).toBe('warn')
    expect(stateChecks(answer(200, '{"database":"ok"}'))[0]?.status).toBe('ok')
  })

  test.each([
    [200, 'ok'],
    [401, 'fail'],
    [404, 'fail'],
    [301, 'fail'],
    [503, 'fail'],
  ])('a signed post answered %d is %s', (status, verdict) => {
    expect(signedPostCheck('service.webhooks', 'there', answer(status)).status).toBe(verdict)
  })

  test('the picture only we can name looks like a receipt’s to a proxy, and is one WhatsApp would take', () => {
    expect(probeToken('key')).toMatch(MEDIA_TOKEN)
    expect(probeToken('key')).toBe(probeToken('key'))
    expect(probeToken('key')).not.toBe(probeToken('another'))
    expect(checkImage(PROBE_IMAGE.bytes)).toMatchObject({ ok: true, type: PROBE_IMAGE.type })
  })
})

describe('Karibu', () => {
  test.each<[Parameters<typeof keyCheck>[0], string]>([
    [{ kind: 'told', value: [] }, 'ok'],
    [{ kind: 'refused', status: 401, code: null }, 'fail'],
    [{ kind: 'refused', status: 403, code: 'WORKSPACE_REQUIRED' }, 'fail'],
    [{ kind: 'refused', status: 402, code: null }, 'fail'],
    [{ kind: 'refused', status: 404, code: null }, 'fail'],
    [{ kind: 'refused', status: 429, code: null }, 'warn'],
    [{ kind: 'refused', status: 502, code: null }, 'warn'],
    [{ kind: 'silent', reason: 'nothing listens there' }, 'fail'],
  ])('a key answered with %j is %s', (told, status) => {
    expect(keyCheck(told).status).toBe(status)
  })

  test.each([
    [0, 'ok'],
    [9_000, 'ok'],
    [-11_000, 'warn'],
    [299_000, 'warn'],
    [301_000, 'fail'],
    [-DAY, 'fail'],
  ])('a clock %d ms off is %s', (off, status) => {
    expect(clockCheck({ heardAt: 1e12, now: 1e12 + off }).status).toBe(status)
  })

  test('rules that send one template are asked about once, and each is held against what it wants', () => {
    const invite = (variables: Record<string, string>) => ({ template: 'ready', variables })
    const [ready, ...others] = invitationsOf([
      { name: 'one', invite: invite({ '1': 'x' }) },
      { name: 'two', invite: null },
      { name: 'three', invite: invite({}) },
    ])
    expect(others).toEqual([])
    if (!ready) throw new Error('no invitation')
    const template = { name: 'ready', language: 'sw', status: 'APPROVED', params: ['1'], is_deleted: false }
    const told = (...value: (typeof template)[]) => ({ kind: 'told', value }) as const
    expect(templateChecks(ready, told(template)).map(({ status }) => status)).toEqual(['ok', 'fail'])
    const english = { ...template, language: 'en', params: [] }
    expect(templateChecks(ready, told(template, english)).map(({ status }) => status)).toEqual(['ok', 'ok'])
    const untold = { ...template, params: null }
    expect(templateChecks(ready, { kind: 'told', value: [untold] }).map(({ status }) => status)).toEqual([
      'warn',
      'warn',
    ])
    expect(templateChecks(ready, { kind: 'told', value: null })[0]?.status).toBe('warn')
    expect(templateChecks(ready, { kind: 'silent', reason: 'x' })[0]?.status).toBe('warn')
  })

  test('what Briq could not deliver is a warning, in its own words; a list it does not show is told', () => {
    const url = 'https://risiti.duka.example/webhooks/karibu'
    const webhook = {
      webhook_id: 'w',
      app_id: 'a',
      service_type: 'whatsapp',
      url,
      secret_token: '****',
      created_at: null,
    }
    const facts = {
      standing: { kind: 'right', webhook } as const,
      secret: 'sixteen-characters',
      deliveries: { failed: 3 },
    }
    const checks = webhookChecks({ kind: 'told', value: facts }, 'sixteen-characters')
    expect(checks.map(({ status }) => status)).toEqual(['ok', 'warn'])
    expect(checks[1]?.text).toContain('3 failed')
    const hidden = webhookChecks({ kind: 'told', value: { ...facts, secret: undefined, deliveries: {} } }, 'a-secret')
    expect(hidden.map(({ status }) => status)).toEqual(['ok'])
    expect(webhookChecks({ kind: 'told', value: null }, 'x')[0]?.status).toBe('warn')
    expect(webhookChecks({ kind: 'refused', status: 403, code: null }, 'x')[0]?.status).toBe('warn')
  })
})

describe('what is kept', () => {
  const facts = { applied: [1, 2], known: [1, 2], mainBytes: 1e6, walBytes: 0, tokens: 0, lastTold: new Map() }
  const read = (change: Partial<typeof facts>) => ({ kind: 'read', facts: { ...facts, ...change } }) as const

  test.each([
    [read({}), ['ok', 'ok']],
    [read({ applied: [1] }), ['ok', 'ok']],
    [read({ applied: [1, 2, 3] }), ['fail', 'ok']],
    [read({ applied: [1, 9] }), ['fail', 'ok']],
    [read({ walBytes: 300e6 }), ['ok', 'warn']],
    [{ kind: 'none' } as const, ['ok']],
    [{ kind: 'unreadable', reason: 'it is not a database of Risiti' } as const, ['fail']],
  ])('a database %j is %j', (state, statuses) => {
    expect(databaseChecks('risiti.db', state).map(({ status }) => status)).toEqual(statuses)
  })

  test('a database too large to be read whole is said to be, and so is a damaged one', () => {
    expect(pagesCheck(read({ mainBytes: 6e9 }), undefined)).toMatchObject([
      { status: 'warn', text: expect.stringContaining('6.0 GB') },
    ])
    expect(pagesCheck(read({}), 'row 3 missing from index')).toMatchObject([{ status: 'fail' }])
    expect(pagesCheck(read({}), null)).toMatchObject([{ status: 'ok' }])
    expect(pagesCheck({ kind: 'none' }, undefined)).toEqual([])
  })

  test.each([
    [undefined, 'warn'],
    [HOUR, 'ok'],
    [8 * DAY, 'warn'],
  ])('a backup %s ms old is %s', (age, status) => {
    expect(backupCheck(read({}), age === undefined ? undefined : 1e12 - age, 1e12).status).toBe(status)
  })

  test('a folder and a disk', () => {
    const folder = { path: '/data', trouble: null, exists: true, freeBytes: 1e9 }
    const statuses = (change: Partial<typeof folder> | { trouble: string } | { freeBytes: undefined }) =>
      folderChecks({ ...folder, ...change }, 2e8).map(({ status }) => status)
    expect(statuses({})).toEqual(['ok', 'ok'])
    expect(statuses({ exists: false })).toEqual(['ok', 'ok'])
    expect(statuses({ trouble: 'it lies on a disk that can only be read' })).toEqual(['fail', 'ok'])
    expect(statuses({ freeBytes: 3e8 })).toEqual(['ok', 'warn'])
    expect(statuses({ freeBytes: 1e8 })).toEqual(['ok', 'fail'])
    expect(statuses({ freeBytes: undefined })).toEqual(['ok', 'warn'])
  })
})

test('fonts: all, without Chinese, none', () => {
  expect(fontCheck({ missing: [], trouble: null }).status).toBe('ok')
  const check = fontCheck({ missing: ['Noto Sans SC'], trouble: null })
  expect(check).toMatchObject({ status: 'warn', text: expect.stringContaining('Noto Sans SC is missing') })
  expect(check.mend).toContain('npm ci --include=optional')
  expect(fontCheck({ missing: [], trouble: 'Cannot find module' }).status).toBe('fail')
})

test('a shop without a set secret is a fault, a silent one a warning', () => {
  const shop = { id: 'duka', platform: 'woocommerce' }
  const look = (signing: string[], silent: string[]) =>
    shopChecks(
      { shops: { duka: shop }, publicUrl: 'https://x.example' } as unknown as Parameters<typeof shopChecks>[0],
      { shops: { duka: { signing, path: [], credentials: {} } } } as unknown as Parameters<typeof shopChecks>[1],
      { lastTold: new Map([['duka', 0]]), silent, secretProblem: () => null, now: HOUR },
    ).map(({ status }) => status)
  expect(look(['a'], [])).toEqual(['ok', 'ok'])
  expect(look([''], [])).toEqual(['fail', 'ok'])
  expect(look(['a'], ['duka'])).toEqual(['ok', 'warn'])
})

test('spans, sizes and counts as people say them', () => {
  expect([span(0), span(89_000), span(5_400_000), span(30 * HOUR), span(9 * DAY)]).toEqual([
    '0 s',
    '89 s',
    '2 h',
    '30 h',
    '9 days',
  ])
  expect([size(0), size(1_500), size(2e8), size(6.1e9)]).toEqual(['0 kB', '2 kB', '200 MB', '6.1 GB'])
  expect([count(1, 'shop'), count(2, 'shop')]).toEqual(['1 shop', '2 shops'])
})

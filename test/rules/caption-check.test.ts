import { expect, test } from 'vitest'
import { checkCaption, checkUrl } from '../../src/rules/caption-check.ts'
import { VARIABLES } from '../../src/rules/variables.ts'

function faults(source: string, on: 'order.paid' | 'message.received' = 'order.paid') {
  return checkCaption(source, { on }).map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test('every documented variable can be used on its events', () => {
  for (const { name, type, on } of VARIABLES) {
    const source = type === 'texts' ? `{{ ${name}.anything }}` : `{{ ${name} }}`
    expect(faults(source, on === 'message' ? 'message.received' : 'order.paid')).toEqual([])
  }
})

test('all unknown names of a caption are found at once, with where they stand and what was meant', () => {
  expect(faults('Asante {{ customer.firstname }}!\n  {{ ordr.number | upcas }} {{ order.totl | mony }}')).toEqual([
    '1:11 there is no customer.firstname; did you mean customer.first_name?',
    '2:6 there is no ordr; did you mean order?',
    '2:20 there is no filter "upcas"; did you mean upcase?',
    '2:32 there is no order.totl; did you mean order.total?',
    '2:45 there is no filter "mony"; did you mean money?',
  ])
})

test.each([
  ['{{ order.number', '1:1 this {{ is never closed with }}'],
  ['{% if order.url %}x', '1:1 this {% is never closed'],
  ['{% include "/etc/passwd" %}', '1:1 there is no tag "include" here'],
  ['{% render "x" %}', '1:1 there is no tag "render" here'],
  ['{{ order }}', '1:4 order is a group: name one of its parts, like order.number'],
  ['{{ order.total.foo }}', '1:4 order.total has no parts'],
  ['{{ order.attributes }}', '1:4 order.attributes is a group: name one of its parts, like order.attributes.table'],
  ['{{ message.text }}', '1:4 order.paid has no message'],
  ['{{ customer.constructor }}', '1:4 there is no customer.constructor'],
  ['{{ order.__proto__ }}', '1:4 there is no order.__proto__'],
  ['{% for i in (1..100000000) %}x{% endfor %}', '1:1 is too much work for a caption'],
  ["{{ order.paid_at | date: '%Q' }}", '1:1 the date format knows no %Q'],
  ["{{ 'now' | date }}", '1:1 the date filter does not know "now"'],
])('%s', (source, fault) => {
  expect(faults(source)).toEqual([fault])
})

test('a message has no order, and no currency of its own', () => {
  expect(faults('{{ order.number }}', 'message.received')).toEqual(['1:4 message.received has no order'])
  expect(faults('{{ 5000 | money }}', 'message.received')[0]).toContain(
    "money needs a currency here: {{ 5000 | money: 'TZS' }}",
  )
})

test.each([
  '',
  'plain text, {braces} and 100%',
  '{% assign name = customer.first_name %}{{ name }}',
  '{% for i in (1..3) %}{{ forloop.index }}{% endfor %}',
  '{{ customer.name | upcase | truncate: 10 }} {{ customer.name.size }}',
  '{% if order.items_count > 1 %}{{ order.items_count }}{% endif %}',
  "{{ order.payment_method | default: 'pesa' }} {{ order.attributes['delivery slot'] }}",
])('%s is fine', (source) => {
  expect(faults(source)).toEqual([])
})

function urlFaults(source: string) {
  return checkUrl(source, { on: 'order.paid' }).map(({ message }) => message)
}

test('a url must come out as one', () => {
  expect(urlFaults('https://cdn.example/{{ order.number }}.png')).toEqual([])
  expect(urlFaults('{{ order.attributes.card }}')).toEqual([])
  expect(urlFaults('cards/{{ order.id }}.png')).toEqual(['does not make a web address: begin with https://'])
  expect(urlFaults('ftp://cdn.example/x')).toEqual(['does not make a web address: begin with https://'])
  expect(urlFaults('https://cdn.example/{{ order.nuber }}')).toEqual([
    'there is no order.nuber; did you mean order.number?',
  ])
})

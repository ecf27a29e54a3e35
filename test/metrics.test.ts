import { expect, test } from 'vitest'
import { createMetrics } from '../src/metrics.ts'

test('counters, histograms and gauges read as Prometheus reads them', () => {
  const metrics = createMetrics()
  const labels = { source: 'duka', outcome: 'handled' }
  metrics.count('risiti_deliveries_total', labels)
  metrics.count('risiti_deliveries_total', labels)
  for (const seconds of [0.004, 0.005, 0.3, 99])
    metrics.observe('risiti_attempt_seconds', { result: 'accepted' }, seconds)
  const text = metrics.render([{ name: 'risiti_disk_free_bytes', labels: {}, value: 5e9 }])
  expect(text).toContain(
    '# TYPE risiti_deliveries_total counter\nrisiti_deliveries_total{source="duka",outcome="handled"} 2\n',
  )
  expect(text).toContain('risiti_attempt_seconds_bucket{result="accepted",le="0.005"} 2\n')
  expect(text).toContain('risiti_attempt_seconds_bucket{result="accepted",le="0.5"} 3\n')
  expect(text).toContain('risiti_attempt_seconds_bucket{result="accepted",le="+Inf"} 4\n')
  expect(text).toContain('risiti_attempt_seconds_count{result="accepted"} 4\n')
  expect(text).toContain('risiti_disk_free_bytes 5000000000\n')
  for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/)
})

test('labels are escaped, and one that runs wild does not fill the memory', () => {
  const metrics = createMetrics()
  metrics.count('risiti_attempts_total', { result: 'refused', code: 'a "b"\\\n' })
  expect(metrics.render([])).toContain('code="a \\"b\\"\\\\\\n"} 1\n')
  for (let code = 0; code < 2000; code++) metrics.count('risiti_attempts_total', { result: 'refused', code })
  expect(metrics.render([]).match(/^risiti_attempts_total\{/gm)).toHaveLength(500)
})

import { createHmac } from 'node:crypto'

/** Notifications and answers of gateways as they send them, of invented people; `changes` replaces fields of the payment. */
type Changes = Record<string, unknown>

export function flutterwaveV3(changes: Changes = {}): { event: string; data: Changes } {
  return {
    event: 'charge.completed',
    data: {
      id: 408136545,
      tx_ref: 'SOKO-77',
      flw_ref: 'FLWMM-9F3A',
      amount: 18000,
      currency: 'TZS',
      charged_amount: 18250,
      status: 'successful',
      payment_type: 'mobilemoneytz',
      created_at: '2026-11-20T08:04:41.000Z',
      customer: { name: 'Neema Kileo', phone_number: '0754 111 222', email: 'neema@example.com' },
      ...changes,
    },
  }
}

export function flutterwaveV4(changes: Changes = {}): { type: string; data: Changes } {
  return {
    type: 'charge.completed',
    data: {
      id: 'chg_QK7X2P9L',
      reference: 'SOKO-78',
      amount: 152000,
      currency: 'UGX',
      status: 'succeeded',
      customer: { name: { first: 'Grace', last: 'Namutebi' }, phone: { country_code: '256', number: '772123456' } },
      created_datetime: '2026-11-20T08:04:41.000Z',
      ...changes,
    },
  }
}

export function clickpesaPayment(changes: Changes = {}): Changes {
  return {
    id: 'CP-1',
    status: 'SUCCESS',
    paymentReference: 'CPPAY1',
    orderReference: 'DUKA77',
    collectedAmount: '18000.00',
    collectedCurrency: 'TZS',
    message: 'Payment received',
    channel: 'M-PESA',
    updatedAt: '2026-11-20T08:04:41.000Z',
    createdAt: '2026-11-20T08:04:12.000Z',
    customer: { customerName: 'NEEMA KILEO', customerPhoneNumber: '255754111222' },
    ...changes,
  }
}

/** The webhook of a payment, with its checksum. */
export function clickpesaSigned(data: Changes, key: string): { event: string; data: Changes; checksum: string } {
  const body = { event: 'PAYMENT RECEIVED', data }
  return { ...body, checksum: createHmac('sha256', key).update(inOrder(body)).digest('hex') }
}

/** As ClickPesa puts a body in order before it signs it. */
function inOrder(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${inOrder(item)}`).join(',')}}`
}

export function pesapalStatus(changes: Changes = {}): Changes {
  return {
    payment_method: 'MpesaTZ',
    amount: 18000,
    created_date: '2026-11-20T11:04:41.33',
    confirmation_code: '8QK40X2L1',
    order_tracking_id: 'a1b2-c3',
    merchant_reference: 'DUKA-77',
    payment_account: '255754111222',
    call_back_url: 'https://duka.example/asante?whatsapp=0713000321&OrderTrackingId=a1b2-c3',
    status_code: 1,
    currency: 'TZS',
    ...changes,
  }
}

export function azampayCallback(changes: Changes = {}): Changes {
  return {
    msisdn: '255754111222',
    amount: '18000',
    message: 'ok',
    utilityref: 'DUKA-77',
    operator: 'Airtel',
    reference: '019be9446ac770a2',
    transactionstatus: 'success',
    fspReferenceId: 'AM-991',
    additionalProperties: { opt_in: 'ndiyo' },
    ...changes,
  }
}

export function selcomCallback(changes: Changes = {}): Changes {
  return {
    transid: 'T1',
    order_id: 'DUKA-77',
    reference: '0281121212',
    result: 'SUCCESS',
    resultcode: '000',
    payment_status: 'COMPLETED',
    channel: 'TIGOPESATZ',
    amount: '18000',
    phone: '255654111222',
    ...changes,
  }
}

export function selcomStatus(changes: Changes = {}): { result: string; data: Changes[] } {
  const order = {
    order_id: 'DUKA-77',
    creation_date: '2026-11-20 11:00:00',
    amount: '18000',
    payment_status: 'COMPLETED',
    transid: 'T1',
    channel: 'TIGOPESATZ',
    reference: '0281121212',
    msisdn: '255654111222',
    ...changes,
  }
  return { result: 'SUCCESS', data: [order] }
}

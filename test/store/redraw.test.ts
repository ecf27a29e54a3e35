import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { redraw } from '../../src/store/message-changes.ts'
import { openDatabase } from '../../src/store/open.ts'
import { conversations, media, messages } from '../../src/store/schema.ts'
import { aConversationRow, aMessageRow, NOW } from '../support/rows.ts'

const PICTURE = { token: 'p'.repeat(32), type: 'image/png' as const, sha256: '0', size: 1, createdAt: NOW }

test.each([
  ['untried', 0, 0],
  ['tried', 1, 1],
])(
  'a picture fetched from elsewhere for an %s message is kept no longer once the message is made anew',
  async (_, attemptCount, kept) => {
    const folder = mkdtempSync(join(tmpdir(), 'risiti-redraw-'))
    const database = openDatabase(join(folder, 'risiti.db'))
    onTestFinished(async () => {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const row = aMessageRow({ imageUrl: 'https://duka.example/one.png', attemptCount })
    await database.writer.run(async (db) => {
      await db.insert(conversations).values(aConversationRow())
      await db.insert(messages).values(row)
      await db.insert(media).values({ ...PICTURE, message: row.id })
      const { conversationId: _id, ...anew } = row
      await redraw(
        db,
        row.id,
        { ...anew, imageUrl: 'https://duka.example/two.png', contact: null },
        NOW,
        () => 'cnv_new',
      )
    })
    expect(await database.reader.select().from(media)).toHaveLength(kept)
  },
)

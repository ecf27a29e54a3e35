import { html } from 'hono/html'
import { ChatPane, Thread } from './chat.tsx'
import { Frame } from './frame.tsx'
import { ListPane, PeopleList } from './list.tsx'
import type { Chat, Scene, Shop } from './scene.ts'
import { Orders, ShopPane } from './shop.tsx'

/** A whole page; the others are the parts of one that are asked for again and again. */
export function drawPage(scene: Scene) {
  const phone = scene.chat ? <ChatPane scene={scene} chat={scene.chat} /> : <ListPane scene={scene} />
  return html`<!doctype html>${<Frame scene={scene} phone={phone} shop={<ShopPane scene={scene} />} />}`
}

export const drawThread = (scene: Scene, chat: Chat) => <Thread scene={scene} chat={chat} />

export const drawPeople = (scene: Scene) => <PeopleList scene={scene} />

export const drawOrders = (scene: Scene, shop: Shop) => <Orders scene={scene} shop={shop} />

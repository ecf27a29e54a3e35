import type { Node } from '@takumi-rs/core'

type Extra = Pick<Node, 'style' | 'dir' | 'lang'>

/** What of these is there, styled by its classes (styles.ts). */
export function box(className: string, children: (Node | null)[], extra: Extra = {}): Node {
  return { type: 'container', className, children: children.filter((child) => child !== null), ...extra }
}

export function text(className: string, content: string, extra: Extra = {}): Node {
  return { type: 'text', className, text: content, ...extra }
}

/** A picture handed over under the name `src`, or an SVG itself. */
export function picture(className: string, src: string, { width, height }: { width: number; height: number }): Node {
  return { type: 'image', className, src, width, height }
}

/** All that is written on it. */
export function textsOf(node: Node): string[] {
  if (node.type === 'text') return [node.text]
  return node.type === 'container' ? (node.children ?? []).flatMap(textsOf) : []
}

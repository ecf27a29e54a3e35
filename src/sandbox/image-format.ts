/** Why WhatsApp would refuse these bytes, or null when they are an 8-bit RGB or RGBA image of the named type. */
export function imageFault(bytes: Uint8Array, contentType: string): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isPng(view)) return contentType === 'image/png' ? pngFault(view) : `the bytes are PNG, not ${contentType}`
  if (isJpeg(view)) return contentType === 'image/jpeg' ? jpegFault(view) : `the bytes are JPEG, not ${contentType}`
  return 'the bytes are neither PNG nor JPEG'
}

function isPng(view: DataView): boolean {
  return view.byteLength >= 33 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a
}

function pngFault(view: DataView): string | null {
  const depth = view.getUint8(24)
  const colour = view.getUint8(25)
  // Colour types: 2 is RGB, 6 is RGBA; 0, 3 and 4 are greyscale and palette.
  if (depth === 8 && (colour === 2 || colour === 6)) return null
  return `PNG with ${depth} bits and colour type ${colour}; only 8-bit RGB and RGBA are supported`
}

function isJpeg(view: DataView): boolean {
  return view.byteLength >= 4 && view.getUint16(0) === 0xffd8 && view.getUint8(2) === 0xff
}

function jpegFault(view: DataView): string | null {
  let at = 2
  while (at + 10 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    // A frame header is C0 to CF but for the tables C4 and CC and the reserved C8.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const depth = view.getUint8(at + 4)
      const components = view.getUint8(at + 9)
      if (depth === 8 && components === 3) return null
      return `JPEG with ${depth} bits and ${components} components; only 8-bit RGB is supported`
    }
    at += 2 + view.getUint16(at + 2)
  }
  return 'JPEG without a frame header'
}

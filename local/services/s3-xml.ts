const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

type Content = string | number | boolean | undefined | readonly XmlElement[]
export type XmlElement = readonly [name: string, content: Content]

const escapeText = (text: string) => text.replace(/[&<>"\r]/g, character => ENTITIES[character] ?? character)

function write([name, content]: XmlElement): string {
  if (content === undefined) return ''
  const inside = Array.isArray(content) ? content.map(write).join('') : escapeText(String(content))
  return `<${name}>${inside}</${name}>`
}

export const xmlDocument = (root: XmlElement) => `<?xml version="1.0" encoding="UTF-8"?>\n${write(root)}`

const unescapeText = (text: string) => text.replace(/&(\w+);/g, (entity, name: string) => NAMED[name] ?? entity)

/** The parts that a CompleteMultipartUpload document lists, in its order. */
export function readCompletedParts(document: string): { partNumber: number; etag: string }[] {
  return Array.from(document.matchAll(/<Part>(.*?)<\/Part>/gs), ([, part = '']) => ({
    partNumber: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(part)?.[1]),
    etag: unescapeText(/<ETag>(.*?)<\/ETag>/s.exec(part)?.[1] ?? '')
      .replaceAll('"', '')
      .trim(),
  }))
}

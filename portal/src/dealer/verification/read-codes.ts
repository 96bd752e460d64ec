import { parseCsv } from '~/shared/text/csv';
import { t } from '../words';

/** What was found in a text or file with activation codes. Whether each is one, the service judges. */
export interface CodeSheet {
  /** The names of the columns; one without a name for a plain list. */
  columns: string[];
  rows: string[][];
  /** The column with the codes; -1 where none looks like it, and the reader has to choose. */
  column: number;
}

const separators = [',', ';', '\t'];

/** What a column with activation codes is called, letters alone. */
const codeNames = ['lpa', 'activationcode', 'lpacode', 'lpastring', 'code', 'qr', 'qrcode', 'esim'];

const plainName = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

const looksLikeCode = (cell: string) => /^(lpa:)?1\$|carddata=|\$[^$]+\$/i.test(cell.trim());

/** The text of a file: UTF-8, or UTF-16 where its mark says so. */
export function decodeText(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const name = isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  return new TextDecoder(name).decode(bytes);
}

/** The separator that `sep=` names, or else the one that divides the first line most often. */
function separatorOf(text: string): { separator: string; rest: string } {
  const named = /^sep=(.)[\r\n]+/i.exec(text);
  if (named) return { separator: named[1]!, rest: text.slice(named[0].length) };
  const firstLine = text.split(/[\r\n]/, 1)[0] ?? '';
  const times = (separator: string) => firstLine.split(separator).length - 1;
  const best = separators.reduce((a, b) => (times(b) > times(a) ? b : a));
  return { separator: best, rest: text };
}

export function readCodes(text: string): CodeSheet {
  const { separator, rest } = separatorOf(text.replace(/^\uFEFF/, '').trim());
  const records = parseCsv(rest, separator);
  const width = Math.max(0, ...records.slice(0, 100).map((record) => record.length));
  const head = records[0] ?? [];
  const named = head.findIndex((name) => codeNames.includes(plainName(name)));
  const hasHead = named >= 0 || (width > 1 && !head.some(looksLikeCode));
  const rows = hasHead ? records.slice(1) : records;
  const columns = Array.from(
    { length: width },
    (_, index) =>
      (hasHead && head[index]?.trim()) || (width > 1 ? t.verification.columnNumber(index + 1) : ''),
  );
  const hits = columns.map(
    (_, index) => rows.slice(0, 200).filter((row) => looksLikeCode(row[index] ?? '')).length,
  );
  const best = hits.indexOf(Math.max(...hits));
  if (named >= 0) return { columns, rows, column: named };
  if (width === 1) return { columns, rows, column: 0 };
  return { columns, rows, column: hits[best] ? best : -1 };
}

/** The codes themselves, without empty cells. */
export function codesOf(sheet: CodeSheet): string[] {
  if (sheet.column < 0) return [];
  return sheet.rows.map((row) => (row[sheet.column] ?? '').trim()).filter((code) => code !== '');
}

import { parseCsv } from '~/shared/text/csv';

export interface StockLine {
  line: number;
  iccid: string;
  lpa: string;
}

export interface Flaw {
  line: number;
  reason: string;
}

export interface StockFile {
  lines: StockLine[];
  flaws: Flaw[];
}

const separators = [',', ';', '\t'];

/** The separator of a file: the first of its kind in the first line. */
function separatorOf(line: string): string {
  return separators.find((one) => line.includes(one)) ?? ',';
}

function flawOf(iccid: string, lpa: string): string {
  const digits = iccid.replace(/[\s-]/g, '');
  if (!/^89\d{16,18}F?$/i.test(digits)) return 'iccid must have 18 to 20 digits that begin with 89';
  if (!/1\$[^$\s]+\$/.test(lpa)) return 'lpa must be an activation code like LPA:1$host$code';
  return '';
}

/**
 * What stands in a file of `iccid` and `lpa`, and which of its lines will be refused. The service has the last word; this
 * shows what was meant before anything is sent.
 */
export function readStock(text: string): StockFile {
  const all = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const separator = separatorOf(all.find((one) => one.trim() !== '') ?? '');
  const file: StockFile = { lines: [], flaws: [] };
  const firstLines = new Map<string, number>();
  let isFirst = true;
  all.forEach((content, index) => {
    const line = index + 1;
    const [cells] = parseCsv(content, separator);
    if (!cells) return;
    const [iccid = '', lpa = ''] = cells.map((cell) => cell.trim());
    const isHead = isFirst && /iccid/i.test(iccid);
    isFirst = false;
    if (isHead) return;
    const reason = cells.length === 2 ? flawOf(iccid, lpa) : 'must have two columns, iccid and lpa';
    const before = firstLines.get(iccid);
    if (reason) file.flaws.push({ line, reason });
    else if (before !== undefined) file.flaws.push({ line, reason: `is there already, in line ${before}` });
    else {
      firstLines.set(iccid, line);
      file.lines.push({ line, iccid, lpa });
    }
  });
  return file;
}

/** ICCIDs as one pastes them: a line each, or with commas and blanks between them. */
export function readIccids(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

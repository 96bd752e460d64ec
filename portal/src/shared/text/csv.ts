/** A cell that a spreadsheet reads as what it is. What it would run as a formula becomes text. */
function cell(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function toCsv(head: string[], rows: (string | number | null | undefined)[][]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** The records of a CSV (RFC 4180), each as the list of its cells. Lines end as on any system; empty ones are left out. */
export function parseCsv(text: string, separator = ','): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    record.push(cell);
    cell = '';
  };
  const endRecord = () => {
    endCell();
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (isQuoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (c === '"' && cell === '') isQuoted = true;
    else if (c === separator) endCell();
    else if (c === '\r' || c === '\n') {
      if (c === '\r' && text[at + 1] === '\n') at++;
      endRecord();
    } else cell += c;
  }
  endRecord();
  return records;
}

/** Hands a file to the reader. */
export function save(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

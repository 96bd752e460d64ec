import { describe, expect, it } from 'vitest';
import { codesOf, decodeText, readCodes } from './read-codes';

const codes = (text: string) => codesOf(readCodes(text));

describe('readCodes', () => {
  it('takes a plain list, with the line ends of any system', () => {
    expect(codes('LPA:1$a.com$X\r\n\r\n1$b.com$Y\rLPA:1$c.com$Z\n')).toEqual([
      'LPA:1$a.com$X',
      '1$b.com$Y',
      'LPA:1$c.com$Z',
    ]);
  });

  it('finds the column by its name in any case and order, with extra columns', () => {
    expect(codes('Note,LPA,ICCID\nhi,LPA:1$a.com$X,8901\n')).toEqual(['LPA:1$a.com$X']);
    expect(codes('iccid;Activation Code\n8901;LPA:1$a.com$X')).toEqual(['LPA:1$a.com$X']);
  });

  it('finds the column by its cells where no name tells', () => {
    expect(codes('8901\tLPA:1$a.com$X\n8902\tLPA:1$a.com$Y')).toEqual(['LPA:1$a.com$X', 'LPA:1$a.com$Y']);
    expect(codes('number,string\n8901,LPA:1$a.com$X')).toEqual(['LPA:1$a.com$X']);
  });

  it('lets the reader choose where nothing tells', () => {
    expect(readCodes('a,b\n1,2').column).toBe(-1);
  });

  it('obeys sep= and ignores a byte-order mark', () => {
    expect(codes('\uFEFFsep=;\niccid;lpa\n8901;LPA:1$a.com$X,Y')).toEqual(['LPA:1$a.com$X,Y']);
  });

  it('keeps what is malformed for the service to judge', () => {
    expect(codes('lpa\nnonsense\n')).toEqual(['nonsense']);
  });
});

describe('decodeText', () => {
  it('knows UTF-16 by its mark', () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0x6c, 0, 0x70, 0, 0x61, 0]);
    expect(decodeText(bytes.buffer)).toBe('lpa');
  });
});

import { useMemo } from 'react';
import qrcode from 'qrcode-generator';
import css from './ui.module.css';

/** The margin that scanners need around the code, in modules (ISO/IEC 18004). */
const margin = 4;

/** The dark modules of a QR code as the path of an SVG, and its width in modules. */
export function qrPath(text: string): { path: string; width: number } {
  const code = qrcode(0, 'M');
  code.addData(text, 'Byte');
  code.make();
  const size = code.getModuleCount();
  let path = '';
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      if (code.isDark(row, column)) path += `M${column + margin} ${row + margin}h1v1h-1z`;
  return { path, width: size + 2 * margin };
}

/** Drawn here from the activation code, so that a list of eSIMs is one request. */
export function QrCode({ text, label, size = 200 }: { text: string; label: string; size?: number }) {
  const { path, width } = useMemo(() => qrPath(text), [text]);
  return (
    <svg
      className={css.qr}
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${width} ${width}`}
      shapeRendering="crispEdges"
    >
      <path fill="#fff" d={`M0 0h${width}v${width}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}

import { IconWorld } from '@tabler/icons-react';
import { drawsFlags, flag } from '../countries';
import css from './shop.module.css';

/** The country's flag, or its letters where the reader's system draws no flags; the world for no country. */
export function Flag({ of: code }: { of: string | null }) {
  const isCountry = code !== null && /^[a-z]{2}$/i.test(code);
  if (!isCountry) return <IconWorld className={css.flag} size={24} stroke={1.5} aria-hidden />;
  return (
    <span className={drawsFlags() ? css.flag : `${css.flag} ${css.letters}`} aria-hidden>
      {drawsFlags() ? flag(code) : code.toUpperCase()}
    </span>
  );
}

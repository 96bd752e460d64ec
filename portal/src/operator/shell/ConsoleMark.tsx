import { Mark } from '~/shared/ui/Mark';
import css from './console.module.css';

/** Our sign, and whose pages these are. */
export function ConsoleMark() {
  return (
    <span className={css.mark}>
      <Mark />
      <span className={css.whose}>Console</span>
    </span>
  );
}

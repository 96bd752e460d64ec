import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './ui.module.css';

interface Props {
  title?: string;
  actions?: ReactNode;
  /** For a table, whose lines run from edge to edge. */
  flush?: boolean;
  children: ReactNode;
}

export function Card({ title, actions, flush, children }: Props) {
  return (
    <section className={`${css.card} ${flush ? css.flush : ''}`} aria-label={title}>
      {(title || actions) && (
        <div className={css.cardHead}>
          {title && <Title order={2}>{title}</Title>}
          {actions && <div className={css.actions}>{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

/** A number that a page is about, with its name above it. */
export function Figure({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div>
      <div className={css.label}>{label}</div>
      <div className={css.figure}>{value}</div>
      {note && <div className={css.lead}>{note}</div>}
    </div>
  );
}

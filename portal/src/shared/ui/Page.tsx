import { Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import css from './ui.module.css';

interface Props {
  /** The page's name, as the navigation has it. */
  name: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** What every page has: its one h1, what can be done at once, and its content. */
export function Page({ name, lead, actions, children }: Props) {
  useEffect(() => {
    document.title = `${name} · MeiSIM`;
  }, [name]);
  return (
    <>
      <div className={css.head}>
        <div>
          <Title order={1}>{name}</Title>
          {lead && <div className={css.lead}>{lead}</div>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      <div className={css.stack}>{children}</div>
    </>
  );
}
